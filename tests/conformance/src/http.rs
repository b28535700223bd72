//! Executions, single states and recorded calls, as a client of the server plays them.
//!
//! Every case has a runtime and a server of its own, on a port of its own, so that the names of its
//! machines are free and its functions are nobody else's. Time is real here: cases are played side
//! by side, and those that take long are passed over unless they are asked for.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::{Only, Report};
use server::Site;

mod calls;
mod client;
mod components;
mod crowd;
mod executions;
mod functions;
mod scene;
mod sdk;
mod server;
mod single_states;
mod text;

/// What is played, and how.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub struct Options {
    pub only: Only,
    /// Whether executions are kept in a file, or in memory.
    pub has_store: bool,
    pub tasks: Tasks,
    /// Whether executions are played that take a minute or more.
    pub is_patient: bool,
    /// How many cases are played at once.
    pub at_once: usize,
    /// Whether differences of form are told too.
    pub is_thorough: bool,
}

/// As what the functions of a case run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tasks {
    /// As code of the player.
    Native,
    /// As WebAssembly components of a registry.
    Components,
}

/// Each host of components takes room for a thousand of them.
const HOSTS_AT_ONCE: usize = 6;

/// A deep evaluation in an unoptimised build needs a deep stack.
const STACK_BYTES: usize = 64 << 20;

/// Plays everything of a folder that a server can answer.
pub fn play(folder: &Path, options: &Options) -> Result<Report> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.enable_all().thread_stack_size(STACK_BYTES).build();
    let runtime = runtime.context("cannot start what runs the servers")?;
    let site = Site { runtime, has_store: options.has_store, tasks: options.tasks };
    let at_once = match options.tasks {
        Tasks::Native => options.at_once,
        Tasks::Components => options.at_once.min(HOSTS_AT_ONCE),
    };
    let options = &Options { at_once, ..options.clone() };
    let mut report = Report::default();
    for (kind, played) in [
        ("executions", executions::play(folder, &site, options)?),
        ("single states", single_states::play(folder, &site, options)?),
        ("calls", calls::play(folder, &site, options)?),
    ] {
        let (passed, failed) = (played.passed(), played.failed());
        report.extend(played);
        report.notes.push(format!("{kind}: {passed} of {}", passed + failed));
    }
    Ok(report)
}
