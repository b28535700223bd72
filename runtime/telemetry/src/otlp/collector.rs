//! A collector and how it answers.

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::Settings;

/// How long a collector may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Collector {
    agent: Agent,
    url: String,
    headers: Vec<(String, String)>,
}

pub(super) enum Answer {
    Taken,
    Refused(String),
    Later {
        reason: String,
        /// What the collector asks for.
        after: Option<Duration>,
    },
}

impl Collector {
    pub(super) fn new(settings: &Settings) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .tls_config(tls(&settings.endpoint));
        let url = format!("{}/v1/traces", settings.endpoint.trim_end_matches('/'));
        Self { agent: config.build().new_agent(), url, headers: settings.headers.clone() }
    }

    pub(super) fn post(&self, body: &[u8]) -> Answer {
        let mut request = self.agent.post(&self.url).content_type("application/json");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let later = |reason: String, after| Answer::Later {
            reason: format!("{} does not take them: {reason}", self.url),
            after,
        };
        let response = match request.send(body) {
            Ok(response) => response,
            Err(ureq::Error::BadUri(reason)) => {
                return Answer::Refused(format!("{} is no address: {reason}", self.url));
            }
            Err(error) => return later(error.to_string(), None),
        };
        let status = response.status();
        match status.as_u16() {
            200..=299 => Answer::Taken,
            429 | 502 | 503 | 504 => {
                let after = response.headers().get("retry-after");
                let seconds = after.and_then(|after| after.to_str().ok()?.parse().ok());
                later(status.to_string(), seconds.map(Duration::from_secs))
            }
            _ => Answer::Refused(format!("{} refuses them: {status}", self.url)),
        }
    }
}

/// The system's certificates are read only if they are needed.
fn tls(endpoint: &str) -> TlsConfig {
    let is_plain = !endpoint.starts_with("https:");
    let found = if is_plain { Vec::new() } else { rustls_native_certs::load_native_certs().certs };
    let roots = found.iter().map(|root| Certificate::from_der(root).to_owned());
    TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots.collect())))
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build()
}
