//! Drives executions.
//!
//! The [`Scheduler`] is a pure machine: it owns executions, knows which one waits for what, and
//! turns what happens into records to persist and actions to perform. An [`Engine`] is the world
//! around it: a loop per core that feeds a scheduler, appends its records to a journal, runs tasks
//! through the [`Tasks`] port, and wakes when something is due.
//!
//! The engine does not know where tasks come from. Whoever builds it plugs that in.

pub use activities::ActivityWork;
pub use engine::{Engine, EngineBuilder, Handle, Lost, Observer, StartError, TokenError};
pub use items::{ItemResult, Items, ReadRequest, WriteRequest};
pub use machines::{Admitted, Machines};
pub use scheduler::{Action, Command, Scheduler};
pub use tasks::{Heartbeat, TaskRequest, Tasks};

mod activities;
mod engine;
mod items;
mod machines;
mod scheduler;
mod shard;
mod tasks;
