//! What happened, in the words in which cases expect it.

use stepwell_asl::{Diagnostic, Timestamp};
use stepwell_kernel::{Call, Detail, Failure, HistoryEvent, Input, Outcome};
use stepwell_value::{Payload, Value};

use crate::player::Played;
use crate::world::{function_name, seconds_text};

/// Which columns a history has besides time, event and what matters of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
pub(crate) struct HistoryColumns {
    /// Each event's number, and that of the event before it.
    pub ids: bool,
    /// What goes into states and tasks and what comes out.
    pub data: bool,
    /// Inputs that came too late or twice.
    pub stale: bool,
}

pub(crate) fn history(played: &Played, columns: HistoryColumns) -> String {
    let elapsed = |at: Timestamp| seconds_text(at.saturating_since(played.started_at));
    let mut lines: Vec<(Timestamp, String, String)> = Vec::new();
    for event in &played.history {
        let ids = if columns.ids {
            format!("{:>3} {:>3} ", event.id, event.previous)
        } else {
            String::new()
        };
        lines.push((event.at, ids, event_text(event, columns.data)));
    }
    if columns.stale {
        let blank = if columns.ids { " ".repeat(8) } else { String::new() };
        for (at, input) in &played.stale {
            lines.push((*at, blank.clone(), format!("(stale) {}", input_text(input))));
        }
        lines.sort_by_key(|(at, _, _)| *at);
    }
    let width = lines.iter().map(|(at, _, _)| elapsed(*at).len()).max().unwrap_or(0);
    let lines = lines.iter().map(|(at, ids, what)| {
        format!("{ids}{:>width$}  {what}", elapsed(*at)).trim_end().to_owned() + "\n"
    });
    lines.collect()
}

pub(crate) fn outcome_json(payload: &Payload) -> String {
    let compact = compact(payload);
    if compact.len() <= 90 { compact + "\n" } else { format!("{:#}\n", payload.value()) }
}

/// How an execution ended unsuccessfully: status and error on the first line, then the cause.
pub(crate) fn failure(outcome: Option<&Outcome>) -> String {
    let (status, failure) = match outcome {
        None => return "RUNNING\n".into(),
        Some(Outcome::Succeeded { output }) => return format!("SUCCEEDED {}\n", compact(output)),
        Some(Outcome::Failed { failure }) => ("FAILED", failure),
        Some(Outcome::TimedOut { failure }) => ("TIMED_OUT", failure),
        Some(Outcome::Aborted { failure }) => ("ABORTED", failure),
    };
    let first_line = [Some(status), failure.error.as_deref()];
    let first_line = first_line.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let cause = failure.cause.as_ref().map_or(String::new(), |cause| format!("{cause}\n"));
    format!("{first_line}\n{cause}")
}

/// The same on one line, without the cause.
pub(crate) fn outcome_line(outcome: Option<&Outcome>) -> String {
    match outcome {
        Some(Outcome::Succeeded { output }) => compact(output),
        other => failure(other).lines().next().unwrap_or_default().to_owned(),
    }
}

pub(crate) fn diagnostics(diagnostics: &[Diagnostic]) -> String {
    let lines = diagnostics.iter().map(|diagnostic| match &diagnostic.hint {
        None => format!("{diagnostic}\n"),
        Some(hint) => format!("{diagnostic}\n  hint: {hint}\n"),
    });
    lines.collect()
}

fn compact(payload: &Payload) -> String {
    payload.value().to_string()
}

fn event_text(event: &HistoryEvent, with_data: bool) -> String {
    let data = |payload: &Payload| if with_data { compact(payload) } else { String::new() };
    let what = match &event.detail {
        Detail::ExecutionStarted { input, .. } => data(input),
        Detail::ExecutionSucceeded { output }
        | Detail::LambdaFunctionSucceeded { output }
        | Detail::ActivitySucceeded { output }
        | Detail::TaskSucceeded { output, .. } => compact(output),
        Detail::TaskSubmitted { output, .. } => data(output),
        Detail::ExecutionFailed { failure }
        | Detail::ExecutionTimedOut { failure }
        | Detail::ExecutionAborted { failure }
        | Detail::LambdaFunctionFailed { failure }
        | Detail::LambdaFunctionTimedOut { failure }
        | Detail::ActivityFailed { failure }
        | Detail::ActivityTimedOut { failure }
        | Detail::TaskFailed { failure, .. }
        | Detail::TaskTimedOut { failure, .. } => failure_text(failure),
        Detail::StateEntered { name, input, .. } => format!("{name} {}", data(input)),
        Detail::StateExited { name, output, assigned, .. } => {
            let assigned = assigned
                .as_ref()
                .map_or(String::new(), |assigned| format!(" assigned {}", compact(assigned)));
            format!("{name} {}{assigned}", data(output))
        }
        Detail::EvaluationFailed { name, failure, location } => {
            format!("{name} {} {}", location.as_deref().unwrap_or("-"), failure_text(failure))
        }
        Detail::LambdaFunctionScheduled { call } | Detail::ActivityScheduled { call } => {
            format!("{} {}", called(call), data(&call.input))
        }
        Detail::TaskScheduled { call, .. } => {
            format!("{} {}", called(call), data(&call.parameters))
        }
        Detail::ActivityStarted { worker } => worker.as_deref().unwrap_or_default().to_owned(),
        Detail::MapStateStarted { length } => length.to_string(),
        Detail::MapRunStarted { .. } | Detail::MapRunSucceeded => String::new(),
        Detail::MapRunFailed { failure } => failure_text(failure),
        Detail::ExecutionRedriven { redrive_count }
        | Detail::MapRunRedriven { redrive_count, .. } => redrive_count.to_string(),
        Detail::MapIterationStarted { index, .. }
        | Detail::MapIterationSucceeded { index, .. }
        | Detail::MapIterationFailed { index, .. }
        | Detail::MapIterationAborted { index, .. } => index.to_string(),
        Detail::StateAborted { .. }
        | Detail::LambdaFunctionStarted
        | Detail::TaskStarted { .. }
        | Detail::ParallelStateStarted
        | Detail::ParallelStateSucceeded
        | Detail::ParallelStateFailed
        | Detail::MapStateSucceeded
        | Detail::MapStateFailed => String::new(),
    };
    format!("{} {what}", event.detail)
}

/// Who is called, and in whose name if that is said.
fn called(call: &Call) -> String {
    let name = function_name(&call.function);
    match &call.role_arn {
        Some(role) => format!("{name} as {role}"),
        None => name.to_owned(),
    }
}

fn failure_text(failure: &Failure) -> String {
    let cause = failure.cause.as_ref().map(|cause| Value::from(&**cause).to_string());
    let parts = [failure.error.as_deref(), cause.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn input_text(input: &Input) -> String {
    let reported = |outcome: &Result<Payload, Failure>| match outcome {
        Ok(output) => format!("succeeded {}", compact(output)),
        Err(failure) => format!("failed {}", failure_text(failure)),
    };
    match input {
        Input::TaskReported { outcome, .. } => format!("task {}", reported(outcome)),
        Input::TaskMocked { outcome, .. } => format!("mock {}", reported(outcome)),
        Input::TokenReported { outcome, .. } => format!("token {}", reported(outcome)),
        Input::Heartbeat { .. } => "heartbeat".into(),
        Input::ActivityStarted { .. } => "taken".into(),
        Input::ExecutionStarted { .. } => "execution started".into(),
        Input::Stop { .. } => "stop".into(),
        Input::Redrive => "redrive".into(),
        Input::Start { .. } | Input::StartItem { .. } | Input::StartMapRun { .. } => "start".into(),
        Input::ChildEnded { .. } => "child ended".into(),
        Input::ItemsRead { .. } => "items".into(),
        Input::ResultsWritten { .. } => "results".into(),
        Input::UpdateMapRun { .. } => "update".into(),
        Input::Wake => "wake".into(),
        Input::Continue => "continue".into(),
    }
}
