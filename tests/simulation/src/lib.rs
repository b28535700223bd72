//! The engine in virtual time: schedulers, pipelines and a journal under seeded chaos.
//!
//! A [`Simulation`] takes the part of everything around the pure machine: the loops, the messages
//! between them, the disk, the tasks, and those who call from outside. It runs on one thread, and
//! all that it leaves to chance comes from a seed, so whatever happened happens again. What must
//! always hold is checked while it goes on and once more when it is over.
#![forbid(unsafe_code)]

pub use checks::{Finished, Run};
pub use run::{CrashAt, Plan, Simulation};
pub use workflows::{ALL as WORKFLOWS, Workflow};

mod callers;
mod chance;
mod checks;
mod children;
mod journal;
mod loops;
mod run;
mod tasks;
mod workflows;
