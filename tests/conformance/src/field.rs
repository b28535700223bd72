//! Fields that a case must have, or an error that names the one it lacks.

use anyhow::{Context as _, Result, anyhow};
use stepwell_value::{Object, Str, Value};

pub(crate) fn member<'v>(value: &'v Value, name: &str) -> Result<&'v Value> {
    value.get(name).ok_or_else(|| anyhow!("the case has no field `{name}`"))
}

pub(crate) fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str> {
    member(value, name)?.as_str().with_context(|| format!("the field `{name}` is not a text"))
}

pub(crate) fn list<'v>(value: &'v Value, name: &str) -> Result<&'v [Value]> {
    member(value, name)?.as_array().with_context(|| format!("the field `{name}` is not a list"))
}

/// Nothing if the field is missing, null, or not a text.
pub(crate) fn optional_text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// The members of a field; none if it is missing or no object.
pub(crate) fn members<'v>(
    value: &'v Value,
    name: &str,
) -> impl Iterator<Item = (&'v Str, &'v Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flat_map(Object::iter)
}
