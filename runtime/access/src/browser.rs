//! What web pages may do here: only the server's own may do anything.
//!
//! A server on a developer's machine is within reach of every page that is open in a browser there.
//! Two things would let such a page in. It could call the server across origins; a browser says so
//! in `Origin` and `Sec-Fetch-Site`. Or it could have its own name resolve to this machine (DNS
//! rebinding), and be of one origin with the server as far as the browser can tell; then the name
//! shows in `Host`, and in the `Origin` of whatever is not a GET or HEAD. So the names that count
//! are the server's own, known beforehand and never taken from the request.
//!
//! Whoever is not a browser may call the server by any name. A browser sends `Origin` with every
//! POST, and so with every call of the API. With a GET it sends neither header when the page was
//! loaded without TLS from another name than localhost, which is how a rebinding page is loaded.
//! What answers a GET with more than a secret-free status therefore asks
//! [`OwnNames::check_page`], which holds `Host` against the names whoever calls.

use std::fmt;
use std::str::FromStr;

use crate::request::Headers;

/// The names by which the server's own pages are loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnNames(Vec<Origin>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

/// Scheme, host and port of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    scheme: Scheme,
    /// In lower case; brackets belong to it.
    host: Box<str>,
    port: u16,
}

/// A name that was configured and is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a name of this server; write a host such as `steps.example.org`, or an origin \
     such as `https://steps.example.org:8443`"
)]
pub struct NameError(pub String);

/// Why a browser's request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "a page of `{}` may not call this server; if the page is this server's, add its origin to \
         the server's names", Shown(.0)
    )]
    Origin(Box<[u8]>),
    #[error(
        "a page of another site may not call this server (Sec-Fetch-Site is `{}`); open the \
         server's own page instead", Shown(.0)
    )]
    Site(Box<[u8]>),
    #[error(
        "this server is not called `{}` where a browser asks; if the name is this server's, add it \
         to the server's names", Shown(.0)
    )]
    Host(Box<[u8]>),
    #[error("a browser's request must have one Host header")]
    NoHost,
}

impl Refusal {
    /// What each of these is answered with.
    pub const HTTP_STATUS: u16 = 403;
}

impl OwnNames {
    /// The loopback names on the server's port, and what else it is called: a host, which stands
    /// for the server's own scheme and port, or a whole origin when something in front of the
    /// server has others.
    pub fn new<'a>(
        scheme: Scheme,
        port: u16,
        others: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, NameError> {
        let own = |host: &str| Origin { scheme, host: host.to_ascii_lowercase().into(), port };
        let mut origins: Vec<Origin> = ["localhost", "127.0.0.1", "[::1]"].map(own).into();
        for name in others {
            let parsed = if is_host(name) { Some(own(name)) } else { name.parse().ok() };
            origins.push(parsed.ok_or_else(|| NameError(name.to_owned()))?);
        }
        Ok(Self(origins))
    }

    /// For calls of the API: refuses a request that a browser sends, unless one of the server's own
    /// pages makes it.
    pub fn check_call(&self, headers: &Headers<'_>) -> Result<(), Refusal> {
        if !(headers.has("origin") || headers.has("sec-fetch-site")) {
            return Ok(());
        }
        self.check_page(headers)
    }

    /// For pages and what they read: the same, and `Host` has to be a name of the server's even if
    /// nothing says that a browser asks.
    pub fn check_page(&self, headers: &Headers<'_>) -> Result<(), Refusal> {
        if let Some(origin) = headers.all("origin").find(|value| !self.has_origin(value)) {
            return Err(Refusal::Origin(origin.into()));
        }
        let is_own = |site: &[u8]| matches!(site, b"same-origin" | b"none");
        if let Some(site) = headers.all("sec-fetch-site").find(|site| !is_own(site)) {
            return Err(Refusal::Site(site.into()));
        }
        let host = headers.single("host").ok().flatten().ok_or(Refusal::NoHost)?;
        if self.has_host(host) { Ok(()) } else { Err(Refusal::Host(host.into())) }
    }

    fn has_origin(&self, value: &[u8]) -> bool {
        let parsed = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
        parsed.is_some_and(|origin: Origin| self.0.contains(&origin))
    }

    fn has_host(&self, value: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(value) else { return false };
        self.0.iter().any(|own| Origin::parse_in(own.scheme, text).as_ref() == Some(own))
    }
}

impl Scheme {
    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl Origin {
    /// Reads what follows the scheme: a host, and a port unless it is the scheme's own.
    fn parse_in(scheme: Scheme, text: &str) -> Option<Self> {
        let after_address = text.rfind(']').map_or(0, |at| at + 1);
        let (host, port) = match text.get(after_address..)?.rfind(':') {
            Some(at) => {
                let (host, port) = text.split_at_checked(after_address + at)?;
                (host, parse_port(port.strip_prefix(':')?)?)
            }
            None => (text, scheme.default_port()),
        };
        is_host(host).then(|| Self { scheme, host: host.to_ascii_lowercase().into(), port })
    }
}

struct NoOrigin;

impl FromStr for Origin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        let (scheme, rest) = text.split_once("://").ok_or(NoOrigin)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(NoOrigin),
        };
        Self::parse_in(scheme, rest).ok_or(NoOrigin)
    }
}

/// Digits alone: `parse` would take a sign as well.
fn parse_port(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// A host name, an IPv4 address, or an IPv6 address in brackets; without a port.
fn is_host(text: &str) -> bool {
    if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    !text.is_empty() && text.bytes().all(is_sign)
}

/// What came from outside, cut short and without anything that a terminal would obey.
struct Shown<'a>(&'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BYTES_MAX: usize = 200;
        let (shown, rest) = self.0.split_at(self.0.len().min(BYTES_MAX));
        write!(f, "{}{}", shown.escape_ascii(), if rest.is_empty() { "" } else { "..." })
    }
}

#[cfg(test)]
mod tests;
