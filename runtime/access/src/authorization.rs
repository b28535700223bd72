//! The `Authorization` header: which key signed, for which scope, and over which headers.

use crate::refusal::{Incomplete, Invalid, Refusal};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const TERMINATOR: &str = "aws4_request";
/// The service that a credential has to be scoped to.
pub(crate) const SERVICE: &str = "states";
/// So many headers may be signed; no client has a fifth of that.
const SIGNED_HEADERS_MAX: usize = 100;

/// What a header says that is well-formed and meant for this service. Nothing of it is verified.
#[derive(Debug)]
pub(crate) struct Authorization<'a> {
    pub(crate) key_id: &'a str,
    /// The day of the scope, as `20150830`.
    pub(crate) date: &'a str,
    pub(crate) region: &'a str,
    /// In lower case, in order, none twice.
    pub(crate) signed_headers: Vec<&'a str>,
    pub(crate) signature: &'a str,
}

impl<'a> Authorization<'a> {
    pub(crate) fn parse(value: &'a str) -> Result<Self, Refusal> {
        let value = value.trim_ascii();
        if value.is_empty() {
            return Err(Refusal::MissingToken);
        }
        let (algorithm, parameters) = value.split_once(' ').unwrap_or((value, ""));
        if algorithm != ALGORITHM {
            return Err(Incomplete::Algorithm.into());
        }
        let Parameters { credential, signed_headers, signature } = Parameters::parse(parameters)?;
        let scope = Scope::parse(credential)?;
        Ok(Self {
            key_id: scope.key_id,
            date: scope.date,
            region: scope.region,
            signed_headers: parse_signed_headers(signed_headers)?,
            signature,
        })
    }
}

struct Parameters<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Parameters<'a> {
    fn parse(text: &'a str) -> Result<Self, Refusal> {
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for parameter in text.split(',').map(str::trim_ascii).filter(|one| !one.is_empty()) {
            let (name, value) = parameter.split_once('=').ok_or(Incomplete::Parameter)?;
            let slot = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return Err(Incomplete::Parameter.into()),
            };
            // Of two values for one parameter, somebody else might take the other one.
            if slot.replace(value).is_some() {
                return Err(Incomplete::Parameter.into());
            }
        }
        let given = |value: Option<&'a str>| value.filter(|text| !text.is_empty());
        match (given(credential), given(signed_headers), given(signature)) {
            (Some(credential), Some(signed_headers), Some(signature)) => {
                Ok(Self { credential, signed_headers, signature })
            }
            parameters => {
                let names = ["Credential", "SignedHeaders", "Signature"];
                let given = [parameters.0, parameters.1, parameters.2];
                let missing = names.into_iter().zip(given).filter(|(_, value)| value.is_none());
                Err(Incomplete::Missing(missing.map(|(name, _)| name).collect()).into())
            }
        }
    }
}

struct Scope<'a> {
    key_id: &'a str,
    date: &'a str,
    region: &'a str,
}

impl<'a> Scope<'a> {
    /// Any region will do: the server is in whichever its clients believe it to be.
    fn parse(credential: &'a str) -> Result<Self, Refusal> {
        let elements: Vec<&str> = credential.split('/').collect();
        let [key_id, date, region, service, terminator] = *elements.as_slice() else {
            return Err(Incomplete::Credential { elements: elements.len() }.into());
        };
        if terminator != TERMINATOR {
            return Err(Invalid::Terminator.into());
        }
        if service != SERVICE {
            return Err(Invalid::Service.into());
        }
        Ok(Self { key_id, date, region })
    }
}

fn parse_signed_headers(text: &str) -> Result<Vec<&str>, Refusal> {
    let names: Vec<&str> = text.split(';').collect();
    let is_name = |name: &&str| {
        !name.is_empty() && name.bytes().all(|byte| byte > b' ' && !byte.is_ascii_uppercase())
    };
    if names.len() > SIGNED_HEADERS_MAX
        || !names.iter().all(is_name)
        || !names.is_sorted_by(|a, b| a < b)
    {
        return Err(Incomplete::SignedHeaders.into());
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
