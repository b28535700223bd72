//! What the world tells an execution.

use std::fmt;

use stepwell_asl::Timestamp;
use stepwell_value::Payload;

use crate::{Failure, Identity, Limits, TaskId};

#[derive(Clone, Debug)]
pub enum Input {
    Start {
        identity: Identity,
        input: Payload,
    },
    /// A task's call has returned.
    TaskReported {
        task: TaskId,
        outcome: Result<Payload, Failure>,
    },
    /// A task's token has come back.
    TokenReported {
        task: TaskId,
        outcome: Result<Payload, Failure>,
    },
    Heartbeat {
        task: TaskId,
    },
    /// The time has come that [`crate::Obligation::WakeAt`] named.
    Wake,
    /// As [`crate::Obligation::Continue`] asked.
    Continue,
    /// Ends the execution from outside.
    Stop {
        failure: Failure,
    },
}

/// What an execution may see of the world while it decides.
pub struct Env<'a> {
    pub now: Timestamp,
    pub entropy: &'a mut dyn Entropy,
    pub limits: &'a Limits,
}

/// Where randomness comes from. Task tokens are made of it, so outside of tests it must be a
/// cryptographic generator.
pub trait Entropy {
    fn next_u64(&mut self) -> u64;
}

impl fmt::Debug for Env<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env")
            .field("now", &self.now)
            .field("limits", self.limits)
            .finish_non_exhaustive()
    }
}

/// The input does not apply to the execution as it is: a duplicate, a late report, an early or
/// second wake-up. Not an error of the execution; nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale;
