//! JSON text: what is JSON is read and printed without a loss, and nothing else is read.
//!
//! `serde_json` is the model. The differences that are meant: arrays and objects nest up to
//! `DEPTH_MAX`, a number that an `f64` cannot hold becomes the greatest, and integers beyond an
//! `i64` become floating-point numbers.

use serde::de::Deserialize as _;
use stepwell_value::{DEPTH_MAX, ErrorKind, Object, Payload, Value, scan};

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::damage::damaged;
use crate::documents::document;
use crate::target::Target;

pub(crate) const TARGET: Target = Target {
    name: "value",
    about: "JSON text is read as a second parser reads it, and printed without a loss",
    generate,
    check,
    // The second parser's tree is the larger part.
    bytes_max: |input| (1 << 20) + 1000 * input,
    test_iterations: 8_000,
};

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\\u",
    "\\ud83d",
    "\\ude00",
    "\\",
    "\\n",
    "0",
    "-",
    ".",
    "e",
    "E+",
    "true",
    "false",
    "null",
    "\"a\":",
    "[]",
    "{}",
    "1e999",
    "\"\\u0000\"",
    "\u{0}",
    "\u{1f}",
];

fn generate(chance: &mut Chance, corpus: &Corpus) -> String {
    if chance.one_in(3) {
        let count = chance.few(40);
        return (0..count).map(|_| chance.pick(PIECES)).collect();
    }
    let size = chance.few(200);
    let document = document(chance, size);
    let text = if chance.one_in(3) { format!("{document:#}") } else { document.to_string() };
    if chance.one_in(4) { text } else { damaged(&text, PIECES, corpus.pick(chance), chance) }
}

fn check(input: &str) -> Result<(), String> {
    let parsed = Value::parse(input);
    let scanned = scan(input);
    if parsed.as_ref().err() != scanned.as_ref().err() {
        return Err(format!("parsing gives {parsed:?}, the scan {scanned:?}"));
    }
    compare(input, &parsed)?;
    let value = match parsed {
        Ok(value) => value,
        Err(error) => {
            let lines = input.split('\n').count();
            let is_inside = (1..=lines).contains(&error.line) && error.column >= 1;
            return if is_inside { Ok(()) } else { Err(format!("{error} is not in the text")) };
        }
    };
    // A member that is replaced by a later one of its name has been scanned all the same.
    let depth = value.depth();
    if depth > DEPTH_MAX || !scanned.as_ref().is_ok_and(|scanned| depth <= *scanned) {
        return Err(format!("it nests {depth} deep, and the scan says {scanned:?}"));
    }
    for printed in [value.to_string(), format!("{value:#}")] {
        match Value::parse(&printed) {
            Ok(again) if again == value => {}
            other => return Err(format!("printed as {printed}\nread again as {other:?}")),
        }
    }
    let payload = Payload::parse(input).map_err(|error| format!("as a payload: {error}"))?;
    if *payload.value() != value || payload.text() != input {
        return Err("a payload has another value or another text".into());
    }
    Ok(())
}

/// Compares with the second parser.
fn compare(input: &str, parsed: &Result<Value, stepwell_value::Error>) -> Result<(), String> {
    let mut reader = serde_json::Deserializer::from_str(input);
    reader.disable_recursion_limit();
    if scan(input).is_err_and(|error| error.kind == ErrorKind::TooDeep) {
        return Ok(());
    }
    let model =
        serde_json::Value::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match (parsed, &model) {
        (Ok(value), Ok(model)) if without_minus_zero(value) == converted(model) => Ok(()),
        (Err(_), Err(_)) => Ok(()),
        (_, Err(error)) if error.to_string().starts_with("number out of range") => Ok(()),
        _ => Err(format!("here it gives {parsed:?}\nbut there {model:?}")),
    }
}

/// The second parser reads `-0` as it reads `-0.0`; here, as in the service, it is the integer 0.
fn without_minus_zero(value: &Value) -> Value {
    match value {
        Value::Float(zero) if *zero == 0.0 && zero.is_sign_negative() => Value::Int(0),
        Value::Array(items) => {
            Value::from(items.iter().map(without_minus_zero).collect::<Vec<_>>())
        }
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, member)| (name.to_string(), without_minus_zero(member)))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn converted(model: &serde_json::Value) -> Value {
    match model {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => without_minus_zero(&Value::float(number.as_f64().unwrap_or(f64::NAN))),
        },
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => {
            Value::from(items.iter().map(converted).collect::<Vec<_>>())
        }
        serde_json::Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, member)| (name.as_str(), converted(member)))
                .collect::<Object>(),
        ),
    }
}
