//! The semantics of a workflow, as a machine that does no I/O.
//!
//! An [`Execution`] is the fold of its journal. [`Execution::handle`] takes what the world reports,
//! *decides* what follows from it (this is where expressions are evaluated, backoff is computed and
//! randomness is drawn) and records each decision as an [`Event`]. Applying an event only checks
//! that it may follow, and assigns; [`Execution::replay`] therefore evaluates nothing, and an
//! execution goes on unchanged after the deciding code has changed.
//!
//! What the world owes an execution (run this task, wake it at that time) is not a list of
//! messages but a function of its state: [`Execution::obligations`]. A driver that starts over asks
//! for all of them; one that goes on is given the difference with each [`Batch`], and only once it
//! has persisted the batch.
//!
//! **An end need not be the last word.** An execution that ended without success keeps what it was
//! doing, and a Parallel or Map state the children that were lost with it. [`Input::Redrive`] lets it
//! go on there: a state that failed is entered again, what succeeded stays as it is. Children that
//! are executions of their own are let go on by [`Obligation::RedriveChild`].
//!
//! **Time and chance are arguments.** No function here reads a clock or draws a random number; both
//! come with [`Env`]. Inputs of one execution must not go back in time; equal times are fine.
//!
//! **Three channels.** [`Stale`]: the input is late or a duplicate, which is expected and leaves no
//! trace. [`Corrupt`]: a journal does not add up. A panic: the kernel is wrong. The failure of a
//! workflow is data and none of these.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use batch::{Batch, Committed};
pub use event::{Call, CallKind, Event, Fact, FrameId, TaskId, Token};
pub use execution::{Corrupt, Ended, Execution, Identity, NotRedrivable, Outcome, Running};
pub use failure::{Failure, error_name};
pub use history::{Detail, Historian, HistoryEvent, StateType, history};
pub use input::{Entropy, Env, Input, ItemsRead, Stale};
pub use inspect::{
    Configuration, ContextFault, ErrorDetails, FieldFault, Inspection, Mismatch, Mock, Pending,
    Progress, Refusal, Setting, Test, Tested, Validation, Verdict,
};
pub use limits::Limits;
pub use map_run::{
    Batching, Counts, ItemChild, ItemsFrom, MapRun, MapRunCall, MapRunFact, Tolerance,
};
pub use obligation::{Child, ExecutionCall, Invocation, Obligation, TaskCall};
pub use turns::{Turn, Turns, Way};

mod batch;
mod context;
mod evaluate;
mod event;
mod evolve;
mod execution;
mod failure;
mod fault;
mod flow;
mod frame;
mod history;
mod input;
mod inspect;
mod limits;
mod map_run;
mod obligation;
mod step;
mod turns;
