//! What the world tells an execution.

use std::fmt;
use std::sync::Arc;

use stepwell_asl::{MachineIdx, Timestamp};
use stepwell_value::{Payload, Str};

use crate::map_run::{MapRunCall, Tolerance};
use crate::{Failure, Identity, Limits, Outcome, TaskId, Token};

#[derive(Clone, Debug)]
pub enum Input {
    Start {
        identity: Identity,
        input: Payload,
    },
    /// Starts an execution of a map run.
    StartItem {
        identity: Identity,
        machine: MachineIdx,
        input: Payload,
    },
    /// Starts a map run for the execution of that identity.
    StartMapRun {
        identity: Arc<Identity>,
        call: Arc<MapRunCall>,
    },
    /// A child, or an execution of another machine, started for that task, has ended.
    ChildEnded {
        task: TaskId,
        outcome: Outcome,
    },
    /// A map run's reader has answered. `from` is as [`crate::Obligation::ReadItems`] had it.
    ItemsRead {
        from: u64,
        outcome: Result<ItemsRead, Failure>,
    },
    /// A map run's results have been written; what the Map state gives in their place.
    ResultsWritten {
        outcome: Result<Payload, Failure>,
    },
    /// Changes a map run's bounds.
    UpdateMapRun {
        max_concurrency: u32,
        tolerance: Tolerance,
    },
    /// A task's call has returned.
    TaskReported {
        task: TaskId,
        outcome: Result<Payload, Failure>,
    },
    /// Somebody has made up what a task comes to: its result as the state sees it. Nothing is put
    /// around it, and no token, no worker and no other execution is waited for.
    TaskMocked {
        task: TaskId,
        outcome: Result<Payload, Failure>,
    },
    /// A worker has fetched the work of an activity. It may have a name.
    ActivityStarted {
        task: TaskId,
        worker: Option<Str>,
    },
    /// The execution has started that [`crate::Obligation::StartExecution`] asked for. Its end is
    /// told after its start.
    ExecutionStarted {
        task: TaskId,
        execution_arn: Str,
        at: Timestamp,
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
    /// Lets an execution that has ended without success go on where it stood. Stale for one that
    /// runs, and where [`crate::Execution::redrivability`] says why not.
    Redrive,
}

/// Some of a map run's items.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemsRead {
    /// An array. An empty one means that there are no more.
    pub items: Payload,
    /// Whether there are no more.
    pub is_last: bool,
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

    /// A token that nobody can guess, for a task that is about to be scheduled.
    ///
    /// A driver whose tokens say where they belong makes them itself. Each has to be as hard to
    /// guess as the 256 random bits that are drawn here, and to differ from every other.
    fn token(&mut self, task: TaskId) -> Token {
        let _ = task;
        let words = std::array::from_fn::<_, 4, _>(|_| self.next_u64());
        words.map(|word| format!("{word:016x}")).concat().into()
    }
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
