//! Functions that take functions.

use stepwell_value::{Object, Str, Value};

use super::{Args, Items};
use crate::callable;
use crate::error::{Code, Error};
use crate::evaluator::{Evaluator, merge_sort, numeric};
use crate::number::from_count;
use crate::sequence::Out;

type Eval<'x, 'a, 'e> = &'x mut Evaluator<'a, 'e>;

/// Gives a function an item, and its place and the whole array if it wants them.
fn visit(
    evaluator: Eval<'_, '_, '_>,
    (function, arity): (&Value, usize),
    (items, at): (&Items, usize),
) -> Result<Out, Error> {
    let mut arguments = Vec::with_capacity(3);
    arguments.push(Out::from(items[at].clone()));
    if arity >= 2 {
        arguments.push(Out::from(from_count(at)));
    }
    if arity >= 3 {
        arguments.push(Out::from(Value::Array(Items::clone(items))));
    }
    evaluator.invoke(function, arguments)
}

pub(super) fn map(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(items), Some(function)) = (args.items(0), args.value(1)) else {
        return Ok(Out::UNDEFINED);
    };
    let arity = evaluator.arity(&function);
    let mut mapped = Vec::with_capacity(items.len());
    for at in 0..items.len() {
        evaluator.charge_members(1)?;
        mapped.extend(visit(evaluator, (&function, arity), (&items, at))?.value);
    }
    Ok(Out::sequence(mapped))
}

pub(super) fn filter(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(items), Some(function)) = (args.items(0), args.value(1)) else {
        return Ok(Out::UNDEFINED);
    };
    let arity = evaluator.arity(&function);
    let mut kept = Vec::new();
    for at in 0..items.len() {
        let test = visit(evaluator, (&function, arity), (&items, at))?;
        if evaluator.is_truthy(&test)? {
            evaluator.charge_members(1)?;
            kept.push(items[at].clone());
        }
    }
    Ok(Out::sequence(kept))
}

pub(super) fn single(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(items) = args.items(0) else { return Ok(Out::UNDEFINED) };
    let function = args.value(1);
    let mut found = None;
    for at in 0..items.len() {
        let is_match = match &function {
            None => true,
            Some(function) => {
                let arity = evaluator.arity(function);
                let test = visit(evaluator, (function, arity), (&items, at))?;
                evaluator.is_truthy(&test)?
            }
        };
        if is_match {
            if found.is_some() {
                return Err(Error::new(Code::D3138).argument(at));
            }
            found = Some(items[at].clone());
        }
    }
    found.map(Out::from).ok_or_else(|| Error::new(Code::D3139))
}

pub(super) fn reduce(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(items) = args.items(0) else { return Ok(Out::UNDEFINED) };
    let Some(function) = args.value(1) else { return Ok(Out::UNDEFINED) };
    let arity = evaluator.arity(&function);
    if arity < 2 {
        return Err(Error::new(Code::D3050).argument(1));
    }
    let (mut result, first) = match (args.take(2), items.first()) {
        (Out { value: None, .. }, Some(first)) => (Out::from(first.clone()), 1),
        (initial, _) => (initial, 0),
    };
    let mark = evaluator.mark();
    for at in first..items.len() {
        let mut arguments = vec![result, Out::from(items[at].clone())];
        if arity >= 3 {
            arguments.push(Out::from(from_count(at)));
        }
        if arity >= 4 {
            arguments.push(Out::from(Value::Array(Items::clone(&items))));
        }
        result = evaluator.invoke(&function, arguments)?;
        evaluator.settle(mark, &result);
    }
    Ok(result)
}

/// Gives a function a member, its name and the whole object.
fn visit_member(
    evaluator: Eval<'_, '_, '_>,
    (function, arity): (&Value, usize),
    (object, name, member): (&Object, &str, &Value),
) -> Result<Out, Error> {
    let mut arguments = vec![Out::from(member.clone())];
    if arity >= 2 {
        arguments.push(Out::from(name));
    }
    if arity >= 3 {
        arguments.push(Out::from(object.clone()));
    }
    evaluator.invoke(function, arguments)
}

pub(super) fn sift(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(Value::Object(object)), Some(function)) = (args.value(0), args.value(1)) else {
        return Ok(Out::UNDEFINED);
    };
    let arity = evaluator.arity(&function);
    let mut kept = Vec::new();
    for (name, member) in object.iter() {
        let test = visit_member(evaluator, (&function, arity), (&object, name, member))?;
        if evaluator.is_truthy(&test)? {
            evaluator.charge_members(1)?;
            kept.push((Str::clone(name), member.clone()));
        }
    }
    if kept.is_empty() {
        return Ok(Out::UNDEFINED);
    }
    Ok(Out::from(kept.into_iter().collect::<Object>()))
}

pub(super) fn each(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(Value::Object(object)), Some(function)) = (args.value(0), args.value(1)) else {
        return Ok(Out::UNDEFINED);
    };
    let arity = evaluator.arity(&function);
    let mut made = Vec::new();
    for (name, member) in object.iter() {
        evaluator.charge_members(1)?;
        let result = visit_member(evaluator, (&function, arity), (&object, name, member))?;
        made.extend(result.value);
    }
    Ok(Out::sequence(made))
}

/// Sorts by a function that tells whether its first argument belongs behind its second, or
/// naturally.
pub(super) fn sort(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let array = args.take(0);
    let function = args.value(1);
    let Some(items) = array.array().filter(|items| items.len() > 1) else { return Ok(array) };
    evaluator.charge_members(items.len())?;
    if let Some(function) = function {
        let sorted = merge_sort(items.to_vec(), &mut |left: &Value, right: &Value| {
            let arguments = vec![Out::from(left.clone()), Out::from(right.clone())];
            let is_behind = evaluator.invoke(&function, arguments)?;
            Ok(is_behind.value.as_ref().is_some_and(is_true))
        })?;
        return Ok(Out::from(sorted));
    }
    evaluator.spend(items.len())?;
    let mut sorted = items.to_vec();
    if items.iter().all(|item| item.as_str().is_some()) {
        sorted.sort_by(|left, right| {
            let (left, right) = (left.as_str().unwrap_or(""), right.as_str().unwrap_or(""));
            left.encode_utf16().cmp(right.encode_utf16())
        });
    } else if items.iter().all(|item| numeric(item).is_some()) {
        sorted.sort_by(|left, right| match (left, right) {
            (Value::Int(left), Value::Int(right)) => left.cmp(right),
            _ => left.as_f64().unwrap_or_default().total_cmp(&right.as_f64().unwrap_or_default()),
        });
    } else {
        return Err(Error::new(Code::D3070).argument(1));
    }
    Ok(Out::from(sorted))
}

/// What JavaScript takes for true, which is what the reference asks of a comparison.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Int(number) => *number != 0,
        Value::Float(number) => {
            callable::is_function(value) || (*number != 0.0 && !number.is_nan())
        }
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
