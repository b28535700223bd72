//! The vocabulary of the public history.

use std::fmt;
use std::sync::Arc;

use stepwell_asl::{Integration, Timestamp};
use stepwell_value::{Payload, Str};

use crate::{Call, Failure, Identity};

/// One event of the public history.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEvent {
    /// From 1, without gaps.
    pub id: u64,
    /// The event that led to this one; 0 for none.
    pub previous: u64,
    pub at: Timestamp,
    pub detail: Detail,
}

/// What happened. `action` is that of the service that the task calls.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    ExecutionStarted { identity: Arc<Identity>, input: Payload },
    ExecutionSucceeded { output: Payload },
    ExecutionFailed { failure: Failure },
    ExecutionTimedOut { failure: Failure },
    ExecutionAborted { failure: Failure },
    ExecutionRedriven { redrive_count: u32 },
    StateEntered { state: StateType, name: Str, input: Payload },
    StateExited { state: StateType, name: Str, output: Payload, assigned: Option<Payload> },
    EvaluationFailed { name: Str, failure: Failure, location: Option<Str> },
    StateAborted { state: StateType },
    LambdaFunctionScheduled { call: Arc<Call> },
    LambdaFunctionStarted,
    LambdaFunctionSucceeded { output: Payload },
    LambdaFunctionFailed { failure: Failure },
    LambdaFunctionTimedOut { failure: Failure },
    ActivityScheduled { call: Arc<Call> },
    ActivityStarted { worker: Option<Str> },
    ActivitySucceeded { output: Payload },
    ActivityFailed { failure: Failure },
    ActivityTimedOut { failure: Failure },
    TaskScheduled { action: Integration, call: Arc<Call> },
    TaskStarted { action: Integration },
    TaskSubmitted { action: Integration, output: Payload },
    TaskSucceeded { action: Integration, output: Payload },
    TaskFailed { action: Integration, failure: Failure },
    TaskTimedOut { action: Integration, failure: Failure },
    ParallelStateStarted,
    ParallelStateSucceeded,
    ParallelStateFailed,
    MapStateStarted { length: u32 },
    MapStateSucceeded,
    MapStateFailed,
    MapRunStarted { map_run_arn: Str },
    MapRunSucceeded,
    MapRunFailed { failure: Failure },
    MapRunRedriven { map_run_arn: Str, redrive_count: u32 },
    MapIterationStarted { name: Str, index: u32 },
    MapIterationSucceeded { name: Str, index: u32 },
    MapIterationFailed { name: Str, index: u32 },
    MapIterationAborted { name: Str, index: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateType {
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
}

impl StateType {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Pass => "Pass",
            Self::Choice => "Choice",
            Self::Wait => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
        }
    }
}

/// The event's type as the service spells it.
impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StateEntered { state, .. } => return write!(f, "{}StateEntered", state.as_str()),
            Self::StateExited { state, .. } => return write!(f, "{}StateExited", state.as_str()),
            Self::StateAborted { state } => return write!(f, "{}StateAborted", state.as_str()),
            Self::EvaluationFailed { .. } => "EvaluationFailed",
            Self::ExecutionStarted { .. } => "ExecutionStarted",
            Self::ExecutionSucceeded { .. } => "ExecutionSucceeded",
            Self::ExecutionFailed { .. } => "ExecutionFailed",
            Self::ExecutionTimedOut { .. } => "ExecutionTimedOut",
            Self::ExecutionAborted { .. } => "ExecutionAborted",
            Self::ExecutionRedriven { .. } => "ExecutionRedriven",
            Self::LambdaFunctionScheduled { .. } => "LambdaFunctionScheduled",
            Self::LambdaFunctionStarted => "LambdaFunctionStarted",
            Self::LambdaFunctionSucceeded { .. } => "LambdaFunctionSucceeded",
            Self::LambdaFunctionFailed { .. } => "LambdaFunctionFailed",
            Self::LambdaFunctionTimedOut { .. } => "LambdaFunctionTimedOut",
            Self::ActivityScheduled { .. } => "ActivityScheduled",
            Self::ActivityStarted { .. } => "ActivityStarted",
            Self::ActivitySucceeded { .. } => "ActivitySucceeded",
            Self::ActivityFailed { .. } => "ActivityFailed",
            Self::ActivityTimedOut { .. } => "ActivityTimedOut",
            Self::TaskScheduled { .. } => "TaskScheduled",
            Self::TaskStarted { .. } => "TaskStarted",
            Self::TaskSubmitted { .. } => "TaskSubmitted",
            Self::TaskSucceeded { .. } => "TaskSucceeded",
            Self::TaskFailed { .. } => "TaskFailed",
            Self::TaskTimedOut { .. } => "TaskTimedOut",
            Self::ParallelStateStarted => "ParallelStateStarted",
            Self::ParallelStateSucceeded => "ParallelStateSucceeded",
            Self::ParallelStateFailed => "ParallelStateFailed",
            Self::MapStateStarted { .. } => "MapStateStarted",
            Self::MapStateSucceeded => "MapStateSucceeded",
            Self::MapStateFailed => "MapStateFailed",
            Self::MapRunStarted { .. } => "MapRunStarted",
            Self::MapRunSucceeded => "MapRunSucceeded",
            Self::MapRunFailed { .. } => "MapRunFailed",
            Self::MapRunRedriven { .. } => "MapRunRedriven",
            Self::MapIterationStarted { .. } => "MapIterationStarted",
            Self::MapIterationSucceeded { .. } => "MapIterationSucceeded",
            Self::MapIterationFailed { .. } => "MapIterationFailed",
            Self::MapIterationAborted { .. } => "MapIterationAborted",
        })
    }
}
