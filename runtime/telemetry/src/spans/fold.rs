//! One execution's way from events to spans.

use std::collections::BTreeMap;
use std::sync::Arc;

use stepwell_asl::{Definition, Kind, StateIdx, Timestamp};
use stepwell_kernel::{
    Call, CallKind, Event, Fact, Failure, FrameId, Identity, MapRunCall, StateType,
};
use stepwell_value::Str;

use super::trace::{SpanId, Trace};
use super::{Ending, Open, Span, SpanKind};

#[derive(Debug)]
pub struct SpanFold {
    trace: Trace,
    identity: Arc<Identity>,
    /// How many events came before the one in hand.
    events: u64,
    execution: Option<Open>,
    lines: BTreeMap<FrameId, Line>,
    ended: Vec<Span>,
}

/// A frame, and what of it takes time right now.
#[derive(Debug, Default)]
struct Line {
    parent: Option<FrameId>,
    /// How many children have a span that is open.
    children: u32,
    state: Option<StateIdx>,
    child: Option<Open>,
    visit: Option<Open>,
    attempt: Option<Open>,
    /// How many there were in this visit.
    attempts: u32,
    /// Why the state fails, unless it is tried again.
    failure: Option<Failure>,
}

/// What begins with a span.
#[derive(Clone, Copy)]
enum Begins {
    Execution,
    Visit,
    Attempt,
    Child,
}

impl SpanFold {
    /// The header is the caller's `X-Amzn-Trace-Id`. None if the caller does not want spans.
    pub fn new(
        trace_header: Option<&str>,
        identity: &Arc<Identity>,
        started_at: Timestamp,
    ) -> Option<Self> {
        let trace = trace_header.and_then(Trace::of_header);
        let trace =
            trace.unwrap_or_else(|| Trace::of_execution(&identity.execution_arn, started_at));
        trace.is_sampled.then(|| Self {
            trace,
            identity: Arc::clone(identity),
            events: 0,
            execution: None,
            lines: BTreeMap::new(),
            ended: Vec::new(),
        })
    }

    /// The spans that end with the event.
    pub fn project(
        &mut self,
        definition: &Definition,
        event: &Event,
    ) -> impl ExactSizeIterator<Item = Span> {
        self.take(definition, event);
        self.events += 1;
        self.ended.drain(..)
    }

    fn take(&mut self, definition: &Definition, event: &Event) {
        let at = event.at;
        match &event.fact {
            Fact::ExecutionStarted { .. } => {
                self.lines.insert(FrameId::ROOT, Line::default());
                self.execution = Some(self.open_execution(at));
            }
            Fact::ExecutionRedriven { redrive_count, .. } => {
                let execution = self.open_execution(at);
                let execution = execution.with_number("stepwell.redrive_count", *redrive_count);
                self.execution = Some(execution);
            }
            Fact::ExecutionSucceeded { .. } => self.end(at, Ending::Fine),
            Fact::ExecutionFailed { failure } | Fact::ExecutionTimedOut { failure } => {
                self.end(at, Ending::Failed(failure));
            }
            Fact::ExecutionAborted { failure } if *failure == Failure::default() => {
                self.end(at, Ending::Aborted);
            }
            Fact::ExecutionAborted { failure } => self.end(at, Ending::Failed(failure)),
            Fact::StateEntered { frame, state, .. } => self.enter(definition, *frame, *state, at),
            Fact::StateExited { frame, .. } => self.exit(*frame, at),
            Fact::StateAborted { frame } => self.end_visit(*frame, at, Ending::Aborted),
            Fact::ChildStarted { frame, parent, index, .. }
            | Fact::ChildRedriven { frame, parent, index } => {
                self.start_child(definition, (*frame, *parent, *index), at);
            }
            Fact::ChildSucceeded { frame, .. } => {
                self.end_child(*frame, at, Ending::Fine);
                self.lines.remove(frame);
            }
            Fact::ChildFailed { frame, failure } => {
                self.end_child(*frame, at, Ending::Failed(failure));
                let parent = self.lines.get(frame).and_then(|line| line.parent);
                self.fail(parent, failure);
            }
            Fact::ChildAborted { frame } => self.end_child(*frame, at, Ending::Aborted),
            Fact::MapRun(_) => {}
            fact => self.take_task(definition, fact, at),
        }
    }

    /// What happens inside of a visit.
    fn take_task(&mut self, definition: &Definition, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::TaskScheduled { frame, call, .. } => {
                let attempt = |attempt| of_call(attempt, call);
                self.start_attempt(definition, *frame, at, attempt);
            }
            Fact::MapRunStarted { frame, run, .. } => {
                let attempt = |attempt| of_map_run(attempt, run);
                self.start_attempt(definition, *frame, at, attempt);
            }
            Fact::MapRunRedriven { frame, redrive_count } => {
                let attempt = |attempt: Open| {
                    let attempt = Open { name: "map run".into(), ..attempt };
                    attempt.with_number("stepwell.redrive_count", *redrive_count)
                };
                self.start_attempt(definition, *frame, at, attempt);
            }
            Fact::ActivityStarted { frame, worker: Some(worker), .. } => {
                let attempt = self.line(*frame).attempt.take();
                let attempt = attempt.map(|attempt| attempt.with("stepwell.worker", worker));
                self.line(*frame).attempt = attempt;
            }
            Fact::TaskSucceeded { frame, .. } | Fact::MapRunSucceeded { frame, .. } => {
                self.end_attempt(*frame, at, Ending::Fine);
            }
            Fact::TaskFailed { frame, failure }
            | Fact::TaskTimedOut { frame, failure }
            | Fact::MapRunFailed { frame, failure } => {
                self.end_attempt(*frame, at, Ending::Failed(failure));
                self.fail(Some(*frame), failure);
            }
            Fact::StateFailed { frame, failure }
            | Fact::EvaluationFailed { frame, failure, .. } => self.fail(Some(*frame), failure),
            Fact::RetryScheduled { frame, .. } => self.line(*frame).failure = None,
            // They neither begin nor end anything, or have been answered.
            _ => {}
        }
    }

    fn open_execution(&self, at: Timestamp) -> Open {
        let execution = Open {
            id: self.id(FrameId::ROOT, Begins::Execution),
            parent: self.trace.parent,
            name: Str::clone(&self.identity.state_machine_name),
            kind: SpanKind::Server,
            start: at,
            attributes: Vec::new(),
        };
        let execution = execution.with("stepwell.state_machine", &self.identity.state_machine_name);
        execution.with("stepwell.execution_arn", &self.identity.execution_arn)
    }

    /// Everything that is open ends.
    fn end(&mut self, at: Timestamp, ending: Ending<'_>) {
        let children = self.lines.keys().rev().filter(|frame| **frame != FrameId::ROOT);
        for frame in children.copied().collect::<Vec<_>>() {
            self.end_child(frame, at, Ending::Aborted);
        }
        self.end_visit(FrameId::ROOT, at, ending);
        if let Some(execution) = self.execution.take() {
            self.ended.push(execution.close(self.trace.id, at, ending));
        }
    }

    fn enter(&mut self, definition: &Definition, frame: FrameId, state: StateIdx, at: Timestamp) {
        // One that failed is entered again by a redrive.
        self.end_visit(frame, at, Ending::Aborted);
        let line = self.line(frame);
        (line.state, line.attempts, line.failure) = (Some(state), 0, None);
        self.open_visit(definition, frame, at);
    }

    /// Opens the span of the state that the frame is in, unless it is open. After a redrive a state
    /// may go on without being entered.
    fn open_visit(&mut self, definition: &Definition, frame: FrameId, at: Timestamp) {
        let id = self.id(frame, Begins::Visit);
        let execution = self.execution.as_ref().map(|span| span.id);
        let line = self.line(frame);
        let Some(state) = line.state.filter(|_| line.visit.is_none()) else { return };
        let state = definition.state(state);
        let visit = Open {
            id,
            parent: line.child.as_ref().map(|span| span.id).or(execution),
            name: Str::clone(&state.name),
            kind: SpanKind::Internal,
            start: at,
            attributes: Vec::new(),
        };
        let visit = visit.with("stepwell.state", &state.name);
        line.visit = Some(visit.with("stepwell.state_type", &state_type(&state.kind)));
    }

    fn exit(&mut self, frame: FrameId, at: Timestamp) {
        let line = self.line(frame);
        let Some(failure) = line.failure.clone() else {
            self.end_visit(frame, at, Ending::Fine);
            return;
        };
        // It failed, and goes on all the same.
        let caught = ("stepwell.caught", super::Attribute::Flag(true));
        if let Some(visit) = &mut line.visit {
            visit.attributes.push(caught);
        }
        self.end_visit(frame, at, Ending::Failed(&failure));
    }

    fn end_visit(&mut self, frame: FrameId, at: Timestamp, ending: Ending<'_>) {
        self.end_attempt(frame, at, Ending::Aborted);
        self.end_children(frame, at);
        let line = self.line(frame);
        let (visit, failure) = (line.visit.take(), line.failure.take());
        let Some(visit) = visit else { return };
        let ending = match &failure {
            Some(failure) => Ending::Failed(failure),
            None => ending,
        };
        self.ended.push(visit.close(self.trace.id, at, ending));
    }

    fn start_attempt(
        &mut self,
        definition: &Definition,
        frame: FrameId,
        at: Timestamp,
        describe: impl FnOnce(Open) -> Open,
    ) {
        self.open_visit(definition, frame, at);
        let id = self.id(frame, Begins::Attempt);
        let line = self.line(frame);
        line.attempts += 1;
        let attempt = Open {
            id,
            parent: line.visit.as_ref().map(|span| span.id),
            name: Str::default(),
            kind: SpanKind::Client,
            start: at,
            attributes: Vec::new(),
        };
        let attempt = describe(attempt).with_number("stepwell.attempt", line.attempts);
        line.attempt = Some(attempt);
    }

    fn end_attempt(&mut self, frame: FrameId, at: Timestamp, ending: Ending<'_>) {
        if let Some(attempt) = self.line(frame).attempt.take() {
            self.ended.push(attempt.close(self.trace.id, at, ending));
        }
    }

    fn start_child(
        &mut self,
        definition: &Definition,
        (frame, parent, index): (FrameId, FrameId, u32),
        at: Timestamp,
    ) {
        self.open_visit(definition, parent, at);
        let id = self.id(frame, Begins::Child);
        let line = self.line(parent);
        line.children += 1;
        let is_map =
            line.state.is_some_and(|state| matches!(definition.state(state).kind, Kind::Map(_)));
        let kind = if is_map { "iteration" } else { "branch" };
        let child = Open {
            id,
            parent: line.visit.as_ref().map(|span| span.id),
            name: format!("{kind} {index}").into(),
            kind: SpanKind::Internal,
            start: at,
            attributes: Vec::new(),
        };
        let child = child.with_number("stepwell.index", index);
        let line = self.line(frame);
        (line.parent, line.child) = (Some(parent), Some(child));
    }

    fn end_child(&mut self, frame: FrameId, at: Timestamp, ending: Ending<'_>) {
        self.end_visit(frame, at, ending);
        let line = self.line(frame);
        let (parent, child) = (line.parent, line.child.take());
        let Some(child) = child else { return };
        if let Some(parent) = parent {
            let parent = self.line(parent);
            parent.children = parent.children.saturating_sub(1);
        }
        self.ended.push(child.close(self.trace.id, at, ending));
    }

    /// Whatever runs inside of the frame's state is stopped with it.
    fn end_children(&mut self, frame: FrameId, at: Timestamp) {
        if self.line(frame).children == 0 {
            return;
        }
        let lines = self.lines.iter().filter(|(_, line)| line.parent == Some(frame));
        for child in lines.map(|(child, _)| *child).collect::<Vec<_>>() {
            self.end_child(child, at, Ending::Aborted);
        }
    }

    fn fail(&mut self, frame: Option<FrameId>, failure: &Failure) {
        if let Some(frame) = frame {
            self.line(frame).failure = Some(failure.clone());
        }
    }

    fn id(&self, frame: FrameId, begins: Begins) -> SpanId {
        let begins = (frame, begins as u8);
        SpanId::of(self.trace.id, &self.identity.execution_arn, self.events, begins)
    }

    fn line(&mut self, frame: FrameId) -> &mut Line {
        self.lines.entry(frame).or_default()
    }
}

fn of_call(attempt: Open, call: &Call) -> Open {
    let resource: Str = match &call.kind {
        CallKind::Function | CallKind::Activity => Str::clone(&call.function),
        CallKind::Action(action) | CallKind::Execution { action, .. } => action.to_string().into(),
    };
    let attempt = Open { name: Str::clone(&resource), ..attempt };
    attempt.with("stepwell.resource", &resource).with("stepwell.task", &call.function)
}

fn of_map_run(attempt: Open, run: &MapRunCall) -> Open {
    let attempt = Open { name: "map run".into(), ..attempt };
    attempt.with("stepwell.map_run_arn", &run.map_run_arn)
}

fn state_type(kind: &Kind) -> Str {
    StateType::of(kind).as_str().into()
}
