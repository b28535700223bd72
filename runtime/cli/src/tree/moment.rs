//! What a story is told from: as much of an event as the tree shows, whoever kept the event.
//!
//! A history comes from a runtime in this process, or from a server as JSON.

use stepwell::{Detail, Failure, HistoryEvent, StateType, Timestamp, Value};

use super::story::Ending;
use crate::instant;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moment {
    /// The event that led to this one, counted from 1; 0 for none.
    pub previous: u64,
    pub at: Timestamp,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    ExecutionStarted,
    ExecutionEnded(Ending),
    ExecutionRedriven,
    StateEntered {
        kind: StateType,
        name: String,
    },
    StateExited {
        name: String,
    },
    StateAborted {
        kind: StateType,
    },
    EvaluationFailed {
        name: String,
        failure: Failure,
    },
    TaskScheduled,
    TaskWentOn,
    TaskFailed {
        failure: Failure,
    },
    ParallelStarted,
    MapStarted {
        length: u32,
    },
    ForkSucceeded,
    ForkFailed,
    MapRunStarted,
    MapRunSucceeded,
    MapRunFailed {
        failure: Failure,
    },
    IterationStarted {
        name: String,
        index: u32,
    },
    IterationFailed {
        name: String,
    },
    IterationEnded {
        name: String,
    },
    /// Of a kind that this program does not know.
    Unknown,
}

impl From<&Self> for Moment {
    fn from(moment: &Self) -> Self {
        moment.clone()
    }
}

impl From<&HistoryEvent> for Moment {
    fn from(event: &HistoryEvent) -> Self {
        Self { previous: event.previous, at: event.at, what: What::from(&event.detail) }
    }
}

impl From<&Detail> for What {
    fn from(detail: &Detail) -> Self {
        match detail {
            Detail::ExecutionStarted { .. } => Self::ExecutionStarted,
            Detail::ExecutionSucceeded { .. } => Self::ExecutionEnded(Ending::Succeeded),
            Detail::ExecutionFailed { failure } => ended(Ending::Failed, failure),
            Detail::ExecutionTimedOut { failure } => ended(Ending::TimedOut, failure),
            Detail::ExecutionAborted { failure } => ended(Ending::Aborted, failure),
            Detail::ExecutionRedriven { .. } => Self::ExecutionRedriven,
            Detail::StateEntered { state, name, .. } => {
                Self::StateEntered { kind: *state, name: name.to_string() }
            }
            Detail::StateExited { name, .. } => Self::StateExited { name: name.to_string() },
            Detail::StateAborted { state } => Self::StateAborted { kind: *state },
            Detail::EvaluationFailed { name, failure, .. } => {
                Self::EvaluationFailed { name: name.to_string(), failure: failure.clone() }
            }
            Detail::LambdaFunctionScheduled { .. }
            | Detail::ActivityScheduled { .. }
            | Detail::TaskScheduled { .. } => Self::TaskScheduled,
            Detail::LambdaFunctionStarted
            | Detail::ActivityStarted { .. }
            | Detail::ActivitySucceeded { .. }
            | Detail::TaskStarted { .. }
            | Detail::TaskSubmitted { .. }
            | Detail::LambdaFunctionSucceeded { .. }
            | Detail::TaskSucceeded { .. } => Self::TaskWentOn,
            Detail::LambdaFunctionFailed { failure }
            | Detail::LambdaFunctionTimedOut { failure }
            | Detail::ActivityFailed { failure }
            | Detail::ActivityTimedOut { failure }
            | Detail::TaskFailed { failure, .. }
            | Detail::TaskTimedOut { failure, .. } => Self::TaskFailed { failure: failure.clone() },
            Detail::ParallelStateStarted => Self::ParallelStarted,
            Detail::MapStateStarted { length } => Self::MapStarted { length: *length },
            Detail::ParallelStateSucceeded | Detail::MapStateSucceeded => Self::ForkSucceeded,
            Detail::ParallelStateFailed | Detail::MapStateFailed => Self::ForkFailed,
            Detail::MapRunStarted { .. } | Detail::MapRunRedriven { .. } => Self::MapRunStarted,
            Detail::MapRunSucceeded => Self::MapRunSucceeded,
            Detail::MapRunFailed { failure } => Self::MapRunFailed { failure: failure.clone() },
            Detail::MapIterationStarted { name, index } => {
                Self::IterationStarted { name: name.to_string(), index: *index }
            }
            Detail::MapIterationFailed { name, .. } => {
                Self::IterationFailed { name: name.to_string() }
            }
            Detail::MapIterationSucceeded { name, .. }
            | Detail::MapIterationAborted { name, .. } => {
                Self::IterationEnded { name: name.to_string() }
            }
        }
    }
}

fn ended(ending: fn(Failure) -> Ending, failure: &Failure) -> What {
    What::ExecutionEnded(ending(failure.clone()))
}

impl Moment {
    /// Reads an event as `GetExecutionHistory` gives it. What is not there is empty: a poor history
    /// gives a poor story.
    pub(crate) fn of_json(event: &Value) -> Self {
        let previous = event.get("previousEventId").and_then(Value::as_int).unwrap_or(0);
        let at = event.get("timestamp").and_then(instant::of_json).unwrap_or_default();
        let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
        Self { previous: previous.try_into().unwrap_or(0), at, what: what(kind, Details(event)) }
    }
}

/// The one member of an event that belongs to its type.
#[derive(Clone, Copy)]
struct Details<'v>(&'v Value);

impl<'v> Details<'v> {
    fn get(self, name: &str) -> Option<&'v Value> {
        let members = self.0.as_object()?;
        let is_details = |name: &str| name.ends_with("EventDetails");
        members.iter().find(|(name, _)| is_details(name))?.1.get(name)
    }

    fn text(self, name: &str) -> String {
        self.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn number(self, name: &str) -> u32 {
        let number = self.get(name).and_then(Value::as_int).unwrap_or(0);
        number.try_into().unwrap_or(0)
    }

    fn failure(self) -> Failure {
        let text = |name| self.get(name).and_then(Value::as_str).map(Into::into);
        Failure { error: text("error"), cause: text("cause") }
    }
}

fn what(kind: &str, details: Details<'_>) -> What {
    let name = || details.text("name");
    match kind {
        "ExecutionStarted" => What::ExecutionStarted,
        "ExecutionSucceeded" => What::ExecutionEnded(Ending::Succeeded),
        "ExecutionFailed" => What::ExecutionEnded(Ending::Failed(details.failure())),
        "ExecutionTimedOut" => What::ExecutionEnded(Ending::TimedOut(details.failure())),
        "ExecutionAborted" => What::ExecutionEnded(Ending::Aborted(details.failure())),
        "ExecutionRedriven" => What::ExecutionRedriven,
        "EvaluationFailed" => {
            What::EvaluationFailed { name: details.text("state"), failure: details.failure() }
        }
        "LambdaFunctionScheduled" | "ActivityScheduled" | "TaskScheduled" => What::TaskScheduled,
        "LambdaFunctionStarted"
        | "LambdaFunctionSucceeded"
        | "ActivityStarted"
        | "ActivitySucceeded"
        | "TaskStarted"
        | "TaskSubmitted"
        | "TaskSucceeded" => What::TaskWentOn,
        "LambdaFunctionFailed"
        | "LambdaFunctionTimedOut"
        | "LambdaFunctionScheduleFailed"
        | "LambdaFunctionStartFailed"
        | "ActivityFailed"
        | "ActivityTimedOut"
        | "ActivityScheduleFailed"
        | "TaskFailed"
        | "TaskTimedOut"
        | "TaskStartFailed"
        | "TaskSubmitFailed" => What::TaskFailed { failure: details.failure() },
        "ParallelStateStarted" => What::ParallelStarted,
        "MapStateStarted" => What::MapStarted { length: details.number("length") },
        "ParallelStateSucceeded" | "MapStateSucceeded" => What::ForkSucceeded,
        "ParallelStateFailed" | "MapStateFailed" => What::ForkFailed,
        "MapRunStarted" | "MapRunRedriven" => What::MapRunStarted,
        "MapRunSucceeded" => What::MapRunSucceeded,
        "MapRunFailed" => What::MapRunFailed { failure: details.failure() },
        "MapIterationStarted" => {
            What::IterationStarted { name: name(), index: details.number("index") }
        }
        "MapIterationFailed" => What::IterationFailed { name: name() },
        "MapIterationSucceeded" | "MapIterationAborted" => What::IterationEnded { name: name() },
        _ => of_state(kind, name()),
    }
}

/// The types that begin with that of a state.
fn of_state(kind: &str, name: String) -> What {
    let state = |suffix| kind.strip_suffix(suffix).and_then(state_type);
    if let Some(kind) = state("StateEntered") {
        return What::StateEntered { kind, name };
    }
    if state("StateExited").is_some() {
        return What::StateExited { name };
    }
    match state("StateAborted") {
        Some(kind) => What::StateAborted { kind },
        None => What::Unknown,
    }
}

fn state_type(text: &str) -> Option<StateType> {
    let types = [
        StateType::Task,
        StateType::Pass,
        StateType::Choice,
        StateType::Wait,
        StateType::Succeed,
        StateType::Fail,
        StateType::Parallel,
        StateType::Map,
    ];
    types.into_iter().find(|kind| kind.as_str() == text)
}

#[cfg(test)]
mod tests;
