//! JSONata against a second implementation, `jsonata-core`: both must find the same value.
//!
//! Only the fact of an error is compared, not its text. Where the two are known to differ is
//! listed in `differences.rs`, each with its reason; where the reference implementation is on this
//! machine, it decides instead.

use std::panic;

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use stepwell_jsonata::{Dialect, Env, Expression, Limits};
use stepwell_value::{Object, Value};

use super::expressions::{self, Flavour};
use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::target::{Target, join_parts, parts};

mod differences;
mod reference;

pub(crate) const TARGET: Target = Target {
    name: "jsonata-oracle",
    about: "an expression has the value that a second implementation finds",
    generate,
    check,
    // The second implementation has no account of its memory.
    bytes_max: |_| 1 << 30,
    test_iterations: 1_500,
};

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Value(Value),
    Undefined,
    /// A function, alone or within a value.
    Function,
    Error(String),
    /// A limit was met: there is no answer.
    TooMuch,
}

impl Answer {
    fn shown(&self) -> String {
        match self {
            Self::Value(value) => value.to_string(),
            Self::Undefined => "undefined".into(),
            Self::Function => "a function".into(),
            Self::Error(text) => format!("the error {text}"),
            Self::TooMuch => "too much".into(),
        }
    }
}

fn generate(chance: &mut Chance, corpus: &Corpus) -> String {
    let text = match chance.below(6) {
        0 => expressions::seed(chance, corpus),
        1 => expressions::mutant(chance, corpus),
        _ => expressions::expression(chance, Flavour::Shared),
    };
    join_parts(&[&text, &data(chance).to_string()])
}

/// Data of the kind that expressions ask about, with numbers that both sides hold exactly.
fn data(chance: &mut Chance) -> Value {
    let mut members = Object::new();
    for name in ["a", "b", "c", "items", "price", "name", "x y", "d"] {
        if !chance.one_in(3) {
            members.insert(name, part(chance, 3));
        }
    }
    if chance.one_in(12) { part(chance, 3) } else { members.into() }
}

fn part(chance: &mut Chance, depth: usize) -> Value {
    let scalar = depth == 0 || chance.one_in(3);
    match if scalar { chance.below(6) } else { 6 + chance.below(3) } {
        0 => Value::Null,
        1 => Value::Bool(chance.one_in(2)),
        2 => Value::from(chance.pick(&["", "a", "abc", "1", "B", "x y", "2.5"])),
        3 => Value::Float(*chance.item(&[0.5, 1.5, -2.25, 1e21, 1e-7, 0.1])),
        4 | 5 => Value::Int(*chance.item(&[0, 1, 2, 3, -1, 10, 100, 1_000_000])),
        6 => {
            let count = chance.few(4);
            Value::from((0..count).map(|_| part(chance, depth - 1)).collect::<Vec<_>>())
        }
        7 => records(chance),
        _ => {
            let count = chance.few(4);
            let names = ["a", "b", "c", "price", "name", "x y"];
            let members = (0..count).map(|_| (chance.pick(&names), part(chance, depth - 1)));
            Value::Object(members.collect())
        }
    }
}

/// Objects of one kind, as in a table.
fn records(chance: &mut Chance) -> Value {
    let count = chance.few(5);
    let record = |nth| {
        Value::Object(Object::from_iter([
            ("name", Value::from(chance.pick(&["x", "y", "z"]))),
            ("price", Value::Int(*chance.item(&[1, 2, 5, 10]))),
            ("a", Value::Int(nth)),
        ]))
    };
    Value::from((0..i64::try_from(count).unwrap_or(0)).map(record).collect::<Vec<_>>())
}

fn check(input: &str) -> Result<(), String> {
    let [text, data] = parts(input);
    let data = Value::parse(data).unwrap_or_default();
    let ours = ours(text, &data);
    if ours == Answer::TooMuch {
        return Ok(());
    }
    let theirs = theirs(text, &data);
    if theirs == Answer::TooMuch || is_same(&ours, &theirs) {
        return Ok(());
    }
    let is_known = match reference::answer(text, &data)? {
        // JavaScript puts members whose names are numbers before all others.
        Some(reference) => {
            ours == reference || is_same(&ours, &reference) || differences::are_left_out(text)
        }
        None => {
            differences::are_expected_of(text)
                || differences::are_expected_between(text, &ours, &theirs)
        }
    };
    if is_known {
        return Ok(());
    }
    Err(format!("ours is {}\nand theirs {}", ours.shown(), theirs.shown()))
}

fn ours(text: &str, data: &Value) -> Answer {
    let mut entropy = || 0;
    let limits = Limits { steps_max: 300_000, ..Limits::GENEROUS };
    let mut env = Env { now_millis: 0, entropy: &mut entropy, limits };
    let result = Expression::parse_as(text, Dialect::Jsonata)
        .and_then(|expression| expression.evaluate(Some(data), &(), &mut env));
    match result {
        Ok(Some(value)) => Answer::Value(value),
        Ok(None) => Answer::Undefined,
        // The depth of an expression is limited as well.
        Err(error) if error.is_limit() || error.code() == "S0218" => Answer::TooMuch,
        Err(error) if error.is_unsupported_result() => Answer::Function,
        Err(error) => Answer::Error(format!("{}: {error}", error.code())),
    }
}

/// The other implementation may panic and may take for ever; neither is our defect.
fn theirs(text: &str, data: &Value) -> Answer {
    let evaluated = panic::catch_unwind(|| {
        let options = EvaluatorOptions {
            timeout_ms: Some(1000),
            max_stack_depth: Some(400),
            max_sequence_length: Some(100_000),
            ..EvaluatorOptions::default()
        };
        let tree = match parser::parse(text) {
            Ok(tree) => tree,
            Err(error) => return Answer::Error(error.to_string()),
        };
        let Ok(data) = JValue::from_json_str(&data.to_string()) else { return Answer::TooMuch };
        let mut evaluator = Evaluator::with_options(Context::new(), options);
        match evaluator.evaluate(&tree, &data) {
            Ok(value) => answer(&value),
            Err(error) if ["D1011", "D1012", "D2015"].contains(&error.code().unwrap_or("")) => {
                Answer::TooMuch
            }
            Err(error) => Answer::Error(error.to_string()),
        }
    });
    evaluated.unwrap_or(Answer::TooMuch)
}

fn answer(value: &JValue) -> Answer {
    if value.is_undefined() {
        return Answer::Undefined;
    }
    converted(value).map_or(Answer::Function, Answer::Value)
}

/// None where there is a function, which JSON does not have.
fn converted(value: &JValue) -> Option<Value> {
    Some(match value {
        JValue::Null => Value::Null,
        JValue::Bool(flag) => Value::Bool(*flag),
        JValue::Number(number) => Value::float(*number),
        JValue::String(text) => Value::from(&**text),
        JValue::Array(items) => {
            Value::from(items.iter().map(converted).collect::<Option<Vec<_>>>()?)
        }
        JValue::Object(members) => {
            let mut object = Object::new();
            for (name, member) in members.iter() {
                object.insert(name.as_str(), converted(member)?);
            }
            Value::Object(object)
        }
        JValue::Undefined => Value::Null,
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => return None,
    })
}

fn is_same(ours: &Answer, theirs: &Answer) -> bool {
    match (ours, theirs) {
        (Answer::Value(ours), Answer::Value(theirs)) => same_value(ours, theirs),
        (Answer::Error(_), Answer::Error(_)) => true,
        _ => ours == theirs,
    }
}

/// Equal with the members of objects in order; `1` is `1.0`.
fn same_value(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs.iter()).all(|(ours, theirs)| same_value(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs.iter()).all(|((name, ours), (other, theirs))| {
                    name == other && same_value(ours, theirs)
                })
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            ours.as_f64() == theirs.as_f64()
        }
        _ => ours == theirs,
    }
}
