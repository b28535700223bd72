//! The states of one machine: their names, their numbers, and that each can be reached.

use std::collections::BTreeMap;

use stepwell_value::{Object, Str, Value};

use crate::{Code, Kind, Machine, MachineIdx, QueryLanguage, State, StateIdx, Transition};

use super::fields::Fields;
use super::{Draft, kinds};

/// The names of one machine's states, to which its transitions may lead.
pub(super) struct Names<'a> {
    states: BTreeMap<&'a str, StateIdx>,
}

/// How deep machines may nest. Reading recurses by it, so it is what the stack can bear.
const NESTING_MAX: usize = 64;

/// Reads `StartAt` and `States` of the object that has them.
pub(super) fn read(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<MachineIdx> {
    if draft.nesting == NESTING_MAX {
        let message = format!("State machines nest deeper than {NESTING_MAX}");
        draft.schema(fields.location.clone(), message);
        fields.ignore_rest();
        return None;
    }
    draft.nesting += 1;
    let machine = read_machine(draft, fields);
    draft.nesting -= 1;
    machine
}

fn read_machine(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<MachineIdx> {
    let machine = draft.reserve_machine();
    fields.required(draft, "StartAt");
    let start_at = fields.text(draft, "StartAt");
    fields.required(draft, "States");
    let states = fields.object(draft, "States")?;
    if states.object.is_empty() {
        draft.schema(states.location.clone(), "Value cannot be empty");
        return None;
    }
    let indexes: Vec<StateIdx> = draft.reserve_states(states.object.len()).collect();
    let names = Names {
        states: states.object.keys().map(|name| &**name).zip(indexes.iter().copied()).collect(),
    };
    for ((name, state), idx) in states.object.iter().zip(&indexes) {
        let location = states.at(name);
        check_name(draft, name, &location);
        draft.states[idx.0 as usize] = read_state(draft, &names, name, state, location);
    }
    let start = names.resolve(draft, &fields.at("StartAt"), "StartAt", &start_at?)?;
    let complete = Machine { start, states: indexes };
    check_reachability(draft, &complete, states.object, &states.location);
    draft.machines[machine.0 as usize] = Some(complete);
    Some(machine)
}

impl Names<'_> {
    /// The number of the state to which a transition leads.
    pub(super) fn resolve(
        &self,
        draft: &mut Draft,
        location: &str,
        field: &str,
        target: &str,
    ) -> Option<StateIdx> {
        let found = self.states.get(target).copied();
        if found.is_none() {
            let hint = draft.did_you_mean(target, self.states.keys().copied());
            let message = format!("Missing '{field}' target: {target}");
            draft.report(Code::MissingTransitionTarget, location, message, hint);
        }
        found
    }

    /// `Next` or `End: true`, exactly one of them.
    pub(super) fn transition(
        &self,
        draft: &mut Draft,
        fields: &mut Fields<'_>,
    ) -> Option<Transition> {
        let next = fields.text(draft, "Next");
        let end = match fields.value("End") {
            None => false,
            Some(Value::Bool(end)) => *end,
            Some(other) => fields.wrong_type(draft, "End", "a boolean", other)?,
        };
        match (next, end) {
            (Some(next), false) => {
                let location = fields.at("Next");
                self.resolve(draft, &location, "Next", &next).map(Transition::Next)
            }
            (None, true) => Some(Transition::End),
            (Some(_), true) => {
                let message = "Only one of these fields is allowed: [Next, End]";
                draft.schema(fields.location.clone(), message);
                None
            }
            (None, false) => {
                if !fields.has("Next") {
                    let message = "One of these fields is required: [Next, End]";
                    draft.schema_with_hint(
                        fields.location.clone(),
                        message,
                        "add \"Next\": \"STATE\", or \"End\": true for the last state",
                    );
                }
                None
            }
        }
    }
}

fn check_name(draft: &mut Draft, name: &str, location: &str) {
    if name.is_empty() || name.chars().count() > 80 {
        draft.schema(location, "A state's name has 1 to 80 characters");
    }
    if let Some(first) = draft.names.get(name) {
        let message = format!("State names must be unique; the name stands at {first} already");
        draft.report(Code::DuplicateStateName, location, message, None);
    } else {
        draft.names.insert(name.into(), location.into());
    }
}

fn read_state(
    draft: &mut Draft,
    names: &Names<'_>,
    name: &Str,
    state: &Value,
    location: String,
) -> Option<State> {
    let Value::Object(object) = state else {
        draft.schema(location, format!("Expected an object, got {}", state.kind()));
        return None;
    };
    let mut fields = Fields::new(object, location);
    let comment = fields.text(draft, "Comment");
    let outer = draft.language;
    draft.language = state_language(draft, &mut fields);
    let read = kinds::read(draft, names, &mut fields);
    fields.finish(draft);
    draft.language = outer;
    let kinds::Read { kind, flow, assign } = read?;
    Some(State { name: Str::clone(name), comment, flow, assign, kind })
}

/// A state speaks the language of what is around it unless it says otherwise, and it may only
/// leave JSONPath.
fn state_language(draft: &mut Draft, fields: &mut Fields<'_>) -> QueryLanguage {
    let language = fields.query_language(draft).unwrap_or(draft.language);
    if (draft.default_language, language) == (QueryLanguage::Jsonata, QueryLanguage::JsonPath) {
        let message =
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
        draft.schema(fields.location.clone(), message);
        return draft.default_language;
    }
    language
}

/// A state to which nothing leads is a mistake, and the service refuses it.
fn check_reachability(draft: &mut Draft, machine: &Machine, states: &Object, location: &str) {
    let first = machine.states.first().map_or(0, |idx| idx.0);
    let mut reached = vec![false; machine.states.len()];
    let mut frontier = vec![machine.start];
    while let Some(idx) = frontier.pop() {
        if std::mem::replace(&mut reached[(idx.0 - first) as usize], true) {
            continue;
        }
        match &draft.states[idx.0 as usize] {
            Some(state) => frontier.extend(successors(&state.kind)),
            // Where a faulty state leads is not known, so nothing can be said of the others.
            None => return,
        }
    }
    for (name, _) in states.keys().zip(reached).filter(|(_, reached)| !reached) {
        let message = format!("State \"{name}\" is not reachable.");
        draft.report(Code::MissingTransitionTarget, format!("{location}/{name}"), message, None);
    }
}

fn successors(kind: &Kind) -> Vec<StateIdx> {
    let next = |next: &Transition| match next {
        Transition::Next(state) => vec![*state],
        Transition::End => Vec::new(),
    };
    let caught = |recovery: &crate::Recovery, next: Vec<StateIdx>| {
        recovery.catch.iter().map(|catcher| catcher.next).chain(next).collect()
    };
    match kind {
        Kind::Task(task) => caught(&task.recovery, next(&task.next)),
        Kind::Parallel(parallel) => caught(&parallel.recovery, next(&parallel.next)),
        Kind::Map(map) => caught(&map.recovery, next(&map.next)),
        Kind::Pass(pass) => next(&pass.next),
        Kind::Wait(wait) => next(&wait.next),
        Kind::Choice(choice) => {
            choice.rules.iter().map(|rule| rule.next).chain(choice.default).collect()
        }
        Kind::Succeed | Kind::Fail(_) => Vec::new(),
    }
}
