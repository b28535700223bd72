//! Calling a server by the AWS Step Functions API: AWS JSON 1.0, one call after the other.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use stepwell::{Object, Value};
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::complaint::Complaint;
use crate::config::{Config, keys};

use arn::Site;
pub(crate) use error::CallError;
use sign::Signer;

pub(crate) mod arn;
mod error;
mod find;
mod sign;

const CONTENT_TYPE: &str = "application/x-amz-json-1.0";
const SERVICE: &str = "AWSStepFunctions";
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// An Express execution that is waited for takes five minutes at most.
const ANSWER_WITHIN: Duration = Duration::from_mins(6);
const ANSWER_BYTES_MAX: u64 = 64 << 20;
/// The most that the service gives at once.
const PAGE_MAX: usize = 1000;

#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    endpoint: String,
    signer: Option<Signer>,
    pub site: Site,
}

/// What a server says at one of its pages.
#[derive(Debug)]
pub(crate) struct Page {
    pub status: u16,
    /// When the server sent it, as it thinks.
    pub date: Option<String>,
}

impl Client {
    pub(crate) fn new(config: &Config) -> Result<Self, Complaint> {
        let endpoint = endpoint(config);
        if !endpoint.starts_with("http://") && !endpoint.starts_with("https://") {
            return Err(Complaint::new(format_args!("the endpoint {endpoint:?} is not a URL"))
                .hint("it begins with http:// or https://, as in http://127.0.0.1:8083"));
        }
        let text = |key| config.text(key).unwrap_or_default().to_owned();
        let site = Site { region: text(&keys::REGION), account: text(&keys::ACCOUNT) };
        let signer = Signer::of_environment(&site.region);
        let agent = agent(config, &endpoint)?;
        Ok(Self { agent, endpoint, signer, site })
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// One call, whose answer is an object.
    pub(crate) fn call(&self, operation: &str, request: Object) -> Result<Value, CallError> {
        let body = Value::from(request).to_string();
        let (status, text) = self.post(operation, &body)?;
        let answer = Value::parse(&text);
        match (status, answer) {
            (200, Ok(answer)) => Ok(answer),
            (_, Ok(answer)) => Err(CallError::refused(&answer, status)),
            (_, Err(_)) => {
                Err(CallError::Unreadable { endpoint: self.endpoint.clone(), status, text })
            }
        }
    }

    /// The members of a list, page by page, so many at most.
    pub(crate) fn list(
        &self,
        operation: &str,
        mut request: Object,
        member: &str,
        limit: usize,
    ) -> Result<Vec<Value>, CallError> {
        let mut items = Vec::new();
        while items.len() < limit {
            let wanted = (limit - items.len()).min(PAGE_MAX);
            request.insert("maxResults", u32::try_from(wanted).unwrap_or(u32::MAX));
            let answer = self.call(operation, request.clone())?;
            let page = answer.get(member).and_then(Value::as_array).unwrap_or_default();
            items.extend(page.iter().take(wanted).cloned());
            match answer.get("nextToken").and_then(Value::as_str) {
                Some(token) => request.insert("nextToken", token),
                None => break,
            }
        }
        Ok(items)
    }

    /// What a server has besides the API.
    pub(crate) fn page(&self, path: &str) -> Result<Page, CallError> {
        let url = format!("{}{path}", self.endpoint);
        let response = self.agent.get(&url).call().map_err(|error| self.unreachable(&error))?;
        let date = response.headers().get("date").and_then(|date| date.to_str().ok());
        Ok(Page { status: response.status().as_u16(), date: date.map(str::to_owned) })
    }

    fn post(&self, operation: &str, body: &str) -> Result<(u16, String), CallError> {
        let url = format!("{}/", self.endpoint);
        let target = format!("{SERVICE}.{operation}");
        let headers = [("content-type", CONTENT_TYPE), ("x-amz-target", target.as_str())];
        let signed = match &self.signer {
            Some(signer) => signer.sign(&url, &headers, body).map_err(CallError::Unsigned)?,
            None => Vec::new(),
        };
        let request = headers
            .iter()
            .fold(self.agent.post(&url), |request, (name, value)| request.header(*name, *value));
        let request =
            signed.iter().fold(request, |request, (name, value)| request.header(name, value));
        let mut response = request.send(body).map_err(|error| self.unreachable(&error))?;
        let reading = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string();
        let text = reading.map_err(|error| self.unreachable(&error))?;
        Ok((response.status().as_u16(), text))
    }

    fn unreachable(&self, error: &ureq::Error) -> CallError {
        CallError::Unreachable { endpoint: self.endpoint.clone(), problem: error.to_string() }
    }
}

/// The one that is configured, or where `stepwell serve` would listen.
fn endpoint(config: &Config) -> String {
    if let Some(endpoint) = config.text(&keys::ENDPOINT) {
        return endpoint.trim_end_matches('/').to_owned();
    }
    let address = config.address();
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    if config.path(&keys::TLS_CERTIFICATE).is_none() {
        return format!("http://{}", SocketAddr::new(ip, address.port()));
    }
    // A certificate is for a name.
    let name = config.names(&keys::NAMES).first().map_or("localhost", String::as_str);
    format!("https://{name}:{}", address.port())
}

fn agent(config: &Config, endpoint: &str) -> Result<Agent, Complaint> {
    let builder = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_connect(Some(CONNECT_WITHIN))
        .timeout_global(Some(ANSWER_WITHIN));
    if !endpoint.starts_with("https:") {
        return Ok(builder.build().into());
    }
    let roots = match config.path(&keys::CA) {
        Some(path) => certificates(path)?,
        None => {
            let found = rustls_native_certs::load_native_certs().certs;
            found.iter().map(|root| Certificate::from_der(root).to_owned()).collect()
        }
    };
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build();
    Ok(builder.tls_config(tls).build().into())
}

/// The certificates of a file in PEM.
fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, Complaint> {
    let unusable = |problem: &dyn std::fmt::Display| {
        Complaint::new(format_args!("cannot trust {}: {problem}", path.display()))
    };
    let bytes = std::fs::read(path).map_err(|error| unusable(&error))?;
    let roots: Result<Vec<_>, _> = parse_pem(&bytes).collect();
    let roots = roots.map_err(|error| unusable(&error))?;
    let roots = roots.into_iter().filter_map(|item| match item {
        PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    });
    Ok(roots.collect())
}

/// A request of texts alone, without those that are not given.
pub(crate) fn texts<'t>(
    members: impl IntoIterator<Item = (&'static str, Option<&'t str>)>,
) -> Object {
    let given = members.into_iter().filter_map(|(name, text)| Some((name, text?)));
    given.collect()
}

/// A text of an answer, or an empty one.
pub(crate) fn text<'v>(answer: &'v Value, name: &str) -> &'v str {
    answer.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
