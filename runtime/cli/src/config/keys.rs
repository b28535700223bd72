//! Everything that can be set, once: its place in the file, its flag, its variables, its default.
//!
//! docs/guide/configuration.md has the same table; a test compares them.

use super::value::Kind;

#[derive(Debug)]
pub(crate) struct Key {
    pub table: &'static str,
    pub name: &'static str,
    pub kind: Kind,
    pub flag: Option<&'static str>,
    /// The first one that is set counts.
    pub variables: &'static [&'static str],
    pub default: Option<&'static str>,
}

impl Key {
    pub(crate) fn is(&self, other: &Self) -> bool {
        (self.table, self.name) == (other.table, other.name)
    }

    /// As it is called in messages.
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.table, self.name)
    }

    const fn new(table: &'static str, name: &'static str, kind: Kind) -> Self {
        Self { table, name, kind, flag: None, variables: &[], default: None }
    }

    const fn flag(self, flag: &'static str) -> Self {
        Self { flag: Some(flag), ..self }
    }

    const fn variables(self, variables: &'static [&'static str]) -> Self {
        Self { variables, ..self }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }
}

pub(crate) static ADDRESS: Key = Key::new("server", "address", Kind::Address)
    .flag("--address")
    .variables(&["STEPWELL_ADDRESS"])
    .default("127.0.0.1:8083");
pub(crate) static NAMES: Key = Key::new("server", "names", Kind::Names)
    .flag("--server-name")
    .variables(&["STEPWELL_SERVER_NAMES"])
    .default("");
pub(crate) static TLS_CERTIFICATE: Key = Key::new("server.tls", "certificate", Kind::Path)
    .flag("--tls-certificate")
    .variables(&["STEPWELL_TLS_CERTIFICATE"]);
pub(crate) static TLS_KEY: Key =
    Key::new("server.tls", "key", Kind::Path).flag("--tls-key").variables(&["STEPWELL_TLS_KEY"]);
/// [`IN_MEMORY`] stands for none.
pub(crate) static STORE: Key = Key::new("store", "file", Kind::Path)
    .flag("--store")
    .variables(&["STEPWELL_STORE"])
    .default("stepwell.db");
pub(crate) static RETENTION: Key = Key::new("store", "retention", Kind::Duration)
    .flag("--retention")
    .variables(&["STEPWELL_RETENTION"]);
pub(crate) static EXPRESS_RETENTION: Key = Key::new("store", "express-retention", Kind::Duration)
    .flag("--express-retention")
    .variables(&["STEPWELL_EXPRESS_RETENTION"])
    .default("5m");
pub(crate) static EXPRESS_MEGABYTES: Key = Key::new("store", "express-megabytes", Kind::Count)
    .flag("--express-megabytes")
    .variables(&["STEPWELL_EXPRESS_MEGABYTES"])
    .default("64");
pub(crate) static REGISTRY: Key = Key::new("registry", "directory", Kind::Path)
    .flag("--registry")
    .variables(&["STEPWELL_REGISTRY"])
    .default("registry");
/// Without a value, the user's own folder for caches.
pub(crate) static CACHE: Key =
    Key::new("registry", "cache", Kind::Path).variables(&["STEPWELL_CACHE"]);
pub(crate) static BUCKETS: Key =
    Key::new("buckets", "directory", Kind::Path).flag("--buckets").variables(&["STEPWELL_BUCKETS"]);
pub(crate) static OPEN_MAX: Key = Key::new("limits", "open-executions", Kind::Count)
    .flag("--max-open-executions")
    .variables(&["STEPWELL_MAX_OPEN_EXECUTIONS"]);
pub(crate) static TASKS_MAX: Key =
    Key::new("limits", "tasks", Kind::Count).flag("--max-tasks").variables(&["STEPWELL_MAX_TASKS"]);
/// `-` is the standard output.
pub(crate) static LOG: Key =
    Key::new("log", "file", Kind::Text).flag("--log-file").variables(&["STEPWELL_LOG_FILE"]);
/// Where spans are sent by OTLP.
pub(crate) static TRACE: Key = Key::new("trace", "endpoint", Kind::Text)
    .flag("--trace-endpoint")
    .variables(&["STEPWELL_TRACE_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"]);
/// A mock configuration of Step Functions Local.
pub(crate) static MOCKS: Key =
    Key::new("mocks", "file", Kind::Path).flag("--mocks").variables(&["STEPWELL_MOCKS"]);
pub(crate) static ENDPOINT: Key = Key::new("client", "endpoint", Kind::Text)
    .flag("--endpoint")
    .variables(&["STEPWELL_ENDPOINT", "AWS_ENDPOINT_URL_SFN", "AWS_ENDPOINT_URL"]);
/// Certificates to trust instead of those of the web.
pub(crate) static CA: Key = Key::new("client", "ca", Kind::Path).variables(&["AWS_CA_BUNDLE"]);
pub(crate) static REGION: Key =
    Key::new("client", "region", Kind::Text).variables(&["STEPWELL_REGION"]).default("us-east-1");
pub(crate) static ACCOUNT: Key = Key::new("client", "account", Kind::Text)
    .variables(&["STEPWELL_ACCOUNT"])
    .default("000000000000");

/// What is given instead of a store's file by whoever wants none.
pub(crate) const IN_MEMORY: &str = ":memory:";

/// In the order in which they are shown.
pub(crate) static KEYS: &[&Key] = &[
    &ADDRESS,
    &NAMES,
    &TLS_CERTIFICATE,
    &TLS_KEY,
    &STORE,
    &RETENTION,
    &EXPRESS_RETENTION,
    &EXPRESS_MEGABYTES,
    &REGISTRY,
    &CACHE,
    &BUCKETS,
    &OPEN_MAX,
    &TASKS_MAX,
    &LOG,
    &TRACE,
    &MOCKS,
    &ENDPOINT,
    &CA,
    &REGION,
    &ACCOUNT,
];

#[cfg(test)]
mod tests;
