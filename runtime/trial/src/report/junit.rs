//! The report as `JUnit` XML: a suite for each workflow, in the form that build servers read.
//!
//! Times are real ones. What XML cannot hold is replaced.

use std::fmt::Write as _;
use std::time::Duration;

use super::{CaseReport, Report, SuiteReport};
use crate::verdict::Miss;

pub(super) fn document(report: &Report) -> String {
    let mut xml = Xml(String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
    let errors = report.suites.iter().map(errors_of).sum();
    let time = report.suites.iter().map(time).sum();
    let counts = Counts { tests: report.cases() + errors, failures: report.failed(), errors, time };
    xml.open(0, "testsuites", &[("name", "stepwell")], Some(&counts));
    // A filter may leave nothing of a suite.
    for suite in
        report.suites.iter().filter(|suite| !suite.cases.is_empty() || errors_of(suite) > 0)
    {
        push_suite(&mut xml, suite);
    }
    xml.line(0, "</testsuites>");
    xml.0
}

struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    time: Duration,
}

/// A file that cannot be used counts as one error.
fn errors_of(suite: &SuiteReport) -> usize {
    usize::from(!suite.problems.is_empty())
}

fn time(suite: &SuiteReport) -> Duration {
    suite.cases.iter().map(|case| case.elapsed).sum()
}

fn push_suite(xml: &mut Xml, suite: &SuiteReport) {
    let counts = Counts {
        tests: suite.cases.len() + errors_of(suite),
        failures: suite.failed(),
        errors: errors_of(suite),
        time: time(suite),
    };
    let file = suite.file.display().to_string();
    xml.open(1, "testsuite", &[("name", &suite.name), ("file", &file)], Some(&counts));
    if !suite.problems.is_empty() {
        xml.open(2, "testcase", &[("name", &file), ("classname", &suite.name)], None);
        let first = suite.problems.first().map(String::as_str).unwrap_or_default();
        xml.element(3, "error", &[("message", first)], &suite.problems.join("\n"));
        xml.line(2, "</testcase>");
    }
    for case in &suite.cases {
        push_case(xml, suite, case);
    }
    xml.line(1, "</testsuite>");
}

fn push_case(xml: &mut Xml, suite: &SuiteReport, case: &CaseReport) {
    let time = seconds(case.elapsed);
    let attributes = [("name", &*case.name), ("classname", &*suite.name), ("time", &*time)];
    xml.open(2, "testcase", &attributes, None);
    let texts: Vec<String> = case.misses.iter().map(described).collect();
    // Readers take one failure of a case, and show the first line of what it says.
    if let Some(first) = texts.first() {
        let message = first.lines().next().unwrap_or_default();
        xml.element(3, "failure", &[("message", message)], &texts.join("\n"));
    }
    if !case.warnings.is_empty() {
        xml.element(3, "system-out", &[], &case.warnings.join("\n"));
    }
    xml.line(2, "</testcase>");
}

fn described(miss: &Miss) -> String {
    let message = format!("{}: {}", miss.place, miss.message);
    match &miss.diff {
        Some(diff) => format!("{message}\n{diff}"),
        None => message,
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}

/// A document in the making.
struct Xml(String);

impl Xml {
    fn open(
        &mut self,
        level: usize,
        name: &str,
        attributes: &[(&str, &str)],
        counts: Option<&Counts>,
    ) {
        self.start(level, name, attributes);
        if let Some(Counts { tests, failures, errors, time }) = counts {
            let time = seconds(*time);
            self.push(format_args!(
                " tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{time}\""
            ));
        }
        self.0.push_str(">\n");
    }

    fn element(&mut self, level: usize, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.start(level, name, attributes);
        self.0.push('>');
        escape(&mut self.0, text, Within::Text);
        self.push(format_args!("</{name}>\n"));
    }

    fn start(&mut self, level: usize, name: &str, attributes: &[(&str, &str)]) {
        self.push(format_args!("{:1$}<{name}", "", level * 2));
        for (name, value) in attributes {
            self.push(format_args!(" {name}=\""));
            escape(&mut self.0, value, Within::Attribute);
            self.0.push('"');
        }
    }

    fn line(&mut self, level: usize, line: &str) {
        self.push(format_args!("{:1$}{line}\n", "", level * 2));
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.0.write_fmt(text).expect("a string takes any text");
    }
}

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Text,
    /// Where a reader would make blanks of line breaks.
    Attribute,
}

fn escape(out: &mut String, text: &str, within: Within) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\n' if within == Within::Attribute => out.push_str("&#10;"),
            '\t' if within == Within::Attribute => out.push_str("&#9;"),
            '\n' | '\t' => out.push(character),
            // XML has no way to write these.
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            plain => out.push(plain),
        }
    }
}
