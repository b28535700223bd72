//! One execution's way from events to counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use stepwell_asl::Timestamp;
use stepwell_kernel::{Call, CallKind, Event, Fact, FrameId};

use super::{Counter, Machine, Took};

#[derive(Debug)]
pub struct Tally {
    machine: Arc<Machine>,
    /// When the execution started, unless it is not counted: one of a map run.
    started_at: Option<Timestamp>,
    tasks: BTreeMap<FrameId, Task>,
}

/// A task that has not ended.
#[derive(Clone, Copy, Debug)]
struct Task {
    family: Family,
    scheduled_at: Timestamp,
    deadline: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug)]
enum Family {
    Function,
    Activity,
    Integration,
}

#[derive(Clone, Copy)]
enum End {
    Succeeded,
    Failed,
    TimedOut,
    HeartbeatTimedOut,
}

impl Tally {
    pub fn new(machine: Arc<Machine>) -> Self {
        Self { machine, started_at: None, tasks: BTreeMap::new() }
    }

    /// Takes note of an event that was counted before, or by another process.
    pub fn replay(&mut self, event: &Event) {
        match &event.fact {
            Fact::ExecutionStarted { machine: None, .. } => self.started_at = Some(event.at),
            Fact::TaskScheduled { frame, call, .. } => {
                let (family, deadline) = (Family::of(call), call.deadline);
                let task = Task { family, scheduled_at: event.at, deadline };
                self.tasks.insert(*frame, task);
            }
            Fact::TaskSucceeded { frame, .. }
            | Fact::TaskFailed { frame, .. }
            | Fact::TaskTimedOut { frame, .. }
            | Fact::StateAborted { frame }
            | Fact::ChildFailed { frame, .. }
            | Fact::ChildAborted { frame } => {
                self.tasks.remove(frame);
            }
            _ => {}
        }
    }

    pub fn count(&mut self, event: &Event) {
        match &event.fact {
            Fact::TaskScheduled { call, .. } => {
                self.machine.count(Family::of(call).scheduled());
            }
            Fact::ActivityStarted { frame, .. } => {
                self.machine.count(Counter::ActivitiesStarted);
                if let Some(task) = self.tasks.get(frame) {
                    let waited = event.at.saturating_since(task.scheduled_at);
                    self.machine.took(Took::ActivitySchedule, waited);
                }
            }
            Fact::TaskSucceeded { frame, .. } => self.end_task(*frame, event.at, End::Succeeded),
            Fact::TaskFailed { frame, .. } => self.end_task(*frame, event.at, End::Failed),
            Fact::TaskTimedOut { frame, .. } => self.end_task(*frame, event.at, End::TimedOut),
            Fact::ExecutionStarted { machine: None, .. } => {
                self.machine.count(Counter::ExecutionsStarted);
            }
            Fact::ExecutionSucceeded { .. } => self.end(event.at, Counter::ExecutionsSucceeded),
            Fact::ExecutionFailed { .. } => self.end(event.at, Counter::ExecutionsFailed),
            Fact::ExecutionTimedOut { .. } => self.end(event.at, Counter::ExecutionsTimedOut),
            Fact::ExecutionAborted { .. } => self.end(event.at, Counter::ExecutionsAborted),
            Fact::ExecutionRedriven { .. } if self.started_at.is_some() => {
                self.machine.count(Counter::ExecutionsRedriven);
            }
            _ => {}
        }
        self.replay(event);
    }

    fn end_task(&self, frame: FrameId, at: Timestamp, end: End) {
        let Some(task) = self.tasks.get(&frame) else { return };
        // Both ways to run out of time have one name; the clock tells them apart.
        let is_silence = task.deadline.is_none_or(|deadline| at < deadline);
        let is_timeout = matches!(end, End::TimedOut);
        let end = if is_timeout && is_silence { End::HeartbeatTimedOut } else { end };
        self.machine.count(task.family.ended(end));
        self.machine.took(task.family.took(), at.saturating_since(task.scheduled_at));
    }

    fn end(&self, at: Timestamp, counter: Counter) {
        let Some(started_at) = self.started_at else { return };
        self.machine.count(counter);
        self.machine.took(Took::Execution, at.saturating_since(started_at));
    }
}

impl Family {
    fn of(call: &Call) -> Self {
        match call.kind {
            CallKind::Function => Self::Function,
            CallKind::Activity => Self::Activity,
            CallKind::Action(_) | CallKind::Execution { .. } => Self::Integration,
        }
    }

    fn scheduled(self) -> Counter {
        match self {
            Self::Function => Counter::FunctionsScheduled,
            Self::Activity => Counter::ActivitiesScheduled,
            Self::Integration => Counter::IntegrationsScheduled,
        }
    }

    fn took(self) -> Took {
        match self {
            Self::Function => Took::Function,
            Self::Activity => Took::Activity,
            Self::Integration => Took::Integration,
        }
    }

    /// Only activities tell a missing sign of life apart.
    fn ended(self, end: End) -> Counter {
        match (self, end) {
            (Self::Function, End::Succeeded) => Counter::FunctionsSucceeded,
            (Self::Function, End::Failed) => Counter::FunctionsFailed,
            (Self::Function, End::TimedOut | End::HeartbeatTimedOut) => Counter::FunctionsTimedOut,
            (Self::Activity, End::Succeeded) => Counter::ActivitiesSucceeded,
            (Self::Activity, End::Failed) => Counter::ActivitiesFailed,
            (Self::Activity, End::TimedOut) => Counter::ActivitiesTimedOut,
            (Self::Activity, End::HeartbeatTimedOut) => Counter::ActivitiesHeartbeatTimedOut,
            (Self::Integration, End::Succeeded) => Counter::IntegrationsSucceeded,
            (Self::Integration, End::Failed) => Counter::IntegrationsFailed,
            (Self::Integration, End::TimedOut | End::HeartbeatTimedOut) => {
                Counter::IntegrationsTimedOut
            }
        }
    }
}
