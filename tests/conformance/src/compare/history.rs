//! Two histories side by side.

use std::collections::BTreeSet;

use stepwell_value::Value;

use super::difference::{Differences, short};
use super::event::{Event, Step, details};
use super::lineage::Lineage;
use super::{Comparison, How, Placeholders};

pub(super) fn compare(
    expected: &[Value],
    actual: &[Value],
    placeholders: &Placeholders,
) -> Comparison {
    let mut actual: Vec<&Value> = actual.iter().collect();
    actual.sort_by_key(|event| event.get("id").and_then(Value::as_int));
    let expected: Vec<Event> = expected.iter().map(Event::parse).collect();
    let actual: Vec<Event> = actual.into_iter().map(Event::parse).collect();
    let fresh = || Differences::new(placeholders);

    let mut exact = fresh();
    compare_in_order(&expected, &actual, |event| &event.numbered, &mut exact);
    if exact.hard.is_empty() {
        return Comparison::new(How::Exact, exact);
    }
    let mut contents = fresh();
    compare_in_order(&expected, &actual, |event| &event.content, &mut contents);
    let is_same_order = expected.iter().zip(&actual).all(|(event, other)| event.id == other.id);
    if contents.hard.is_empty() && is_same_order && are_numbered(&expected) {
        contents.hard = wrong_causes(&expected, &actual);
        return Comparison::new(How::Order, contents);
    }
    if are_numbered(&expected) && are_numbered(&actual) {
        let mut causal = fresh();
        let trees = Trees { expected: Lineage::new(&expected), actual: Lineage::new(&actual) };
        trees.compare(0, 0, &mut causal);
        // Where nothing runs side by side, the order says more plainly what is wrong.
        let is_plainer = !contents.hard.is_empty() && contents.hard.len() < causal.hard.len();
        return Comparison::new(How::Causal, if is_plainer { contents } else { causal });
    }
    let mut heap = fresh();
    compare_as_heaps(&expected, &actual, &mut heap);
    Comparison::new(How::Heap, heap)
}

/// Every event has a number of its own.
fn are_numbered(events: &[Event]) -> bool {
    let ids: BTreeSet<i64> = events.iter().filter_map(|event| event.id).collect();
    ids.len() == events.len()
}

fn compare_in_order(
    expected: &[Event],
    actual: &[Event],
    part: impl Fn(&Event) -> &Value,
    differences: &mut Differences<'_>,
) {
    for nth in 0..expected.len().max(actual.len()) {
        match (expected.get(nth), actual.get(nth)) {
            (Some(event), Some(other)) => {
                let path = format!("events[{nth}]({})", event.kind);
                differences.compare(part(event), part(other), &path);
            }
            (Some(event), None) => differences.hard.push(format!("events[{nth}]: missing {event}")),
            (None, Some(other)) => {
                let message = format!("events[{nth}]: not expected {other} {}", about(other));
                differences.hard.push(message);
            }
            (None, None) => {}
        }
    }
}

fn about(event: &Event) -> String {
    details(&event.content).map(short).unwrap_or_default()
}

fn wrong_causes(expected: &[Event], actual: &[Event]) -> Vec<String> {
    let pairs = expected.iter().zip(actual).enumerate();
    let wrong = pairs.filter(|(_, (event, other))| event.previous != other.previous);
    let message = |(nth, (event, other)): (usize, (&Event, &Event))| {
        let (kind, expected, actual) = (&event.kind, event.previous, other.previous);
        format!("events[{nth}]({kind}).previousEventId: expected {expected}, got {actual}")
    };
    wrong.map(message).collect()
}

struct Trees<'e> {
    expected: Lineage<'e>,
    actual: Lineage<'e>,
}

impl Trees<'_> {
    /// Compares what follows from one event with what follows from the other.
    fn compare(&self, expected: i64, actual: i64, differences: &mut Differences<'_>) {
        let events = self.expected.children(expected);
        let others = self.actual.children(actual);
        let mut rest: Vec<&Event> = others.to_vec();
        for event in events {
            match self.best(event, &rest, differences) {
                Some((nth, fork)) => {
                    rest.remove(nth);
                    differences.join(fork);
                }
                None => {
                    let there: Vec<String> = others.iter().map(ToString::to_string).collect();
                    let id = event.id.unwrap_or(0);
                    let message = format!(
                        "history: missing {event} (event {id}) after event {expected}; there: {}",
                        there.join(", ")
                    );
                    differences.hard.push(message);
                }
            }
        }
        if differences.hard.is_empty() && turns(events) != turns(others) {
            let (events, others) = (turns(events).join(", "), turns(others).join(", "));
            let message =
                format!("history: after event {expected}: expected {events}, got {others}");
            differences.hard.push(message);
        }
        for other in rest {
            let id = other.id.unwrap_or(0);
            let message = format!(
                "history: not expected {other} (actual event {id}) after event {expected} {}",
                about(other)
            );
            differences.hard.push(message);
        }
    }

    /// The event that fits best with all that follows from it, and how it differs.
    fn best<'p>(
        &self,
        event: &Event,
        others: &[&Event],
        differences: &Differences<'p>,
    ) -> Option<(usize, Differences<'p>)> {
        let mut best: Option<(usize, Differences<'p>)> = None;
        let like = others.iter().enumerate().filter(|(_, other)| event.is_like(other));
        for (nth, other) in like {
            let (id, other_id) = (event.id.unwrap_or(0), other.id.unwrap_or(0));
            let mut fork = differences.fork();
            let path = format!("event#{id}({})", event.kind);
            fork.compare(&event.content, &other.content, &path);
            self.compare(id, other_id, &mut fork);
            let is_perfect = fork.hard.is_empty();
            if best.as_ref().is_none_or(|(_, best)| fork.hard.len() < best.hard.len()) {
                best = Some((nth, fork));
            }
            if is_perfect {
                break;
            }
        }
        best
    }
}

/// The beginnings and ends of attempts, whose order chance does not change.
fn turns<'e>(events: &[&'e Event]) -> Vec<&'e str> {
    let is_turn = |event: &&&Event| match event.step() {
        Some(Step::Started(_) | Step::Ended(_)) => true,
        Some(Step::Entered(_) | Step::Exited(_)) | None => event.kind.ends_with("StateExited"),
    };
    events.iter().filter(is_turn).map(|event| event.kind.as_str()).collect()
}

/// Only the presence of events can be checked; what else is there may have been lost in the
/// recording.
fn compare_as_heaps(expected: &[Event], actual: &[Event], differences: &mut Differences<'_>) {
    let mut rest: Vec<&Event> = actual.iter().collect();
    for (nth, event) in expected.iter().enumerate() {
        let mut best: Option<(usize, Differences<'_>)> = None;
        for (at, other) in rest.iter().enumerate().filter(|(_, other)| event.is_like(other)) {
            let mut fork = differences.fork();
            let path = format!("events[{nth}]({})", event.kind);
            fork.compare(&event.content, &other.content, &path);
            if best.as_ref().is_none_or(|(_, best)| fork.hard.len() < best.hard.len()) {
                best = Some((at, fork));
            }
        }
        match best {
            Some((at, fork)) => {
                rest.remove(at);
                differences.join(fork);
            }
            None => differences.hard.push(format!("events[{nth}]: missing {event}")),
        }
    }
    for other in rest {
        let message = format!("not expected {other} {}", about(other));
        let is_lost = !are_numbered(expected);
        if is_lost { &mut differences.of_form } else { &mut differences.hard }.push(message);
    }
}
