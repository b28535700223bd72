//! What the world owes an execution, added up from what every batch released.
//!
//! An execution that goes on is given differences, one that starts over asks for everything. Both
//! must come to the same.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use stepwell_asl::Timestamp;
use stepwell_kernel::{
    Child, Committed, Execution, ExecutionCall, Input, Obligation, TaskCall, TaskId, Token,
};
use stepwell_value::Payload;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Owed {
    pub tasks: BTreeMap<TaskId, TaskCall>,
    pub tokens: BTreeMap<TaskId, Token>,
    /// The work of activities that nobody has taken.
    pub offers: BTreeMap<TaskId, (Token, Payload)>,
    /// Executions of other machines: to be started, or awaited.
    pub executions: BTreeMap<TaskId, ExecutionCall>,
    pub children: BTreeMap<TaskId, Child>,
    /// Children that are to go on, and how often.
    pub redriven: BTreeMap<TaskId, (Child, u32)>,
    /// From which item on a map run wants to read.
    pub items_from: Option<u64>,
    pub results: bool,
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
        match input {
            Input::TaskReported { task, .. } => {
                self.tasks.remove(task);
            }
            Input::ActivityStarted { task, .. } => {
                self.offers.remove(task);
            }
            Input::ExecutionStarted { task, .. } => {
                self.executions.retain(|other, call| other != task || call.is_awaited);
            }
            Input::ItemsRead { .. } => self.items_from = None,
            Input::ResultsWritten { .. } => self.results = false,
            _ => {}
        }
        self.add(&committed.obligations);
        for task in &committed.closed {
            self.tasks.remove(task);
            self.tokens.remove(task);
            self.offers.remove(task);
            self.executions.remove(task);
            self.children.remove(task);
            self.redriven.remove(task);
        }
    }

    /// An alarm that is set for nothing is harmless: the wake-up will be stale. Anything else must
    /// be equal.
    pub(crate) fn check(&mut self, execution: &Execution) -> Result<()> {
        let all = Self::all(execution);
        if all.wake_at.is_none() {
            self.wake_at = None;
        }
        if execution.outcome().is_some() {
            (self.items_from, self.results) = (None, false);
        }
        ensure!(*self == all, "batches add up to {self:?}, but owed is {all:?}");
        let goes_on = matches!(execution, Execution::Running(_) | Execution::MapRun(_));
        let is_stuck = all == Self::default() && goes_on;
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
                Obligation::OfferActivity { task, token, input, .. } => {
                    self.offers.insert(*task, (Token::clone(token), input.clone()));
                }
                Obligation::StartExecution { task, call } => {
                    self.executions.insert(*task, call.clone());
                }
                Obligation::Rehearse { owed, .. } => self.add(std::slice::from_ref(owed)),
                Obligation::StartChild { task, child } => {
                    self.children.insert(*task, child.clone());
                }
                Obligation::RedriveChild { task, child, count } => {
                    self.redriven.insert(*task, (child.clone(), *count));
                }
                Obligation::ReadItems { from, .. } => self.items_from = Some(*from),
                Obligation::WriteResults { .. } => self.results = true,
                Obligation::WakeAt(at) => self.wake_at = Some(*at),
                Obligation::Continue => self.more = true,
            }
        }
    }
}
