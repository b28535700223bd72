//! What the engines have to agree on before their times mean anything.

use anyhow::{Result, ensure};
use stepwell_value::Value;

use crate::cases::Case;
use crate::reference::Reference;
use crate::{core_engine, ours};

pub(crate) fn check(case: &Case, reference: Option<&Reference>) -> Result<()> {
    let own = Value::parse(&ours::Ready::new(case)?.text_to_text(&case.states)?)?;
    let others = [
        (core_engine::TREE, Some(core_engine::Tree::new(case)?.text_to_text(&case.states)?)),
        (core_engine::MACHINE, Some(core_engine::Machine::new(case)?.text_to_text(&case.states)?)),
        (crate::reference::NAME, reference.map(|engine| engine.result(case)).transpose()?),
    ];
    for (engine, result) in others {
        let Some(result) = result else { continue };
        ensure!(same(&own, &Value::parse(&result)?), "{engine} disagrees: {}", case.name);
    }
    Ok(())
}

/// Whether two results are the same but for the last digits of their numbers.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other.iter()).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_shared = |(name, one): (&_, &Value)| {
                let _: &stepwell_value::Str = name;
                other.get(name).is_some_and(|other| same(one, other))
            };
            one.len() == other.len() && one.iter().all(is_shared)
        }
        _ => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) => (one - other).abs() <= one.abs() * 1e-12,
            _ => one == other,
        },
    }
}
