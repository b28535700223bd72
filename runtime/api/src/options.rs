//! What a server is started with.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use stepwell_access::Keys;

use crate::tls::Tls;

/// Text in Prometheus' format, made when it is asked for.
pub type MetricsText = Arc<dyn Fn() -> String + Send + Sync>;

/// How a server answers, beside its address.
#[derive(Clone, Default)]
pub struct Options {
    /// Who may call. Without keys whoever reaches the server may do everything, and so it listens on
    /// loopback addresses alone.
    pub keys: Option<Keys>,
    /// What the server is called besides the names of loopback, for the pages that it serves.
    pub names: Vec<String>,
    pub tls: Option<Tls>,
    pub bounds: Bounds,
    /// What `/metrics` tells besides the server's own numbers.
    pub metrics: Option<MetricsText>,
}

/// How much of its room and time a server gives to its callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Connections at once. Others wait to be taken.
    pub connections_max: usize,
    /// How long a request's headers may take to come, and a connection may be idle.
    pub headers_within: Duration,
    /// How long a request's body may take to come.
    pub body_within: Duration,
    /// A definition of a megabyte, with every character of it escaped, has room.
    pub body_bytes_max: usize,
    /// How long requests may take to end once the server is told to stop.
    pub drain_within: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections_max: 20_000,
            headers_within: Duration::from_secs(30),
            body_within: Duration::from_secs(30),
            body_bytes_max: 8 << 20,
            drain_within: Duration::from_secs(10),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("keys", &self.keys)
            .field("names", &self.names)
            .field("tls", &self.tls)
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}
