//! How much room events take, about.

use stepwell_kernel::{Event, Fact, Failure};
use stepwell_value::{Payload, Str};

/// An event with what belongs to it alone, but for its texts.
const EVENT_BYTES: usize = 160;

/// What the events of a record take. A payload that the event before has too is counted once.
pub(super) fn weight(events: &[Event]) -> usize {
    let mut last = None;
    let mut sum = 0;
    for Event { fact, .. } in events {
        let (payloads, failure) = parts(fact);
        sum += EVENT_BYTES + failure.map_or(0, texts);
        for payload in payloads.into_iter().flatten() {
            if last != Some(payload.address()) {
                sum += payload.size_bytes();
            }
            last = Some(payload.address());
        }
    }
    sum
}

fn texts(Failure { error, cause }: &Failure) -> usize {
    let length = |text: &Option<Str>| text.as_deref().map_or(0, str::len);
    length(error) + length(cause)
}

/// What a fact says that can be of any length.
fn parts(fact: &Fact) -> ([Option<&Payload>; 2], Option<&Failure>) {
    let payloads = match fact {
        Fact::ExecutionStarted { input, .. }
        | Fact::StateEntered { input, .. }
        | Fact::ParallelStarted { input, .. }
        | Fact::ChildStarted { input, .. } => [Some(input), None],
        Fact::TaskScheduled { call, .. } => [Some(&call.parameters), Some(&call.input)],
        Fact::TaskSubmitted { output, .. }
        | Fact::TaskSucceeded { output, .. }
        | Fact::MapRunSucceeded { output, .. }
        | Fact::ChildSucceeded { output, .. }
        | Fact::ForkSucceeded { output, .. }
        | Fact::ExecutionSucceeded { output } => [Some(output), None],
        Fact::MapStarted { items, input, .. } => [Some(input), Some(items)],
        Fact::StateExited { output, assigned, .. } => [Some(output), assigned.as_ref()],
        _ => [None, None],
    };
    let failure = match fact {
        Fact::TaskFailed { failure, .. }
        | Fact::TaskTimedOut { failure, .. }
        | Fact::MapRunFailed { failure, .. }
        | Fact::ChildFailed { failure, .. }
        | Fact::StateFailed { failure, .. }
        | Fact::EvaluationFailed { failure, .. }
        | Fact::ExecutionFailed { failure }
        | Fact::ExecutionTimedOut { failure }
        | Fact::ExecutionAborted { failure } => Some(failure),
        _ => None,
    };
    (payloads, failure)
}
