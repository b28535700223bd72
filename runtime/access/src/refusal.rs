//! Why a request is not granted: the exceptions of the service, in its words.
//!
//! No text repeats what came in the `Authorization` header, whose values may be secrets that
//! somebody put in the wrong place.

use std::fmt;
use std::time::Duration;

use crate::authorization::SERVICE;
use crate::keys::Principal;
use crate::timestamp::Timestamp;

/// One variant for each exception of the service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("Missing Authentication Token")]
    MissingToken,
    #[error(transparent)]
    IncompleteSignature(#[from] Incomplete),
    /// The key is not known, or the token of its session is another.
    #[error("The security token included in the request is invalid.")]
    UnrecognizedClient,
    #[error(transparent)]
    InvalidSignature(#[from] Invalid),
    #[error(transparent)]
    AccessDenied(#[from] Box<Denial>),
}

impl Refusal {
    /// What the service calls the exception.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::MissingToken => "MissingAuthenticationTokenException",
            Self::IncompleteSignature(_) => "IncompleteSignatureException",
            Self::UnrecognizedClient => "UnrecognizedClientException",
            Self::InvalidSignature(_) => "InvalidSignatureException",
            Self::AccessDenied(_) => "AccessDeniedException",
        }
    }

    /// The services that speak JSON 1.0 answer all of these with 400; 403 is for those with
    /// resources in their paths.
    pub const fn http_status(&self) -> u16 {
        match self {
            Self::MissingToken
            | Self::IncompleteSignature(_)
            | Self::UnrecognizedClient
            | Self::InvalidSignature(_)
            | Self::AccessDenied(_) => 400,
        }
    }
}

/// The request is not signed in a way that could be verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    #[error("Authorization header must use the algorithm 'AWS4-HMAC-SHA256'.")]
    Algorithm,
    #[error("Authorization header requires to stand in the request exactly once, in ASCII.")]
    Header,
    #[error(
        "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' once each, \
         and nothing else."
    )]
    Parameter,
    #[error("{}", MissingParameters(.0))]
    Missing(Vec<&'static str>),
    #[error(
        "Credential must have exactly 5 slash-delimited elements, e.g. \
         keyid/date/region/service/term, got {elements}."
    )]
    Credential { elements: usize },
    #[error("SignedHeaders must name headers in lower case, in order, and none twice.")]
    SignedHeaders,
    #[error("SignedHeaders names '{0}', which the request does not have.")]
    SignedHeaderAbsent(String),
    #[error("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")]
    NoDate,
    #[error(
        "Date must be in ISO-8601 'basic format', e.g. 20150830T123600Z, and stand in the request \
         once."
    )]
    Date,
    #[error("Host must stand in the request exactly once.")]
    Host,
}

/// The request is signed, but not by who has the key, not now, or not as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your \
         AWS Secret Access Key and signing method. Consult the service documentation for details."
    )]
    Mismatch,
    #[error(
        "Signature expired: {signed} is now earlier than {} ({now} - {}.)",
        now.minus(*skew_max), Span(*skew_max)
    )]
    Expired { signed: Timestamp, now: Timestamp, skew_max: Duration },
    #[error(
        "Signature not yet current: {signed} is still later than {} ({now} + {}.)",
        now.plus(*skew_max), Span(*skew_max)
    )]
    NotYetCurrent { signed: Timestamp, now: Timestamp, skew_max: Duration },
    #[error("Credential should be scoped to correct service: '{SERVICE}'.")]
    Service,
    #[error("Credential should be scoped with a valid terminator: 'aws4_request'.")]
    Terminator,
    #[error(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
         '{}', from '{signed}'.",
        signed.date()
    )]
    ScopeDate { signed: Timestamp },
    #[error("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")]
    HostNotSigned,
    #[error("'{0}' must be a 'SignedHeader' in the AWS Authorization.")]
    HeaderNotSigned(String),
    #[error(
        "'x-amz-content-sha256' must be the SHA-256 of the body, and '{0}' is not allowed here."
    )]
    PayloadNotSigned(&'static str),
    #[error("The signature must come in the Authorization header; presigned URLs are not allowed.")]
    Presigned,
}

/// The caller is known and may not do this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "User: {principal} is not authorized to perform: {action} on resource: {resource} {}",
    Reason(self)
)]
pub struct Denial {
    pub principal: Principal,
    pub action: String,
    pub resource: String,
    /// Whether a statement denies it, rather than none allowing it.
    pub explicit: bool,
}

struct MissingParameters<'a>(&'a [&'static str]);

impl fmt::Display for MissingParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            let gap = if at == 0 { "" } else { " " };
            write!(f, "{gap}Authorization header requires '{name}' parameter.")?;
        }
        Ok(())
    }
}

/// A duration as the service writes it: `5 min`.
struct Span(Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if seconds.is_multiple_of(60) {
            write!(f, "{} min", seconds / 60)
        } else {
            write!(f, "{seconds} s")
        }
    }
}

struct Reason<'a>(&'a Denial);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.explicit {
            f.write_str("with an explicit deny in an identity-based policy")
        } else {
            write!(f, "because no identity-based policy allows the {} action", self.0.action)
        }
    }
}

#[cfg(test)]
mod tests;
