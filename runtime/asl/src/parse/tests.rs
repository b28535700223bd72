//! What a definition has to look like, and what is said of one that does not.
//!
//! A case is a text and the exact findings; an empty list means that the text is a definition.

use crate::{Definition, MachineType};

mod alone;
mod choice;
mod document;
mod express;
mod flow;
mod graph;
mod hostile;
mod languages;
mod machines;
mod numbering;
mod recovery;
mod scope;
mod tasks;
mod warnings;

/// A definition of one state `A` with those fields.
fn state(fields: &str) -> String {
    format!(r#"{{"StartAt":"A","States":{{"A":{{{fields}}}}}}}"#)
}

/// As [`state`], for a Task to which something is added.
fn task(fields: &str) -> String {
    state(&format!(r#""Type":"Task","Resource":"charge","End":true{fields}"#))
}

fn parse(text: &str) -> Definition {
    Definition::parse(text).unwrap_or_else(|_| panic!("{:#?}", findings(text)))
}

/// The findings as they print, each with its hint in brackets.
fn findings(text: &str) -> Vec<String> {
    let Err(diagnostics) = Definition::parse(text) else { return Vec::new() };
    assert!(!diagnostics.is_empty(), "refused without a reason: {text}");
    let shown = diagnostics.into_iter().map(|diagnostic| match &diagnostic.hint {
        Some(hint) => format!("{diagnostic} ({hint})"),
        None => diagnostic.to_string(),
    });
    shown.collect()
}

/// All findings for a machine of that type, with `warning: ` before those that are one.
fn all_findings(text: &str, machine_type: MachineType) -> Vec<String> {
    let (_, found) = Definition::read(text, machine_type);
    let shown = found.into_iter().map(|diagnostic| {
        let prefix = if diagnostic.is_error() { "" } else { "warning: " };
        format!("{prefix}{diagnostic}")
    });
    shown.collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(findings(text), expected, "{text}");
}

/// Every finding is of the class `SCHEMA_VALIDATION_FAILED`; the code is left out.
#[track_caller]
fn check_schema(text: &str, expected: &[&str]) {
    let expected: Vec<_> =
        expected.iter().map(|finding| format!("SCHEMA_VALIDATION_FAILED: {finding}")).collect();
    assert_eq!(findings(text), expected, "{text}");
}
