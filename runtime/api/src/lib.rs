//! AWS Step Functions' API: its operations, its exceptions in its words, and the server that
//! carries them.
//!
//! [`Api`] answers calls; a [`Server`] takes them from the network. The wire is AWS JSON 1.0:
//! `POST /` with `X-Amz-Target: AWSStepFunctions.OPERATION`.
#![forbid(unsafe_code)]

pub use api::{Api, Reply};
pub use operation::Operation;
pub use options::{Bounds, MetricsText, Options};
pub use server::{BindError, Server};
pub use tls::{Tls, TlsError};

mod api;
mod clock;
mod exception;
mod gate;
mod metrics;
mod operation;
mod operations;
mod options;
mod pollers;
mod redrives;
mod request;
mod response;
mod routes;
mod server;
mod subject;
mod tls;
