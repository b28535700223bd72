use crate::repository::{TrackedFile, tracked_files};

use super::{findings, long_files};

/// A tracked file with that content.
pub(super) fn file(path: &str, text: &str) -> TrackedFile {
    TrackedFile { path: path.into(), bytes: text.len() as u64, text: Some(text.into()) }
}

/// Each finding on a line of its own.
pub(super) fn shown(findings: &[super::Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn the_repository_is_tidy() {
    let files = tracked_files().unwrap();
    assert!(files.iter().any(|file| file.path == "xtask/src/tidy.rs"), "git knows the project");
    let findings = shown(&findings(&files).unwrap());
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn long_files_are_told_longest_first() {
    let files = [
        file("a.rs", &"\n".repeat(600)),
        file("b.rs", &"\n".repeat(601)),
        file("c.rs", &"\n".repeat(700)),
        file("d.md", &"\n".repeat(999)),
    ];
    assert_eq!(long_files(&files), [("c.rs", 700), ("b.rs", 601)]);
}
