//! What a function is applied to, asked for by place and kind.
//!
//! How many arguments there are was settled when the call was parsed. Places count from 1, as in the
//! messages.

use stepwell_value::{Object, Str, Value};

use crate::failure::Reason;

pub(crate) struct Arguments<'v>(pub(crate) &'v [Value]);

impl<'v> Arguments<'v> {
    pub(crate) fn value(&self, nth: usize) -> &'v Value {
        self.0.get(nth - 1).expect("the number of arguments was checked by the parser")
    }

    /// Those behind the first so many.
    pub(crate) fn behind(&self, count: usize) -> &'v [Value] {
        self.0.get(count..).unwrap_or_default()
    }

    pub(crate) fn has(&self, nth: usize) -> bool {
        nth <= self.0.len()
    }

    pub(crate) fn array(&self, nth: usize) -> Result<&'v [Value], Reason> {
        self.value(nth).as_array().ok_or_else(|| self.wrong_kind(nth, "an array"))
    }

    pub(crate) fn object(&self, nth: usize) -> Result<&'v Object, Reason> {
        self.value(nth).as_object().ok_or_else(|| self.wrong_kind(nth, "an object"))
    }

    pub(crate) fn boolean(&self, nth: usize) -> Result<bool, Reason> {
        self.value(nth).as_bool().ok_or_else(|| self.wrong_kind(nth, "a boolean"))
    }

    pub(crate) fn text(&self, nth: usize) -> Result<&'v Str, Reason> {
        match self.value(nth) {
            Value::String(text) => Ok(text),
            _ => Err(self.wrong_kind(nth, "a string")),
        }
    }

    /// A number, rounded as Java's `Math.round` does.
    pub(crate) fn integer(&self, nth: usize) -> Result<i64, Reason> {
        match self.value(nth) {
            Value::Int(number) => Ok(*number),
            Value::Float(number) => Ok(round(*number)),
            _ => Err(self.wrong_kind(nth, "a number")),
        }
    }

    pub(crate) fn small_integer(&self, nth: usize) -> Result<i32, Reason> {
        i32::try_from(self.integer(nth)?).ok().ok_or(Reason::NotInRange { nth })
    }

    fn wrong_kind(&self, nth: usize, wanted: &'static str) -> Reason {
        let found = match self.value(nth) {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        Reason::WrongKind { nth, wanted, found }
    }
}

/// Half a unit goes up, also below zero. The comparison is of the exact fraction, because adding a
/// half would round by itself. Beyond 64 bits the nearest integer that fits is taken.
#[expect(clippy::cast_possible_truncation, reason = "saturates, as in Java")]
fn round(number: f64) -> i64 {
    let floor = number.floor();
    if number - floor >= 0.5 { (floor + 1.0) as i64 } else { floor as i64 }
}
