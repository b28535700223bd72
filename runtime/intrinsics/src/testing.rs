//! What the tests of this crate share: a call with a document, answered in text.

use stepwell_jsonpath::Path;
use stepwell_value::Value;

use crate::{Call, Failure};

/// The result as JSON, or what the failure prints behind `Invalid arguments in States.X: `.
pub(crate) fn answer(call: &str, input: &str) -> String {
    let input = Value::parse(input).unwrap();
    let mut read = |path: &Path| Ok::<_, Failure>(path.read(&input).unwrap());
    match Call::parse(call).unwrap().evaluate(&mut read, &mut || 0x0123_4567_89ab_cdef) {
        Ok(value) => value.to_string(),
        Err(failure) => failure.reason.to_string(),
    }
}

/// Each row is a call, its document, and the answer.
#[track_caller]
pub(crate) fn check(rows: &[(&str, &str, &str)]) {
    let wrong = rows.iter().filter_map(|(call, input, wanted)| {
        let found = answer(call, input);
        (found != *wanted).then(|| format!("{call} of {input} is {found}, wanted {wanted}"))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
