//! Where executions are kept.
//!
//! A [`Journal`] takes batches of events and gives back, once they are kept, what may be performed
//! because of them. An execution is rebuilt from its events; only its definition and who waits for it
//! are kept beside them ([`Birth`]). What a backend has to do is written down as tests, behind the
//! feature `behaviour`.
//!
//! [`Memory`] keeps them as long as the process lives. [`codec`] is what every other backend writes.

pub use memory::Memory;
pub use metadata::{
    Birth, Digest, Ending, Kept, Opening, Parent, Query, Redrives, Revision, Status, Subject,
    Summary,
};
pub use port::{
    AppendError, Appending, Damage, Document, ExecutionId, Journal, Open, Promise, ReadError,
    Record, Refused, Standing,
};

#[cfg(any(test, feature = "behaviour"))]
pub mod behaviour;
pub mod codec;
mod memory;
mod metadata;
mod port;
