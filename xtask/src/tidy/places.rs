//! Places that exist on one machine alone: folders of somebody's disk, private registries.

use super::Finding;
use crate::repository::TrackedFile;

/// Folders that a file of the project has no reason to name. They are put together here so that
/// this file names none.
const FOLDERS: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("C:\\", "Users\\"),
];

/// What the address of a private registry or mirror contains.
const REGISTRIES: &[&str] = &[concat!("arti", "factory"), concat!("jf", "rog")];

/// How Cargo writes that a package comes from a registry; only the public one may follow.
const SOURCES: &[&str] = &["registry+", "sparse+"];
const PUBLIC: &[&str] =
    &["https://github.com/rust-lang/crates.io-index", concat!("https://index.", "crates", ".io/")];

pub(super) fn check(file: &TrackedFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (nth, line) in (1..).zip(file.text.iter().flat_map(|text| text.lines())) {
        let place = || format!("{}:{nth}", file.path);
        if FOLDERS.iter().any(|folder| begins_at_a_path(line, folder)) {
            let message = "a path of one machine; name it from the root of the repository";
            findings.push(Finding::new(place(), message));
        }
        let lower = line.to_lowercase();
        let private_source = SOURCES.iter().any(|source| {
            let rest = lower.split_once(source).map(|(_, rest)| rest);
            rest.is_some_and(|rest| {
                rest.starts_with("http") && !PUBLIC.iter().any(|public| rest.starts_with(public))
            })
        });
        if private_source || REGISTRIES.iter().any(|registry| lower.contains(registry)) {
            let message = "a private registry; lock the file against the public one";
            findings.push(Finding::new(place(), message));
        }
    }
    findings
}

/// Whether the line has the folder as the beginning of a path, and not inside a longer one.
fn begins_at_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric() && !"._-/*}$".contains(before))
    })
}

#[cfg(test)]
mod tests;
