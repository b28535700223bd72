//! Which execution waits for what: a pure machine.
//!
//! [`Scheduler::handle`] and [`Scheduler::tick`] give records; [`Scheduler::committed`] turns what a
//! journal kept into actions. Nothing is performed before its record is committed. Time and
//! randomness are arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use stepwell_asl::{Definition, Timestamp};
use stepwell_journal::{ExecutionId, Record};
use stepwell_kernel::{
    Committed, Entropy, Env, Execution, Failure, Identity, Input, Limits, Obligation, Outcome,
    TaskCall, TaskId, Token,
};
use stepwell_value::Payload;

/// What happens to executions.
#[derive(Debug)]
pub enum Command {
    Start {
        execution: ExecutionId,
        definition: Arc<Definition>,
        identity: Identity,
        input: Payload,
    },
    TaskReported {
        execution: ExecutionId,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    },
    TokenReported {
        execution: ExecutionId,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    },
    Heartbeat {
        execution: ExecutionId,
        task: TaskId,
    },
    Stop {
        execution: ExecutionId,
        failure: Failure,
    },
}

/// What there is to do in the world.
#[derive(Debug)]
pub enum Action {
    RunTask {
        execution: ExecutionId,
        definition: Arc<Definition>,
        call: TaskCall,
    },
    /// Nobody waits for this task any more.
    StopTask {
        execution: ExecutionId,
        task: TaskId,
    },
    /// Whatever is reported with this token is for this task.
    OfferToken {
        execution: ExecutionId,
        task: TaskId,
        token: Token,
    },
    /// The execution has ended and is no longer here.
    Ended {
        execution: ExecutionId,
        outcome: Outcome,
    },
}

/// The executions of one loop.
#[derive(Debug, Default)]
pub struct Scheduler {
    limits: Limits,
    executions: BTreeMap<ExecutionId, Slot>,
    timers: BTreeSet<(Timestamp, ExecutionId)>,
    /// Executions with more to decide.
    unfinished: BTreeSet<ExecutionId>,
    /// Executions that were dropped before their end and not yet reported.
    lost: Vec<ExecutionId>,
}

#[derive(Debug)]
struct Slot {
    definition: Arc<Definition>,
    execution: Execution,
    wake_at: Option<Timestamp>,
}

impl Scheduler {
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Takes a command. None when it changes nothing: it came late, twice, or for an execution that
    /// has ended.
    pub fn handle(
        &mut self,
        command: Command,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Option<Record> {
        let (execution, input) = match command {
            Command::Start { execution, definition, identity, input } => {
                let slot = Slot { definition, execution: Execution::default(), wake_at: None };
                self.executions.insert(execution, slot);
                (execution, Input::Start { identity, input })
            }
            Command::TaskReported { execution, task, outcome } => {
                (execution, Input::TaskReported { task, outcome })
            }
            Command::TokenReported { execution, task, outcome } => {
                (execution, Input::TokenReported { task, outcome })
            }
            Command::Heartbeat { execution, task } => (execution, Input::Heartbeat { task }),
            Command::Stop { execution, failure } => (execution, Input::Stop { failure }),
        };
        self.step(execution, input, now, entropy)
    }

    /// Wakes what is due, and goes on with what was not finished.
    pub fn tick(&mut self, now: Timestamp, entropy: &mut dyn Entropy) -> Vec<Record> {
        let mut records = Vec::new();
        for execution in std::mem::take(&mut self.unfinished) {
            records.extend(self.step(execution, Input::Continue, now, entropy));
        }
        while let Some((_, execution)) = self.timers.first().copied().filter(|(due, _)| *due <= now)
        {
            self.timers.pop_first();
            if let Some(slot) = self.executions.get_mut(&execution) {
                slot.wake_at = None;
            }
            records.extend(self.step(execution, Input::Wake, now, entropy));
        }
        records
    }

    /// When [`Scheduler::tick`] is next needed; a time that has passed means now.
    pub fn next_tick(&self) -> Option<Timestamp> {
        if self.unfinished.is_empty() {
            self.timers.first().map(|(due, _)| *due)
        } else {
            Some(Timestamp::default())
        }
    }

    /// Turns what follows from a committed record into actions.
    pub fn committed(&mut self, execution: ExecutionId, committed: Committed) -> Vec<Action> {
        let Some(slot) = self.executions.get(&execution) else { return Vec::new() };
        let mut actions: Vec<_> =
            committed.closed.into_iter().map(|task| Action::StopTask { execution, task }).collect();
        for obligation in committed.obligations {
            match obligation {
                Obligation::RunTask(call) => {
                    let definition = Arc::clone(&slot.definition);
                    actions.push(Action::RunTask { execution, definition, call });
                }
                Obligation::AwaitToken { task, token } => {
                    actions.push(Action::OfferToken { execution, task, token });
                }
                // Kept in line by every step; see `Scheduler::reschedule`.
                Obligation::WakeAt(_) | Obligation::Continue => {}
            }
        }
        if let Some(outcome) = slot.execution.outcome() {
            actions.push(Action::Ended { execution, outcome: outcome.clone() });
            self.forget(execution);
        }
        actions
    }

    /// Drops an execution that has not ended: its journal could not be written, or the kernel
    /// panicked.
    pub fn lose(&mut self, execution: ExecutionId) {
        self.forget(execution);
        self.lost.push(execution);
    }

    /// The executions that were lost since the last call.
    pub fn take_lost(&mut self) -> Vec<ExecutionId> {
        std::mem::take(&mut self.lost)
    }

    fn forget(&mut self, execution: ExecutionId) {
        if let Some(slot) = self.executions.remove(&execution)
            && let Some(due) = slot.wake_at
        {
            self.timers.remove(&(due, execution));
        }
        self.unfinished.remove(&execution);
    }

    /// Whether an execution is here: it has started and not ended.
    pub fn contains(&self, execution: ExecutionId) -> bool {
        self.executions.contains_key(&execution)
    }

    pub fn is_empty(&self) -> bool {
        self.executions.is_empty()
    }

    fn step(
        &mut self,
        execution: ExecutionId,
        input: Input,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Option<Record> {
        let slot = self.executions.get_mut(&execution)?;
        let env = Env { now, entropy, limits: &self.limits };
        // A panic means that the kernel is wrong about this execution. The others go on; its
        // journal holds only what was appended before.
        let stepped =
            catch_unwind(AssertUnwindSafe(|| slot.execution.handle(&slot.definition, input, env)));
        let Ok(decided) = stepped else {
            self.lose(execution);
            return None;
        };
        self.reschedule(execution);
        decided.ok().map(|batch| Record { execution, batch })
    }

    fn reschedule(&mut self, execution: ExecutionId) {
        let Some(slot) = self.executions.get_mut(&execution) else { return };
        let wake_at = slot.execution.wake_at();
        if wake_at != slot.wake_at {
            if let Some(due) = slot.wake_at {
                self.timers.remove(&(due, execution));
            }
            if let Some(due) = wake_at {
                self.timers.insert((due, execution));
            }
            slot.wake_at = wake_at;
        }
        if slot.execution.wants_to_continue() {
            self.unfinished.insert(execution);
        }
    }
}

#[cfg(test)]
mod tests;
