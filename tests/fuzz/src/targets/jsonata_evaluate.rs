//! Hostile JSONata on random data: every evaluation ends in a value or an error, within its limits.

use stepwell_jsonata::{Dialect, Env, EvalError, Expression, Limits};
use stepwell_value::{DEPTH_MAX, Value};

use super::expressions::{self, Flavour};
use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::documents::document;
use crate::target::{Target, join_parts, parts};

pub(crate) const TARGET: Target = Target {
    name: "jsonata-evaluate",
    about: "a hostile expression ends in a value or an error, within its limits",
    generate,
    check,
    bytes_max: |input| (BYTES_PER_CHARGED * tight().memory_bytes_max) + 2000 * input,
    test_iterations: 800,
};

/// How many bytes an evaluation may hold for each that it charges. The account reckons as the
/// service does, 24 bytes for a member and two for a character, and our values are larger.
const BYTES_PER_CHARGED: usize = 16;

/// The service's limits, scaled down so that many evaluations fit into a second. An evaluation that
/// escapes its account escapes from these as well.
fn tight() -> Limits {
    Limits { steps_max: 200_000, memory_bytes_max: 2 << 20, ..Limits::STEP_FUNCTIONS }
}

fn generate(chance: &mut Chance, corpus: &Corpus) -> String {
    let text = match chance.below(8) {
        0 => expressions::soup(chance),
        1 => expressions::mutant(chance, corpus),
        2 => expressions::bomb(chance),
        3 => {
            let text = expressions::expression(chance, Flavour::Hostile);
            expressions::damaged(&text, chance, corpus)
        }
        _ => expressions::expression(chance, Flavour::Hostile),
    };
    let size = chance.few(100);
    join_parts(&[&text, &document(chance, size).to_string()])
}

fn check(input: &str) -> Result<(), String> {
    let [text, data] = parts(input);
    let data = Value::parse(data).unwrap_or_default();
    for dialect in [Dialect::Jsonata, Dialect::StepFunctions] {
        let Ok(expression) = Expression::parse_as(text, dialect) else { continue };
        let result = evaluate(&expression, dialect, &data);
        match &result {
            Ok(Some(value)) => check_value(value)?,
            Ok(None) => {}
            Err(error) => check_error(error)?,
        }
        let [first, again] =
            [result, evaluate(&expression, dialect, &data)].map(|result| shown(&result));
        if first != again {
            return Err(format!("first it gives {first}, then {again}"));
        }
    }
    Ok(())
}

/// As the service does it: the data is a variable and there is no context; and as the language has
/// it: the data is the context.
fn evaluate(
    expression: &Expression,
    dialect: Dialect,
    data: &Value,
) -> Result<Option<Value>, EvalError> {
    let mut drawn = 0_u64;
    let mut entropy = || {
        drawn = drawn.wrapping_add(0x9e37_79b9_7f4a_7c15);
        drawn
    };
    let mut env = Env { now_millis: 1_767_355_200_000, entropy: &mut entropy, limits: tight() };
    let input = (dialect == Dialect::Jsonata).then_some(data);
    expression.evaluate(input, &[("states", data.clone()), ("x", data.clone())], &mut env)
}

fn check_value(value: &Value) -> Result<(), String> {
    if !value.nests_within(DEPTH_MAX) {
        return Err("the result nests deeper than JSON may".into());
    }
    let printed = value.to_string();
    match Value::parse(&printed) {
        Ok(again) if again == *value => Ok(()),
        other => Err(format!("the result {printed}\nis read again as {other:?}")),
    }
}

/// As text, because an error may hold a number that is not equal to itself.
fn shown(result: &Result<Option<Value>, EvalError>) -> String {
    match result {
        Ok(Some(value)) => value.to_string(),
        Ok(None) => "undefined".into(),
        Err(error) => error.service_text(),
    }
}

fn check_error(error: &EvalError) -> Result<(), String> {
    // An expression may fail with a message of its own, and that may be empty.
    if error.code().is_empty() || !error.service_text().contains(&error.to_string()) {
        return Err(format!("the error says nothing: {error:?}"));
    }
    Ok(())
}
