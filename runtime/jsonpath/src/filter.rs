//! The condition of `[?(...)]`, and how it decides.
//!
//! A filter is alternatives of conjunctions: `a && b || c`. Parentheses around its parts are
//! accepted and mean nothing, in this dialect: `(a || b) && c` is `a || b && c`.
//!
//! Literals have no type of their own. `2`, `'2'` and `true` are texts, and the value they are
//! compared with decides how: a number makes the text a number, a boolean makes it a boolean, a text
//! compares as text. Values that cannot be compared make every operator false, `!=` included, and so
//! does a value that is missing.

use std::borrow::Cow;
use std::cmp::Ordering;

use regex::Regex;
use stepwell_value::{Str, Value};

use crate::JavaText;
use crate::ReadError;
use crate::read::{Reader, follow};
use crate::step::Step;

#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// One has to hold; it holds when all its conditions do.
    pub(crate) alternatives: Vec<Vec<Condition>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// There and not null, or the opposite.
    Exists {
        path: FilterPath,
        wanted: bool,
    },
    Compare {
        left: Operand,
        operator: Operator,
        right: Operand,
    },
    /// The whole text matches.
    Matches {
        operand: Operand,
        pattern: Regex,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Path(FilterPath),
    Text(Str),
}

/// A definite path from the value in question (`@`) or from the document (`$`).
#[derive(Clone, Debug)]
pub(crate) struct FilterPath {
    pub(crate) from_document: bool,
    pub(crate) steps: Vec<Step>,
}

impl Filter {
    /// How many conditions there are to decide.
    pub(crate) fn cost(&self) -> usize {
        self.alternatives.iter().map(Vec::len).sum()
    }

    /// Fails only where a path is misused, such as an index on a text.
    pub(crate) fn accepts(&self, item: &Value, document: &Value) -> Result<bool, ReadError> {
        for conditions in &self.alternatives {
            if holds_all(conditions, item, document)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn holds_all(conditions: &[Condition], item: &Value, document: &Value) -> Result<bool, ReadError> {
    for condition in conditions {
        if !condition.holds(item, document)? {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Condition {
    fn holds(&self, item: &Value, document: &Value) -> Result<bool, ReadError> {
        Ok(match self {
            Self::Exists { path, wanted } => {
                path.read(item, document)?.is_some_and(|value| !value.is_null()) == *wanted
            }
            Self::Compare { left, operator, right } => {
                match (left.read(item, document)?, right.read(item, document)?) {
                    (Some(left), Some(right)) => operator.holds(&left, &right),
                    _ => false,
                }
            }
            Self::Matches { operand, pattern } => match operand.read(item, document)?.as_deref() {
                None | Some(Value::Null) => false,
                Some(Value::String(text)) => pattern.is_match(text),
                Some(value) => pattern.is_match(&JavaText(value).to_string()),
            },
        })
    }
}

impl Operand {
    fn read<'d>(
        &'d self,
        item: &'d Value,
        document: &'d Value,
    ) -> Result<Option<Cow<'d, Value>>, ReadError> {
        match self {
            Self::Path(path) => path.read(item, document),
            Self::Text(text) => Ok(Some(Cow::Owned(Value::String(Str::clone(text))))),
        }
    }
}

impl FilterPath {
    /// None when the value is not there.
    fn read<'d>(
        &'d self,
        item: &'d Value,
        document: &'d Value,
    ) -> Result<Option<Cow<'d, Value>>, ReadError> {
        let from = if self.from_document { document } else { item };
        if let Some(value) = follow(&self.steps, from) {
            return Ok(Some(Cow::Borrowed(value)));
        }
        match Reader::new(from, true).run(&self.steps) {
            Ok(mut results) => Ok(results.pop()),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Operator {
    fn holds(self, left: &Value, right: &Value) -> bool {
        let ordered = !matches!(self, Self::Equal | Self::NotEqual);
        // An order needs null on both sides or on neither.
        if ordered && left.is_null() != right.is_null() {
            return false;
        }
        let Some(order) = compare(left, right) else { return false };
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// The order of two values, none when they do not compare. A text on the right side, which is where
/// literals usually are, takes the kind of the left.
fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    let nullish = |value: &Value| value.is_null() || value.as_str() == Some("null");
    match (nullish(left), nullish(right)) {
        (true, true) => return Some(Ordering::Equal),
        (true, false) => return Some(Ordering::Less),
        (false, true) => return Some(Ordering::Greater),
        (false, false) => {}
    }
    match (left, right) {
        (Value::String(left), Value::String(right)) => {
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        (Value::Int(_) | Value::Float(_), Value::String(text)) => {
            compare_numbers(left, &number(text)?)
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            compare_numbers(left, right)
        }
        (Value::Bool(flag), Value::String(text)) => {
            Some(flag.cmp(&text.eq_ignore_ascii_case("true")))
        }
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// Integers exactly, anything else as floating-point numbers.
fn compare_numbers(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

fn number(text: &str) -> Option<Value> {
    // What `f64` reads beside numbers, such as `inf`, becomes null, and null is not a number.
    text.parse().map(Value::Int).or_else(|_| text.parse().map(Value::float)).ok()
}

#[cfg(test)]
mod tests;
