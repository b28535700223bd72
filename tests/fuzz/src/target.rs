//! What is thrown at, one target a file of `targets/`.
//!
//! An input is a text, whatever the target does with it: it can be printed, kept in a file, damaged
//! and read again. A target that needs several things reads them from the parts of the text.

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::targets;

#[derive(Debug)]
pub(crate) struct Target {
    pub name: &'static str,
    pub about: &'static str,
    /// Makes an input.
    pub generate: fn(&mut Chance, &Corpus) -> String,
    /// Runs an input. The error says what does not hold; a panic is a finding too.
    pub check: fn(&str) -> Result<(), String>,
    /// What one input may hold at once. The generator's own memory is not in it.
    pub bytes_max: fn(input_bytes: usize) -> usize,
    /// How many inputs the ordinary tests run.
    pub test_iterations: u64,
}

pub(crate) const TARGETS: &[Target] = &[
    targets::value::TARGET,
    targets::jsonpath_parse::TARGET,
    targets::jsonpath_read::TARGET,
    targets::jsonata_parse::TARGET,
    targets::jsonata_evaluate::TARGET,
    targets::jsonata_oracle::TARGET,
    targets::definition::TARGET,
    targets::machines::TARGET,
    targets::request::TARGET,
];

/// The target of that name; `mischief` is known and not on the list.
pub(crate) fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().chain([&targets::mischief::TARGET]).find(|target| target.name == name)
}

/// Stands between the parts of an input, on a line of its own.
const RULE: &str = "\n=====\n";

/// Puts the parts of an input together.
pub(crate) fn join_parts(parts: &[&str]) -> String {
    parts.join(RULE)
}

/// The parts of an input; those that are missing are empty. A newline at the end is an editor's.
pub(crate) fn parts<const N: usize>(input: &str) -> [&str; N] {
    let mut split = input.strip_suffix('\n').unwrap_or(input).splitn(N, RULE);
    std::array::from_fn(|_| split.next().unwrap_or(""))
}
