//! The WebAssembly host: JSON in, JSON out, and a sandbox around everything in between.
//!
//! A [`Registry`] is a directory of components. [`Host::prepare`] finds one by [`TaskRef`], compiles
//! it or takes it from the cache, and checks that it is a task and that everything it imports is
//! there. [`Host::call`] runs it once, in a fresh instance with its own memory, under [`Limits`] and
//! with the [`Capabilities`] of its [`Manifest`]. However a call ends, it ends as a JSON document
//! or as a [`Failure`] whose name `Retry` and `Catch` can match.
//!
//! The crate knows wasmtime and WIT, and nothing of workflows. Components are hostile: what comes
//! from them is checked like network input, and nothing they do is an error of the host.

pub use cache::CacheProblem;
pub use capabilities::{Access, Capabilities, Directory, EnvironmentValue};
pub use compile::Origin;
pub use context::{CallContext, ExecutionContext, Heartbeat, Invocation, StateContext};
pub use contract::Refusal;
pub use digest::Digest;
pub use failure::Failure;
pub use host::{BuildError, Host, HostBuilder};
pub use limits::{
    COMPONENT_BYTES_MAX, LOG_BYTES_MAX, Limits, MEMORY_BYTES_MAX, OUTPUT_BYTES_MAX, TIMEOUT_MAX,
};
pub use logs::{LogLevel, LogLine, LogSink, LogSource, Silent};
pub use manifest::{Effect, Manifest, ManifestError};
pub use prepare::{PrepareError, Prepared};
pub use registry::{Entry, EntryProblem, Registry, RegistryError};
pub use task_ref::{Qualifier, TaskRef, TaskRefError};
pub use version::Version;

// What a task is and where it lies.
mod capabilities;
mod digest;
mod limits;
mod manifest;
mod near;
mod registry;
mod task_ref;
mod version;

// From a file to something that can run.
mod cache;
mod compile;
mod contract;
mod engine;
mod host;
mod prepare;
mod ticker;

// One call.
mod backtrace;
mod bindings;
mod call;
mod context;
mod failure;
mod interfaces;
mod logs;
mod memory;
mod outcome;
