//! Drives executions.
//!
//! The [`Scheduler`] is a pure machine: it owns executions, knows which one waits for what, and
//! turns what happens into records to persist and actions to perform. An [`Engine`] is the world
//! around it: a loop per core that feeds a scheduler, appends its records to a journal, runs tasks
//! through the [`Tasks`] port, and wakes when something is due.
//!
//! What an engine's loop decides with is open to whoever builds a loop of another kind, such as one
//! in virtual time: the scheduler, the [`Pipeline`] into the journal, the [`JournalShelf`], and what
//! is to be done about a child that may be there already.
//!
//! The engine does not know where tasks come from. Whoever builds it plugs that in.

pub use activities::ActivityWork;
pub use builder::EngineBuilder;
pub use engine::{
    CommandError, Engine, Handle, Lost, Observer, RedriveError, Start, StartError, TokenError,
    WeakEngine,
};
pub use items::{ItemResult, Items, ReadRequest, WriteRequest};
pub use kin::{JoinedEnd, Meeting, Redriving, Starting, is_orphan};
pub use machines::{Admitted, Elsewhere, Machines};
pub use mocks::{MockQuestion, Mocks};
pub use pipeline::{Pipeline, Settled};
pub use program::Program;
pub use scheduler::{
    Action, Around, Chance, Command, Deed, HOLD_MAX, Loaded, Policy, Scheduler, Shelf, Taken,
    TokenReport, Turn, Unreadable, What,
};
pub use shard::JournalShelf;
pub use tasks::{Effect, Heartbeat, TaskRequest, Tasks};
pub use trouble::{Trouble, Troubles};

mod activities;
mod builder;
mod engine;
mod items;
mod kin;
mod machines;
mod mocks;
mod names;
mod orphans;
mod pipeline;
mod program;
mod retention;
mod scheduler;
mod shard;
mod tasks;
mod tokens;
mod trouble;
