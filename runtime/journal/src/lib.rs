//! Where executions are kept.
//!
//! A [`Journal`] takes batches of events and gives back, once they are kept, what may be performed
//! because of them. That is the whole port: an execution is rebuilt from its events, so nothing
//! else has to be stored for it to be safe.
//!
//! [`Memory`] keeps them as long as the process lives. [`codec`] is what every other backend writes.

pub use memory::Memory;
pub use port::{AppendError, ExecutionId, Journal, Record};

pub mod codec;
mod memory;
mod port;
