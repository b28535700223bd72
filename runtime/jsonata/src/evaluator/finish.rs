//! The end of an evaluation: its result as JSON, and how deep results may nest.

use stepwell_value::{DEPTH_MAX, Object, Str, Value};

use super::Evaluator;
use crate::callable;
use crate::error::{Code, Error};
use crate::limits::Dialect;
use crate::number;
use crate::sequence::Out;

/// How many containers are made between two looks at how deep they nest.
const CHECK_EVERY: u64 = 64;

/// 2 to the power of 63, from which on integers do not fit.
const INTEGER_END: f64 = 9_223_372_036_854_775_808.0;

impl Evaluator<'_, '_> {
    /// Turns a result into JSON: no functions, no infinities, whole numbers as integers.
    pub(super) fn finish(&mut self, result: Out) -> Result<Option<Value>, Error> {
        match result.value {
            None => Ok(None),
            Some(value) => {
                self.check_unfolded(&value)?;
                if !value.nests_within(DEPTH_MAX) {
                    return Err(Error::new(Code::OutOfMemory));
                }
                Ok(Some(written(&value, self.dialect())?.unwrap_or(value)))
            }
        }
    }

    /// Refuses values that nest so deep that handling them would take too much stack.
    ///
    /// A container adds a level at most, so it is enough to look now and then.
    pub(super) fn check_nesting(&mut self, made: &Out) -> Result<(), Error> {
        // A fixed rhythm could meet harmless containers only; this one has no period of use.
        self.made = self.made.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        let Some(value) = &made.value else { return Ok(()) };
        if self.made >> 32 & (CHECK_EVERY - 1) != 0 {
            return Ok(());
        }
        let mut stack = vec![(value, 0)];
        let mut visited = 0;
        while let Some((value, depth)) = stack.pop() {
            visited += 1;
            if depth > DEPTH_MAX {
                return Err(Error::new(Code::OutOfMemory));
            }
            if visited % 1024 == 0 {
                self.spend(1024)?;
            }
            match value {
                Value::Array(items) => stack.extend(
                    items.iter().filter(|item| is_container(item)).map(|item| (item, depth + 1)),
                ),
                Value::Object(members) => stack.extend(
                    members
                        .values()
                        .filter(|item| is_container(item))
                        .map(|item| (item, depth + 1)),
                ),
                _ => {}
            }
        }
        Ok(())
    }
}

fn is_container(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_))
}

/// The value as JSON writes it, or none where it is that already.
fn written(value: &Value, dialect: Dialect) -> Result<Option<Value>, Error> {
    match value {
        Value::Float(number) => written_number(value, *number, dialect),
        Value::Array(items) => {
            let mut changed: Option<Vec<Value>> = None;
            for (at, item) in items.iter().enumerate() {
                if let Some(better) = written(item, dialect)? {
                    changed.get_or_insert_with(|| items.to_vec())[at] = better;
                }
            }
            Ok(changed.map(Value::from))
        }
        Value::Object(members) => {
            let mut changed: Option<Object> = None;
            for (name, member) in members.iter() {
                if let Some(better) = written(member, dialect)? {
                    changed.get_or_insert_with(|| members.clone()).insert(Str::clone(name), better);
                }
            }
            Ok(changed.map(Value::Object))
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::String(_) => Ok(None),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole and within the range of i64")]
fn written_number(value: &Value, number: f64, dialect: Dialect) -> Result<Option<Value>, Error> {
    if callable::is_function(value) {
        return Err(Error::new(Code::UnsupportedResult));
    }
    if !number.is_finite() {
        return Ok(Some(match dialect {
            Dialect::StepFunctions => number::text_of(number).into(),
            Dialect::Jsonata => Value::Null,
        }));
    }
    if number.fract() == 0.0 && number.abs() < INTEGER_END {
        return Ok(Some(Value::Int(number as i64)));
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
