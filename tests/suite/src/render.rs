//! A history as the suite's files show it: when, what, and the one thing that matters about it.

use stepwell_asl::Definition;
use stepwell_kernel::{Detail, Event, Failure, HistoryEvent, history};

use crate::drive::START;

/// How much of an event is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Time, event and subject.
    Plain,
    /// With each event's number and the number of the one that led to it.
    Ids,
}

pub fn render(definition: &Definition, journal: &[Event], columns: Columns) -> String {
    history(definition, journal).iter().map(|event| line(event, columns)).collect()
}

fn line(event: &HistoryEvent, columns: Columns) -> String {
    let millis = event.at.saturating_since(START).as_millis();
    let time = if millis.is_multiple_of(1000) {
        format!("{}s", millis / 1000)
    } else {
        format!("{}.{:03}s", millis / 1000, millis % 1000)
    };
    let ids = match columns {
        Columns::Plain => String::new(),
        Columns::Ids => format!("{:>3} <- {:<3}", event.id, event.previous),
    };
    let line = format!("{ids}{time:>4}  {} {}", event.detail, subject(&event.detail));
    format!("{}\n", line.trim_end())
}

fn subject(detail: &Detail) -> String {
    match detail {
        Detail::ExecutionStarted { input, .. } => input.to_string(),
        Detail::ExecutionSucceeded { output } => output.to_string(),
        Detail::ExecutionFailed { failure }
        | Detail::ExecutionTimedOut { failure }
        | Detail::ExecutionAborted { failure }
        | Detail::LambdaFunctionFailed { failure }
        | Detail::LambdaFunctionTimedOut { failure }
        | Detail::TaskFailed { failure, .. }
        | Detail::TaskTimedOut { failure, .. } => shown(failure),
        Detail::StateEntered { name, input, .. } => format!("{name} {input}"),
        Detail::StateExited { name, output, .. } => format!("{name} {output}"),
        Detail::LambdaFunctionScheduled { call } => format!("{} {}", call.function, call.input),
        Detail::TaskScheduled { resource, call } => {
            format!("{resource} {} {}", call.function, call.input)
        }
        Detail::LambdaFunctionSucceeded { output }
        | Detail::TaskSubmitted { output, .. }
        | Detail::TaskSucceeded { output, .. } => output.to_string(),
        Detail::MapStateStarted { length } => length.to_string(),
        Detail::MapIterationStarted { name, index }
        | Detail::MapIterationSucceeded { name, index }
        | Detail::MapIterationFailed { name, index }
        | Detail::MapIterationAborted { name, index } => format!("{name} {index}"),
        Detail::StateAborted { .. }
        | Detail::LambdaFunctionStarted
        | Detail::TaskStarted { .. }
        | Detail::ParallelStateStarted
        | Detail::ParallelStateSucceeded
        | Detail::ParallelStateFailed
        | Detail::MapStateSucceeded
        | Detail::MapStateFailed => String::new(),
    }
}

fn shown(failure: &Failure) -> String {
    let error = failure.error.as_deref().unwrap_or("-");
    match &failure.cause {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_owned(),
    }
}
