//! Applying events: checks that an event may follow, then assigns. Decides nothing.
//!
//! Every event is checked when it is decided and again when it is replayed, by the same code: an
//! event that was applied but not recorded, or recorded in the wrong place, shows at the next one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stepwell_asl::Timestamp;
use stepwell_value::Payload;

use crate::event::{Event, Fact, FrameId, TaskId};
use crate::execution::{Ended, Execution, Outcome, Redrives, Rest, Running};
use crate::frame::{Activity, ChildKind, Fork, Frame, Origin, Parent, Phase, Visit};
use crate::history;
use crate::map_run::{MapRun, MapRunFact};

mod redrive;
mod visit;

/// The event may not follow.
#[derive(Debug)]
pub(crate) struct Illegal;

/// What an event changed about what the world owes.
#[derive(Debug, Default)]
pub(crate) struct Delta {
    pub opened: Vec<FrameId>,
    /// The tasks of a map run's executions that began.
    pub opened_children: Vec<TaskId>,
    pub closed: Vec<TaskId>,
}

impl Execution {
    pub(crate) fn evolve(&mut self, event: &Event, delta: &mut Delta) -> Result<(), Illegal> {
        match self {
            Self::Created => {
                *self = match MapRun::start(event) {
                    Some(run) => Self::MapRun(Box::new(run)),
                    None => Self::Running(Running::start(event)?),
                }
            }
            Self::MapRun(run) => match &event.fact {
                Fact::MapRun(fact) => {
                    run.evolve(fact)?;
                    match fact {
                        MapRunFact::ItemStarted { task, .. }
                        | MapRunFact::ItemRedriven { task }
                        | MapRunFact::ItemRestarted { task, .. } => {
                            delta.opened_children.push(*task);
                        }
                        MapRunFact::ItemEnded { task, .. } => delta.closed.push(*task),
                        _ => {}
                    }
                }
                fact => {
                    let outcome = Outcome::of(fact).ok_or(Illegal)?;
                    delta.closed.extend(run.open.keys());
                    *self = Self::Ended(std::mem::take(self).end(outcome));
                }
            },
            Self::Running(running) => {
                if let Some(outcome) = running.end(&event.fact)? {
                    delta.closed.extend(running.tasks.keys());
                    running.history_events += history::event_count(&event.fact, false);
                    *self = Self::Ended(std::mem::take(self).end(outcome));
                } else {
                    running.evolve(event, delta)?;
                }
            }
            Self::Ended(ended) => *self = ended.reopen(event)?,
        }
        Ok(())
    }

    fn end(self, outcome: Outcome) -> Ended {
        let (redrives, rest) = match self {
            Self::Running(running) => (running.redrives, Some(Rest::Running(Box::new(running)))),
            Self::MapRun(run) => (run.redrives, Some(Rest::MapRun(run))),
            Self::Created | Self::Ended(_) => (Redrives::default(), None),
        };
        let has_succeeded = matches!(outcome, Outcome::Succeeded { .. });
        Ended { outcome, redrives, rest: rest.filter(|_| !has_succeeded) }
    }
}

impl Ended {
    /// What becomes of an execution that goes on.
    fn reopen(&mut self, event: &Event) -> Result<Execution, Illegal> {
        let at = event.at;
        match (self.rest.take(), &event.fact) {
            (Some(Rest::Running(running)), Fact::ExecutionRedriven { redrive_count, deadline }) => {
                let redrives = self.redrives.next(*redrive_count, at)?;
                let mut running = *running;
                running.redrive(redrives, *deadline)?;
                running.history_events += history::event_count(&event.fact, false);
                Ok(Execution::Running(running))
            }
            (Some(Rest::MapRun(mut run)), Fact::MapRun(MapRunFact::Redriven { redrive_count })) => {
                run.redrive(self.redrives.next(*redrive_count, at)?);
                Ok(Execution::MapRun(run))
            }
            _ => Err(Illegal),
        }
    }
}

impl Redrives {
    fn next(self, count: u32, at: Timestamp) -> Result<Self, Illegal> {
        let is_next = self.count.checked_add(1) == Some(count);
        is_next.then_some(Self { count, last_at: Some(at) }).ok_or(Illegal)
    }
}

impl Outcome {
    /// The outcome that a fact announces, if it ends an execution.
    fn of(fact: &Fact) -> Option<Self> {
        match fact.clone() {
            Fact::ExecutionSucceeded { output } => Some(Self::Succeeded { output }),
            Fact::ExecutionFailed { failure } => Some(Self::Failed { failure }),
            Fact::ExecutionTimedOut { failure } => Some(Self::TimedOut { failure }),
            Fact::ExecutionAborted { failure } => Some(Self::Aborted { failure }),
            _ => None,
        }
    }
}

impl Running {
    fn start(event: &Event) -> Result<Self, Illegal> {
        let Fact::ExecutionStarted { identity, input, deadline, machine } = &event.fact else {
            return Err(Illegal);
        };
        Ok(Self {
            identity: Arc::clone(identity),
            input: input.clone(),
            started_at: event.at,
            deadline: *deadline,
            redrives: Redrives::default(),
            machine: *machine,
            frames: BTreeMap::from([(FrameId::ROOT, Frame::new(None, input))]),
            variables_bytes: 0,
            next_frame: 1,
            next_task: 0,
            history_events: 1,
            last_frame: FrameId::ROOT,
            timers: BTreeSet::new(),
            children: BTreeSet::new(),
            ready: BTreeSet::from([FrameId::ROOT]),
            tasks: BTreeMap::new(),
            invocations: BTreeMap::new(),
        })
    }

    /// The outcome, if the fact ends the execution.
    fn end(&self, fact: &Fact) -> Result<Option<Outcome>, Illegal> {
        let root = self.frames.get(&FrameId::ROOT).ok_or(Illegal)?;
        let outcome = Outcome::of(fact);
        let is_at_its_end = matches!(root.phase, Phase::Exited { next: None, .. });
        match outcome {
            Some(Outcome::Succeeded { .. }) if !is_at_its_end => Err(Illegal),
            outcome => Ok(outcome),
        }
    }

    fn evolve(&mut self, event: &Event, delta: &mut Delta) -> Result<(), Illegal> {
        let frame = event.fact.frame().ok_or(Illegal)?;
        self.history_events += self.published(&event.fact)?;
        match &event.fact {
            Fact::ChildStarted { parent, index, input, .. } => {
                self.start_child(frame, (*parent, *index), input)?;
            }
            Fact::ChildSucceeded { output, .. } => {
                let parent = self.remove_child(frame, delta)?;
                let fork = self.fork(parent.frame)?;
                let result = fork.results.get_mut(parent.index as usize).ok_or(Illegal)?;
                if result.replace(output.clone()).is_some() {
                    return Err(Illegal);
                }
                self.index(parent.frame, None, delta);
            }
            Fact::ChildRedriven { parent, index, .. } => {
                self.resume_child(frame, (*parent, *index))?;
            }
            Fact::ChildAborted { .. } => {
                let parent = self.lose_child(frame, delta)?;
                self.index(parent.frame, None, delta);
            }
            Fact::ChildFailed { failure, .. } => {
                let parent = self.lose_child(frame, delta)?;
                if self.fork(parent.frame)?.open > 0 {
                    return Err(Illegal);
                }
                self.visit(parent.frame)?.fail(failure, Origin::Fork);
                self.index(parent.frame, None, delta);
            }
            fact => {
                let entered_event = self.history_events;
                let state = self.frames.get_mut(&frame).ok_or(Illegal)?;
                let before = (state.due(), state.awaited());
                self.variables_bytes -= state.variables_bytes;
                state.evolve(fact, event.at, entered_event)?;
                self.variables_bytes += state.variables_bytes;
                if let Fact::TaskScheduled { task, .. } | Fact::MapRunStarted { task, .. } = fact {
                    self.next_task = task.0 + 1;
                }
                self.index(frame, Some(before), delta);
                if matches!(fact, Fact::TaskScheduled { .. }) && self.identity.test_case.is_some() {
                    self.count_invocation(frame)?;
                }
            }
        }
        self.last_frame = match &event.fact {
            // It is the parent that acts.
            Fact::ChildStarted { parent, .. } | Fact::ChildRedriven { parent, .. } => *parent,
            _ => frame,
        };
        Ok(())
    }

    fn start_child(
        &mut self,
        frame: FrameId,
        (parent, index): (FrameId, u32),
        input: &Payload,
    ) -> Result<(), Illegal> {
        if frame.0 != self.next_frame {
            return Err(Illegal);
        }
        let fork = self.fork(parent)?;
        if !fork.has_free_slot() || index != fork.started || index >= fork.length {
            return Err(Illegal);
        }
        fork.started += 1;
        fork.open += 1;
        fork.results.push(None);
        let parent = Parent { frame: parent, index, kind: fork.child_kind() };
        self.next_frame += 1;
        self.frames.insert(frame, Frame::new(Some(parent), input));
        self.children.insert((parent.frame, frame));
        self.ready.insert(frame);
        self.reindex_ready(parent.frame);
        Ok(())
    }

    /// Takes a child, with all that is inside it, off the execution.
    fn remove_child(&mut self, frame: FrameId, delta: &mut Delta) -> Result<Parent, Illegal> {
        for inner in self.subtree(frame).into_iter().skip(1).rev() {
            self.remove_frame(inner, delta)?;
        }
        let (_, parent) = self.remove_frame(frame, delta)?;
        Ok(parent)
    }

    /// The same for a child that has not succeeded: a redrive goes on with it.
    fn lose_child(&mut self, frame: FrameId, delta: &mut Delta) -> Result<Parent, Illegal> {
        for id in self.subtree(frame).into_iter().skip(1).rev() {
            let (removed, parent) = self.remove_frame(id, delta)?;
            self.fork(parent.frame)?.lost.insert(parent.index, (id, removed));
        }
        let (removed, parent) = self.remove_frame(frame, delta)?;
        self.fork(parent.frame)?.lost.insert(parent.index, (frame, removed));
        Ok(parent)
    }

    fn remove_frame(&mut self, id: FrameId, delta: &mut Delta) -> Result<(Frame, Parent), Illegal> {
        let removed = self.frames.remove(&id).ok_or(Illegal)?;
        let parent = removed.parent.ok_or(Illegal)?;
        self.variables_bytes -= removed.variables_bytes;
        self.children.remove(&(parent.frame, id));
        if let Some(due) = removed.due() {
            self.timers.remove(&(due, id));
        }
        if let Some(task) = removed.awaited() {
            self.tasks.remove(&task);
            delta.closed.push(task);
        }
        self.ready.remove(&id);
        let fork = self.fork(parent.frame)?;
        fork.open = fork.open.checked_sub(1).ok_or(Illegal)?;
        Ok((removed, parent))
    }

    fn visit(&mut self, frame: FrameId) -> Result<&mut Visit, Illegal> {
        match self.frames.get_mut(&frame) {
            Some(Frame { phase: Phase::Inside(visit), .. }) => Ok(visit),
            _ => Err(Illegal),
        }
    }

    fn fork(&mut self, frame: FrameId) -> Result<&mut Fork, Illegal> {
        match &mut self.visit(frame)?.activity {
            Activity::Fork(fork) => Ok(fork),
            _ => Err(Illegal),
        }
    }

    /// Brings the indexes in line with a frame; `before` is what it was due for and waiting for.
    fn index(
        &mut self,
        id: FrameId,
        before: Option<(Option<Timestamp>, Option<TaskId>)>,
        delta: &mut Delta,
    ) {
        self.reindex_ready(id);
        let Some((due_before, task_before)) = before else { return };
        let frame = &self.frames[&id];
        let (due, task) = (frame.due(), frame.awaited());
        if due != due_before {
            if let Some(due) = due_before {
                self.timers.remove(&(due, id));
            }
            if let Some(due) = due {
                self.timers.insert((due, id));
            }
        }
        if task != task_before {
            if let Some(task) = task_before {
                self.tasks.remove(&task);
                delta.closed.push(task);
            }
            if let Some(task) = task {
                self.tasks.insert(task, id);
                delta.opened.push(id);
            }
        }
    }

    fn reindex_ready(&mut self, id: FrameId) {
        if self.frames.get(&id).is_some_and(Frame::is_ready) {
            self.ready.insert(id);
        } else {
            self.ready.remove(&id);
        }
    }

    /// Numbers the call that a state has just made.
    fn count_invocation(&mut self, frame: FrameId) -> Result<(), Illegal> {
        let state = self.visit(frame)?.state;
        let count = self.invocations.entry(state).or_default();
        let nth = std::mem::replace(count, count.saturating_add(1));
        match &mut self.visit(frame)?.activity {
            Activity::Task(task) => task.invocation = nth,
            _ => return Err(Illegal),
        }
        Ok(())
    }

    /// How many events of the public history a fact makes. The history is written by
    /// [`crate::history()`]; its numbers appear in causes, so they are counted along.
    fn published(&self, fact: &Fact) -> Result<u64, Illegal> {
        let kind = match fact {
            Fact::ChildStarted { parent, .. } | Fact::ChildRedriven { parent, .. } => {
                match self.frames.get(parent).map(|f| &f.phase) {
                    Some(Phase::Inside(Visit { activity: Activity::Fork(fork), .. })) => {
                        Some(fork.child_kind())
                    }
                    _ => return Err(Illegal),
                }
            }
            fact => {
                let frame = fact.frame().and_then(|frame| self.frames.get(&frame));
                frame.and_then(|frame| frame.parent).map(|parent| parent.kind)
            }
        };
        Ok(history::event_count(fact, kind == Some(ChildKind::Iteration)))
    }
}

impl Frame {
    /// Applies what happens inside one frame.
    fn evolve(&mut self, fact: &Fact, at: Timestamp, entered_event: u64) -> Result<(), Illegal> {
        match (&mut self.phase, fact) {
            (Phase::Exited { next, .. }, Fact::StateEntered { state, .. })
                if *next != Some(*state) =>
            {
                return Err(Illegal);
            }
            (
                Phase::Starting { .. } | Phase::Exited { .. },
                Fact::StateEntered { state, input, .. },
            ) => {
                self.phase = Phase::Inside(Visit {
                    state: *state,
                    input: input.clone(),
                    entered_at: at,
                    entered_event,
                    attempt: 0,
                    retries: Vec::new(),
                    activity: Activity::Entered,
                    kept: None,
                });
            }
            (Phase::Inside(visit), Fact::StateExited { output, assigned, next, .. }) => {
                if !visit.may_exit() {
                    return Err(Illegal);
                }
                self.phase = Phase::Exited { output: output.clone(), next: *next };
                if let Some(assigned) = assigned {
                    self.assign(assigned);
                }
            }
            // The frame itself goes with its child's abortion, which follows.
            (Phase::Inside(_), Fact::StateAborted { .. }) => {}
            (Phase::Inside(visit), fact) => visit.evolve(fact, at)?,
            _ => return Err(Illegal),
        }
        Ok(())
    }
}
