//! `states:startExecution`: executions of other machines.

use std::sync::Arc;

use stepwell_asl::{Completion, Integration, Timestamp};
use stepwell_value::{Payload, Str, TooDeep, Value};

use crate::context::Scope;
use crate::event::{Call, CallKind, Fact, TaskId};
use crate::execution::Outcome;
use crate::frame::TaskStage;
use crate::{Failure, Stale, error_name};

use super::Step;
use super::report::http_metadata;
use super::task::{Addressed, document};

impl Step<'_> {
    /// The execution has started: that is all that was asked for, or the end is waited for.
    pub(super) fn execution_started(
        &mut self,
        task: TaskId,
        execution_arn: &Str,
        at: Timestamp,
    ) -> Result<(), Stale> {
        let (frame, activity) = self.open_task(task)?;
        let is_execution = matches!(activity.call.kind, CallKind::Execution { .. });
        if !is_execution || activity.stage != TaskStage::Open {
            return Err(Stale);
        }
        let call = Arc::clone(&activity.call);
        let started = started(execution_arn, at).map_err(|TooDeep| self.scope(frame).too_deep());
        match (started, call.completion()) {
            (Ok(output), Completion::Sync | Completion::Sync2) => {
                self.emit(Fact::TaskSubmitted { frame, output });
            }
            (started, _) => self.returned(frame, &call, started),
        }
        Ok(())
    }

    pub(super) fn execution_ended(&mut self, task: TaskId, outcome: Outcome) -> Result<(), Stale> {
        let (frame, activity) = self.open_task(task)?;
        let TaskStage::Submitted(started) = &activity.stage else { return Err(Stale) };
        let call = Arc::clone(&activity.call);
        if !matches!(call.completion(), Completion::Sync | Completion::Sync2) {
            return Err(Stale);
        }
        let described = described(&call, started, &outcome, self.world.now);
        let result = match (described, outcome) {
            (Err(TooDeep), _) => Err(self.scope(frame).too_deep()),
            (Ok(described), Outcome::Succeeded { .. }) => Ok(described),
            (Ok(described), _) => Err(Failure::new(error_name::TASK_FAILED, described.text())),
        };
        self.end_task(frame, &call, result);
        Ok(())
    }
}

/// `StateMachineArn`, `Name` and `Input` of `states:startExecution`.
pub(super) fn address(
    scope: &Scope<'_>,
    action: &Integration,
    parameters: &Payload,
) -> Result<Addressed, Failure> {
    let value = parameters.value();
    let Some(Value::String(machine)) = value.get("StateMachineArn") else {
        return Err(scope.runtime_failure(
            "The Parameters of states:startExecution must name the machine in 'StateMachineArn'.",
        ));
    };
    let name = match value.get("Name") {
        None | Some(Value::Null) => scope.draw_uuid(),
        Some(Value::String(name)) => Str::clone(name),
        Some(other) => {
            let what = format_args!("The Name of an execution must be a text: {other}");
            return Err(scope.runtime_failure(what));
        }
    };
    let input = document(value.get("Input")).map_err(|error| {
        let cause = format!("Invalid State Machine Execution Input: '{error}'");
        Failure::new("StepFunctions.InvalidExecutionInputException", cause)
    })?;
    let kind = CallKind::Execution { action: action.clone(), name };
    Ok(Addressed { kind, function: Str::clone(machine), input })
}

/// The answer to `StartExecution`.
fn started(execution_arn: &Str, at: Timestamp) -> Result<Payload, TooDeep> {
    let http = http_metadata()?;
    Payload::object([
        ("ExecutionArn", &text(execution_arn)),
        ("SdkHttpMetadata", &http),
        ("StartDate", &date(at)),
    ])
}

/// An execution that has ended, as `DescribeExecution` shows it, with members in the order of their
/// names.
fn described(
    call: &Call,
    started: &Payload,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<Payload, TooDeep> {
    let from_start = |name| Payload::from(started.value().get(name).cloned().unwrap_or_default());
    let CallKind::Execution { action, name } = &call.kind else {
        unreachable!("only an execution is described");
    };
    // `.sync` gives documents as texts, `.sync:2` as what they are.
    let document = |document: &Payload| match action.completion {
        Completion::Sync2 => document.clone(),
        _ => text(document.text()),
    };
    let included = Payload::object([("Included", &Payload::from(Value::from(true)))])?;
    let (output, failure, status) = match outcome {
        Outcome::Succeeded { output } => (Some(output), None, "SUCCEEDED"),
        Outcome::Failed { failure } => (None, Some(failure), "FAILED"),
        Outcome::TimedOut { failure } => (None, Some(failure), "TIMED_OUT"),
        Outcome::Aborted { failure } => (None, Some(failure), "ABORTED"),
    };
    let mut members: Vec<(&str, Payload)> = Vec::new();
    let parts = failure.map(|failure| [("Cause", &failure.cause), ("Error", &failure.error)]);
    for (name, part) in parts.into_iter().flatten() {
        members.extend(part.as_ref().map(|part| (name, text(part))));
    }
    members.extend([
        ("ExecutionArn", from_start("ExecutionArn")),
        ("Input", document(&call.input)),
        ("InputDetails", included.clone()),
        ("Name", text(name)),
    ]);
    if let Some(output) = output {
        let reason = "Execution is SUCCEEDED and cannot be redriven";
        members.extend([
            ("Output", document(output)),
            ("OutputDetails", included),
            ("RedriveCount", Payload::from(Value::Int(0))),
            ("RedriveStatus", text("NOT_REDRIVABLE")),
            ("RedriveStatusReason", text(reason)),
        ]);
    }
    members.extend([
        ("StartDate", from_start("StartDate")),
        ("StateMachineArn", text(&call.function)),
        ("Status", text(status)),
        ("StopDate", date(now)),
    ]);
    Payload::object(members.iter().map(|(name, part)| (*name, part)))
}

fn text(text: &str) -> Payload {
    Payload::from(Value::from(text))
}

/// The service prints these moments as milliseconds since 1970.
fn date(at: Timestamp) -> Payload {
    Payload::from(Value::Int(at.unix_millis()))
}
