//! An execution that waits for what never comes: for what.

use std::collections::BTreeSet;

use stepwell_kernel::Obligation;

use super::{Life, Rehearsal};
use crate::document::{Problem, list};

impl Rehearsal<'_> {
    /// Nothing more can arrive, and nothing is due.
    pub(super) fn stuck(&self) -> Problem {
        let waiting: BTreeSet<String> = self.lives.iter().flat_map(waiting).collect();
        let names: Vec<&str> = waiting.iter().map(String::as_str).collect();
        self.problem(format_args!(
            "the execution waits for ever, for the answer to {}; mock what it answers, or give the \
             state a `TimeoutSeconds`",
            list(&names)
        ))
    }
}

/// The states whose tasks have not ended.
fn waiting(life: &Life) -> impl Iterator<Item = String> {
    life.execution.obligations().into_iter().filter_map(|owed| match owed {
        Obligation::Rehearse { invocation, .. } => {
            Some(life.state_name(invocation.state).to_string())
        }
        Obligation::RunTask(call) => Some(life.state_of(call.task).to_string()),
        Obligation::AwaitToken { task, .. } => Some(life.state_of(task).to_string()),
        Obligation::OfferActivity { task, .. } => Some(life.state_of(task).to_string()),
        Obligation::StartExecution { task, .. } if !life.children.contains_key(&task) => {
            Some(life.state_of(task).to_string())
        }
        Obligation::StartExecution { .. }
        | Obligation::StartChild { .. }
        | Obligation::RedriveChild { .. }
        | Obligation::ReadItems { .. }
        | Obligation::WriteResults { .. }
        | Obligation::WakeAt(_)
        | Obligation::Continue => None,
    })
}
