//! A history as the API prints it.

use stepwell_kernel::{Detail, HistoryEvent};
use stepwell_value::{Object, Payload};

use crate::details::{Data, details, details_name};
use crate::parts::{count, date};

/// One event. The region is the one that tasks are said to run in.
pub fn event(event: &HistoryEvent, data: Data, region: &str) -> Object {
    let kind = event.detail.to_string();
    let mut printed = Object::new();
    printed.insert("timestamp", date(event.at));
    printed.insert("type", kind.as_str());
    printed.insert("id", count(event.id));
    printed.insert("previousEventId", count(event.previous));
    if let Some(details) = details(&event.detail, data, region) {
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

#[cfg(test)]
mod tests;
