//! `stepwell task list`: every task by name.

use std::path::Path;

use stepwell::host::Entry;

use super::{entries, open};
use crate::arguments::Format;
use crate::complaint::{Complaint, chain};
use crate::json_text::{ObjectText, lines, texts};
use crate::printer::{self, Printer};
use crate::visible::{Visible, one_line};
use crate::{Ended, Exit};

const DESCRIPTION_CHARS_MAX: usize = 80;

pub(super) fn run(printer: Printer, registry: &Path, output: Format) -> Ended {
    let entries = entries(&open(registry)?)?;
    match output {
        Format::Text => print_text(printer, &entries)?,
        Format::Json => printer::data(lines(entries.iter().map(to_json)))?,
    }
    Ok(Exit::Success)
}

fn print_text(printer: Printer, entries: &[Entry]) -> Result<(), Complaint> {
    let name_width = entries.iter().map(|entry| entry.name.chars().count()).max().unwrap_or(0);
    let rows: Vec<_> = entries.iter().map(|entry| (entry, versions(entry).join(", "))).collect();
    let versions_width = rows.iter().map(|(_, versions)| versions.len()).max().unwrap_or(0);
    for (entry, versions) in &rows {
        let description = entry.manifest.as_ref().and_then(|found| found.description.as_deref());
        let description = one_line(description.unwrap_or_default(), DESCRIPTION_CHARS_MAX);
        let name = Visible(&entry.name).to_string();
        let row = format!("{name:<name_width$}  {versions:<versions_width$}  {description}");
        printer::data(row.trim_end())?;
    }
    for entry in entries {
        for problem in &entry.problems {
            let name = Visible(&entry.name);
            printer.warning(format_args!("task `{name}`: {}", chain(problem)));
        }
    }
    if entries.is_empty() {
        printer.say("the registry holds no task");
        printer.hint("`stepwell build` compiles task crates into it");
    }
    Ok(())
}

fn versions(entry: &Entry) -> Vec<String> {
    entry.versions.iter().map(ToString::to_string).collect()
}

fn to_json(entry: &Entry) -> String {
    let description = entry.manifest.as_ref().and_then(|found| found.description.as_deref());
    ObjectText::new()
        .text("name", &entry.name)
        .json("versions", texts(versions(entry)))
        .some_text("description", description)
        .json("problems", texts(entry.problems.iter().map(|found| chain(found))))
        .finish()
}
