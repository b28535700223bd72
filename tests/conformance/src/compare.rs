//! Compares what came out with what was recorded.
//!
//! The recorder rewrote what it could not know again: moments, accounts, regions, names that were
//! drawn at random. The same is done to the actual side ([`mask`]), and the placeholders that stand
//! in the recording are matched ([`placeholder`]), each always for the same text.
//!
//! A history may be equal in several ways, and [`How`] says in which. Branches that ran side by side
//! were interleaved by chance; therefore a history whose events hang together as in the recording is
//! equal to it, whatever the order of its branches.

use stepwell_value::{Object, Value};

#[cfg(feature = "http")]
use crate::answer::Exception;
use crate::case::Expected;
use difference::Differences;

pub(crate) use placeholder::Placeholders;

mod difference;
mod era;
mod event;
mod history;
mod lineage;
mod mask;
mod placeholder;

/// How two histories were compared in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Event by event, with their numbers.
    Exact,
    /// Event by event; only what led to an event differs somewhere.
    Order,
    /// As trees of what led to what.
    Causal,
    /// As heaps of events, because the recording has lost their numbers.
    Heap,
    /// By the outcome alone, because nothing else was recorded.
    Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comparison {
    pub how: How,
    /// What differs; nothing if the two are equal.
    pub differences: Vec<String>,
    /// What is written differently and means the same.
    pub of_form: Vec<String>,
}

impl Comparison {
    fn new(how: How, differences: Differences<'_>) -> Self {
        Self { how, differences: differences.hard, of_form: differences.of_form }
    }
}

/// Compares a recording with a response of `GetExecutionHistory`.
pub(crate) fn compare(
    expected: &Expected,
    placeholders: &Placeholders,
    actual: &Value,
) -> Comparison {
    let actual = mask::actual(actual);
    let events = actual.get("events").and_then(Value::as_array).unwrap_or_default();
    match &expected.events {
        Some(recorded) => {
            let recorded: Vec<Value> =
                recorded.iter().map(|event| placeholders.bind(event)).collect();
            history::compare(&recorded, events, placeholders)
        }
        None => {
            let mut differences = Differences::new(placeholders);
            differences.compare(&recorded_outcome(expected, placeholders), &outcome(events), "$");
            Comparison::new(How::Outcome, differences)
        }
    }
}

/// Compares a recorded outcome with what `DescribeExecution` and `StartSyncExecution` tell.
#[cfg(feature = "http")]
pub(crate) fn compare_outcome(
    expected: &Expected,
    placeholders: &Placeholders,
    described: &Value,
) -> Comparison {
    let described = mask::actual(described);
    let part = |name| (name, described.get(name).cloned().unwrap_or_default());
    let actual = Object::from_iter(["status", "output", "error", "cause"].map(part));
    let mut differences = Differences::new(placeholders);
    differences.compare(&recorded_outcome(expected, placeholders), &Value::from(actual), "$");
    Comparison::new(How::Outcome, differences)
}

fn recorded_outcome(expected: &Expected, placeholders: &Placeholders) -> Value {
    placeholders.bind(&Value::from(Object::from_iter([
        ("status", expected.status.clone()),
        ("output", expected.output.clone()),
        ("error", expected.error.clone()),
        ("cause", expected.cause.clone()),
    ])))
}

/// Compares a recorded response with the one that came out.
pub(crate) fn compare_response(
    expected: &Value,
    placeholders: &Placeholders,
    actual: &Value,
) -> Comparison {
    Conversation::new(placeholders).compare_response(expected, actual)
}

/// Answers of one case, one after the other: a placeholder stands for the same text in all of them.
pub(crate) struct Conversation<'p> {
    placeholders: &'p Placeholders,
    bound: placeholder::Bound,
}

impl<'p> Conversation<'p> {
    pub(crate) fn new(placeholders: &'p Placeholders) -> Self {
        Self { placeholders, bound: placeholder::Bound::new() }
    }

    pub(crate) fn compare_response(&mut self, expected: &Value, actual: &Value) -> Comparison {
        let mut differences = Differences::new(self.placeholders);
        differences.bound = std::mem::take(&mut self.bound);
        differences.compare(&self.placeholders.bind(expected), &mask::actual(actual), "$");
        self.bound = differences.bound.clone();
        Comparison::new(How::Outcome, differences)
    }

    /// Compares names and messages; names alone where an emulator has answered the recorder.
    #[cfg(feature = "http")]
    pub(crate) fn compare_exceptions(
        &mut self,
        expected: &Exception,
        actual: &Exception,
    ) -> Comparison {
        let document = |exception: &Exception| {
            let name = ("name", Value::from(&*exception.name));
            Value::from(Object::from_iter([name, ("message", Value::from(&*exception.message))]))
        };
        if !expected.is_of_an_emulator() {
            return self.compare_response(&document(expected), &document(actual));
        }
        let same_message = Exception { name: actual.name.clone(), ..expected.clone() };
        let mut comparison = self.compare_response(&document(expected), &document(&same_message));
        comparison.of_form.push("the message is an emulator's".to_owned());
        comparison
    }
}

/// Status, output, error and cause, as the last event tells them.
fn outcome(events: &[Value]) -> Value {
    let end = events.iter().rev().find_map(|event| {
        let status = match event.get("type")?.as_str()? {
            "ExecutionSucceeded" => "SUCCEEDED",
            "ExecutionFailed" => "FAILED",
            "ExecutionAborted" => "ABORTED",
            "ExecutionTimedOut" => "TIMED_OUT",
            _ => return None,
        };
        Some((status, event::details(event)))
    });
    let (status, details) = end.unwrap_or(("RUNNING", None));
    let part = |name| details.and_then(|details| details.get(name)).cloned().unwrap_or_default();
    Value::from(Object::from_iter([
        ("status", Value::from(status)),
        ("output", part("output")),
        ("error", part("error")),
        ("cause", part("cause")),
    ]))
}

#[cfg(test)]
mod tests;
