//! What came of a state, as `TestState` answers it.

use stepwell_asl::{Definition, StateIdx};
use stepwell_kernel::{ErrorDetails, Failure, Inspection, Tested, Verdict};
use stepwell_value::{Payload, Str, Value};

use super::object;

pub(super) fn response(definition: &Definition, tested: &Tested, is_shown: bool) -> Value {
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
    object([
        ("status", Some(Value::from(status))),
        ("output", output.map(text)),
        ("error", part(|failure| &failure.error)),
        ("cause", part(|failure| &failure.cause)),
        ("nextState", next.map(name)),
        ("inspectionData", is_shown.then(|| inspection(&tested.inspection))),
    ])
}

fn inspection(seen: &Inspection) -> Value {
    let document = |payload: &Option<Payload>| payload.as_ref().map(text);
    object([
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
        ("maxConcurrency", seen.max_concurrency.map(whole)),
        ("toleratedFailureCount", seen.tolerated_failure_count.map(Value::from)),
        ("toleratedFailurePercentage", seen.tolerated_failure_percentage.map(Value::float)),
        ("errorDetails", error_details(&seen.error_details)),
    ])
}

fn error_details(details: &ErrorDetails) -> Option<Value> {
    let index = |index: Option<usize>| index.map(|index| whole(index as u64));
    (*details != ErrorDetails::default()).then(|| {
        object([
            ("catchIndex", index(details.catch_index)),
            ("retryIndex", index(details.retry_index)),
            (
                "retryBackoffIntervalSeconds",
                details.retry_backoff.map(|pause| whole(pause.as_secs())),
            ),
        ])
    })
}

fn text(payload: &Payload) -> Value {
    Value::from(payload.text())
}

fn whole(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
