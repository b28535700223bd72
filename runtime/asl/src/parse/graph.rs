//! Whether a machine's states hang together: there is an end, and a way to each of them.
//!
//! The transitions are read off the JSON, so that a mistake in a state does not hide where it
//! leads.

use std::collections::{BTreeMap, BTreeSet};

use stepwell_value::{Object, Value};

use crate::Code;

use super::Draft;
use super::place::Place;

/// How one state goes on.
struct Ways<'a> {
    targets: Vec<&'a str>,
    is_end: bool,
}

/// The service looks for a state that ends the machine first, and for states to which no transition
/// leads only if there is one. States that lead to each other and to which no other leads it lets
/// pass; of these we warn.
pub(super) fn check(
    draft: &mut Draft,
    start: Option<&Value>,
    states: &Object,
    location: &Place<'_>,
) {
    // Where a state leads of which too much is wrong nobody knows, so nothing is said at all.
    let Some(ways) = states.values().map(ways_of).collect::<Option<Vec<_>>>() else { return };
    if !ways.iter().any(|ways| ways.is_end) {
        draft.report_without_place(Code::MissingEndState, "Workflow has no terminal state");
        return;
    }
    let Some(start) = start.and_then(Value::as_str) else { return };
    let ways: BTreeMap<_, _> = states.keys().map(|name| &**name).zip(ways).collect();
    // From a start that does not exist, nothing is reached; only the first of each chain is told.
    let reached = ways.contains_key(start).then(|| reach(&ways, start));
    if reached.as_ref().is_some_and(|reached| reached.len() == ways.len()) {
        return;
    }
    let led_to = targets(&ways);
    for name in states.keys() {
        let message = format!("State \"{name}\" is not reachable.");
        let location = location.at(name);
        if start != &**name && !led_to.contains(&**name) {
            draft.report(Code::MissingTransitionTarget, location, message, None);
        } else if reached.as_ref().is_some_and(|reached| !reached.contains(&**name)) {
            draft.warn(Code::MissingTransitionTarget, location, message);
        }
    }
}

/// The names of all states to which another leads.
fn targets<'a>(ways: &BTreeMap<&'a str, Ways<'a>>) -> BTreeSet<&'a str> {
    let targets = ways
        .iter()
        .flat_map(|(from, ways)| ways.targets.iter().filter(move |target| *target != from));
    targets.copied().collect()
}

/// The names of all states to which there is a way from the start.
fn reach<'a>(ways: &BTreeMap<&'a str, Ways<'a>>, start: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut frontier = vec![start];
    while let Some(name) = frontier.pop() {
        if let Some(ways) = ways.get(name)
            && reached.insert(name)
        {
            frontier.extend(&ways.targets);
        }
    }
    reached
}

fn ways_of(state: &Value) -> Option<Ways<'_>> {
    let kind = state.get("Type")?.as_str()?;
    let mut targets = Vec::new();
    targets.extend(next(state, "Next"));
    targets.extend(next(state, "Default"));
    for name in ["Choices", "Catch"] {
        if let Some(Value::Array(entries)) = state.get(name) {
            targets.extend(entries.iter().filter_map(|entry| next(entry, "Next")));
        }
    }
    let is_end = match kind {
        "Succeed" | "Fail" => true,
        "Choice" => false,
        _ => matches!(state.get("End"), Some(Value::Bool(true))),
    };
    let goes_on = is_end || kind == "Choice" || next(state, "Next").is_some();
    goes_on.then_some(Ways { targets, is_end })
}

fn next<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}
