//! Plays the cases of `$STEPWELL_EXPRESSIONS/intrinsic_cases.json`: calls with their input and what
//! the service answers.
//!
//! The data is not part of the project, so the test passes, and says so, when the variable is unset.

use stepwell_intrinsics::{Call, Failure};
use stepwell_jsonpath::{Path, ReadError, Root};
use stepwell_value::{Object, Value};

#[test]
fn answers_as_the_service_does() {
    let Some(directory) = std::env::var_os("STEPWELL_EXPRESSIONS") else {
        println!("STEPWELL_EXPRESSIONS is not set: no cases were played");
        return;
    };
    let file = std::path::Path::new(&directory).join("intrinsic_cases.json");
    let cases = Value::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
    let language = Value::from("JSONPath");
    let cases =
        cases.as_array().unwrap().iter().filter(|case| case.get("language") == Some(&language));
    let played: Vec<_> = cases
        .map(|case| {
            play(case).map_err(|difference| format!("{}: {difference}", case.get("id").unwrap()))
        })
        .collect();
    let failures: Vec<_> = played.iter().filter_map(|result| result.as_ref().err()).collect();
    println!("{} of {} cases pass", played.len() - failures.len(), played.len());
    assert!(!played.is_empty(), "the file has cases");
    assert!(failures.is_empty(), "{failures:#?}");
}

#[derive(Debug)]
enum Trouble {
    Read(#[expect(dead_code, reason = "printed")] ReadError),
    Failed(#[expect(dead_code, reason = "printed")] Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

fn play(case: &Value) -> Result<(), String> {
    let text =
        case.get("expression").and_then(Value::as_str).ok_or("the case has no expression")?;
    let call = match (Call::parse(text), case.get("definition_error")) {
        (Ok(call), None) => call,
        (Err(_), Some(_)) => return Ok(()),
        (parsed, _) => return Err(format!("{parsed:?}")),
    };
    let found = evaluate(&call, case);
    if case.get("expected_parse").is_some() {
        return Ok(());
    }
    let found = found.map_err(|trouble| format!("{trouble:?}"))?;
    let is_right = match (case.get("expected"), case.get("expected_kind")) {
        (Some(wanted), _) => found == *wanted,
        // Masked in the recording, for it depends on chance or on a name.
        (None, Some(_)) => found.as_int().is_some(),
        (None, None) => case.get("expected_masked").is_some() && found.as_str().is_some(),
    };
    if is_right { Ok(()) } else { Err(format!("{found}, wanted {case}")) }
}

fn evaluate(call: &Call, case: &Value) -> Result<Value, Trouble> {
    let input = case.get("input").cloned().unwrap_or_default();
    let context = case.get("context").cloned().unwrap_or_else(|| context(&input));
    let mut read = |path: &Path| {
        let document = match path.root() {
            Root::Input => &input,
            Root::Context => &context,
            Root::Variable(_) => &Value::Null,
        };
        path.read(document).map_err(Trouble::Read)
    };
    call.evaluate(&mut read, &mut || 0x0123_4567_89ab_cdef)
}

/// What a case reads from the context object when it brings none along.
fn context(input: &Value) -> Value {
    let execution = Object::from_iter([("Input", input.clone())]);
    let machine = Object::from_iter([("Name", Value::from("state-machine-name"))]);
    Object::from_iter([("Execution", execution), ("StateMachine", machine)]).into()
}
