//! Calculates with JSON: prints what functions make of a document.
//!
//! `cargo run -p stepwell-intrinsics --example evaluate` shows a few, and
//! `cargo run -p stepwell-intrinsics --example evaluate "States.ArrayLength($.items)" '{"items": [1, 2]}'`
//! calculates one of yours. A path such as `$.items` reads from the document.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::hash::{BuildHasher, RandomState};

use stepwell_intrinsics::{Call, Failure};
use stepwell_jsonpath::Path;
use stepwell_value::Value;

const ORDER: &str = r#"{"name": "Ada", "tags": ["tea", "gift", "tea"], "total": 29.5}"#;

const CALLS: [&str; 7] = [
    "States.Format('{} pays {} for {}', $.name, $.total, States.ArrayUnique($.tags))",
    "States.ArrayContains($.tags, 'gift')",
    "States.ArrayPartition(States.ArrayRange(1, 5, 1), 2)",
    "States.ArrayGetItem(States.StringSplit('2026-01-31', '-'), 0)",
    "States.Hash(States.JsonToString($), 'SHA-256')",
    "States.UUID()",
    "States.MathAdd($.name, 1)",
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let document = Value::parse(arguments.get(1).map_or(ORDER, String::as_str))?;
    let Some(text) = arguments.first() else {
        println!("{document:#}\n");
        for text in CALLS {
            match evaluate(&Call::parse(text)?, &document) {
                Ok(value) => println!("{text}\n    is {value}"),
                Err(error) => println!("{text}\n    has no value. {error}"),
            }
        }
        return Ok(());
    };
    println!("{:#}", evaluate(&Call::parse(text)?, &document)?);
    Ok(())
}

fn evaluate(call: &Call, document: &Value) -> Result<Value, Trouble> {
    let mut read = |path: &Path| path.read(document).map_err(|error| Trouble(error.to_string()));
    // Each new state of the standard library's hasher has keys of its own.
    let mut entropy = || RandomState::new().hash_one(0);
    call.evaluate(&mut read, &mut entropy)
}

/// Whatever went wrong, in words.
#[derive(Debug)]
struct Trouble(String);

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self(failure.to_string())
    }
}

impl Error for Trouble {}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
