//! A state that was tested by itself.

use stepwell_asl::{Definition, StateIdx};
use stepwell_kernel::{ErrorDetails, Failure, Inspection, Refusal, Tested, Verdict};
use stepwell_value::{Object, Payload, Str, Value};

use crate::parts::{count, members};

/// The answer of `TestState`, with the values on the way if they are to be shown.
pub fn tested(definition: &Definition, tested: &Tested, is_inspected: bool) -> Object {
    let (status, failure, output, next) = match &tested.verdict {
        Verdict::Succeeded { output, next } => ("SUCCEEDED", None, Some(output), *next),
        Verdict::CaughtError { failure, output, next } => {
            ("CAUGHT_ERROR", Some(failure), Some(output), *next)
        }
        Verdict::Retriable { failure } => ("RETRIABLE", Some(failure), None, None),
        Verdict::Failed { failure } => ("FAILED", Some(failure), None, None),
    };
    let name = |state: StateIdx| Value::from(Str::clone(&definition.state(state).name));
    let part = |part: fn(&Failure) -> &Option<Str>| {
        failure.and_then(|failure| part(failure).clone()).map(Value::from)
    };
    let inspection = is_inspected.then(|| inspection(&tested.inspection).into());
    members([
        ("status", Some(status.into())),
        ("output", output.map(text)),
        ("error", part(|failure| &failure.error)),
        ("cause", part(|failure| &failure.cause)),
        ("nextState", next.map(name)),
        ("inspectionData", inspection),
    ])
}

/// The exception with which a test is refused.
pub fn refusal_name(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ForkWithoutMock | Refusal::PatternWithoutMock => "InvalidDefinition",
        Refusal::StateNotFound
        | Refusal::RoleMissing
        | Refusal::SecretsWithMock
        | Refusal::SettingWithoutMock(_)
        | Refusal::NothingToMock(_)
        | Refusal::MockOfBoth
        | Refusal::MockNotJson
        | Refusal::MockNotArray
        | Refusal::MockNotObject
        | Refusal::MockOfOtherLength
        | Refusal::MockOfOtherShape(_)
        | Refusal::TooManyFailures
        | Refusal::Context(_) => "ValidationException",
    }
}

fn inspection(seen: &Inspection) -> Object {
    let document = |payload: &Option<Payload>| payload.as_ref().map(text);
    members([
        ("input", document(&seen.input)),
        ("afterInputPath", document(&seen.after_input_path)),
        ("afterParameters", document(&seen.after_parameters)),
        ("afterArguments", document(&seen.after_arguments)),
        ("afterItemsPath", document(&seen.after_items_path)),
        ("afterItemSelector", document(&seen.after_item_selector)),
        ("afterItemBatcher", document(&seen.after_item_batcher)),
        ("afterItemsPointer", document(&seen.after_items_pointer)),
        ("result", document(&seen.result)),
        ("afterResultSelector", document(&seen.after_result_selector)),
        ("afterResultPath", document(&seen.after_result_path)),
        ("variables", document(&seen.variables)),
        ("maxConcurrency", seen.max_concurrency.map(count)),
        ("toleratedFailureCount", seen.tolerated_failure_count.map(Value::from)),
        ("toleratedFailurePercentage", seen.tolerated_failure_percentage.map(Value::float)),
        ("errorDetails", error_details(&seen.error_details).map(Value::from)),
    ])
}

fn error_details(details: &ErrorDetails) -> Option<Object> {
    let index = |index: Option<usize>| index.map(|index| count(index as u64));
    let backoff = details.retry_backoff.map(|pause| count(pause.as_secs()));
    (*details != ErrorDetails::default()).then(|| {
        members([
            ("catchIndex", index(details.catch_index)),
            ("retryIndex", index(details.retry_index)),
            ("retryBackoffIntervalSeconds", backoff),
        ])
    })
}

fn text(payload: &Payload) -> Value {
    Value::from(payload.text())
}
