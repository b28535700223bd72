//! The report for people, in plain text.

use std::fmt::Write as _;

use super::{CaseReport, Report, SuiteReport};
use crate::coverage::{Coverage, Kinds, Part, Share};

pub(super) fn cases(report: &Report) -> String {
    let mut out = String::new();
    for suite in &report.suites {
        push_suite(&mut out, suite);
    }
    for path in &report.untested {
        push(&mut out, 0, &format!("warning: {} has no tests", path.display()));
    }
    let refused = report.suites.iter().filter(|suite| !suite.problems.is_empty()).count();
    let passed = report.cases() - report.failed();
    let mut sum = format!("{passed} passed, {} failed", report.failed());
    if refused > 0 {
        let files = if refused == 1 { "file" } else { "files" };
        push_formatted(&mut sum, format_args!(", {refused} {files} could not be used"));
    }
    if report.cases() == 0 && refused == 0 {
        "no case was found".clone_into(&mut sum);
    }
    push(&mut out, 0, &sum);
    out
}

fn push_suite(out: &mut String, suite: &SuiteReport) {
    if !suite.problems.is_empty() {
        for problem in &suite.problems {
            push(out, 0, &format!("error: {problem}"));
        }
        return;
    }
    if suite.cases.is_empty() {
        return;
    }
    push(out, 0, &suite.file.display().to_string());
    for case in &suite.cases {
        push_case(out, case);
    }
}

fn push_case(out: &mut String, case: &CaseReport) {
    let verdict = if case.has_passed() { "ok  " } else { "FAIL" };
    push(out, 1, &format!("{verdict} {}", case.name));
    for miss in &case.misses {
        push(out, 3, &format!("{}: {}", miss.place, miss.message));
        if let Some(diff) = &miss.diff {
            push(out, 4, diff);
        }
    }
    for warning in &case.warnings {
        push(out, 3, &format!("warning: {warning}"));
    }
}

pub(super) fn coverage(report: &Report) -> String {
    let mut out = String::new();
    let covered = report.suites.iter().filter_map(|suite| Some((suite, suite.coverage.as_ref()?)));
    for (suite, coverage) in covered.clone() {
        push(&mut out, 0, &summary(&suite.name, |kind| coverage.share(kind)));
        push_missed(&mut out, coverage);
    }
    if covered.count() > 1 {
        push(&mut out, 0, &summary("all", |kind| report.share(kind)));
    }
    out
}

/// Kinds of which a workflow has nothing are left out.
fn summary(name: &str, share: impl Fn(Kinds) -> Share) -> String {
    let shares = Kinds::ALL.into_iter().map(|kind| (kind, share(kind)));
    let shares = shares
        .filter(|(_, share)| share.total > 0)
        .map(|(kind, share)| format!("{} of {} {}", share.reached, share.total, kind.as_str()));
    format!("coverage of {name}: {}", shares.collect::<Vec<_>>().join(", "))
}

fn push_missed(out: &mut String, coverage: &Coverage) {
    for feature in coverage.missed() {
        let what = match feature.part {
            Part::State => "never entered",
            Part::Rule(_) | Part::Default => "never taken",
            Part::Retrier(_) | Part::Catcher(_) => "never used",
        };
        push(out, 1, &format!("{what}: {feature}"));
    }
}

/// Adds lines, indented by two blanks for each level. A task may have written them, so what a
/// terminal would obey is replaced.
fn push(out: &mut String, level: usize, lines: &str) {
    for line in lines.lines() {
        let is_obeyed = |character: char| character.is_control() && character != '\t';
        let line = line.replace(is_obeyed, "\u{fffd}");
        push_formatted(out, format_args!("{:1$}{line}\n", "", level * 2));
    }
}

fn push_formatted(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes any text");
}
