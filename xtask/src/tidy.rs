//! `cargo xtask tidy`: the rules of the project that no other tool knows.
//!
//! Each rule is a function from what it looks at to findings, and each finding says what to do.
//! Rules look at files that are in git, and at what Cargo says of the workspace.

use std::fmt;

use anyhow::{Result, bail};

use crate::repository::{self, TrackedFile};

mod edges;
mod functions;
mod graph;
mod leftovers;
mod licences;
mod names;
mod places;

use graph::Graph;

/// How long a file may be before it has to defend itself.
const LINES_WORTH_A_LOOK: usize = 600;

#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// A path, with a line where there is one, or a crate.
    place: String,
    message: String,
}

impl Finding {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("tidy has no argument `{argument}`");
    }
    let files = repository::tracked_files()?;
    for (path, lines) in long_files(&files) {
        println!("{path}: {lines} lines; a file over {LINES_WORTH_A_LOOK} has to defend itself");
    }
    let findings = findings(&files)?;
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        count => bail!("tidy has {count} findings; each line says what to do"),
    }
}

fn findings(files: &[TrackedFile]) -> Result<Vec<Finding>> {
    let workspace = Graph::from_metadata(&repository::metadata(".")?)?;
    let mut findings = edges::check(&workspace);
    findings.extend(licences::check(&workspace));
    let tasks = "example-tasks";
    if files.iter().any(|file| file.path == "example-tasks/Cargo.toml") {
        findings.extend(licences::check(&Graph::from_metadata(&repository::metadata(tasks)?)?));
    }
    for file in files {
        findings.extend(names::check(file, files));
        findings.extend(leftovers::check(file));
        findings.extend(places::check(file));
        findings.extend(functions::check(file));
    }
    Ok(findings)
}

fn long_files(files: &[TrackedFile]) -> Vec<(&str, usize)> {
    let rust = files.iter().filter(|file| file.is_rust());
    let lines =
        rust.filter_map(|file| Some((file.path.as_str(), file.text.as_ref()?.lines().count())));
    let mut long: Vec<_> = lines.filter(|(_, lines)| *lines > LINES_WORTH_A_LOOK).collect();
    long.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    long
}

#[cfg(test)]
mod tests;
