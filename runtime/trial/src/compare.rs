//! Whether two documents are the same, and what the difference is.
//!
//! The order of members does not count, and a number is the same number whether it is written as
//! `1` or as `1.0`.

use std::collections::BTreeMap;

use similar::{ChangeTag, TextDiff};
use stepwell_value::{Object, Str, Value};

/// The lines around a difference that are shown.
const CONTEXT: usize = 3;

/// The difference between what is expected and what is there, if there is one.
pub(crate) fn exact(expected: &Value, actual: &Value) -> Option<String> {
    let (expected, actual) = (canonical(expected), canonical(actual));
    (expected != actual).then(|| lines(&format!("{expected:#}"), &format!("{actual:#}")))
}

/// As [`exact`], for an expectation that leaves members of objects out.
pub(crate) fn subset(expected: &Value, actual: &Value) -> Option<String> {
    let (expected, actual) = (canonical(expected), canonical(actual));
    let actual = projected(&actual, &expected);
    exact(&expected, &actual)
}

/// What differs between two texts, line by line: `-` is expected, `+` is there.
pub(crate) fn lines(expected: &str, actual: &str) -> String {
    let diff = TextDiff::from_lines(expected, actual);
    let mut text = String::new();
    for (nth, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if nth > 0 {
            text.push_str("  ...\n");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => "- ",
                ChangeTag::Insert => "+ ",
                ChangeTag::Equal => "  ",
            };
            text.push_str(sign);
            text.push_str(change.value().trim_end_matches('\n'));
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Members by name, and integers as such.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::from(items.iter().map(canonical).collect::<Vec<_>>()),
        Value::Object(object) => {
            let members = object.iter().map(|(name, value)| (Str::clone(name), canonical(value)));
            let sorted: BTreeMap<Str, Value> = members.collect();
            Value::from(sorted.into_iter().collect::<Object>())
        }
        Value::Float(number) => integer(*number).map_or(Value::Float(*number), Value::Int),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::String(_) => value.clone(),
    }
}

/// The integer that a number is, if it is one that a float holds exactly.
#[expect(clippy::cast_possible_truncation, reason = "the number is whole and within the bounds")]
fn integer(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// What there is of a document in the places that another one has.
fn projected(value: &Value, onto: &Value) -> Value {
    match (value, onto) {
        (Value::Object(object), Value::Object(onto)) => {
            let members = onto.iter().filter_map(|(name, onto)| {
                Some((Str::clone(name), projected(object.get(name)?, onto)))
            });
            Value::from(members.collect::<Object>())
        }
        (Value::Array(items), Value::Array(onto)) if items.len() == onto.len() => {
            let items = items.iter().zip(&**onto).map(|(item, onto)| projected(item, onto));
            Value::from(items.collect::<Vec<_>>())
        }
        (value, _) => value.clone(),
    }
}

#[cfg(test)]
mod tests;
