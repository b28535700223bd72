//! Texts of the expression languages, each with what it comes to.

use std::path::Path;

use anyhow::Result;

use crate::{Only, Report};

mod intrinsics;
mod jsonata;
mod jsonpath;

/// Plays the cases of a folder of expressions.
pub fn play(folder: &Path, only: &Only) -> Result<Report> {
    let mut scores = jsonata::play(folder, only)?;
    scores.push(jsonpath::play(folder, only)?);
    scores.push(intrinsics::play(folder, only)?);
    Ok(Report { scores, notes: Vec::new() })
}

/// The beginning of a text, for messages.
fn beginning(text: &str) -> String {
    const CHARS_MAX: usize = 240;
    match text.char_indices().nth(CHARS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
    }
}
