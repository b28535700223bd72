//! The states of one machine: their names and their numbers.

use stepwell_value::{Object, Str, Value};

use crate::{Code, Machine, MachineIdx, QueryLanguage, State, StateIdx, Transition};

use super::fields::Fields;
use super::place::{At, Place};
use super::{Draft, graph, kinds, scope};

/// The names of one machine's states, to which its transitions may lead.
pub(super) struct Names<'a> {
    states: &'a Object,
    /// The states' numbers, in the same order.
    indexes: &'a [StateIdx],
    others: Others,
}

/// What becomes of a transition to a name that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    Missing,
    /// The machine around the state is not known; there may be such a state.
    Imagined,
}

/// How deep machines may nest. Reading recurses by it, so it is what the stack can bear.
const NESTING_MAX: usize = 64;

/// The longest name that the service gives a state, in characters.
const NAME_LENGTH_MAX: usize = 80;

/// Reads `StartAt` and `States` of the object that has them.
pub(super) fn read(draft: &mut Draft, fields: &mut Fields<'_>) -> Option<MachineIdx> {
    if draft.nesting == NESTING_MAX {
        let message = format!("State machines nest deeper than {NESTING_MAX}");
        draft.report(Code::TooDeeplyNested, fields.location.clone(), message, None);
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
    let names = Names { states: states.object, indexes: &indexes, others: Others::Missing };
    let start = start_at.and_then(|name| names.resolve(draft, fields.at("StartAt"), &name));
    let entered = scope::enter(draft, states.object);
    for ((name, state), idx) in states.object.iter().zip(&indexes) {
        check_name(draft, name, states.at(name));
        let location = states.location.field(name);
        draft.states[idx.0 as usize] = read_state(draft, &names, name, state, location);
    }
    scope::leave(draft, entered);
    graph::check(draft, fields.object.get("StartAt"), states.object, &states.location);
    draft.machines[machine.0 as usize] = Some(Machine { start: start?, states: indexes });
    Some(machine)
}

/// Reads a state that stands alone, as the only one of a machine.
pub(super) fn of_state(draft: &mut Draft, object: &Object) -> Option<MachineIdx> {
    const NAME: &str = "StateName";
    let machine = draft.reserve_machine();
    let start = draft.reserve_states(1).next()?;
    let alone = Object::from_iter([(NAME, object.clone())]);
    let names = Names { states: &alone, indexes: &[start], others: Others::Imagined };
    let (outermost, name) = (Place::outermost(), Str::from(NAME));
    let states = outermost.field("States");
    draft.names.insert(Str::clone(&name));
    let mut fields = Fields::new(object, states.field(NAME));
    // It stands for the whole definition, whose language the states inside of it speak.
    draft.default_language = fields.query_language(draft).unwrap_or(draft.default_language);
    draft.states[start.0 as usize] = read_fields(draft, &names, &name, fields);
    draft.machines[machine.0 as usize] = Some(Machine { start, states: vec![start] });
    Some(machine)
}

impl Names<'_> {
    /// The number of the state to which a transition leads.
    pub(super) fn resolve(
        &self,
        draft: &mut Draft,
        location: At<'_>,
        target: &str,
    ) -> Option<StateIdx> {
        let position = self.states.position(target);
        let found = position.and_then(|position| self.indexes.get(position).copied());
        if found.is_none() && self.others == Others::Imagined {
            return Some(draft.imagine(target));
        }
        if found.is_none() {
            let hint = draft.did_you_mean(target, self.states.keys().map(|name| &**name));
            // The word is the same wherever the name stands.
            let message = format!("Missing 'Next' target: {target}");
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
                self.resolve(draft, location, &next).map(Transition::Next)
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

fn check_name(draft: &mut Draft, name: &Str, location: At<'_>) {
    let problem = match name.chars().count() {
        0 => Some("Invalid State name: the name is empty".to_owned()),
        1..=NAME_LENGTH_MAX => None,
        _ => Some(format!(
            "Invalid State name: State '{name}' exceeds the {NAME_LENGTH_MAX}-character limit \
             allowed by the service"
        )),
    };
    if let Some(message) = problem {
        draft.report(Code::InvalidStateName, location, message, None);
    }
    if !draft.names.insert(Str::clone(name)) {
        report_duplicate_name(draft, name, location);
    }
}

pub(super) fn report_duplicate_name(draft: &mut Draft, name: &str, location: impl Into<String>) {
    let message = format!("Duplicate State name: {name}");
    draft.report(Code::DuplicateStateName, location, message, None);
}

fn read_state(
    draft: &mut Draft,
    names: &Names<'_>,
    name: &Str,
    state: &Value,
    location: Place<'_>,
) -> Option<State> {
    let Value::Object(object) = state else {
        draft.schema(location, format!("Expected an object, got {}", state.kind()));
        return None;
    };
    read_fields(draft, names, name, Fields::new(object, location))
}

fn read_fields(
    draft: &mut Draft,
    names: &Names<'_>,
    name: &Str,
    mut fields: Fields<'_>,
) -> Option<State> {
    let comment = fields.text(draft, "Comment");
    let outer = draft.language;
    draft.language = state_language(draft, &mut fields);
    let read = kinds::read(draft, names, &mut fields);
    fields.finish_in_language(draft);
    draft.language = outer;
    let kinds::Read { kind, flow, assign } = read?;
    Some(State { name: Str::clone(name), comment, flow, assign, kind })
}

/// A state speaks the language of the whole definition unless it says otherwise, and it may only
/// leave JSONPath. What the state around it says does not matter.
fn state_language(draft: &mut Draft, fields: &mut Fields<'_>) -> QueryLanguage {
    let language = fields.query_language(draft).unwrap_or(draft.default_language);
    if (draft.default_language, language) == (QueryLanguage::Jsonata, QueryLanguage::JsonPath) {
        let message =
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
        draft.schema(fields.location.clone(), message);
        return draft.default_language;
    }
    language
}
