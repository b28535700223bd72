//! Objects, truth, and what kind of value something is.

use std::collections::BTreeSet;

use stepwell_value::{Object, Str, Value};

use super::Args;
use crate::callable;
use crate::error::{Code, Error};
use crate::evaluator::{Evaluator, Fuel, lookup_in};
use crate::sequence::{Out, flatten_into};

type Eval<'x, 'a, 'e> = &'x mut Evaluator<'a, 'e>;

pub(super) fn boolean(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let value = args.take(0);
    let is_truthy = evaluator.is_truthy(&value)?;
    Ok(if value.is_undefined() { Out::UNDEFINED } else { Out::from(is_truthy) })
}

pub(super) fn not(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let value = args.take(0);
    let is_truthy = evaluator.is_truthy(&value)?;
    Ok(if value.is_undefined() { Out::UNDEFINED } else { Out::from(!is_truthy) })
}

pub(super) fn exists(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    Ok(Out::from(args.value(0).is_some()))
}

pub(super) fn type_of(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(value) = args.value(0) else { return Ok(Out::UNDEFINED) };
    Ok(Out::from(if callable::is_function(&value) { "function" } else { value.kind() }))
}

pub(super) fn keys(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    if let Some(value) = args.value(0) {
        evaluator.with_fuel(|fuel| collect_keys(&value, &mut seen, &mut found, fuel))?;
    }
    evaluator.charge_members(found.len())?;
    evaluator.spend(found.len())?;
    Ok(Out::sequence(found))
}

fn collect_keys(value: &Value, seen: &mut BTreeSet<Str>, found: &mut Vec<Value>, fuel: &mut Fuel) {
    match value {
        Value::Array(items) => {
            for item in items.iter() {
                if !fuel.burn() {
                    return;
                }
                collect_keys(item, seen, found, fuel);
            }
        }
        Value::Object(members) => {
            for key in members.keys().take_while(|_| fuel.burn()) {
                if seen.insert(Str::clone(key)) {
                    found.push(Value::String(Str::clone(key)));
                }
            }
        }
        _ => {}
    }
}

pub(super) fn lookup(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(value), Some(name)) = (args.value(0), args.text(1)) else {
        return Ok(Out::UNDEFINED);
    };
    let Value::Array(items) = value else {
        return evaluator.with_fuel(|fuel| lookup_in(&value, &name, fuel));
    };
    // Not reduced to a single member: whoever called does that, or does not.
    evaluator.with_fuel(|fuel| {
        let mut found = Vec::new();
        for item in items.iter() {
            flatten_into(&mut found, lookup_in(item, &name, fuel));
        }
        Out::sequence(found)
    })
}

pub(super) fn spread(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(value) = args.value(0) else { return Ok(Out::UNDEFINED) };
    if !matches!(value, Value::Array(_) | Value::Object(_)) {
        return Ok(Out::from(value));
    }
    let mut found = Vec::new();
    evaluator.with_fuel(|fuel| spread_into(&value, &mut found, fuel))?;
    evaluator.charge_members(found.len() * 2)?;
    // What an array has is appended, and appending makes a plain array.
    let is_plain = value.as_array().is_some_and(|items| !items.is_empty());
    Ok(if is_plain { Out::from(found) } else { Out::sequence(found) })
}

fn spread_into(value: &Value, found: &mut Vec<Value>, fuel: &mut Fuel) {
    if !fuel.burn() {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| spread_into(item, found, fuel)),
        Value::Object(members) => {
            for (name, member) in members.iter() {
                if !fuel.keep() {
                    return;
                }
                let single: Object = [(Str::clone(name), member.clone())].into_iter().collect();
                found.push(single.into());
            }
        }
        other if fuel.keep() => found.push(other.clone()),
        _ => {}
    }
}

pub(super) fn merge(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(items) = args.items(0) else { return Ok(Out::UNDEFINED) };
    let mut members = Vec::new();
    for object in items.iter().filter_map(Value::as_object) {
        evaluator.charge_members(object.len())?;
        evaluator.spend(object.len())?;
        members.extend(object.iter().map(|(name, member)| (Str::clone(name), member.clone())));
    }
    Ok(Out::from(members.into_iter().collect::<Object>()))
}

pub(super) fn error(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let message = args.text(0).unwrap_or_else(|| "$error() function evaluated".into());
    Err(Error::new(Code::D3137).message(&*message))
}

pub(super) fn assert(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    if evaluator.is_truthy(&args.take(0))? {
        return Ok(Out::UNDEFINED);
    }
    let message = args.text(1).unwrap_or_else(|| "$assert() statement failed".into());
    Err(Error::new(Code::D3141).message(&*message))
}
