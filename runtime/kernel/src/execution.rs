//! An execution: the fold of its journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stepwell_asl::{Completion, MachineIdx, StateIdx, Timestamp};
use stepwell_value::{Payload, Str};

use crate::event::{Call, CallKind, Event, FrameId, TaskId, Token};
use crate::evolve::Delta;
use crate::frame::{Activity, Frame, Phase, TaskStage, Visit};
use crate::map_run::{Item, MapRun};
use crate::{Child, ExecutionCall, Failure, Invocation, Limits, Obligation, TaskCall};

/// One execution of one definition.
///
/// Its methods come in four kinds. *Questions* ([`Execution::outcome`], [`Execution::obligations`],
/// [`Execution::wake_at`]) look. [`Execution::handle`] takes an input and gives the batch of events
/// to persist. [`Execution::replay`] folds a journal that comes from disk and is not trusted.
/// Nothing else changes an execution.
///
/// If a batch cannot be persisted, drop the execution and replay the journal: there is no way back
/// in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Execution {
    #[default]
    Created,
    Running(Running),
    /// The execution looks after those of a Distributed Map.
    MapRun(Box<MapRun>),
    Ended(Ended),
}

/// An execution that has ended. Opaque outside of the kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    pub(crate) outcome: Outcome,
    pub(crate) redrives: Redrives,
    /// What a redrive goes on with; nothing after a success.
    pub(crate) rest: Option<Rest>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Rest {
    Running(Box<Running>),
    MapRun(Box<MapRun>),
}

/// How often an execution has been redriven, and when last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Redrives {
    pub count: u32,
    pub last_at: Option<Timestamp>,
}

/// Why an execution cannot be redriven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRedrivable {
    Running,
    Succeeded,
    /// Its history has no room for more.
    HistoryFull,
}

impl std::error::Error for NotRedrivable {}

/// In the service's words.
impl std::fmt::Display for NotRedrivable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Running => "Execution is RUNNING and cannot be redriven",
            Self::Succeeded => "Execution is SUCCEEDED and cannot be redriven",
            Self::HistoryFull => "Execution history event limit exceeded",
        })
    }
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Succeeded { output: Payload },
    Failed { failure: Failure },
    TimedOut { failure: Failure },
    Aborted { failure: Failure },
}

/// Who an execution is. The workflow sees it in the context object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub execution_arn: Str,
    pub execution_name: Str,
    pub state_machine_arn: Str,
    pub state_machine_name: Str,
    pub role_arn: Str,
    /// The version of the machine through which the execution was started, if it was named or an
    /// alias led to it.
    pub version_arn: Option<Str>,
    /// The alias through which it was started.
    pub alias_arn: Option<Str>,
    /// The name of the test case that makes up what its tasks come to, if it was started with one.
    pub test_case: Option<Str>,
    /// The trace that the caller has it belong to, as `X-Amzn-Trace-Id` spells it.
    pub trace_header: Option<Str>,
}

/// An execution that has started and not ended. Opaque outside of the kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    pub(crate) identity: Arc<Identity>,
    pub(crate) input: Payload,
    pub(crate) started_at: Timestamp,
    pub(crate) deadline: Option<Timestamp>,
    pub(crate) redrives: Redrives,
    /// The machine that the execution goes through, if it is not the definition's own.
    pub(crate) machine: Option<MachineIdx>,
    pub(crate) frames: BTreeMap<FrameId, Frame>,
    /// What the variables of all frames take as text. Follows from `frames`.
    pub(crate) variables_bytes: usize,
    pub(crate) next_frame: u32,
    pub(crate) next_task: u32,
    /// Events of the public history so far.
    pub(crate) history_events: u64,
    /// Who acted last: the next decision is this frame's, if it has one to make.
    pub(crate) last_frame: FrameId,
    /// Frames to wake and when. Follows from `frames`.
    pub(crate) timers: BTreeSet<(Timestamp, FrameId)>,
    /// Each frame that has a parent, behind it. Follows from `frames`.
    pub(crate) children: BTreeSet<(FrameId, FrameId)>,
    /// Frames with something to decide. Follows from `frames`.
    pub(crate) ready: BTreeSet<FrameId>,
    /// Frames by the task they wait for. Follows from `frames`.
    pub(crate) tasks: BTreeMap<TaskId, FrameId>,
    /// How often each state has called its task. Counted for a test case alone.
    pub(crate) invocations: BTreeMap<StateIdx, u32>,
}

/// The journal holds an event that cannot follow the ones before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrupt {
    /// The event's position in the journal, from 0.
    pub position: usize,
}

impl std::error::Error for Corrupt {}

impl std::fmt::Display for Corrupt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "event {} of the journal cannot follow the events before it", self.position)
    }
}

impl Execution {
    /// Rebuilds an execution from its journal.
    pub fn replay<'a>(journal: impl IntoIterator<Item = &'a Event>) -> Result<Self, Corrupt> {
        let mut execution = Self::Created;
        let mut delta = Delta::default();
        for (position, event) in journal.into_iter().enumerate() {
            execution.evolve(event, &mut delta).map_err(|_illegal| Corrupt { position })?;
        }
        Ok(execution)
    }

    /// How the execution ended, once it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Ended(ended) => Some(&ended.outcome),
            Self::Created | Self::Running(_) | Self::MapRun(_) => None,
        }
    }

    /// Whether [`crate::Input::Redrive`] would be taken, as far as the execution itself knows. That
    /// it is not too long ago, and that the machine is not an Express machine, is the driver's to
    /// see to.
    pub fn redrivability(&self, limits: &Limits) -> Result<(), NotRedrivable> {
        let Self::Ended(ended) = self else { return Err(NotRedrivable::Running) };
        match &ended.rest {
            None => Err(NotRedrivable::Succeeded),
            // The redrive is one event, and what ends the execution another one.
            Some(Rest::Running(running))
                if running.history_events >= limits.history_events_max.saturating_sub(1) =>
            {
                Err(NotRedrivable::HistoryFull)
            }
            Some(Rest::Running(_) | Rest::MapRun(_)) => Ok(()),
        }
    }

    /// How often the execution has been redriven.
    pub fn redrive_count(&self) -> u32 {
        self.redrives().count
    }

    /// When the execution was redriven last.
    pub fn redriven_at(&self) -> Option<Timestamp> {
        self.redrives().last_at
    }

    fn redrives(&self) -> Redrives {
        match self {
            Self::Created => Redrives::default(),
            Self::Running(running) => running.redrives,
            Self::MapRun(run) => run.redrives,
            Self::Ended(ended) => ended.redrives,
        }
    }

    /// Everything that the world owes.
    pub fn obligations(&self) -> Vec<Obligation> {
        let mut obligations = Vec::new();
        match self {
            Self::Created | Self::Ended(_) => {}
            Self::Running(running) => {
                for frame in running.tasks.values() {
                    running.push_task_obligations(*frame, &mut obligations);
                }
                obligations.extend(running.common_obligations());
            }
            Self::MapRun(run) => {
                for task in run.open.keys() {
                    run.push_child(*task, &mut obligations);
                }
                obligations.extend(run.errand_obligations());
                obligations.extend(run.is_ready().then_some(Obligation::Continue));
            }
        }
        obligations
    }

    /// Whether the world owes the execution more than to wake it and to pass on what is reported
    /// with its tokens.
    pub fn is_owed(&self) -> bool {
        match self {
            Self::Running(running) => running.tasks.values().any(|frame| running.is_owed(*frame)),
            Self::MapRun(_) => true,
            Self::Created | Self::Ended(_) => false,
        }
    }

    /// Whether there is more to decide than one step was allowed to.
    pub fn wants_to_continue(&self) -> bool {
        match self {
            Self::Running(running) => !running.ready.is_empty(),
            Self::MapRun(run) => run.is_ready(),
            Self::Created | Self::Ended(_) => false,
        }
    }

    /// When the execution has to be woken.
    pub fn wake_at(&self) -> Option<Timestamp> {
        match self {
            Self::Running(running) => running.wake_at(),
            Self::Created | Self::MapRun(_) | Self::Ended(_) => None,
        }
    }

    /// Whether that task, or the child that was started for it, has not ended.
    pub fn waits_for(&self, task: TaskId) -> bool {
        match self {
            Self::Running(running) => running.tasks.contains_key(&task),
            Self::MapRun(run) => run.open.contains_key(&task),
            Self::Created | Self::Ended(_) => false,
        }
    }

    /// The token that an open task waits with.
    pub fn token(&self, task: TaskId) -> Option<&Token> {
        match self {
            Self::Running(running) => {
                let frame = running.frames.get(running.tasks.get(&task)?)?;
                frame.task()?.call.token.as_ref()
            }
            Self::Created | Self::MapRun(_) | Self::Ended(_) => None,
        }
    }

    /// What the execution knows as a map run, if it is one that has not ended.
    pub fn map_run(&self) -> Option<&MapRun> {
        match self {
            Self::MapRun(run) => Some(run),
            Self::Created | Self::Running(_) | Self::Ended(_) => None,
        }
    }
}

impl MapRun {
    pub(crate) fn push_child(&self, task: TaskId, obligations: &mut Vec<Obligation>) {
        if let Some(Item { child, redrives }) = self.open.get(&task) {
            let child = Child::Item(Arc::clone(child));
            obligations.push(Obligation::of_child(task, child, *redrives));
        }
    }

    pub(crate) fn errand_obligations(&self) -> impl Iterator<Item = Obligation> + use<> {
        let run = || Arc::clone(&self.call);
        let from = self.items_read();
        let read = self.wants_items().then(|| Obligation::ReadItems { run: run(), from });
        let write = self.wants_results_written().then(|| Obligation::WriteResults { run: run() });
        read.into_iter().chain(write)
    }
}

impl Running {
    pub(crate) fn wake_at(&self) -> Option<Timestamp> {
        let first = self.timers.first().map(|(due, _)| *due);
        first.into_iter().chain(self.deadline).min()
    }

    /// What is owed whichever frames there are.
    pub(crate) fn common_obligations(&self) -> impl Iterator<Item = Obligation> + use<> {
        let more = (!self.ready.is_empty()).then_some(Obligation::Continue);
        self.wake_at().map(Obligation::WakeAt).into_iter().chain(more)
    }

    /// What is owed to the task of a frame, if it waits for one.
    pub(crate) fn push_task_obligations(&self, frame: FrameId, obligations: &mut Vec<Obligation>) {
        let Some(Frame { phase: Phase::Inside(visit), .. }) = self.frames.get(&frame) else {
            return;
        };
        if let Activity::MapRun { task, run, redrives } = &visit.activity {
            let (identity, call) = (Arc::clone(&self.identity), Arc::clone(run));
            let child = Child::MapRun { identity, call };
            obligations.push(Obligation::of_child(*task, child, *redrives));
            return;
        }
        let Some(activity) = self.frames[&frame].task() else { return };
        let call = &activity.call;
        match &call.kind {
            CallKind::Function | CallKind::Action(_) if activity.stage == TaskStage::Open => {
                let call = TaskCall {
                    task: activity.task,
                    call: Arc::clone(call),
                    identity: Arc::clone(&self.identity),
                    started_at: self.started_at,
                    state: visit.state,
                    entered_at: visit.entered_at,
                    attempt: visit.attempt,
                };
                obligations.push(self.rehearsed(visit, Obligation::RunTask(call)));
            }
            CallKind::Execution { name, .. } => {
                let execution = self.execution_call(call, name);
                if activity.stage == TaskStage::Open || execution.is_awaited {
                    let task = activity.task;
                    let owed = Obligation::StartExecution { task, call: execution };
                    obligations.push(self.rehearsed(visit, owed));
                }
            }
            CallKind::Activity | CallKind::Function | CallKind::Action(_) => {}
        }
        let Some(token) = &call.token else { return };
        let task = activity.task;
        obligations.push(Obligation::AwaitToken { task, token: Str::clone(token) });
        if activity.waits_for_worker() {
            let (activity, input) = (Str::clone(&call.function), call.input.clone());
            let token = Str::clone(token);
            let owed = Obligation::OfferActivity { task, activity, token, input };
            obligations.push(self.rehearsed(visit, owed));
        }
    }

    /// What is owed to the task of a state, or is made up by a test case.
    fn rehearsed(&self, visit: &Visit, owed: Obligation) -> Obligation {
        match (&self.identity.test_case, &visit.activity) {
            (Some(test_case), Activity::Task(task)) => {
                let invocation = Invocation {
                    identity: Arc::clone(&self.identity),
                    test_case: Str::clone(test_case),
                    state: visit.state,
                    nth: task.invocation,
                };
                Obligation::Rehearse { invocation, owed: Box::new(owed) }
            }
            _ => owed,
        }
    }

    /// Whether a frame's task waits for more than its token.
    fn is_owed(&self, frame: FrameId) -> bool {
        let Some(Frame { phase: Phase::Inside(visit), .. }) = self.frames.get(&frame) else {
            return false;
        };
        match &visit.activity {
            Activity::MapRun { .. } => true,
            Activity::Task(task) => match &task.call.kind {
                CallKind::Function | CallKind::Action(_) => task.stage == TaskStage::Open,
                CallKind::Execution { .. } => {
                    let is_awaited =
                        matches!(task.call.completion(), Completion::Sync | Completion::Sync2);
                    task.stage == TaskStage::Open || is_awaited
                }
                CallKind::Activity => task.waits_for_worker(),
            },
            _ => false,
        }
    }

    fn execution_call(&self, call: &Call, name: &Str) -> ExecutionCall {
        ExecutionCall {
            state_machine_arn: Str::clone(&call.function),
            name: Str::clone(name),
            input: call.input.clone(),
            role_arn: call.role_arn.clone(),
            is_awaited: matches!(call.completion(), Completion::Sync | Completion::Sync2),
            identity: Arc::clone(&self.identity),
        }
    }

    /// Whose turn it is. A frame is followed as far as it goes; then comes the next one behind it.
    ///
    /// This is a function of the state, so that where a step ends makes no difference.
    pub(crate) fn next_ready(&self) -> Option<FrameId> {
        self.ready.range(self.last_frame..).next().or_else(|| self.ready.first()).copied()
    }

    /// A frame and everything inside it, innermost last.
    pub(crate) fn subtree(&self, root: FrameId) -> Vec<FrameId> {
        let mut inside = vec![root];
        let mut looked_at = 0;
        while let Some(frame) = inside.get(looked_at) {
            looked_at += 1;
            inside.extend(self.children_of(*frame));
        }
        // A frame begins after its parent.
        inside.sort_unstable();
        inside
    }

    /// The frames right inside a frame, in order of birth.
    pub(crate) fn children_of(&self, parent: FrameId) -> impl Iterator<Item = FrameId> {
        let children = self.children.range((parent, FrameId(0))..=(parent, FrameId(u32::MAX)));
        children.map(|(_, child)| *child)
    }
}

#[cfg(test)]
mod tests;
