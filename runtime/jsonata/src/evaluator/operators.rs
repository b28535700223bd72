//! Arithmetic, comparison, texts and logic.

use std::sync::Arc;

use stepwell_value::Value;

use super::Evaluator;
use super::Fuel;
use super::scope::Scope;
use crate::ast::{Node, Operator};
use crate::callable;
use crate::error::{Code, Error};
use crate::functions::string;
use crate::number;
use crate::sequence::Out;

/// The most members a range may have.
const RANGE_MAX: i64 = 10_000_000;

impl<'a> Evaluator<'a, '_> {
    #[inline(never)]
    pub(super) fn binary(
        &mut self,
        operator: Operator,
        position: usize,
        (left, right): (&'a Node, &'a Node),
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        let left = self.eval(left, input, scope)?;
        match operator {
            Operator::And if !self.is_truthy(&left)? => return Ok(Out::from(false)),
            Operator::Or if self.is_truthy(&left)? => return Ok(Out::from(true)),
            _ => {}
        }
        let place = |error: Error| {
            if error.is_limit() { error } else { error.at(position).token(operator.symbol()) }
        };
        let right = match self.eval(right, input, scope) {
            // The reference evaluates this side within the operator, and blames the operator.
            Err(error) if matches!(operator, Operator::And | Operator::Or) => {
                return Err(place(error));
            }
            right => right?,
        };
        self.combine(operator, &left, &right).map_err(place)
    }

    fn combine(&mut self, operator: Operator, left: &Out, right: &Out) -> Result<Out, Error> {
        match operator {
            Operator::And | Operator::Or => Ok(Out::from(self.is_truthy(right)?)),
            Operator::Equal | Operator::NotEqual => {
                Ok(Out::from(match (&left.value, &right.value) {
                    (Some(left), Some(right)) => {
                        self.deep_equal(left, right)? == (operator == Operator::Equal)
                    }
                    _ => false,
                }))
            }
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => compare(operator, left, right),
            Operator::Concatenate => self.concatenate(left, right),
            Operator::In => Ok(Out::from(self.is_in(left, right)?)),
            Operator::Range => self.range(left, right),
            _ => arithmetic(operator, left, right),
        }
    }

    #[inline(never)]
    pub(super) fn negate(
        &mut self,
        operand: &'a Node,
        position: usize,
        input: &Out,
        scope: &Scope,
    ) -> Result<Out, Error> {
        let operand = self.eval(operand, input, scope)?;
        match operand.value {
            None => Ok(Out::UNDEFINED),
            Some(Value::Int(number)) if number != i64::MIN => Ok(Out::from(-number)),
            Some(ref value) if numeric(value).is_some() => {
                Ok(Out::from(number::from_f64(-value.as_f64().unwrap_or(f64::NAN))))
            }
            value => Err(Error::new(Code::D1002).at(position).token("-").found(value)),
        }
    }

    fn is_in(&mut self, item: &Out, list: &Out) -> Result<bool, Error> {
        let (Some(item), Some(list)) = (&item.value, &list.value) else { return Ok(false) };
        self.with_fuel(|fuel| match list {
            Value::Array(members) => {
                members.iter().any(|member| fuel.burn() && is_one(item, member, fuel))
            }
            single => is_one(item, single, fuel),
        })
    }

    fn concatenate(&mut self, left: &Out, right: &Out) -> Result<Out, Error> {
        let left = string::text_of(self, left)?;
        let right = string::text_of(self, right)?;
        self.charge_text(left.len() + right.len())?;
        if left.is_empty() || right.is_empty() {
            return Ok(Out::from(if left.is_empty() { right } else { left }));
        }
        let mut text = String::with_capacity(left.len() + right.len());
        text.push_str(&left);
        text.push_str(&right);
        Ok(Out::from(text))
    }

    #[expect(clippy::cast_possible_truncation, reason = "saturates, and no range is that long")]
    fn range(&mut self, first: &Out, last: &Out) -> Result<Out, Error> {
        let whole = |end: &Out, code: Code| match &end.value {
            None => Ok(None),
            Some(Value::Int(number)) => Ok(Some(*number)),
            // Beyond the integers there are whole numbers still.
            Some(Value::Float(number)) if number.is_finite() && number.fract() == 0.0 => {
                Ok(Some(*number as i64))
            }
            Some(value) => Err(Error::new(code).value(value.clone())),
        };
        let (first, last) = (whole(first, Code::T2003)?, whole(last, Code::T2004)?);
        let (Some(first), Some(last)) = (first, last) else { return Ok(Out::UNDEFINED) };
        if first > last {
            return Ok(Out::UNDEFINED);
        }
        let count = last.saturating_sub(first).saturating_add(1);
        if count > RANGE_MAX {
            return Err(Error::new(Code::D2014).value(count));
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.spend(count / 16)?;
        self.charge_members(count)?;
        Ok(Out::sequence((first..=last).map(Value::Int).collect()))
    }
}

/// What counts as true: a text, number, array or object that is not empty or zero. Functions do
/// not.
pub(super) fn is_truthy(value: &Value, fuel: &mut Fuel) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Int(number) => *number != 0,
        Value::Float(number) => *number != 0.0 && !number.is_nan(),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => match items.as_slice() {
            [item] => fuel.burn() && is_truthy(item, fuel),
            items => items.iter().any(|item| fuel.burn() && is_truthy(item, fuel)),
        },
        Value::Object(members) => !members.is_empty(),
    }
}

/// The number, if it is one to calculate with.
pub(crate) fn numeric(value: &Value) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite())
}

/// Refuses what one cannot calculate with.
fn operand(value: &Value, code: Code) -> Result<(), Error> {
    match value {
        Value::Int(_) => Ok(()),
        Value::Float(number) if number.is_finite() => Ok(()),
        Value::Float(number) if number.is_infinite() => {
            Err(Error::new(Code::D1001).value(value.clone()))
        }
        _ => Err(Error::new(code).value(value.clone())),
    }
}

/// The exact result, where it is an integer that fits.
fn exact(operator: Operator, left: i64, right: i64) -> Option<i64> {
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => {
            (left.checked_rem(right)? == 0).then(|| left.checked_div(right)).flatten()
        }
        _ => left.checked_rem(right),
    }
}

fn arithmetic(operator: Operator, left: &Out, right: &Out) -> Result<Out, Error> {
    if let Some(left) = &left.value {
        operand(left, Code::T2001)?;
    }
    if let Some(right) = &right.value {
        operand(right, Code::T2002)?;
    }
    let (Some(left), Some(right)) = (&left.value, &right.value) else {
        return Ok(Out::UNDEFINED);
    };
    if let (Value::Int(left), Value::Int(right)) = (left, right)
        && let Some(exact) = exact(operator, *left, *right)
    {
        return Ok(Out::from(exact));
    }
    let (left, right) = (left.as_f64().unwrap_or(f64::NAN), right.as_f64().unwrap_or(f64::NAN));
    Ok(Out::from(number::from_f64(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        _ => left % right,
    })))
}

fn compare(operator: Operator, left: &Out, right: &Out) -> Result<Out, Error> {
    let comparable = |side: &Out| match &side.value {
        None | Some(Value::String(_) | Value::Int(_)) => true,
        Some(value @ Value::Float(_)) => !callable::is_function(value),
        Some(_) => false,
    };
    for side in [left, right] {
        if !comparable(side) {
            return Err(Error::new(Code::T2010).found(side.value.clone()));
        }
    }
    let (Some(left), Some(right)) = (&left.value, &right.value) else {
        return Ok(Out::UNDEFINED);
    };
    let Some(order) = order_of(left, right) else {
        return Err(Error::new(Code::T2009).value(left.clone()).second(right.clone()));
    };
    Ok(Out::from(order.is_some_and(|order| match operator {
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        _ => order.is_ge(),
    })))
}

/// How two texts or two numbers compare; none for different kinds, none inside for NaN.
#[expect(
    clippy::option_option,
    reason = "kinds that do not compare differ from NaN, which is unordered"
)]
pub(super) fn order_of(left: &Value, right: &Value) -> Option<Option<std::cmp::Ordering>> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(Some(left.cmp(right))),
        (Value::String(left), Value::String(right)) => {
            Some(Some(left.encode_utf16().cmp(right.encode_utf16())))
        }
        (left, right) => Some(left.as_f64()?.partial_cmp(&right.as_f64()?)),
    }
}

/// Whether two values are one: containers are the same only as themselves, however equal they are.
fn is_one(left: &Value, right: &Value, fuel: &mut Fuel) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => left.address() == right.address(),
        (Value::Array(left), Value::Array(right)) => Arc::ptr_eq(left, right),
        (left, right) => deep_equal(left, right, fuel),
    }
}

/// Whether two values are the same JSON, `1` and `1.0` included.
pub(crate) fn deep_equal(left: &Value, right: &Value, fuel: &mut Fuel) -> bool {
    if !fuel.burn() {
        return false;
    }
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right.iter()).all(|(left, right)| deep_equal(left, right, fuel))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| {
                    right.get(name).is_some_and(|right| deep_equal(left, right, fuel))
                })
        }
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            match (callable::index_of(left), callable::index_of(right)) {
                (None, None) => left.as_f64() == right.as_f64(),
                (left, right) => left == right,
            }
        }
        (left, right) => left == right,
    }
}

#[cfg(test)]
mod tests;
