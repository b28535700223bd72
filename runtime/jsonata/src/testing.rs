//! Tables of expressions and answers, for the tests beside the code.

use stepwell_value::{Object, Value};

use crate::{Dialect, Env, Error, Expression, Limits};

/// What an expression yields, as JSON text, `undefined`, or the error's code and text.
pub(crate) fn answer_with(
    text: &str,
    input: Option<&Value>,
    (dialect, limits): (Dialect, Limits),
) -> String {
    let mut state = 0_u64;
    let mut entropy = || {
        state = u64::wrapping_add(state, 1 << 60);
        state
    };
    // 2018-02-03T04:05:06.789Z
    let mut env = Env { now_millis: 1_517_630_706_789, entropy: &mut entropy, limits };
    let result = Expression::parse_as(text, dialect)
        .and_then(|expression| expression.evaluate(input, &Object::new(), &mut env));
    show(result)
}

fn show(result: Result<Option<Value>, Error>) -> String {
    match result {
        Ok(Some(value)) => value.to_string(),
        Ok(None) => "undefined".to_owned(),
        Err(error) => format!("{}: {error}", error.code()),
    }
}

/// Checks answers without an input.
#[track_caller]
pub(crate) fn check(table: &[(&str, &str)]) {
    check_on("null", table);
}

/// Checks answers about an input, written as JSON text.
#[track_caller]
pub(crate) fn check_on(input: &str, table: &[(&str, &str)]) {
    check_as(Dialect::Jsonata, input, table);
}

/// Checks answers in a dialect.
#[track_caller]
pub(crate) fn check_as(dialect: Dialect, input: &str, table: &[(&str, &str)]) {
    let input = Value::parse(input).expect("the test's input is JSON");
    let wrong: Vec<String> = table
        .iter()
        .map(|(text, wanted)| {
            (text, wanted, answer_with(text, Some(&input), (dialect, Limits::STEP_FUNCTIONS)))
        })
        .filter(|(_, wanted, found)| *wanted != found)
        .map(|(text, wanted, found)| format!("{text}\n  wanted {wanted}\n  found  {found}"))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
