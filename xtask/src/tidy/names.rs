//! What a Rust file is called, and that it says what it is.

use super::Finding;
use crate::repository::TrackedFile;

/// Names under which everything can be put and nothing be found.
const BANNED: &[&str] =
    &["common", "helper", "helpers", "manager", "managers", "misc", "types", "util", "utils"];

pub(super) fn check(file: &TrackedFile, files: &[TrackedFile]) -> Vec<Finding> {
    if !file.is_rust() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let parts = file.path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    for banned in parts.filter(|part| BANNED.contains(part)) {
        let message = format!("`{banned}` names nothing; call the module by its concept");
        findings.push(Finding::new(&file.path, message));
    }
    // A file of tests is explained by the file that it stands beside.
    let is_tests = file.path.ends_with("/tests.rs") || is_refused_program(file, files);
    let has_header = file.text.as_deref().is_some_and(|text| text.starts_with("//!"));
    if !is_tests && !has_header {
        let message = "the file has no header; say in its first lines, after //!, what it is, what \
                       it refuses to do and what it keeps true";
        findings.push(Finding::new(&file.path, message));
    }
    findings
}

/// A program that is written to be refused: what the compiler says of it stands beside it, and
/// counts its lines.
fn is_refused_program(file: &TrackedFile, files: &[TrackedFile]) -> bool {
    let answer = file.path.strip_suffix(".rs").map(|stem| format!("{stem}.stderr"));
    answer.is_some_and(|answer| files.iter().any(|other| other.path == answer))
}

#[cfg(test)]
mod tests;
