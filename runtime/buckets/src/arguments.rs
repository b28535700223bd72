//! The arguments of an `ItemReader` and of a `ResultWriter`.

use stepwell_value::{Str, Value};

/// The text of an argument. It says itself what is wrong with one.
pub(crate) fn required(arguments: &Value, name: &str) -> Result<Str, String> {
    let text = optional(arguments, name)?.filter(|text| !text.is_empty());
    text.ok_or_else(|| format!("The field '{name}' is required but was missing"))
}

pub(crate) fn optional(arguments: &Value, name: &str) -> Result<Option<Str>, String> {
    match arguments.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(Str::clone(text))),
        Some(other) => Err(format!("The field '{name}' is no string: {other}")),
    }
}
