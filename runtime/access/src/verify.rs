//! Whether a request has the signature that its key would have made.
//!
//! What has to hold before anything is calculated: the scope is for this service and for the day
//! of the request, the request is fresh, and the headers that decide what it does are signed. Then
//! the expected signature is made by the crate that signs AWS's own clients' requests, from the
//! very headers that the request says were signed, and compared in constant time.
//!
//! What is signed is the canonical request: dots and doubled slashes in the path are resolved, the
//! parameters of the query sorted, runs of spaces in a header's value made one. Requests that are
//! equal in this sense have one signature.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::authorization::{Authorization, SERVICE};
use crate::keys::{Key, Keys};
use crate::refusal::{Incomplete, Invalid, Refusal};
use crate::request::Request;
use crate::timestamp::Timestamp;

/// How far the clocks of client and server may lie apart on AWS.
pub const SKEW_MAX: Duration = Duration::from_mins(5);

const DATE: &str = "x-amz-date";
const CONTENT_HASH: &str = "x-amz-content-sha256";
const SESSION_TOKEN: &str = "x-amz-security-token";
/// So many values may the signed headers have together, repetitions included.
const SIGNED_VALUES_MAX: usize = 1000;

impl Keys {
    /// The key with which a request was signed, if all of it was and less than `skew_max` ago.
    pub fn verify(
        &self,
        request: &Request<'_>,
        now: SystemTime,
        skew_max: Duration,
    ) -> Result<&Key, Refusal> {
        if is_presigned(request.query) {
            return Err(Invalid::Presigned.into());
        }
        let value = authorization_header(request)?;
        let authorization = Authorization::parse(value)?;
        let signed = signing_time(request)?;
        if authorization.date != signed.date() {
            return Err(Invalid::ScopeDate { signed }.into());
        }
        check_signed_headers(request, &authorization.signed_headers)?;
        check_skew(signed, Timestamp::of(now), skew_max)?;
        let key = self.get(authorization.key_id).ok_or(Refusal::UnrecognizedClient)?;
        check_session_token(request, key)?;
        let hash = body_hash(request)?;
        let expected = expected_signature(request, &authorization, signed, key, hash)?;
        if !bool::from(expected.as_bytes().ct_eq(authorization.signature.as_bytes())) {
            return Err(Invalid::Mismatch.into());
        }
        Ok(key)
    }
}

/// Whether the signature, or a part of it, stands in the query.
fn is_presigned(query: &str) -> bool {
    let names = query.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
    let signs = ["x-amz-algorithm", "x-amz-credential", "x-amz-signature"];
    names.into_iter().any(|name| signs.iter().any(|sign| name.eq_ignore_ascii_case(sign)))
}

fn authorization_header<'a>(request: &Request<'a>) -> Result<&'a str, Refusal> {
    let value = request.headers.single("authorization");
    let value = value.map_err(|_repeated| Incomplete::Header)?.ok_or(Refusal::MissingToken)?;
    std::str::from_utf8(value)
        .ok()
        .filter(|text| text.is_ascii())
        .ok_or_else(|| Incomplete::Header.into())
}

fn signing_time(request: &Request<'_>) -> Result<Timestamp, Refusal> {
    let single = |name| request.headers.single(name).map_err(|_repeated| Incomplete::Date);
    let (value, parse): (_, fn(&str) -> Option<Timestamp>) = match single(DATE)? {
        Some(value) => (value, Timestamp::parse_basic),
        None => (single("date")?.ok_or(Incomplete::NoDate)?, Timestamp::parse_http),
    };
    let text = std::str::from_utf8(value).ok().map(str::trim_ascii);
    text.and_then(parse).ok_or_else(|| Incomplete::Date.into())
}

/// Whatever says what the request does has to be signed, and what was signed has to be there.
fn check_signed_headers(request: &Request<'_>, signed: &[&str]) -> Result<(), Refusal> {
    if !signed.contains(&"host") {
        return Err(Invalid::HostNotSigned.into());
    }
    // Of two hosts, whoever routed the request might have believed the other one.
    if request.headers.single("host").is_err() {
        return Err(Incomplete::Host.into());
    }
    for (name, _) in request.headers.iter() {
        let name = name.to_ascii_lowercase();
        if name.starts_with("x-amz-") && !signed.contains(&name.as_str()) {
            return Err(Invalid::HeaderNotSigned(name).into());
        }
    }
    match signed.iter().find(|name| !request.headers.has(name)) {
        Some(absent) => Err(Incomplete::SignedHeaderAbsent((*absent).to_owned()).into()),
        None => Ok(()),
    }
}

fn check_skew(signed: Timestamp, now: Timestamp, skew_max: Duration) -> Result<(), Refusal> {
    if signed < now.minus(skew_max) {
        return Err(Invalid::Expired { signed, now, skew_max }.into());
    }
    if signed > now.plus(skew_max) {
        return Err(Invalid::NotYetCurrent { signed, now, skew_max }.into());
    }
    Ok(())
}

fn check_session_token(request: &Request<'_>, key: &Key) -> Result<(), Refusal> {
    let is_right = match (request.headers.single(SESSION_TOKEN), &key.session_token) {
        (Ok(None), None) => true,
        (Ok(Some(given)), Some(token)) => token.is(given),
        _ => false,
    };
    if is_right { Ok(()) } else { Err(Refusal::UnrecognizedClient) }
}

/// The hash of the body, which the request may name but not replace by another word.
fn body_hash(request: &Request<'_>) -> Result<String, Refusal> {
    let mut hash = String::with_capacity(64);
    for byte in Sha256::digest(request.body) {
        write!(hash, "{byte:02x}").map_err(|_out_of_memory| Invalid::Mismatch)?;
    }
    match request.headers.single(CONTENT_HASH) {
        Ok(None) => Ok(hash),
        Ok(Some(given)) if given == hash.as_bytes() => Ok(hash),
        Ok(Some(b"UNSIGNED-PAYLOAD")) => Err(Invalid::PayloadNotSigned("UNSIGNED-PAYLOAD").into()),
        Ok(Some(given)) if given.starts_with(b"STREAMING-") => {
            Err(Invalid::PayloadNotSigned("STREAMING-...").into())
        }
        Ok(Some(_)) | Err(_) => Err(Invalid::Mismatch.into()),
    }
}

fn expected_signature(
    request: &Request<'_>,
    authorization: &Authorization<'_>,
    signed: Timestamp,
    key: &Key,
    body_hash: String,
) -> Result<String, Refusal> {
    let headers = signed_headers(request, &authorization.signed_headers)?;
    let uri = target(request).ok_or(Invalid::Mismatch)?;
    let body = SignableBody::Precomputed(body_hash);
    let signable = SignableRequest::new(request.method, uri, headers.into_iter(), body)
        .map_err(|_not_a_uri| Invalid::Mismatch)?;

    let mut settings = SigningSettings::default();
    // The signer adds its own date to the headers; it belongs there only when the client has signed
    // one. Every other header was chosen by the client.
    let is_date_signed = authorization.signed_headers.binary_search(&DATE).is_ok();
    settings.excluded_headers = (!is_date_signed).then(|| vec![DATE.into()]);
    let identity =
        Credentials::new(key.id.as_str(), key.secret.reveal(), None, None, "stepwell").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(authorization.region)
        .name(SERVICE)
        .time(signed.instant())
        .settings(settings)
        .build()
        .map_err(|_parameter_missing| Invalid::Mismatch)?;
    let output = sign(signable, &parameters.into()).map_err(|_unsignable| Invalid::Mismatch)?;
    Ok(output.signature().to_owned())
}

/// The headers that go into the calculation. A value that is not text was signed by no client that
/// can be understood.
fn signed_headers<'a>(
    request: &Request<'a>,
    signed: &[&str],
) -> Result<Vec<(&'a str, &'a str)>, Refusal> {
    let is_signed = |name: &str| signed.binary_search(&name.to_ascii_lowercase().as_str()).is_ok();
    let mut headers = Vec::new();
    for (name, value) in request.headers.iter().filter(|(name, _)| is_signed(name)) {
        if headers.len() == SIGNED_VALUES_MAX {
            return Err(Incomplete::SignedHeaders.into());
        }
        let value = std::str::from_utf8(value).map_err(|_not_text| Invalid::Mismatch)?;
        headers.push((name, value));
    }
    Ok(headers)
}

/// The path and query as the signer takes them, unless one of them would be taken for the other.
fn target(request: &Request<'_>) -> Option<String> {
    let (path, query) = (request.path, request.query);
    let is_whole = path.starts_with('/') && !path.contains(['?', '#']) && !query.contains('#');
    is_whole.then(|| if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") })
}

#[cfg(test)]
mod tests;
