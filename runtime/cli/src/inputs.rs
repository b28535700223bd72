//! What commands read: definitions, inputs, and where the user keeps things.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use stepwell::{Diagnostic, Payload, Program};

use crate::complaint::Complaint;

/// What a machine is called whose file's name gives nothing.
const UNNAMED: &str = "workflow";
/// The longest name that the service accepts.
const NAME_CHARS_MAX: usize = 80;

pub(crate) fn read_text(path: &Path) -> Result<String, Complaint> {
    fs::read_to_string(path)
        .map_err(|error| Complaint::new(format_args!("cannot read {}: {error}", path.display())))
}

/// A definition, or everything that is wrong with it.
pub(crate) fn read_program(path: &Path) -> Result<Program, Complaint> {
    Program::parse(read_text(path)?).map_err(|findings| of_findings(path, &findings))
}

pub(crate) fn of_findings(path: &Path, findings: &[Diagnostic]) -> Complaint {
    let mut complaint = Complaint::default();
    for finding in findings {
        let error = format!("{}: {finding}", path.display());
        complaint.push(error, finding.hint.as_deref());
    }
    complaint
}

/// The input that `--input` names: JSON, `@FILE`, or `-` for standard input.
pub(crate) fn read_input(argument: &str) -> Result<Payload, Complaint> {
    let (source, text) = read_argument("--input", argument)?;
    // A payload keeps its text; what an editor adds at its end is not part of the document.
    Payload::parse(text.trim_end()).map_err(|error| {
        Complaint::new(format_args!("{source}: the input is not JSON: {error}"))
            .hint("--input takes JSON text, @FILE for a file, or - for standard input")
    })
}

/// A document that stands among the arguments, in the same three ways.
pub(crate) fn read_document(name: &str, argument: &str) -> Result<Payload, Complaint> {
    let (source, text) = read_argument(name, argument)?;
    Payload::parse(text.trim_end()).map_err(|error| {
        Complaint::new(format_args!("{source} is not JSON: {error}"))
            .hint("it is JSON text, @FILE for a file, or - for standard input")
    })
}

/// What the text comes from, and the text.
fn read_argument(name: &str, argument: &str) -> Result<(String, String), Complaint> {
    if argument == "-" {
        let text = io::read_to_string(io::stdin());
        let unreadable =
            |error| Complaint::new(format_args!("cannot read standard input: {error}"));
        Ok(("standard input".to_owned(), text.map_err(unreadable)?))
    } else if let Some(file) = argument.strip_prefix('@') {
        Ok((file.to_owned(), read_text(Path::new(file))?))
    } else {
        Ok((name.to_owned(), argument.to_owned()))
    }
}

/// Where compiled components are kept if nothing else is said: in the user's folder for caches.
pub(crate) fn user_cache(environment: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let home = || environment("HOME").map(|home| Path::new(&home).join(".cache"));
    let caches = environment("XDG_CACHE_HOME").map(PathBuf::from).or_else(home)?;
    Some(caches.join("stepwell"))
}

/// What a workflow is called: as its file, or as its folder where the file is just `workflow`.
pub(crate) fn machine_name(file: &Path) -> String {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let folder = || {
        let file = file.canonicalize().ok()?;
        Some(file.parent()?.file_name()?.to_str()?.to_owned())
    };
    let name = if stem == UNNAMED { folder() } else { None };
    let name = name.unwrap_or_else(|| stem.to_owned());
    let allowed = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = name.chars().map(allowed).take(NAME_CHARS_MAX).collect();
    if name.is_empty() { UNNAMED.to_owned() } else { name }
}

#[cfg(test)]
mod tests;
