//! `ValidateStateMachineDefinition`

use stepwell_asl::{Definition, Diagnostic, MachineType, Severity};
use stepwell_value::{Object, Value};

use super::settings;
use crate::api::Answer;
use crate::request::{Request, Words};
use crate::response::members;

const DIAGNOSTICS_MAX: usize = 100;
const DEFINITION_LENGTH_MAX: usize = 1_048_576;

static SEVERITIES: Words<Severity> =
    Words { names: &["ERROR", "WARNING"], values: &[Severity::Error, Severity::Warning] };

pub(super) fn validate(request: &Request) -> Answer {
    let asked = request.members();
    let definition = asked.required_secret("definition", 1..=DEFINITION_LENGTH_MAX);
    let machine_type = settings::machine_type(&asked).unwrap_or(MachineType::Standard);
    let severity = asked.word("severity", &SEVERITIES).unwrap_or(Severity::Error);
    let count_max = asked.int_within("maxResults", 0..=100);
    request.finish()?;
    let count_max = match count_max.and_then(|count| usize::try_from(count).ok()) {
        None | Some(0) => DIAGNOSTICS_MAX,
        Some(count) => count,
    };
    let (valid, mut found) = Definition::read(&definition, machine_type);
    found.retain(|diagnostic| diagnostic.is_error() || severity == Severity::Warning);
    let is_truncated = found.len() > count_max;
    found.truncate(count_max);
    let shown: Vec<Value> = found.into_iter().map(diagnostic).map(Value::from).collect();
    let result = if valid.is_some() { "OK" } else { "FAIL" };
    Ok(members([
        ("result", Some(result.into())),
        ("diagnostics", Some(shown.into())),
        ("truncated", Some(is_truncated.into())),
    ]))
}

fn diagnostic(found: Diagnostic) -> Object {
    let severity = match found.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
    };
    members([
        ("severity", Some(severity.into())),
        ("code", Some(found.code.as_str().into())),
        ("message", Some(found.message.into())),
        ("location", Some(found.location).filter(|place| !place.is_empty()).map(Value::from)),
    ])
}
