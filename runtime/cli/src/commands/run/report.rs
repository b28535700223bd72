//! What is printed at the end of an execution.

use stepwell::{Detail, Execution, Failure, HistoryEvent, Outcome, Payload};
use stepwell_asl::Integration;

use super::follow::End;
use crate::Exit;
use crate::complaint::Complaint;
use crate::json_text::{ObjectText, lines};
use crate::printer::{self, Printer, Verbosity};
use crate::tree::{self, Extent, Look, Story};
use crate::visible::Visible;

pub(super) fn exit(end: &End) -> Exit {
    match end {
        Ok(Outcome::Succeeded { .. }) => Exit::Success,
        Ok(Outcome::Failed { .. }) | Err(_) => Exit::Failed,
        Ok(Outcome::TimedOut { .. }) => Exit::TimedOut,
        Ok(Outcome::Aborted { .. }) => Exit::Stopped,
    }
}

/// The tree for people, and the output for whoever reads standard output.
pub(super) fn text(printer: Printer, execution: &Execution, end: &End) -> Result<(), Complaint> {
    let history = execution.history().map_err(|error| Complaint::of(&error))?;
    talk(printer, &history, end);
    match end {
        Ok(Outcome::Succeeded { output }) => printer::data(output),
        Ok(Outcome::Failed { .. } | Outcome::TimedOut { .. } | Outcome::Aborted { .. })
        | Err(_) => Ok(()),
    }
}

/// One document with everything.
pub(super) fn json(printer: Printer, execution: &Execution, end: &End) -> Result<(), Complaint> {
    let history = execution.history().map_err(|error| Complaint::of(&error))?;
    talk(printer, &history, end);
    let object = ObjectText::new().text("name", &execution.name).text("arn", &execution.arn);
    let object = match end {
        Ok(Outcome::Succeeded { output }) => {
            object.text("status", "SUCCEEDED").document("output", output)
        }
        Ok(Outcome::Failed { failure }) => with_failure(object.text("status", "FAILED"), failure),
        Ok(Outcome::TimedOut { failure }) => {
            with_failure(object.text("status", "TIMED_OUT"), failure)
        }
        Ok(Outcome::Aborted { failure }) => with_failure(object.text("status", "ABORTED"), failure),
        // It was running when it was lost.
        Err(_) => object.text("status", "RUNNING"),
    };
    let events = lines(history.iter().map(event));
    printer::data(object.json("history", events).finish())
}

/// With `--quiet` only a failure is told.
fn talk(printer: Printer, history: &[HistoryEvent], end: &End) {
    let extent = match printer.verbosity {
        Verbosity::Quiet | Verbosity::Normal => Extent::Folded,
        Verbosity::Verbose => Extent::Whole,
    };
    printer.say(tree::render(history, Look { style: printer.style, extent }).trim_end());
    let is_quiet = printer.verbosity == Verbosity::Quiet;
    match end {
        Ok(Outcome::Succeeded { .. }) => {}
        Ok(Outcome::Failed { failure }) if is_quiet => told(printer, "failed", failure),
        Ok(Outcome::TimedOut { failure }) if is_quiet => told(printer, "timed out", failure),
        Ok(Outcome::Aborted { failure }) if is_quiet => told(printer, "was stopped", failure),
        Ok(Outcome::Failed { .. } | Outcome::TimedOut { .. }) => {}
        Ok(Outcome::Aborted { .. }) => {
            for step in Story::of(history).cut_short() {
                printer.say(format_args!("stopped in state `{}`", Visible(&step.name)));
            }
        }
        Err(lost) => printer.error(lost),
    }
}

fn told(printer: Printer, how: &str, Failure { error, cause }: &Failure) {
    let mut text = format!("the execution {how}");
    for part in [error, cause].into_iter().flatten() {
        text.push_str(": ");
        text.push_str(&Visible(part.trim_end()).to_string());
    }
    printer.error(text);
}

fn with_action(object: ObjectText, action: &Integration) -> ObjectText {
    object.text("resourceType", &action.service).text("resource", &action.resource())
}

fn with_failure(object: ObjectText, Failure { error, cause }: &Failure) -> ObjectText {
    object.some_text("error", error.as_deref()).some_text("cause", cause.as_deref())
}

/// An event with its details beside its number, documents as documents.
fn event(event: &HistoryEvent) -> String {
    let object = ObjectText::new()
        .json("id", event.id)
        .json("previousEventId", event.previous)
        .text("timestamp", &event.at.to_string())
        .text("type", &event.detail.to_string());
    with_detail(object, &event.detail).finish()
}

fn with_detail(object: ObjectText, detail: &Detail) -> ObjectText {
    let input = |object: ObjectText, input: &Payload| object.document("input", input);
    let output = |object: ObjectText, output: &Payload| object.document("output", output);
    match detail {
        Detail::ExecutionStarted { input: given, .. } => input(object, given),
        Detail::StateEntered { name, input: given, .. } => input(object.text("name", name), given),
        Detail::StateExited { name, output: made, assigned, .. } => {
            let object = output(object.text("name", name), made);
            match assigned {
                Some(assigned) => object.document("assignedVariables", assigned),
                None => object,
            }
        }
        Detail::EvaluationFailed { name, failure, location } => {
            let object = with_failure(object.text("state", name), failure);
            match location {
                Some(location) => object.text("location", location),
                None => object,
            }
        }
        Detail::ExecutionSucceeded { output: made }
        | Detail::LambdaFunctionSucceeded { output: made }
        | Detail::ActivitySucceeded { output: made } => output(object, made),
        Detail::ExecutionFailed { failure }
        | Detail::ExecutionTimedOut { failure }
        | Detail::ExecutionAborted { failure }
        | Detail::LambdaFunctionFailed { failure }
        | Detail::LambdaFunctionTimedOut { failure }
        | Detail::ActivityFailed { failure }
        | Detail::ActivityTimedOut { failure } => with_failure(object, failure),
        Detail::LambdaFunctionScheduled { call } | Detail::ActivityScheduled { call } => {
            input(object.text("resource", &call.function), &call.input)
        }
        Detail::ActivityStarted { worker } => object.some_text("workerName", worker.as_deref()),
        Detail::TaskScheduled { action, call } => {
            with_action(object, action).document("parameters", &call.parameters)
        }
        Detail::TaskStarted { action } => with_action(object, action),
        Detail::TaskSubmitted { action, output: made }
        | Detail::TaskSucceeded { action, output: made } => {
            output(with_action(object, action), made)
        }
        Detail::TaskFailed { action, failure } | Detail::TaskTimedOut { action, failure } => {
            with_failure(with_action(object, action), failure)
        }
        Detail::MapStateStarted { length } => object.json("length", length),
        Detail::MapRunStarted { map_run_arn } => object.text("mapRunArn", map_run_arn),
        Detail::MapRunFailed { failure } => with_failure(object, failure),
        Detail::ExecutionRedriven { redrive_count } => object.json("redriveCount", redrive_count),
        Detail::MapRunRedriven { map_run_arn, redrive_count } => {
            object.text("mapRunArn", map_run_arn).json("redriveCount", redrive_count)
        }
        Detail::MapIterationStarted { name, index }
        | Detail::MapIterationSucceeded { name, index }
        | Detail::MapIterationFailed { name, index }
        | Detail::MapIterationAborted { name, index } => {
            object.text("name", name).json("index", index)
        }
        Detail::LambdaFunctionStarted
        | Detail::StateAborted { .. }
        | Detail::ParallelStateStarted
        | Detail::ParallelStateSucceeded
        | Detail::ParallelStateFailed
        | Detail::MapStateSucceeded
        | Detail::MapStateFailed
        | Detail::MapRunSucceeded => object,
    }
}
