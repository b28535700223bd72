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
    Child, Committed, Entropy, Env, Execution, ExecutionCall, Failure, Identity, Input, ItemsRead,
    Limits, MapRunCall, Obligation, Outcome, TaskCall, TaskId, Token,
};
use stepwell_value::{Payload, Str};

/// What happens to executions.
#[derive(Debug)]
pub enum Command {
    Start {
        execution: ExecutionId,
        definition: Arc<Definition>,
        identity: Identity,
        input: Payload,
        /// The task of another execution that waits for the end.
        parent: Option<(ExecutionId, TaskId)>,
    },
    /// Starts an execution that another one needs, for one of its tasks.
    StartChild {
        execution: ExecutionId,
        definition: Arc<Definition>,
        parent: (ExecutionId, TaskId),
        child: Child,
    },
    /// An execution of another machine has started that a task asked for.
    ExecutionStarted {
        execution: ExecutionId,
        task: TaskId,
        execution_arn: Str,
        at: Timestamp,
    },
    ChildEnded {
        execution: ExecutionId,
        task: TaskId,
        outcome: Outcome,
    },
    ItemsRead {
        execution: ExecutionId,
        from: u64,
        outcome: Result<ItemsRead, Failure>,
    },
    ResultsWritten {
        execution: ExecutionId,
        outcome: Result<Payload, Failure>,
    },
    TaskReported {
        execution: ExecutionId,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    },
    ActivityStarted {
        execution: ExecutionId,
        task: TaskId,
        worker: Option<Str>,
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
    /// Start an execution that this one needs.
    StartChild {
        execution: ExecutionId,
        definition: Arc<Definition>,
        task: TaskId,
        child: Child,
    },
    /// Start an execution of another machine.
    StartExecution {
        execution: ExecutionId,
        task: TaskId,
        call: ExecutionCall,
    },
    /// Offer the work of an activity to its workers.
    OfferActivity {
        execution: ExecutionId,
        task: TaskId,
        activity: Str,
        token: Token,
        input: Payload,
    },
    ReadItems {
        execution: ExecutionId,
        definition: Arc<Definition>,
        run: Arc<MapRunCall>,
        from: u64,
    },
    WriteResults {
        execution: ExecutionId,
        definition: Arc<Definition>,
        run: Arc<MapRunCall>,
    },
    /// Nobody waits for this task or child any more.
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
        /// The task of another execution that waits for this end.
        parent: Option<(ExecutionId, TaskId)>,
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
    parent: Option<(ExecutionId, TaskId)>,
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
            Command::Start { execution, definition, identity, input, parent } => {
                self.admit(execution, definition, parent);
                (execution, Input::Start { identity, input })
            }
            Command::StartChild { execution, definition, parent, child } => {
                self.admit(execution, definition, Some(parent));
                (execution, start(child))
            }
            Command::ExecutionStarted { execution, task, execution_arn, at } => {
                (execution, Input::ExecutionStarted { task, execution_arn, at })
            }
            Command::ActivityStarted { execution, task, worker } => {
                (execution, Input::ActivityStarted { task, worker })
            }
            Command::ChildEnded { execution, task, outcome } => {
                (execution, Input::ChildEnded { task, outcome })
            }
            Command::ItemsRead { execution, from, outcome } => {
                (execution, Input::ItemsRead { from, outcome })
            }
            Command::ResultsWritten { execution, outcome } => {
                (execution, Input::ResultsWritten { outcome })
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

    /// Turns what follows from a committed record into actions. Its events are left in it.
    pub fn committed(&mut self, execution: ExecutionId, committed: &mut Committed) -> Vec<Action> {
        let Some(slot) = self.executions.get(&execution) else { return Vec::new() };
        let closed = committed.closed.drain(..);
        let mut actions: Vec<_> = closed.map(|task| Action::StopTask { execution, task }).collect();
        for obligation in committed.obligations.drain(..) {
            match obligation {
                Obligation::RunTask(call) => {
                    let definition = Arc::clone(&slot.definition);
                    actions.push(Action::RunTask { execution, definition, call });
                }
                Obligation::AwaitToken { task, token } => {
                    actions.push(Action::OfferToken { execution, task, token });
                }
                Obligation::StartChild { task, child } => {
                    let definition = Arc::clone(&slot.definition);
                    actions.push(Action::StartChild { execution, definition, task, child });
                }
                Obligation::StartExecution { task, call } => {
                    actions.push(Action::StartExecution { execution, task, call });
                }
                Obligation::OfferActivity { task, activity, token, input } => {
                    let offer = Action::OfferActivity { execution, task, activity, token, input };
                    actions.push(offer);
                }
                Obligation::ReadItems { run, from } => {
                    let definition = Arc::clone(&slot.definition);
                    actions.push(Action::ReadItems { execution, definition, run, from });
                }
                Obligation::WriteResults { run } => {
                    let definition = Arc::clone(&slot.definition);
                    actions.push(Action::WriteResults { execution, definition, run });
                }
                // Kept in line by every step; see `Scheduler::reschedule`.
                Obligation::WakeAt(_) | Obligation::Continue => {}
            }
        }
        // Records that are committed together come one by one, while the execution is ahead of them.
        let is_last = committed.events.last().is_some_and(|event| event.fact.ends_execution());
        if let Some(outcome) = slot.execution.outcome().filter(|_| is_last) {
            let (outcome, parent) = (outcome.clone(), slot.parent);
            actions.push(Action::Ended { execution, outcome, parent });
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

    fn admit(
        &mut self,
        execution: ExecutionId,
        definition: Arc<Definition>,
        parent: Option<(ExecutionId, TaskId)>,
    ) {
        let slot = Slot { definition, execution: Execution::default(), parent, wake_at: None };
        self.executions.insert(execution, slot);
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
        decided.ok().map(|batch| Record { execution, birth: None, batch })
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

fn start(child: Child) -> Input {
    match child {
        Child::MapRun { identity, call } => Input::StartMapRun { identity, call },
        Child::Item(item) => {
            let item = Arc::unwrap_or_clone(item);
            Input::StartItem { identity: item.identity, machine: item.machine, input: item.input }
        }
    }
}

#[cfg(test)]
mod tests;
