//! Who is let in: no foreign web page, and nobody without a key where there are keys.

use std::time::SystemTime;

use axum::http::request::Parts;
use stepwell_access::browser::{self, OwnNames};
use stepwell_access::{self as access, Headers, Keys, SKEW_MAX};

use crate::exception::Exception;

/// What stands between a request and the operations.
#[derive(Debug)]
pub(crate) struct Gate {
    keys: Option<Keys>,
    names: OwnNames,
}

/// Somebody who was let in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Caller<'a> {
    /// There are no keys, so nobody is asked for one.
    Anybody,
    Holder(&'a access::Key),
}

impl Gate {
    pub(crate) fn new(keys: Option<Keys>, names: OwnNames) -> Self {
        Self { keys, names }
    }

    pub(crate) fn has_keys(&self) -> bool {
        self.keys.is_some()
    }

    /// Looks at what a call says of itself before its body is read.
    pub(crate) fn check_call(&self, parts: &Parts) -> Result<(), Exception> {
        self.names.check_call(&headers(parts)).map_err(|refusal| of_browser(&refusal))
    }

    /// The same for what is read by pages.
    pub(crate) fn check_page(&self, parts: &Parts) -> Result<(), Exception> {
        self.names.check_page(&headers(parts)).map_err(|refusal| of_browser(&refusal))
    }

    /// Who signed a call.
    pub(crate) fn identify(&self, parts: &Parts, body: &[u8]) -> Result<Caller<'_>, Exception> {
        let Some(keys) = &self.keys else { return Ok(Caller::Anybody) };
        let request = access::Request {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            headers: headers(parts),
            body,
        };
        let key = keys.verify(&request, SystemTime::now(), SKEW_MAX);
        key.map(Caller::Holder).map_err(|refusal| of_access(&refusal))
    }
}

impl Caller<'_> {
    /// Whether the caller may do this to that.
    pub(crate) fn authorize(self, operation: &str, resource: &str) -> Result<(), Exception> {
        match self {
            Self::Anybody => Ok(()),
            Self::Holder(key) => key
                .authorize(&format!("states:{operation}"), resource)
                .map_err(|refusal| of_access(&refusal)),
        }
    }
}

fn headers(parts: &Parts) -> Headers<'_> {
    parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect()
}

fn of_browser(refusal: &browser::Refusal) -> Exception {
    let status = browser::Refusal::HTTP_STATUS;
    Exception { status, ..Exception::new("AccessDeniedException", refusal.to_string()) }
}

fn of_access(refusal: &access::Refusal) -> Exception {
    let status = refusal.http_status();
    Exception { status, ..Exception::new(refusal.name(), refusal.to_string()) }
}
