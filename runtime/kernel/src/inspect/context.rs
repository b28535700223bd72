//! Holds a made-up context object against the fields that one has.

use stepwell_value::Value;

use super::refusal::ContextFault;
use crate::evaluate::type_name;

/// A field of the context object, with its type if that is checked.
type Field = (&'static str, Option<&'static str>);

const EXECUTION: &[Field] = &[
    ("Id", Some("string")),
    ("Input", None),
    ("Name", Some("string")),
    ("RoleArn", Some("string")),
    ("StartTime", Some("string")),
    ("RedriveCount", Some("number")),
    ("RedriveTime", Some("string")),
];
const STATE: &[Field] =
    &[("EnteredTime", Some("string")), ("Name", Some("string")), ("RetryCount", Some("number"))];
const STATE_MACHINE: &[Field] = &[("Id", Some("string")), ("Name", Some("string"))];
const TASK: &[Field] = &[("Token", Some("string"))];

pub(super) fn check(context: &Value, has_token: bool) -> Result<(), ContextFault> {
    let object = context.as_object().ok_or(ContextFault::NotAnObject)?;
    for (name, part) in object.iter() {
        let fields = match &**name {
            "Execution" => EXECUTION,
            "State" => STATE,
            "StateMachine" => STATE_MACHINE,
            "Task" if has_token => TASK,
            "Task" => return Err(ContextFault::TaskWithoutToken),
            "Map" => return Err(ContextFault::OfMap),
            other => return Err(ContextFault::UnknownField(other.to_owned())),
        };
        check_part(name, part, fields)?;
    }
    Ok(())
}

fn check_part(part_name: &str, part: &Value, fields: &[Field]) -> Result<(), ContextFault> {
    let wrong = |field: String, expected| Err(ContextFault::WrongType { field, expected });
    let Some(object) = part.as_object() else {
        return wrong(part_name.to_owned(), "an object");
    };
    for (name, value) in object.iter() {
        let known = fields.iter().find(|(known, _)| *known == &**name);
        let Some((_, expected)) = known else {
            return Err(ContextFault::UnknownField(name.to_string()));
        };
        if expected.is_some_and(|expected| expected != type_name(value)) {
            let article = if *expected == Some("number") { "a number" } else { "a string" };
            return wrong(format!("{part_name}.{name}"), article);
        }
    }
    Ok(())
}
