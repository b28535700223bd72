//! What was not meant to stay: reminders, debug prints, conflicts, big files.

use super::Finding;
use crate::repository::TrackedFile;

const BYTES_MAX: u64 = 256 * 1024;

/// A mark and what to do about it. The marks are put together here so that this file has none.
const MARKS: &[(&str, &str)] = &[
    (concat!("FIX", "ME"), "do it, or state the limitation and assert it in a test"),
    (concat!("TO", "DO:"), "do it, or state the limitation and assert it in a test"),
    (concat!("dbg", "!("), "take the debug print out"),
];

/// Marks at the beginning of a line.
const CONFLICTS: &[&str] = &[concat!("<<<<", "<<< "), concat!(">>>>", ">>> ")];

pub(super) fn check(file: &TrackedFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    if file.bytes > BYTES_MAX {
        let message = format!(
            "the file has {} KiB, and {} KiB is the most; make it smaller, or produce it at build",
            file.bytes.div_ceil(1024),
            BYTES_MAX / 1024
        );
        findings.push(Finding::new(&file.path, message));
    }
    for (nth, line) in (1..).zip(file.text.iter().flat_map(|text| text.lines())) {
        let place = || format!("{}:{nth}", file.path);
        for (mark, remedy) in MARKS.iter().filter(|(mark, _)| line.contains(mark)) {
            findings.push(Finding::new(place(), format!("`{mark}` is left; {remedy}")));
        }
        if CONFLICTS.iter().any(|mark| line.starts_with(mark)) {
            findings.push(Finding::new(place(), "a merge conflict is left; resolve it"));
        }
    }
    findings
}

#[cfg(test)]
mod tests;
