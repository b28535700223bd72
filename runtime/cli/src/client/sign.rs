//! Signing requests (AWS Signature Version 4), where the environment has access keys.

use std::env;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;

/// As the service is called in signatures.
const SERVICE: &str = "states";

#[derive(Debug)]
pub(crate) struct Signer {
    credentials: Credentials,
    region: String,
}

impl Signer {
    /// Without both variables requests go unsigned.
    pub(super) fn of_environment(region: &str) -> Option<Self> {
        let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let (id, secret) = (set("AWS_ACCESS_KEY_ID")?, set("AWS_SECRET_ACCESS_KEY")?);
        let credentials =
            Credentials::new(id, secret, set("AWS_SESSION_TOKEN"), None, "environment");
        Some(Self { credentials, region: region.to_owned() })
    }

    #[cfg(test)]
    pub(super) fn with(id: &str, secret: &str, region: &str) -> Self {
        let credentials = Credentials::new(id, secret, None, None, "test");
        Self { credentials, region: region.to_owned() }
    }

    /// The headers that go with the request.
    pub(super) fn sign(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Vec<(String, String)>, String> {
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(SERVICE)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?
            .into();
        let body = SignableBody::Bytes(body.as_bytes());
        let request = SignableRequest::new("POST", url, headers.iter().copied(), body);
        let signed = sign(request.map_err(|error| error.to_string())?, &parameters);
        let (instructions, _signature) = signed.map_err(|error| error.to_string())?.into_parts();
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Ok(instructions.headers().map(own).collect())
    }
}
