//! What the kernel decided: the contents of a journal.

use std::sync::Arc;

use stepwell_asl::{Completion, Integration, MachineIdx, StateIdx, Timestamp};
use stepwell_value::{Payload, Str};

use crate::map_run::{MapRunCall, MapRunFact};
use crate::{Failure, Identity};

/// One decision and when it was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub at: Timestamp,
    pub fact: Fact,
}

/// A line of control inside an execution: the execution's own, a branch of a Parallel state, or an
/// iteration of a Map state. Numbered in the order in which they begin; never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameId(pub u32);

impl FrameId {
    /// The execution's own line of control.
    pub const ROOT: Self = Self(0);
}

/// One scheduling of a task; a retry is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u32);

/// With what a task's result is reported from outside.
pub type Token = Str;

/// A decision. Each says all that replay needs, so that nothing is ever computed again.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    ExecutionStarted {
        identity: Arc<Identity>,
        input: Payload,
        /// When the execution as a whole runs out of time.
        deadline: Option<Timestamp>,
        /// The machine that it goes through, where that is not the definition's own: an execution
        /// of a map run.
        machine: Option<MachineIdx>,
    },
    StateEntered {
        frame: FrameId,
        state: StateIdx,
        input: Payload,
    },
    TaskScheduled {
        frame: FrameId,
        task: TaskId,
        call: Arc<Call>,
    },
    /// A worker has fetched the work of an activity.
    ActivityStarted {
        frame: FrameId,
        worker: Option<Str>,
        /// When the first sign of life is due.
        heartbeat_due: Option<Timestamp>,
    },
    /// The call has returned, and something else is waited for: with `.waitForTaskToken` the token,
    /// with `.sync` the end of the execution that was started.
    TaskSubmitted {
        frame: FrameId,
        output: Payload,
    },
    /// The task has sent a sign of life; the heartbeat's clock starts over.
    TaskHeartbeat {
        frame: FrameId,
        due: Timestamp,
    },
    TaskSucceeded {
        frame: FrameId,
        output: Payload,
    },
    TaskFailed {
        frame: FrameId,
        failure: Failure,
    },
    TaskTimedOut {
        frame: FrameId,
        failure: Failure,
    },
    /// A Wait state has begun to wait.
    WaitStarted {
        frame: FrameId,
        due: Timestamp,
    },
    WaitElapsed {
        frame: FrameId,
    },
    ParallelStarted {
        frame: FrameId,
        branches: u32,
        /// The state's effective input, which every branch is given.
        input: Payload,
    },
    MapStarted {
        frame: FrameId,
        items: Payload,
        length: u32,
        /// How many iterations may run at once.
        concurrency: u32,
        /// The state's effective input, from which each iteration's input is selected.
        input: Payload,
    },
    /// A Map state in distributed mode has its items, as many as are known by then.
    DistributedMapStarted {
        frame: FrameId,
        length: u32,
    },
    /// A map run is to begin as an execution of its own.
    MapRunStarted {
        frame: FrameId,
        task: TaskId,
        run: Arc<MapRunCall>,
    },
    MapRunSucceeded {
        frame: FrameId,
        output: Payload,
    },
    MapRunFailed {
        frame: FrameId,
        failure: Failure,
    },
    /// A map run that failed, or was given up, goes on for the same task.
    MapRunRedriven {
        frame: FrameId,
        redrive_count: u32,
    },
    /// A decision of an execution that is itself a map run.
    MapRun(MapRunFact),
    /// A branch or an iteration begins as a frame of its own.
    ChildStarted {
        frame: FrameId,
        parent: FrameId,
        index: u32,
        input: Payload,
    },
    /// A branch or an iteration that ended without success goes on as the frame that it was.
    ChildRedriven {
        frame: FrameId,
        parent: FrameId,
        index: u32,
    },
    ChildSucceeded {
        frame: FrameId,
        output: Payload,
    },
    /// A child has failed for good; its siblings have been aborted before.
    ChildFailed {
        frame: FrameId,
        failure: Failure,
    },
    /// A child is stopped, with everything inside it, because another one has failed.
    ChildAborted {
        frame: FrameId,
    },
    /// Every child of a Parallel or Map state has succeeded.
    ForkSucceeded {
        frame: FrameId,
        output: Payload,
    },
    /// A Parallel or Map state has failed and is not tried again.
    ForkFailed {
        frame: FrameId,
    },
    /// A state has failed by itself: not through a task or a child.
    StateFailed {
        frame: FrameId,
        failure: Failure,
    },
    /// An expression of a state, or what it gave, was wrong.
    EvaluationFailed {
        frame: FrameId,
        failure: Failure,
        /// The field that holds the expression; none where no field does.
        location: Option<Str>,
        /// Whether a Parallel or Map state fails by it before its children are done.
        fails_children: bool,
    },
    RetryScheduled {
        frame: FrameId,
        retrier: u32,
        due: Timestamp,
    },
    /// The pause before a retry is over.
    RetryStarted {
        frame: FrameId,
    },
    /// A state is stopped from outside of it.
    StateAborted {
        frame: FrameId,
    },
    StateExited {
        frame: FrameId,
        output: Payload,
        /// The variables that are set, an object.
        assigned: Option<Payload>,
        /// The state that follows; none at the end of the frame.
        next: Option<StateIdx>,
    },
    ExecutionSucceeded {
        output: Payload,
    },
    ExecutionFailed {
        failure: Failure,
    },
    ExecutionTimedOut {
        failure: Failure,
    },
    ExecutionAborted {
        failure: Failure,
    },
    /// An execution that ended without success goes on where it stood. What its children were doing
    /// goes on with a fact for each.
    ExecutionRedriven {
        redrive_count: u32,
        /// When it runs out of time, from now on.
        deadline: Option<Timestamp>,
    },
}

impl Fact {
    pub fn ends_execution(&self) -> bool {
        matches!(
            self,
            Self::ExecutionSucceeded { .. }
                | Self::ExecutionFailed { .. }
                | Self::ExecutionTimedOut { .. }
                | Self::ExecutionAborted { .. }
        )
    }

    /// Whether an execution that has ended goes on with this fact.
    pub fn reopens_execution(&self) -> bool {
        matches!(self, Self::ExecutionRedriven { .. } | Self::MapRun(MapRunFact::Redriven { .. }))
    }

    /// The frame that the fact is about, unless it ends or starts the execution.
    pub fn frame(&self) -> Option<FrameId> {
        match self {
            Self::StateEntered { frame, .. }
            | Self::TaskScheduled { frame, .. }
            | Self::ActivityStarted { frame, .. }
            | Self::TaskSubmitted { frame, .. }
            | Self::TaskHeartbeat { frame, .. }
            | Self::TaskSucceeded { frame, .. }
            | Self::TaskFailed { frame, .. }
            | Self::TaskTimedOut { frame, .. }
            | Self::WaitStarted { frame, .. }
            | Self::WaitElapsed { frame }
            | Self::ParallelStarted { frame, .. }
            | Self::MapStarted { frame, .. }
            | Self::DistributedMapStarted { frame, .. }
            | Self::MapRunStarted { frame, .. }
            | Self::MapRunSucceeded { frame, .. }
            | Self::MapRunFailed { frame, .. }
            | Self::MapRunRedriven { frame, .. }
            | Self::ChildStarted { frame, .. }
            | Self::ChildRedriven { frame, .. }
            | Self::ChildSucceeded { frame, .. }
            | Self::ChildFailed { frame, .. }
            | Self::ChildAborted { frame }
            | Self::ForkSucceeded { frame, .. }
            | Self::ForkFailed { frame }
            | Self::StateFailed { frame, .. }
            | Self::EvaluationFailed { frame, .. }
            | Self::RetryScheduled { frame, .. }
            | Self::RetryStarted { frame }
            | Self::StateAborted { frame }
            | Self::StateExited { frame, .. } => Some(*frame),
            Self::ExecutionStarted { .. }
            | Self::MapRun(_)
            | Self::ExecutionSucceeded { .. }
            | Self::ExecutionFailed { .. }
            | Self::ExecutionTimedOut { .. }
            | Self::ExecutionAborted { .. }
            | Self::ExecutionRedriven { .. } => None,
        }
    }
}

/// What a task is called with.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub kind: CallKind,
    /// Whom the call is for: a task's name in the registry, a function's ARN, an activity's ARN, or
    /// the ARN of a state machine.
    pub function: Str,
    /// What that one is given.
    pub input: Payload,
    /// The state's effective input, of which `function` and `input` may be parts.
    pub parameters: Payload,
    /// With what the end is reported: of an activity, and with `.waitForTaskToken`.
    pub token: Option<Token>,
    /// In whose name the call is made: `RoleArn` of the state's `Credentials`.
    pub role_arn: Option<Str>,
    pub deadline: Option<Timestamp>,
    pub timeout_seconds: Option<u64>,
    pub heartbeat_seconds: Option<u64>,
}

/// Through which door of the language the call is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// The resource is the function itself.
    Function,
    /// Somebody outside fetches the work and reports its end.
    Activity,
    /// An action of a service, which a task of the registry stands in for; `lambda:invoke` says
    /// itself which one.
    Action(Integration),
    /// `states:startExecution`: an execution of another machine, of that name.
    Execution { action: Integration, name: Str },
}

impl Call {
    /// The action of a service; none for a function that is the resource itself and an activity.
    pub fn action(&self) -> Option<&Integration> {
        match &self.kind {
            CallKind::Action(action) | CallKind::Execution { action, .. } => Some(action),
            CallKind::Function | CallKind::Activity => None,
        }
    }

    pub fn is_activity(&self) -> bool {
        self.kind == CallKind::Activity
    }

    pub(crate) fn completion(&self) -> Completion {
        self.action().map_or(Completion::Response, |action| action.completion)
    }
}
