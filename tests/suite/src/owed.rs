//! What the world owes an execution, added up from what every batch released.
//!
//! An execution that goes on is given differences, one that starts over asks for everything. Both
//! must come to the same.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use stepwell_asl::Timestamp;
use stepwell_kernel::{Committed, Execution, Input, Obligation, TaskCall, TaskId, Token};

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Owed {
    pub tasks: BTreeMap<TaskId, TaskCall>,
    pub tokens: BTreeMap<TaskId, Token>,
    pub wake_at: Option<Timestamp>,
    pub more: bool,
}

impl Owed {
    /// Everything that is owed now.
    pub(crate) fn all(execution: &Execution) -> Self {
        let mut owed = Self::default();
        owed.add(&execution.obligations());
        owed
    }

    /// What is owed after an input was taken and its batch committed.
    pub(crate) fn advance(&mut self, input: &Input, committed: &Committed) {
        self.more = false;
        if let Input::TaskReported { task, .. } = input {
            self.tasks.remove(task);
        }
        self.add(&committed.obligations);
        for task in &committed.closed {
            self.tasks.remove(task);
            self.tokens.remove(task);
        }
    }

    /// An alarm that is set for nothing is harmless: the wake-up will be stale. Anything else must
    /// be equal.
    pub(crate) fn check(&mut self, execution: &Execution) -> Result<()> {
        let all = Self::all(execution);
        if all.wake_at.is_none() {
            self.wake_at = None;
        }
        ensure!(*self == all, "batches add up to {self:?}, but owed is {all:?}");
        let is_stuck = all == Self::default() && matches!(execution, Execution::Running(_));
        ensure!(!is_stuck, "the execution runs, and nothing is owed to it");
        Ok(())
    }

    fn add(&mut self, obligations: &[Obligation]) {
        for obligation in obligations {
            match obligation {
                Obligation::RunTask(call) => {
                    self.tasks.insert(call.task, call.clone());
                }
                Obligation::AwaitToken { task, token } => {
                    self.tokens.insert(*task, Token::clone(token));
                }
                Obligation::WakeAt(at) => self.wake_at = Some(*at),
                Obligation::Continue => self.more = true,
            }
        }
    }
}
