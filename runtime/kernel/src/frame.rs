//! A line of control and what it is doing.

use std::collections::BTreeMap;
use std::sync::Arc;

use stepwell_asl::{StateIdx, Timestamp};
use stepwell_value::{Object, Payload, Value};

use crate::map_run::MapRunCall;
use crate::{Call, Failure, FrameId, TaskId};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frame {
    pub parent: Option<Parent>,
    pub phase: Phase,
    /// The variables that this frame's states have assigned. Frames inside see them too.
    pub variables: Object,
    /// What the values of the variables take as text.
    pub variables_bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parent {
    pub frame: FrameId,
    /// Which branch or iteration of the parent this is.
    pub index: u32,
    pub kind: ChildKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChildKind {
    Branch,
    Iteration,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Phase {
    /// Before the first state.
    Starting {
        input: Payload,
    },
    Inside(Visit),
    /// Out of a state, on the way to what follows it.
    Exited {
        output: Payload,
        next: Option<StateIdx>,
    },
}

/// A stay in a state, retries included.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Visit {
    pub state: StateIdx,
    /// The state's raw input.
    pub input: Payload,
    pub entered_at: Timestamp,
    /// The number of the entering event in the public history.
    pub entered_event: u64,
    /// How often the state has been tried before.
    pub attempt: u32,
    /// How often each retrier has been used, by its position.
    pub retries: Vec<u64>,
    pub activity: Activity,
    /// What the state was doing when its children, or what they came to, made it fail. A redrive
    /// goes on with it; a retry begins anew.
    pub kept: Option<Box<Activity>>,
}

/// What a state is doing. Whatever is outstanding has its fields here and nowhere else.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Activity {
    /// To be decided: the state has been entered, or is to be tried again.
    Entered,
    Task(TaskActivity),
    /// A task, a Wait or a Parallel or Map state is done.
    Done(Done),
    Waiting {
        due: Timestamp,
    },
    Fork(Fork),
    /// A Map state waits for its run.
    MapRun {
        task: TaskId,
        run: Arc<MapRunCall>,
        /// How often the run has been redriven.
        redrives: u32,
    },
    /// To be decided: the run has failed or was given up, and goes on.
    LostMapRun {
        task: TaskId,
        run: Arc<MapRunCall>,
        redrives: u32,
    },
    /// To be decided: retried, caught, or failed for good.
    Failed {
        failure: Failure,
        origin: Origin,
    },
    Backoff {
        due: Timestamp,
    },
    /// A Parallel or Map state that will not be tried again; its failure has been published.
    ForkFailed {
        failure: Failure,
    },
}

/// Where a state's failure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The state itself.
    State,
    Task,
    /// A task that gave no sign of life in time.
    Silence,
    /// The state's children, or what is made of them.
    Fork,
}

impl Origin {
    pub(crate) fn of_evaluation(fails_children: bool) -> Self {
        if fails_children { Self::Fork } else { Self::State }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Done {
    Result(Payload),
    Waited,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TaskActivity {
    pub task: TaskId,
    pub call: Arc<Call>,
    pub stage: TaskStage,
    pub heartbeat_due: Option<Timestamp>,
    /// How often the state has called before in the execution. Counted for a test case alone.
    pub invocation: u32,
}

/// How far a task has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TaskStage {
    /// The call is being made; an activity waits for a worker.
    Open,
    /// A worker has the work of an activity.
    Taken,
    /// The call has returned with this, and something else is waited for.
    Submitted(Payload),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fork {
    pub kind: ForkKind,
    /// How many children there are to be.
    pub length: u32,
    pub concurrency: u32,
    pub started: u32,
    /// Children that run.
    pub open: u32,
    /// Of the children that have started, by position; none where one has not ended.
    pub results: Vec<Option<Payload>>,
    /// Children that have ended without success, by position, as they were. They go on when the
    /// execution is redriven.
    pub lost: BTreeMap<u32, (FrameId, Frame)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ForkKind {
    Parallel { input: Payload },
    Map { items: Payload, input: Payload },
}

impl Frame {
    pub(crate) fn new(parent: Option<Parent>, input: &Payload) -> Self {
        let phase = Phase::Starting { input: input.clone() };
        Self { parent, phase, variables: Object::new(), variables_bytes: 0 }
    }

    /// Sets the variables that are members of an object.
    pub(crate) fn assign(&mut self, assigned: &Payload) {
        self.variables_bytes = self.variables_bytes_with(assigned);
        for (name, value) in assigned.value().as_object().into_iter().flat_map(Object::iter) {
            self.variables.insert(Arc::clone(name), value.clone());
        }
    }

    /// What the values of the variables would take as text with these set.
    pub(crate) fn variables_bytes_with(&self, assigned: &Payload) -> usize {
        let assigned = assigned.value().as_object().into_iter().flat_map(Object::iter);
        assigned.fold(self.variables_bytes, |bytes, (name, value)| {
            let replaced = self.variables.get(name).map_or(0, Value::text_bytes);
            bytes - replaced + value.text_bytes()
        })
    }

    /// When this frame has to be woken.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        let Phase::Inside(visit) = &self.phase else { return None };
        match &visit.activity {
            Activity::Task(task) => task.call.deadline.into_iter().chain(task.heartbeat_due).min(),
            Activity::Waiting { due } | Activity::Backoff { due } => Some(*due),
            Activity::Entered
            | Activity::Done(_)
            | Activity::Fork(_)
            | Activity::MapRun { .. }
            | Activity::LostMapRun { .. }
            | Activity::Failed { .. }
            | Activity::ForkFailed { .. } => None,
        }
    }

    /// Goes on after the execution, or the child that the frame is, has been redriven.
    ///
    /// Results that children gave stay. A state that has no such results is entered again, with the
    /// input that it had.
    pub(crate) fn resume(&mut self) {
        let Phase::Inside(visit) = &mut self.phase else { return };
        if let Some(kept) = visit.kept.take() {
            visit.activity = *kept;
        }
        match &mut visit.activity {
            Activity::Fork(fork) if !fork.is_complete() => {}
            Activity::MapRun { task, run, redrives } => {
                let (task, run, redrives) = (*task, Arc::clone(run), *redrives);
                visit.activity = Activity::LostMapRun { task, run, redrives };
            }
            Activity::LostMapRun { .. } => {}
            Activity::Entered
            | Activity::Task(_)
            | Activity::Done(_)
            | Activity::Waiting { .. }
            | Activity::Fork(_)
            | Activity::Failed { .. }
            | Activity::Backoff { .. }
            | Activity::ForkFailed { .. } => {
                let (output, next) = (visit.input.clone(), Some(visit.state));
                self.phase = Phase::Exited { output, next };
                return;
            }
        }
        (visit.attempt, visit.retries) = (0, Vec::new());
    }

    /// Whether there is something to decide without waiting for the world.
    pub(crate) fn is_ready(&self) -> bool {
        let Phase::Inside(visit) = &self.phase else { return true };
        match &visit.activity {
            Activity::Entered
            | Activity::Done(_)
            | Activity::LostMapRun { .. }
            | Activity::Failed { .. }
            | Activity::ForkFailed { .. } => true,
            Activity::Fork(fork) => fork.has_free_slot() || fork.is_complete(),
            Activity::Task(_)
            | Activity::MapRun { .. }
            | Activity::Waiting { .. }
            | Activity::Backoff { .. } => false,
        }
    }

    /// What the frame waits for, if it is something that reports back.
    pub(crate) fn awaited(&self) -> Option<TaskId> {
        match &self.phase {
            Phase::Inside(Visit { activity: Activity::Task(task), .. }) => Some(task.task),
            Phase::Inside(Visit { activity: Activity::MapRun { task, .. }, .. }) => Some(*task),
            _ => None,
        }
    }

    pub(crate) fn task(&self) -> Option<&TaskActivity> {
        match &self.phase {
            Phase::Inside(Visit { activity: Activity::Task(task), .. }) => Some(task),
            _ => None,
        }
    }
}

impl Activity {
    /// Whether expressions of the state are evaluated at this point.
    pub(crate) fn may_evaluate(&self) -> bool {
        match self {
            Self::Entered | Self::Done(_) | Self::Failed { .. } | Self::ForkFailed { .. } => true,
            Self::Fork(fork) => fork.open == 0,
            Self::Task(_)
            | Self::MapRun { .. }
            | Self::LostMapRun { .. }
            | Self::Waiting { .. }
            | Self::Backoff { .. } => false,
        }
    }
}

impl TaskActivity {
    /// Whether the task is an activity that no worker has fetched.
    pub(crate) fn waits_for_worker(&self) -> bool {
        self.call.is_activity() && self.stage == TaskStage::Open
    }

    /// Whether a sign of life was missed while the task's own time had not run out.
    pub(crate) fn is_silent(&self, now: Timestamp) -> bool {
        let has_passed = |due: Option<Timestamp>| due.is_some_and(|due| due <= now);
        has_passed(self.heartbeat_due) && !has_passed(self.call.deadline)
    }
}

impl Fork {
    pub(crate) fn new(kind: ForkKind, length: u32, concurrency: u32) -> Self {
        let (results, lost) = (Vec::new(), BTreeMap::new());
        Self { kind, length, concurrency, started: 0, open: 0, results, lost }
    }

    pub(crate) fn child_kind(&self) -> ChildKind {
        match self.kind {
            ForkKind::Parallel { .. } => ChildKind::Branch,
            ForkKind::Map { .. } => ChildKind::Iteration,
        }
    }

    pub(crate) fn has_free_slot(&self) -> bool {
        let is_anyone_waiting = self.started < self.length || !self.lost.is_empty();
        is_anyone_waiting && self.open < self.concurrency
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.started == self.length && self.open == 0 && self.lost.is_empty()
    }
}
