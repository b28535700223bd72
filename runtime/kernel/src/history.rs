//! The public history: a journal as the service shows it.
//!
//! A pure fold from [`Event`]s to [`HistoryEvent`]s with dense numbers from 1. `previous` is causal:
//! it names the event that led to this one within its own line of control, by the rules that the
//! service's histories show. Of the events only some are published ([`event_count`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use stepwell_asl::{Definition, Integration, Kind, State, Timestamp};
use stepwell_value::{Payload, Str};

use crate::event::{Call, CallKind, Event, Fact, FrameId};
use crate::{Failure, Identity, MapRunCall};

pub use detail::{Detail, HistoryEvent, StateType};

mod detail;

/// How many public events a fact makes. `is_iteration` tells whether a fact about a child is about
/// an iteration: branches come and go unannounced.
pub(crate) fn event_count(fact: &Fact, is_iteration: bool) -> u64 {
    match fact {
        // An activity starts when a worker takes it.
        Fact::TaskScheduled { call, .. } if call.is_activity() => 1,
        Fact::TaskScheduled { .. } | Fact::MapRunSucceeded { .. } => 2,
        Fact::ExecutionStarted { .. }
        | Fact::StateEntered { .. }
        | Fact::ActivityStarted { .. }
        | Fact::TaskSubmitted { .. }
        | Fact::TaskSucceeded { .. }
        | Fact::TaskFailed { .. }
        | Fact::TaskTimedOut { .. }
        | Fact::ParallelStarted { .. }
        | Fact::MapStarted { .. }
        | Fact::DistributedMapStarted { .. }
        | Fact::MapRunStarted { .. }
        | Fact::MapRunFailed { .. }
        | Fact::MapRunRedriven { .. }
        | Fact::ForkSucceeded { .. }
        | Fact::ForkFailed { .. }
        | Fact::EvaluationFailed { .. }
        | Fact::StateAborted { .. }
        | Fact::StateExited { .. }
        | Fact::ExecutionSucceeded { .. }
        | Fact::ExecutionFailed { .. }
        | Fact::ExecutionTimedOut { .. }
        | Fact::ExecutionAborted { .. }
        | Fact::ExecutionRedriven { .. } => 1,
        Fact::ChildStarted { .. }
        | Fact::ChildRedriven { .. }
        | Fact::ChildSucceeded { .. }
        | Fact::ChildFailed { .. }
        | Fact::ChildAborted { .. } => u64::from(is_iteration),
        Fact::MapRun(_)
        | Fact::TaskHeartbeat { .. }
        | Fact::WaitStarted { .. }
        | Fact::WaitElapsed { .. }
        | Fact::StateFailed { .. }
        | Fact::RetryScheduled { .. }
        | Fact::RetryStarted { .. } => 0,
    }
}

/// The public history of a journal that [`crate::Execution`] wrote.
pub fn history(definition: &Definition, journal: &[Event]) -> Vec<HistoryEvent> {
    let mut historian = Historian::default();
    let mut events = Vec::new();
    for event in journal {
        events.extend(historian.project(definition, event));
    }
    events
}

/// Tells the public history while it happens. It remembers where each line of control stands, and
/// not what it has told.
#[derive(Debug, Default)]
pub struct Historian {
    /// The number of the event that was published last.
    last: u64,
    /// What the event in hand has made.
    fresh: Vec<HistoryEvent>,
    lines: BTreeMap<FrameId, Line>,
    /// Of children that have ended without success, and may go on.
    lost: BTreeMap<FrameId, Line>,
}

/// What the projection remembers of a frame.
#[derive(Debug, Default)]
struct Line {
    /// The event that the frame's next one points at.
    head: u64,
    /// The event before the one that entered the state.
    before_state: u64,
    state: Option<(Str, StateType)>,
    call: Option<Arc<Call>>,
    run: Option<Arc<MapRunCall>>,
    fork: Option<Fork>,
    /// The Parallel or Map state around it, and which of its children this is.
    parent: Option<(FrameId, u32)>,
}

impl Line {
    /// Goes on behind that event.
    fn resume(&mut self, head: u64) {
        self.head = head;
        if let Some(fork) = &mut self.fork {
            (fork.trigger, fork.last) = (head, head);
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Fork {
    is_map: bool,
    /// What the next iteration follows from: the state's start, or the last event of the iteration
    /// that made room.
    trigger: u64,
    /// What the state's success follows from.
    last: u64,
}

impl Historian {
    /// What the event adds to the history. A journal's events are given from the first one on, each
    /// once.
    pub fn project(
        &mut self,
        definition: &Definition,
        event: &Event,
    ) -> impl ExactSizeIterator<Item = HistoryEvent> {
        self.publish(definition, event);
        self.fresh.drain(..)
    }

    fn publish(&mut self, definition: &Definition, event: &Event) {
        let at = event.at;
        match &event.fact {
            Fact::ExecutionStarted { identity, input, .. } => self.start(at, identity, input),
            Fact::StateEntered { frame, state, input } => {
                self.enter(*frame, at, definition.state(*state), input);
            }
            Fact::StateExited { frame, output, assigned, .. } => {
                let (name, state) = self.state(*frame);
                let (output, assigned) = (output.clone(), assigned.clone());
                self.follow(*frame, at, Detail::StateExited { state, name, output, assigned });
            }
            Fact::EvaluationFailed { frame, failure, location, .. } => {
                self.evaluation_failed(*frame, at, failure, location.as_ref());
            }
            Fact::StateAborted { frame } => {
                let (_, state) = self.state(*frame);
                let head = self.line(*frame).head;
                self.push(at, head, Detail::StateAborted { state });
            }
            Fact::TaskScheduled { frame, call, .. } => self.schedule(*frame, at, call),
            Fact::ActivityStarted { frame, worker, .. } => {
                self.follow(*frame, at, Detail::ActivityStarted { worker: worker.clone() });
            }
            Fact::TaskSubmitted { frame, output } => self.task_submitted(*frame, at, output),
            Fact::TaskSucceeded { frame, output } => self.task_succeeded(*frame, at, output),
            Fact::TaskFailed { frame, failure } => self.task_failed(*frame, at, failure),
            Fact::TaskTimedOut { frame, failure } => self.task_timed_out(*frame, at, failure),
            Fact::ParallelStarted { frame, .. } => {
                self.start_fork(*frame, at, false, Detail::ParallelStateStarted);
            }
            Fact::MapStarted { frame, length, .. } => {
                self.start_fork(*frame, at, true, Detail::MapStateStarted { length: *length });
            }
            Fact::ChildStarted { .. }
            | Fact::ChildRedriven { .. }
            | Fact::ChildSucceeded { .. }
            | Fact::ChildFailed { .. }
            | Fact::ChildAborted { .. } => self.project_child(at, &event.fact),
            Fact::ForkSucceeded { frame, .. } => self.fork_succeeded(*frame, at),
            Fact::ForkFailed { frame } => self.fork_failed(*frame, at),
            Fact::ExecutionSucceeded { .. }
            | Fact::ExecutionFailed { .. }
            | Fact::ExecutionTimedOut { .. }
            | Fact::ExecutionAborted { .. } => self.end(at, &event.fact),
            Fact::ExecutionRedriven { redrive_count, .. } => self.redrive(at, *redrive_count),
            Fact::DistributedMapStarted { .. }
            | Fact::MapRunStarted { .. }
            | Fact::MapRunRedriven { .. }
            | Fact::MapRunSucceeded { .. }
            | Fact::MapRunFailed { .. } => self.project_map_run(at, &event.fact),
            // A map run's own journal has no history; it is shown by its counts.
            Fact::MapRun(_)
            | Fact::TaskHeartbeat { .. }
            | Fact::WaitStarted { .. }
            | Fact::WaitElapsed { .. }
            | Fact::StateFailed { .. }
            | Fact::RetryScheduled { .. }
            | Fact::RetryStarted { .. } => {}
        }
    }

    fn project_child(&mut self, at: Timestamp, fact: &Fact) {
        match fact {
            Fact::ChildStarted { frame, parent, index, .. } => {
                self.start_child(*frame, at, *parent, *index);
            }
            Fact::ChildRedriven { frame, parent, index } => {
                self.redrive_child(*frame, at, *parent, *index);
            }
            Fact::ChildSucceeded { frame, .. } => self.child_succeeded(*frame, at),
            Fact::ChildFailed { frame, .. } => {
                let (child, parent) = self.end_child(*frame, at, IterationEnd::Failed);
                self.line(parent).head = child.head;
                self.lost.insert(*frame, child);
            }
            Fact::ChildAborted { frame } => {
                let (child, _) = self.end_child(*frame, at, IterationEnd::Aborted);
                self.lost.insert(*frame, child);
            }
            other => unreachable!("it is not about a child: {other:?}"),
        }
    }

    fn end(&mut self, at: Timestamp, fact: &Fact) {
        match fact.clone() {
            Fact::ExecutionSucceeded { output } => {
                self.follow(FrameId::ROOT, at, Detail::ExecutionSucceeded { output });
            }
            Fact::ExecutionFailed { failure } => {
                self.follow(FrameId::ROOT, at, Detail::ExecutionFailed { failure });
            }
            Fact::ExecutionTimedOut { failure } => {
                self.push(at, 0, Detail::ExecutionTimedOut { failure });
            }
            Fact::ExecutionAborted { failure } => {
                self.push(at, 0, Detail::ExecutionAborted { failure });
            }
            other => unreachable!("it does not end an execution: {other:?}"),
        }
    }

    fn project_map_run(&mut self, at: Timestamp, fact: &Fact) {
        match fact {
            Fact::DistributedMapStarted { frame, length } => {
                self.follow(*frame, at, Detail::MapStateStarted { length: *length });
            }
            Fact::MapRunStarted { frame, run, .. } => {
                let map_run_arn = Str::clone(&run.map_run_arn);
                self.line(*frame).run = Some(Arc::clone(run));
                self.follow(*frame, at, Detail::MapRunStarted { map_run_arn });
            }
            Fact::MapRunRedriven { frame, redrive_count } => {
                let run = self.line(*frame).run.clone().expect("a run was started before");
                let map_run_arn = Str::clone(&run.map_run_arn);
                let redrive_count = *redrive_count;
                self.follow(*frame, at, Detail::MapRunRedriven { map_run_arn, redrive_count });
            }
            Fact::MapRunSucceeded { frame, .. } => self.map_run_succeeded(*frame, at),
            Fact::MapRunFailed { frame, failure } => {
                let failure = failure.clone();
                self.follow(*frame, at, Detail::MapRunFailed { failure });
            }
            other => unreachable!("it is not about a map run: {other:?}"),
        }
    }

    /// The first state's event points at 0, as the start itself does.
    fn start(&mut self, at: Timestamp, identity: &Arc<Identity>, input: &Payload) {
        self.lines.insert(FrameId::ROOT, Line::default());
        let detail =
            Detail::ExecutionStarted { identity: Arc::clone(identity), input: input.clone() };
        self.push(at, 0, detail);
    }

    fn enter(&mut self, frame: FrameId, at: Timestamp, state: &State, input: &Payload) {
        let (name, kind) = (Str::clone(&state.name), StateType::of(&state.kind));
        let line = self.line(frame);
        (line.state, line.before_state) = (Some((Str::clone(&name), kind)), line.head);
        let input = input.clone();
        self.follow(frame, at, Detail::StateEntered { state: kind, name, input });
    }

    fn schedule(&mut self, frame: FrameId, at: Timestamp, call: &Arc<Call>) {
        self.line(frame).call = Some(Arc::clone(call));
        let call = Arc::clone(call);
        match self.door(frame) {
            Door::Function => {
                self.follow(frame, at, Detail::LambdaFunctionScheduled { call });
                self.follow(frame, at, Detail::LambdaFunctionStarted);
            }
            Door::Activity => {
                self.follow(frame, at, Detail::ActivityScheduled { call });
            }
            Door::Action(action) => {
                self.follow(frame, at, Detail::TaskScheduled { action: action.clone(), call });
                self.follow(frame, at, Detail::TaskStarted { action });
            }
        }
    }

    fn task_submitted(&mut self, frame: FrameId, at: Timestamp, output: &Payload) {
        let Door::Action(action) = self.door(frame) else {
            unreachable!("only the call of a service returns before the task's end");
        };
        self.follow(frame, at, Detail::TaskSubmitted { action, output: output.clone() });
    }

    fn task_succeeded(&mut self, frame: FrameId, at: Timestamp, output: &Payload) {
        let output = output.clone();
        let detail = match self.door(frame) {
            Door::Function => Detail::LambdaFunctionSucceeded { output },
            Door::Activity => Detail::ActivitySucceeded { output },
            Door::Action(action) => Detail::TaskSucceeded { action, output },
        };
        self.follow(frame, at, detail);
    }

    fn task_failed(&mut self, frame: FrameId, at: Timestamp, failure: &Failure) {
        let failure = failure.clone();
        let detail = match self.door(frame) {
            Door::Function => Detail::LambdaFunctionFailed { failure },
            Door::Activity => Detail::ActivityFailed { failure },
            Door::Action(action) => Detail::TaskFailed { action, failure },
        };
        self.follow(frame, at, detail);
    }

    fn task_timed_out(&mut self, frame: FrameId, at: Timestamp, failure: &Failure) {
        let failure = failure.clone();
        let detail = match self.door(frame) {
            Door::Function => Detail::LambdaFunctionTimedOut { failure },
            Door::Activity => Detail::ActivityTimedOut { failure },
            Door::Action(action) => Detail::TaskTimedOut { action, failure },
        };
        self.follow(frame, at, detail);
    }

    /// The service lets a failed evaluation point at what led to the state, except in Wait states.
    fn evaluation_failed(
        &mut self,
        frame: FrameId,
        at: Timestamp,
        failure: &Failure,
        location: Option<&Str>,
    ) {
        let (name, state) = self.state(frame);
        let line = self.line(frame);
        let previous = if state == StateType::Wait { line.head } else { line.before_state };
        let (failure, location) = (failure.clone(), location.cloned());
        let id = self.push(at, previous, Detail::EvaluationFailed { name, failure, location });
        self.line(frame).head = id;
    }

    fn start_fork(&mut self, frame: FrameId, at: Timestamp, is_map: bool, detail: Detail) {
        let id = self.follow(frame, at, detail);
        self.line(frame).fork = Some(Fork { is_map, trigger: id, last: id });
    }

    /// The redrive follows the end; what goes on follows the redrive.
    fn redrive(&mut self, at: Timestamp, redrive_count: u32) {
        let id = self.push(at, self.last, Detail::ExecutionRedriven { redrive_count });
        self.line(FrameId::ROOT).resume(id);
    }

    fn redrive_child(&mut self, frame: FrameId, at: Timestamp, parent: FrameId, index: u32) {
        let head = self.child_head(at, parent, index);
        // It may have run when the execution ended.
        let line = self.lost.remove(&frame).or_else(|| self.lines.remove(&frame));
        let mut line = line.expect("a child was there before it goes on");
        line.resume(head);
        self.lines.insert(frame, line);
    }

    fn start_child(&mut self, frame: FrameId, at: Timestamp, parent: FrameId, index: u32) {
        let head = self.child_head(at, parent, index);
        let line = Line { head, parent: Some((parent, index)), ..Line::default() };
        self.lines.insert(frame, line);
    }

    /// What the first event of a child follows; the beginning of an iteration is announced.
    fn child_head(&mut self, at: Timestamp, parent: FrameId, index: u32) -> u64 {
        let fork = self.fork(parent);
        if !fork.is_map {
            return fork.trigger;
        }
        let (name, _) = self.state(parent);
        self.push(at, fork.trigger, Detail::MapIterationStarted { name, index })
    }

    fn child_succeeded(&mut self, frame: FrameId, at: Timestamp) {
        let before = self.last;
        let (child, parent) = self.end_child(frame, at, IterationEnd::Succeeded);
        let is_published = self.last > before;
        let last = if is_published { self.last } else { child.head };
        if let Some(fork) = &mut self.line(parent).fork {
            fork.trigger = if fork.is_map { child.head } else { fork.trigger };
            fork.last = last;
        }
    }

    /// Publishes the end of an iteration; branches end unannounced.
    fn end_child(&mut self, frame: FrameId, at: Timestamp, end: IterationEnd) -> (Line, FrameId) {
        let child = self.lines.remove(&frame).expect("a child ends once, after its start");
        let (parent, index) = child.parent.expect("a child has a parent");
        if self.fork(parent).is_map {
            let (name, _) = self.state(parent);
            let detail = match end {
                IterationEnd::Succeeded => Detail::MapIterationSucceeded { name, index },
                IterationEnd::Failed => Detail::MapIterationFailed { name, index },
                IterationEnd::Aborted => Detail::MapIterationAborted { name, index },
            };
            self.push(at, child.head, detail);
        }
        (child, parent)
    }

    fn fork_failed(&mut self, frame: FrameId, at: Timestamp) {
        let is_map = matches!(self.state(frame).1, StateType::Map);
        let detail = if is_map { Detail::MapStateFailed } else { Detail::ParallelStateFailed };
        self.follow(frame, at, detail);
    }

    /// The exit that follows points where the success points, not at the success.
    fn fork_succeeded(&mut self, frame: FrameId, at: Timestamp) {
        let fork = self.fork(frame);
        let detail =
            if fork.is_map { Detail::MapStateSucceeded } else { Detail::ParallelStateSucceeded };
        self.push(at, fork.last, detail);
        self.line(frame).head = fork.last;
    }

    /// The exit that follows points at the run's success where the state is the first of the
    /// execution, and else at the run's start.
    fn map_run_succeeded(&mut self, frame: FrameId, at: Timestamp) {
        let Line { head: started, before_state, .. } = *self.line(frame);
        let succeeded = self.follow(frame, at, Detail::MapRunSucceeded);
        self.push(at, succeeded, Detail::MapStateSucceeded);
        if before_state != 0 {
            self.line(frame).head = started;
        }
    }

    /// Publishes an event that its frame's next one will point at.
    fn follow(&mut self, frame: FrameId, at: Timestamp, detail: Detail) -> u64 {
        let previous = self.line(frame).head;
        let id = self.push(at, previous, detail);
        self.line(frame).head = id;
        id
    }

    fn push(&mut self, at: Timestamp, previous: u64, detail: Detail) -> u64 {
        self.last += 1;
        self.fresh.push(HistoryEvent { id: self.last, previous, at, detail });
        self.last
    }

    fn line(&mut self, frame: FrameId) -> &mut Line {
        self.lines.get_mut(&frame).expect("a frame's events lie between its start and its end")
    }

    fn fork(&self, frame: FrameId) -> Fork {
        self.lines[&frame].fork.expect("a child belongs to a state that has started its children")
    }

    fn state(&self, frame: FrameId) -> (Str, StateType) {
        self.lines[&frame].state.clone().expect("the frame is inside a state")
    }

    fn door(&self, frame: FrameId) -> Door {
        let call = self.lines[&frame].call.as_ref().expect("a task ends after it was scheduled");
        match &call.kind {
            CallKind::Function => Door::Function,
            CallKind::Activity => Door::Activity,
            CallKind::Action(action) | CallKind::Execution { action, .. } => {
                Door::Action(action.clone())
            }
        }
    }
}

/// The three families of events that a task may have.
enum Door {
    Function,
    Activity,
    Action(Integration),
}

#[derive(Clone, Copy)]
enum IterationEnd {
    Succeeded,
    Failed,
    Aborted,
}

impl StateType {
    pub fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Task(_) => Self::Task,
            Kind::Pass(_) => Self::Pass,
            Kind::Choice(_) => Self::Choice,
            Kind::Wait(_) => Self::Wait,
            Kind::Succeed => Self::Succeed,
            Kind::Fail(_) => Self::Fail,
            Kind::Parallel(_) => Self::Parallel,
            Kind::Map(_) => Self::Map,
        }
    }
}
