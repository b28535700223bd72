//! A history as the API prints it.

use stepwell_asl::Integration;
use stepwell_kernel::{Call, Detail, Failure, HistoryEvent, Identity};
use stepwell_value::{Object, Payload, Str, Value};

use crate::parts::{count, date};

/// How much of an event is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    All,
    /// What executions work on is left out: `includeExecutionData` is false.
    WithoutData,
}

/// Members that hold what executions work on.
const DATA: [&str; 7] = [
    "input",
    "inputDetails",
    "output",
    "outputDetails",
    "parameters",
    "assignedVariables",
    "assignedVariablesDetails",
];

/// One event. The region is the one that tasks are said to run in.
pub fn event(event: &HistoryEvent, shown: Shown, region: &str) -> Object {
    let kind = event.detail.to_string();
    let mut printed = Object::new();
    printed.insert("timestamp", date(event.at));
    printed.insert("type", kind.as_str());
    printed.insert("id", count(event.id));
    printed.insert("previousEventId", count(event.previous));
    if let Some(mut details) = details(&event.detail, region) {
        if shown == Shown::WithoutData {
            for name in DATA {
                details.remove(name);
            }
        }
        printed.insert(details_name(&event.detail, &kind), details);
    }
    printed
}

/// About how many bytes an event takes when it is printed: what executions work on, and some for
/// the rest.
pub fn event_bytes(detail: &Detail) -> usize {
    const REST: usize = 256;
    let data = match detail {
        Detail::ExecutionStarted { input, .. } | Detail::StateEntered { input, .. } => {
            input.size_bytes()
        }
        Detail::ExecutionSucceeded { output }
        | Detail::LambdaFunctionSucceeded { output }
        | Detail::ActivitySucceeded { output }
        | Detail::TaskSubmitted { output, .. }
        | Detail::TaskSucceeded { output, .. } => output.size_bytes(),
        Detail::StateExited { output, assigned, .. } => {
            output.size_bytes() + assigned.as_ref().map_or(0, Payload::size_bytes)
        }
        Detail::LambdaFunctionScheduled { call } | Detail::ActivityScheduled { call } => {
            call.input.size_bytes()
        }
        Detail::TaskScheduled { call, .. } => call.parameters.size_bytes(),
        _ => 0,
    };
    REST + data
}

/// The member of an event that holds its details: one for all kinds of states, else one per type.
fn details_name(detail: &Detail, kind: &str) -> String {
    match detail {
        Detail::StateEntered { .. } => "stateEnteredEventDetails".to_owned(),
        Detail::StateExited { .. } => "stateExitedEventDetails".to_owned(),
        _ => {
            let mut letters = kind.chars();
            let first = letters.next().map(|letter| letter.to_ascii_lowercase());
            let name: String = first.into_iter().chain(letters).collect();
            format!("{name}EventDetails")
        }
    }
}

fn details(detail: &Detail, region: &str) -> Option<Object> {
    Some(match detail {
        Detail::ExecutionStarted { identity, input } => execution_started(identity, input),
        Detail::ExecutionSucceeded { output }
        | Detail::LambdaFunctionSucceeded { output }
        | Detail::ActivitySucceeded { output } => with_output(Object::new(), output),
        Detail::ExecutionFailed { failure }
        | Detail::ExecutionTimedOut { failure }
        | Detail::ExecutionAborted { failure }
        | Detail::LambdaFunctionFailed { failure }
        | Detail::LambdaFunctionTimedOut { failure }
        | Detail::ActivityFailed { failure }
        | Detail::ActivityTimedOut { failure } => with_failure(Object::new(), failure),
        Detail::StateEntered { name, input, .. } => with_input(named(name), input),
        Detail::StateExited { name, output, assigned, .. } => {
            let details = with_output(named(name), output);
            assigned.iter().fold(details, with_assigned)
        }
        Detail::EvaluationFailed { name, failure, location } => {
            evaluation_failed(name, failure, location.as_ref())
        }
        Detail::LambdaFunctionScheduled { call } | Detail::ActivityScheduled { call } => {
            let resource = Object::from_iter([("resource", Str::clone(&call.function))]);
            with_call(with_input(resource, &call.input), call)
        }
        Detail::ActivityStarted { worker } => {
            let worker = worker.iter().map(|worker| ("workerName", Str::clone(worker)));
            worker.collect()
        }
        Detail::TaskScheduled { action, call } => {
            let mut details = integration(action);
            details.insert("region", region);
            details.insert("parameters", call.parameters.text());
            with_call(details, call)
        }
        Detail::TaskStarted { action } => integration(action),
        Detail::TaskSubmitted { action, output } | Detail::TaskSucceeded { action, output } => {
            with_output(integration(action), output)
        }
        Detail::TaskFailed { action, failure } | Detail::TaskTimedOut { action, failure } => {
            with_failure(integration(action), failure)
        }
        Detail::MapStateStarted { length } => Object::from_iter([("length", Value::from(*length))]),
        Detail::MapRunStarted { map_run_arn } => {
            Object::from_iter([("mapRunArn", Str::clone(map_run_arn))])
        }
        Detail::MapRunFailed { failure } => with_failure(Object::new(), failure),
        Detail::ExecutionRedriven { redrive_count } => {
            Object::from_iter([("redriveCount", *redrive_count)])
        }
        Detail::MapRunRedriven { map_run_arn, redrive_count } => {
            let arn = Value::from(&**map_run_arn);
            Object::from_iter([("mapRunArn", arn), ("redriveCount", Value::from(*redrive_count))])
        }
        Detail::MapIterationStarted { name, index }
        | Detail::MapIterationSucceeded { name, index }
        | Detail::MapIterationFailed { name, index }
        | Detail::MapIterationAborted { name, index } => {
            let mut details = named(name);
            details.insert("index", *index);
            details
        }
        Detail::StateAborted { .. }
        | Detail::LambdaFunctionStarted
        | Detail::ParallelStateStarted
        | Detail::ParallelStateSucceeded
        | Detail::ParallelStateFailed
        | Detail::MapStateSucceeded
        | Detail::MapStateFailed
        | Detail::MapRunSucceeded => return None,
    })
}

fn execution_started(identity: &Identity, input: &Payload) -> Object {
    let mut details = with_input(Object::new(), input);
    details.insert("roleArn", Str::clone(&identity.role_arn));
    let through = [
        ("stateMachineAliasArn", &identity.alias_arn),
        ("stateMachineVersionArn", &identity.version_arn),
    ];
    for (name, arn) in through {
        if let Some(arn) = arn {
            details.insert(name, Str::clone(arn));
        }
    }
    details
}

fn evaluation_failed(state: &Str, failure: &Failure, location: Option<&Str>) -> Object {
    let mut details = with_failure(Object::new(), failure);
    if let Some(location) = location {
        details.insert("location", Str::clone(location));
    }
    details.insert("state", Str::clone(state));
    details
}

fn named(name: &Str) -> Object {
    Object::from_iter([("name", Str::clone(name))])
}

fn integration(action: &Integration) -> Object {
    let resource = action.resource();
    Object::from_iter([("resourceType", &*action.service), ("resource", &resource)])
}

fn with_input(mut details: Object, input: &Payload) -> Object {
    details.insert("input", input.text());
    details.insert("inputDetails", complete());
    details
}

fn with_output(mut details: Object, output: &Payload) -> Object {
    details.insert("output", output.text());
    details.insert("outputDetails", complete());
    details
}

/// Each variable as a text of its own.
fn with_assigned(mut details: Object, assigned: &Payload) -> Object {
    let variables = assigned.value().as_object().into_iter().flat_map(Object::iter);
    let texts = variables.map(|(name, value)| (Str::clone(name), value.to_string()));
    details.insert("assignedVariables", texts.collect::<Object>());
    details.insert("assignedVariablesDetails", complete());
    details
}

/// The text beside it is all there is.
fn complete() -> Object {
    Object::from_iter([("truncated", false)])
}

fn with_failure(mut details: Object, failure: &Failure) -> Object {
    for (name, part) in [("error", &failure.error), ("cause", &failure.cause)] {
        if let Some(part) = part {
            details.insert(name, Str::clone(part));
        }
    }
    details
}

fn with_call(mut details: Object, call: &Call) -> Object {
    if let Some(role) = &call.role_arn {
        details.insert("taskCredentials", Object::from_iter([("roleArn", Str::clone(role))]));
    }
    let limits = [
        ("timeoutInSeconds", call.timeout_seconds),
        ("heartbeatInSeconds", call.heartbeat_seconds),
    ];
    for (name, seconds) in limits {
        if let Some(seconds) = seconds {
            details.insert(name, count(seconds));
        }
    }
    details
}

#[cfg(test)]
mod tests;
