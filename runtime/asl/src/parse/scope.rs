//! Whose variables a machine sees: those of the machines around it, which it must not assign.

use stepwell_value::{Object, Str, Value};

use super::Draft;

/// The names that a machine is the outermost to assign.
pub(super) struct Entered(Vec<Str>);

/// Notes what the states of a machine assign, for the machines inside of it.
pub(super) fn enter(draft: &mut Draft, states: &Object) -> Entered {
    let mut names = Vec::new();
    if states.values().any(has_machines) {
        states.values().for_each(|state| collect(state, &mut names));
    }
    let level = draft.nesting;
    names.retain(|name| {
        let is_new = !draft.variables.contains_key(name);
        if is_new {
            draft.variables.insert(Str::clone(name), level);
        }
        is_new
    });
    Entered(names)
}

pub(super) fn leave(draft: &mut Draft, Entered(names): Entered) {
    for name in names {
        draft.variables.remove(&name);
    }
}

/// Whether a machine around the one that is being read assigns the variable.
pub(super) fn is_outer(draft: &Draft, name: &str) -> bool {
    draft.variables.get(name).is_some_and(|level| *level < draft.nesting)
}

/// The variable that a field of `Assign` sets.
pub(super) fn variable_name(field: &str) -> &str {
    field.strip_suffix(".$").unwrap_or(field)
}

fn has_machines(state: &Value) -> bool {
    ["Branches", "ItemProcessor", "Iterator"].iter().any(|name| state.get(name).is_some())
}

/// A state assigns itself, by the rules of a Choice, and by its catchers.
fn collect(state: &Value, names: &mut Vec<Str>) {
    let entries = ["Choices", "Catch"].iter().filter_map(|name| match state.get(name) {
        Some(Value::Array(entries)) => Some(entries.iter()),
        _ => None,
    });
    for entry in std::iter::once(state).chain(entries.flatten()) {
        if let Some(Value::Object(assigned)) = entry.get("Assign") {
            names.extend(assigned.keys().map(|field| Str::from(variable_name(field))));
        }
    }
}
