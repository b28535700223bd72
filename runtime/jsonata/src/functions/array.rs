//! Arrays.

use stepwell_value::{Str, Value};

use super::Args;
use crate::error::Error;
use crate::evaluator::Evaluator;
use crate::number;
use crate::sequence::{Marks, Out, extend};

type Eval<'x, 'a, 'e> = &'x mut Evaluator<'a, 'e>;

pub(super) fn count(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    Ok(Out::from(number::from_count(args.items(0).map_or(0, |items| items.len()))))
}

pub(super) fn append(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (first, second) = (args.take(0), args.take(1));
    if first.is_undefined() {
        return Ok(second);
    }
    if second.is_undefined() {
        return Ok(first);
    }
    let length = |out: &Out| out.array().map_or(1, |items| items.len());
    evaluator.charge_members(length(&first) + length(&second))?;
    evaluator.spend((length(&first) + length(&second)) / 16)?;
    let mut all = Vec::with_capacity(length(&first) + length(&second));
    for value in [first.value, second.value] {
        match value {
            Some(Value::Array(items)) => extend(&mut all, items),
            Some(value) => all.push(value),
            None => {}
        }
    }
    Ok(Out::from(all))
}

pub(super) fn reverse(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let array = args.take(0);
    let Some(items) = array.array().filter(|items| items.len() > 1) else { return Ok(array) };
    evaluator.charge_members(items.len())?;
    Ok(Out::from(items.iter().rev().cloned().collect::<Vec<_>>()))
}

pub(super) fn zip(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let mut columns = Vec::with_capacity(args.0.len());
    for at in 0..args.0.len() {
        columns.push(args.items(at).unwrap_or_default());
    }
    let length = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    evaluator.charge_members(length.saturating_mul(columns.len() + 1))?;
    let row = |nth: usize| {
        let row = columns.iter().filter_map(|column| column.get(nth).cloned());
        Value::from(row.collect::<Vec<_>>())
    };
    Ok(Out::from((0..length).map(row).collect::<Vec<_>>()))
}

/// Every order is as likely as any other.
pub(super) fn shuffle(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let array = args.take(0);
    let Some(items) = array.array().filter(|items| items.len() > 1) else { return Ok(array) };
    evaluator.charge_members(items.len())?;
    let mut items = items.to_vec();
    for last in (1..items.len()).rev() {
        let random = (evaluator.env.entropy)() % (last as u64 + 1);
        items.swap(last, usize::try_from(random).unwrap_or(0));
    }
    Ok(Out::from(items))
}

pub(super) fn distinct(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let array = args.take(0);
    let Some(items) = array.array().filter(|items| items.len() > 1) else { return Ok(array) };
    let mut kept: Vec<Value> = Vec::new();
    let mut floats = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for item in items.iter() {
        evaluator.spend(1)?;
        // Texts and integers are many in practice, and only equal their own kind.
        let key = match item {
            Value::String(text) => Some((0_i64, Str::clone(text))),
            Value::Int(number) => Some((*number, "#".into())),
            _ => None,
        };
        let is_new = match key {
            Some(key) => {
                let is_new = seen.insert((matches!(item, Value::Int(_)), key));
                evaluator.spend(floats.len() / 16)?;
                let is_known_float = item.as_f64().is_some_and(|number| floats.contains(&number));
                is_new && !is_known_float
            }
            None => {
                evaluator.spend(kept.len())?;
                let mut is_known = false;
                for known in &kept {
                    is_known = is_known || evaluator.deep_equal(known, item)?;
                }
                !is_known
            }
        };
        if is_new {
            if let Value::Float(number) = item {
                floats.push(*number);
            }
            kept.push(item.clone());
        }
    }
    evaluator.charge_members(kept.len())?;
    let marks = if array.marks.has(Marks::SEQUENCE) { Marks::SEQUENCE } else { Marks::NONE };
    Ok(Out { value: Some(kept.into()), marks })
}
