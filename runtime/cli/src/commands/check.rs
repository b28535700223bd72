//! `stepwell check`: everything that is wrong with definitions.

use std::path::Path;

use stepwell::{Definition, Diagnostic, Severity};

use crate::arguments::{Check, Format};
use crate::complaint::Complaint;
use crate::json_text::{ObjectText, array, lines};
use crate::printer::{self, Colour, Printer};
use crate::{Ended, Exit, inputs};

/// What there is to say about one file.
enum Verdict {
    Unreadable(Complaint),
    /// No findings: the definition can be run.
    Read(Vec<Diagnostic>),
}

pub(crate) fn run(printer: Printer, options: &Check) -> Ended {
    let verdicts: Vec<_> = options.files.iter().map(|file| (file, check(file))).collect();
    for (file, verdict) in &verdicts {
        match (verdict, options.output) {
            (Verdict::Unreadable(complaint), _) => complaint.print(printer),
            (Verdict::Read(findings), Format::Text) => print_findings(printer, file, findings),
            (Verdict::Read(_), Format::Json) => {}
        }
    }
    if options.output == Format::Json {
        printer::data(lines(verdicts.iter().filter_map(|(file, verdict)| to_json(file, verdict))))?;
    }
    let is_good =
        |verdict: &Verdict| matches!(verdict, Verdict::Read(findings) if findings.is_empty());
    let all_good = verdicts.iter().all(|(_, verdict)| is_good(verdict));
    Ok(if all_good { Exit::Success } else { Exit::BadInput })
}

fn check(file: &Path) -> Verdict {
    match inputs::read_text(file) {
        Ok(text) => Verdict::Read(Definition::parse(&text).err().unwrap_or_default()),
        Err(complaint) => Verdict::Unreadable(complaint),
    }
}

fn print_findings(printer: Printer, file: &Path, findings: &[Diagnostic]) {
    if findings.is_empty() {
        let good = printer.style.paint(Colour::Green, "ok");
        printer.say(format_args!("{}: {good}", file.display()));
    } else {
        inputs::of_findings(file, findings).print(printer);
    }
}

/// A file that cannot be read has no findings; it has been complained about.
fn to_json(file: &Path, verdict: &Verdict) -> Option<String> {
    let Verdict::Read(findings) = verdict else { return None };
    let findings = array(findings.iter().map(finding_to_json));
    let object = ObjectText::new().text("file", &file.display().to_string());
    Some(object.json("diagnostics", findings).finish())
}

fn finding_to_json(finding: &Diagnostic) -> String {
    let severity = match finding.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
    };
    ObjectText::new()
        .text("severity", severity)
        .text("code", finding.code.as_str())
        .text("message", &finding.message)
        .text("location", &finding.location)
        .some_text("hint", finding.hint.as_deref())
        .finish()
}
