//! Whether a machine's states hang together: there is an end, and a way to each of them.
//!
//! The transitions are read off the JSON, so that a mistake in a state does not hide where it
//! leads.

use stepwell_value::{Object, Value};

use crate::Code;

use super::Draft;
use super::place::Place;

/// How the states go on, each by its place among them.
struct Ways<'a> {
    states: &'a Object,
    /// The states to which each leads, one list behind the other.
    targets: Vec<usize>,
    /// Where each state's list ends.
    ends: Vec<usize>,
    has_end: bool,
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
    let Some(ways) = Ways::of(states) else { return };
    if !ways.has_end {
        draft.report_without_place(Code::MissingEndState, "Workflow has no terminal state");
        return;
    }
    let Some(start) = start.and_then(Value::as_str) else { return };
    let start = states.position(start);
    // From a start that does not exist, nothing is reached; only the first of each chain is told.
    let reached = start.map(|start| ways.reach(start));
    if reached.as_ref().is_some_and(|reached| reached.iter().all(|is_reached| *is_reached)) {
        return;
    }
    let led_to = ways.led_to();
    for (nth, name) in states.keys().enumerate() {
        let message = format!("State \"{name}\" is not reachable.");
        let location = location.at(name);
        if start != Some(nth) && !led_to[nth] {
            draft.report(Code::MissingTransitionTarget, location, message, None);
        } else if reached.as_ref().is_some_and(|reached| !reached[nth]) {
            draft.warn(Code::MissingTransitionTarget, location, message);
        }
    }
}

impl<'a> Ways<'a> {
    fn of(states: &'a Object) -> Option<Self> {
        let (targets, ends) = (Vec::new(), Vec::with_capacity(states.len()));
        let mut ways = Self { states, targets, ends, has_end: false };
        states.values().try_for_each(|state| ways.add(state))?;
        Some(ways)
    }

    /// Adds what a state says; none if that is too little.
    fn add(&mut self, state: &Value) -> Option<()> {
        let kind = state.get("Type")?.as_str()?;
        let next = target(state, "Next");
        self.lead_to(next);
        self.lead_to(target(state, "Default"));
        for name in ["Choices", "Catch"] {
            if let Some(Value::Array(entries)) = state.get(name) {
                entries.iter().for_each(|entry| self.lead_to(target(entry, "Next")));
            }
        }
        let is_end = match kind {
            "Succeed" | "Fail" => true,
            "Choice" => false,
            _ => matches!(state.get("End"), Some(Value::Bool(true))),
        };
        self.has_end |= is_end;
        self.ends.push(self.targets.len());
        (is_end || kind == "Choice" || next.is_some()).then_some(())
    }

    /// A target that does not exist is reported where it is read.
    fn lead_to(&mut self, target: Option<&str>) {
        self.targets.extend(target.and_then(|target| self.states.position(target)));
    }

    fn targets_of(&self, state: usize) -> &[usize] {
        let start = state.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.targets[start..self.ends[state]]
    }

    /// Of each state whether another leads to it.
    fn led_to(&self) -> Vec<bool> {
        let mut led_to = vec![false; self.ends.len()];
        for from in 0..self.ends.len() {
            for target in self.targets_of(from).iter().filter(|target| **target != from) {
                led_to[*target] = true;
            }
        }
        led_to
    }

    /// Of each state whether there is a way to it from the start.
    fn reach(&self, start: usize) -> Vec<bool> {
        let mut reached = vec![false; self.ends.len()];
        let mut frontier = vec![start];
        while let Some(state) = frontier.pop() {
            if !std::mem::replace(&mut reached[state], true) {
                frontier.extend(self.targets_of(state));
            }
        }
        reached
    }
}

fn target<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}
