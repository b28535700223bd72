//! Which execution waits for what: a pure machine.
//!
//! [`Scheduler::handle`] and [`Scheduler::tick`] decide and give records; [`Scheduler::committed`]
//! turns what a journal kept into what there is to do. Nothing that anybody could notice is done
//! before its record is kept. Time, randomness and what is not in memory are arguments.
//!
//! **What nobody can notice is not waited for.** A task that can touch nothing runs as soon as it is
//! decided, and what is decided on the way is *held*: it goes into one record with what follows,
//! until something has to leave the process, or for [`HOLD_MAX`] at most. So a chain of such tasks
//! costs one record when it starts and one when it ends.
//!
//! **Who only waits is not in memory.** Of an execution that waits for a time or a token, the time
//! is enough; it is loaded when something happens to it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use stepwell_asl::Timestamp;
use stepwell_journal::{Ending, ExecutionId, Open};
use stepwell_kernel::{
    Batch, Child, Committed, Entropy, Env, Input, Limits, Obligation, TaskCall, TaskId,
};

use crate::tasks::{Effect, interrupted};

pub use command::{Action, Command, Deed, Taken, TokenReport, Turn, What};
pub use slot::{Loaded, Shelf, Unreadable};

use slot::Slot;

mod command;
mod slot;

/// How long decisions may be held that nobody waits for. They show in a history after that, and a
/// crash costs no more than so much work.
pub const HOLD_MAX: Duration = Duration::from_millis(50);

/// How many events may be held.
const HELD_EVENTS_MAX: usize = 512;

/// How many executions one tick wakes, and how many it looks after.
const TICK_MAX: usize = 256;

/// When an execution is looked for again that could not be read.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How many executions stay in memory that could do without.
const IDLE_MAX: usize = 256;

/// How a scheduler goes about it.
#[derive(Clone, Debug)]
pub struct Policy {
    pub limits: Limits,
    /// Whether a record costs enough that it pays to hold decisions for each other, and executions
    /// can be loaded again: not so for a journal that is in memory itself.
    pub is_lasting: bool,
}

/// Chance, which is each execution's own: its tokens say where they belong.
pub trait Chance: Entropy {
    /// What is drawn from now on is for that execution.
    fn turn_to(&mut self, execution: ExecutionId);
}

/// What a scheduler may look at while it decides.
pub struct Around<'a> {
    pub now: Timestamp,
    pub chance: &'a mut dyn Chance,
    pub shelf: &'a mut dyn Shelf,
    pub effect: &'a dyn Fn(&TaskCall) -> Effect,
}

impl fmt::Debug for Around<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Around").field("now", &self.now).finish_non_exhaustive()
    }
}

/// The executions of one loop.
#[derive(Debug)]
pub struct Scheduler {
    policy: Policy,
    executions: BTreeMap<ExecutionId, Slot>,
    /// When to wake whom, in memory or not.
    timers: BTreeSet<(Timestamp, ExecutionId)>,
    /// Executions with more to decide.
    unfinished: BTreeSet<ExecutionId>,
    /// Executions whose decisions are held, by when they have to be written.
    held: BTreeSet<(Timestamp, ExecutionId)>,
    /// Executions that another process left and that nobody has looked after yet.
    owed: BTreeSet<ExecutionId>,
    /// Those of them that could not be read. A timer says when they are looked for again.
    postponed: BTreeSet<ExecutionId>,
    /// Executions that were found to be idle, the longest ago first. Some may be so no longer.
    idle: VecDeque<ExecutionId>,
    /// Executions that were dropped before their end and not yet reported.
    lost: Vec<ExecutionId>,
}

impl Scheduler {
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            executions: BTreeMap::new(),
            timers: BTreeSet::new(),
            unfinished: BTreeSet::new(),
            held: BTreeSet::new(),
            owed: BTreeSet::new(),
            postponed: BTreeSet::new(),
            idle: VecDeque::new(),
            lost: Vec::new(),
        }
    }

    /// Takes over an execution that another process left. It is not loaded before it has to be.
    pub fn inherit(&mut self, open: Open) {
        let Open { execution, standing } = open;
        self.timers.extend(standing.wake_at.map(|due| (due, execution)));
        if standing.is_owed {
            self.owed.insert(execution);
        }
    }

    /// Takes a command. What it decides is held back no longer if somebody waits until it is kept.
    pub fn handle(
        &mut self,
        command: Command,
        is_awaited: bool,
        around: &mut Around<'_>,
        turn: &mut Turn,
    ) -> Taken {
        let Command { execution, what } = command;
        let (input, is_awaited) = match what {
            What::Start { program, identity, input, parent } => {
                self.executions.insert(execution, Slot::new(program, parent));
                (Input::Start { identity, input }, true)
            }
            What::StartChild { program, parent, child } => {
                self.executions.insert(execution, Slot::new(program, Some(parent)));
                // An item that is lost is started again by its run.
                (start(child), is_awaited)
            }
            What::RedriveChild { count } => {
                return self.redrive_child(execution, count, around, turn);
            }
            What::Input(input) => (input, is_awaited),
            What::Token { task, token, report } => {
                if let Some(refusal) = self.find(execution, around, turn) {
                    return refusal;
                }
                let waiting = self.executions[&execution].execution.token(task);
                let is_waiting = waiting.is_some();
                if waiting.is_some_and(|waiting| *waiting != token) {
                    return Taken::Unknown;
                }
                let is_heartbeat = matches!(report, TokenReport::Heartbeat);
                return match self.step(execution, report.input(task), true, around, turn) {
                    // A sign of life that nobody counts on is welcome all the same.
                    Taken::Stale if is_waiting && is_heartbeat => Taken::Until(0),
                    taken => taken,
                };
            }
        };
        self.step(execution, input, is_awaited, around, turn)
    }

    fn redrive_child(
        &mut self,
        execution: ExecutionId,
        count: u32,
        around: &mut Around<'_>,
        turn: &mut Turn,
    ) -> Taken {
        if let Some(refusal) = self.find(execution, around, turn) {
            return refusal;
        }
        let slot = &self.executions[&execution];
        let ended = slot.execution.outcome().cloned().zip(slot.parent);
        let is_redriven = slot.execution.redrive_count() >= count;
        if !is_redriven {
            let taken = self.step(execution, Input::Redrive, false, around, turn);
            if taken.is_effect() {
                return taken;
            }
        }
        if let Some((outcome, parent)) = ended {
            let deed = Deed::TellEnd { parent, outcome };
            turn.ahead.push(Action { execution, deed });
        }
        if self.executions.get(&execution).is_some_and(Slot::is_over) {
            self.forget(execution);
        }
        Taken::Stale
    }

    /// Wakes what is due, goes on with what was not finished, and writes what was held long enough.
    /// It does so much that others have their turn too; then [`Scheduler::next_tick`] is now.
    pub fn tick(&mut self, around: &mut Around<'_>, turn: &mut Turn) {
        for execution in std::mem::take(&mut self.unfinished) {
            self.step(execution, Input::Continue, false, around, turn);
        }
        for _ in 0..TICK_MAX {
            let due = self.timers.first().filter(|(due, _)| *due <= around.now);
            let Some((due, execution)) = due.copied() else { break };
            let refusal = self.find(execution, around, turn);
            self.timers.remove(&(due, execution));
            if refusal.is_some() {
                continue;
            }
            if let Some(slot) = self.executions.get_mut(&execution) {
                slot.wake_at = slot.wake_at.filter(|at| *at != due);
            }
            self.step(execution, Input::Wake, false, around, turn);
        }
        for _ in 0..TICK_MAX {
            let Some(execution) = self.owed.first().copied() else { break };
            self.find(execution, around, turn);
        }
        while let Some((_, execution)) = self.held.first().filter(|(due, _)| *due <= around.now) {
            let execution = *execution;
            self.write_held(execution, turn);
        }
    }

    /// When [`Scheduler::tick`] is next needed; a time that has passed means now.
    pub fn next_tick(&self) -> Option<Timestamp> {
        if !self.unfinished.is_empty() || !self.owed.is_empty() {
            return Some(Timestamp::default());
        }
        let due = |times: &BTreeSet<(Timestamp, ExecutionId)>| times.first().map(|(due, _)| *due);
        due(&self.timers).into_iter().chain(due(&self.held)).min()
    }

    /// Writes everything that is held, because nothing will follow it.
    pub fn write_all(&mut self, turn: &mut Turn) {
        while let Some((_, execution)) = self.held.first().copied() {
            self.write_held(execution, turn);
        }
    }

    /// Turns what follows from a committed record into actions. Its events are left in it.
    pub fn committed(&mut self, execution: ExecutionId, committed: &mut Committed) -> Vec<Action> {
        let Some(slot) = self.executions.get_mut(&execution) else { return Vec::new() };
        slot.kept += committed.events.len() as u64;
        let closed = committed.closed.drain(..).map(|task| Deed::StopTask { task });
        let mut deeds: Vec<_> = closed.collect();
        for obligation in committed.obligations.drain(..) {
            deeds.extend(slot.deed(obligation, false));
        }
        // Records that are committed together come one by one, while the execution is ahead of them.
        if let Some(ending) = Ending::of(&committed.events) {
            deeds.push(Deed::End { ending, parent: slot.parent });
            if slot.is_over() {
                self.forget(execution);
            }
        } else if self.policy.is_lasting && slot.is_idle() {
            self.put_aside(execution);
        }
        deeds.into_iter().map(|deed| Action { execution, deed }).collect()
    }

    /// Drops an execution that has not ended: the kernel panicked, or its journal refuses it.
    pub fn lose(&mut self, execution: ExecutionId) {
        self.forget(execution);
        self.lost.push(execution);
    }

    /// The executions that were lost since the last call.
    pub fn take_lost(&mut self) -> Vec<ExecutionId> {
        std::mem::take(&mut self.lost)
    }

    /// Whether an execution is in memory.
    pub fn contains(&self, execution: ExecutionId) -> bool {
        self.executions.contains_key(&execution)
    }

    /// Whether an execution waits for the end of that task. One that waits for a child is in memory.
    pub fn waits_for(&self, execution: ExecutionId, task: TaskId) -> bool {
        self.executions.get(&execution).is_some_and(|slot| slot.execution.waits_for(task))
    }

    /// How many events of an execution are kept, if it is in memory.
    pub fn kept(&self, execution: ExecutionId) -> Option<u64> {
        self.executions.get(&execution).map(|slot| slot.kept)
    }

    /// How many events of an execution have to be kept before anybody may be told what a command came
    /// to. A refusal waits too: after a crash that loses what it speaks of, it would not be true.
    pub fn tell_after(&self, execution: ExecutionId, taken: Taken) -> Option<u64> {
        match taken {
            Taken::Until(events) => Some(events),
            Taken::Stale | Taken::Unknown | Taken::Lost => {
                let slot = self.executions.get(&execution).filter(|slot| !slot.is_kept());
                slot.map(|slot| slot.events)
            }
        }
    }

    /// Whether nothing is in memory.
    pub fn is_empty(&self) -> bool {
        self.executions.is_empty()
    }

    /// Brings an execution into memory and sees to what it is owed. The answer is why it is not.
    fn find(
        &mut self,
        execution: ExecutionId,
        around: &mut Around<'_>,
        turn: &mut Turn,
    ) -> Option<Taken> {
        if self.executions.contains_key(&execution) {
            return None;
        }
        let is_owed = self.owed.remove(&execution) | self.postponed.remove(&execution);
        let loaded = match around.shelf.load(execution) {
            Ok(Some(loaded)) => loaded,
            Ok(None) => return Some(Taken::Unknown),
            Err(Unreadable::Damaged) => return Some(Taken::Lost),
            Err(Unreadable::ForNow) => {
                if is_owed {
                    self.postponed.insert(execution);
                }
                self.timers.insert((around.now.saturating_add(LOOK_AGAIN), execution));
                return Some(Taken::Lost);
            }
        };
        let slot = Slot::loaded(loaded);
        // The timer may have been taken when the execution could not be read.
        self.timers.extend(slot.wake_at.map(|due| (due, execution)));
        self.executions.insert(execution, slot);
        if is_owed {
            self.recover(execution, around, turn);
        }
        None
    }

    /// Sees to everything that an execution is owed that was left in the middle.
    fn recover(&mut self, execution: ExecutionId, around: &mut Around<'_>, turn: &mut Turn) {
        let slot = &self.executions[&execution];
        let mut cut_off = Vec::new();
        for obligation in slot.execution.obligations() {
            match obligation {
                Obligation::RunTask(call) if (around.effect)(&call) == Effect::Once => {
                    cut_off.push(call.task);
                }
                obligation => {
                    let deed = slot.deed(obligation, true);
                    turn.ahead.extend(deed.map(|deed| Action { execution, deed }));
                }
            }
        }
        self.reschedule(execution);
        for task in cut_off {
            let input = Input::TaskReported { task, outcome: Err(interrupted()) };
            self.step(execution, input, false, around, turn);
        }
    }

    fn step(
        &mut self,
        execution: ExecutionId,
        input: Input,
        is_awaited: bool,
        around: &mut Around<'_>,
        turn: &mut Turn,
    ) -> Taken {
        if let Some(refusal) = self.find(execution, around, turn) {
            return refusal;
        }
        let Some(slot) = self.executions.get_mut(&execution) else { return Taken::Lost };
        around.chance.turn_to(execution);
        let entropy: &mut dyn Entropy = around.chance;
        let env = Env { now: around.now, entropy, limits: &self.policy.limits };
        // A panic means that the kernel is wrong about this execution. The others go on; its
        // journal holds only what was appended before.
        let definition = Arc::clone(slot.program.definition());
        let stepped = AssertUnwindSafe(|| slot.execution.handle(&definition, input, env));
        let Ok(decided) = catch_unwind(stepped) else {
            self.lose(execution);
            return Taken::Lost;
        };
        let Ok(batch) = decided else {
            if slot.is_over() {
                self.forget(execution);
            }
            return Taken::Stale;
        };
        self.reschedule(execution);
        self.decide(execution, batch, is_awaited, around, turn)
    }

    /// Makes a record of what was decided, or holds it.
    fn decide(
        &mut self,
        execution: ExecutionId,
        batch: Batch,
        is_awaited: bool,
        around: &Around<'_>,
        turn: &mut Turn,
    ) -> Taken {
        let Some(slot) = self.executions.get_mut(&execution) else { return Taken::Lost };
        let (since, mut batch) = slot.gather(batch);
        let until = slot.events;
        if !self.policy.is_lasting {
            slot.write(execution, batch, turn);
            return Taken::Until(until);
        }
        for call in batch.release(|call| (around.effect)(call) == Effect::None) {
            let deed = Deed::RunTask { definition: slot.definition(), call, is_ahead: true };
            turn.ahead.push(Action { execution, deed });
        }
        if let Some(since) = since {
            self.held.remove(&(since, execution));
        }
        let is_due = is_awaited || batch.is_awaited() || batch.events().len() > HELD_EVENTS_MAX;
        if is_due || turn.open_record(execution).is_some() {
            slot.write(execution, batch, turn);
        } else {
            let since = since.unwrap_or_else(|| around.now.saturating_add(HOLD_MAX));
            slot.held = Some((since, batch));
            self.held.insert((since, execution));
        }
        Taken::Until(until)
    }

    fn write_held(&mut self, execution: ExecutionId, turn: &mut Turn) {
        let Some(slot) = self.executions.get_mut(&execution) else { return };
        let Some((due, batch)) = slot.held.take() else { return };
        self.held.remove(&(due, execution));
        slot.write(execution, batch, turn);
    }

    fn put_aside(&mut self, execution: ExecutionId) {
        self.idle.push_back(execution);
        while self.idle.len() > IDLE_MAX {
            let Some(oldest) = self.idle.pop_front() else { return };
            // The timer stays.
            if self.executions.get(&oldest).is_some_and(Slot::is_idle) {
                self.executions.remove(&oldest);
            }
        }
    }

    fn forget(&mut self, execution: ExecutionId) {
        let Some(slot) = self.executions.remove(&execution) else { return };
        if let Some(due) = slot.wake_at {
            self.timers.remove(&(due, execution));
        }
        if let Some((due, _)) = slot.held {
            self.held.remove(&(due, execution));
        }
        self.unfinished.remove(&execution);
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

impl Slot {
    /// Makes a record of a batch, or part of one.
    fn write(&mut self, execution: ExecutionId, batch: Batch, turn: &mut Turn) {
        match turn.open_record(execution) {
            Some(record) => self.add_to(record, batch),
            None => turn.add(self.record(execution, batch)),
        }
    }

    /// What an obligation asks for. Waking and continuing are kept in line by every step.
    fn deed(&self, obligation: Obligation, is_again: bool) -> Option<Deed> {
        Some(match obligation {
            Obligation::RunTask(call) => {
                Deed::RunTask { definition: self.definition(), call, is_ahead: false }
            }
            Obligation::Rehearse { invocation, owed } => Deed::Rehearse {
                definition: self.definition(),
                invocation,
                otherwise: Box::new(self.deed(*owed, is_again)?),
                is_again,
            },
            Obligation::StartChild { task, child } => {
                Deed::StartChild { program: self.program.clone(), task, child, is_again }
            }
            Obligation::RedriveChild { task, child, count } => {
                Deed::RedriveChild { program: self.program.clone(), task, child, count }
            }
            Obligation::StartExecution { task, call } => {
                Deed::StartExecution { task, call, is_again }
            }
            Obligation::OfferActivity { task, activity, token, input } => {
                Deed::OfferActivity { task, activity, token, input }
            }
            Obligation::ReadItems { run, from } => {
                Deed::ReadItems { definition: self.definition(), run, from }
            }
            Obligation::WriteResults { run } => {
                Deed::WriteResults { definition: self.definition(), run }
            }
            // Whatever is reported with a token says itself where it belongs.
            Obligation::AwaitToken { .. } | Obligation::WakeAt(_) | Obligation::Continue => {
                return None;
            }
        })
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
