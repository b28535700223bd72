//! What executions tell the outside while they run: logs, spans and metrics.
//!
//! All three are folds over an execution's events, and pure: [`LogFold`] gives the records that the
//! service would log, [`SpanFold`] the spans of a trace, [`Tally`] the counts of [`Metrics`].
//! [`Telemetry`] connects them with an engine's observer and with where things go.
//!
//! **Nothing here holds up an execution.** The observer is called from the engine's loops. It
//! computes and puts what comes of it into bounded queues that threads empty; what does not fit is
//! dropped, and the loss is counted. Telling is best effort, as it is in the service: after a crash
//! something may be missing.
//!
//! **What nobody wants is not made.** An execution that neither logs nor is traced costs a few
//! counters.
#![forbid(unsafe_code)]

pub use logs::{LogFold, is_logged};
pub use metrics::{Machine, Metrics, Tally};
pub use sink::{LogSink, QUEUE_BYTES};
pub use spans::{Attribute, Span, SpanFold, SpanId, SpanKind, SpanStatus, TraceId};
pub use telemetry::{Outlets, Source, SpanSink, Subject, Telemetry};

mod logs;
pub mod metrics;
#[cfg(feature = "otlp")]
pub mod otlp;
#[cfg(test)]
mod play;
mod queue;
mod sink;
pub mod spans;
mod telemetry;
