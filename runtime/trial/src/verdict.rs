//! What a case expects, held against what happened.

use std::time::Duration;

use stepwell_asl::Definition;
use stepwell_kernel::{Failure, Outcome};
use stepwell_value::{Payload, Str, Value};

use crate::compare;
use crate::rehearsal::Performance;
use crate::test_file::{Expectation, Status};

/// One thing that is not as the case expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// In the test file, such as `/cases[0]/expect/output`.
    pub place: String,
    pub message: String,
    /// Line by line: `-` is expected, `+` is there.
    pub diff: Option<String>,
}

/// Everything that is not as expected.
pub(crate) fn judge(
    expect: &Expectation,
    performance: &Performance,
    definition: &Definition,
) -> Vec<Miss> {
    let names = performance.record.path.iter();
    let path: Vec<Str> = names.map(|state| Str::clone(&definition.state(*state).name)).collect();
    let outcome = match &performance.end {
        Ok(outcome) => outcome,
        Err(problem) => {
            let message = format!("{}{}", problem.message, walked(&path));
            return vec![Miss { place: problem.place.clone(), message, diff: None }];
        }
    };
    let mut judge = Judge { expect, misses: Vec::new() };
    if judge.status(outcome, &path) {
        match outcome {
            Outcome::Succeeded { output } => judge.output(output),
            Outcome::Failed { failure }
            | Outcome::TimedOut { failure }
            | Outcome::Aborted { failure } => judge.failure(failure),
        }
    }
    judge.path(&path);
    judge.path_includes(&path);
    judge.took(performance.took);
    judge.misses
}

struct Judge<'e> {
    expect: &'e Expectation,
    misses: Vec<Miss>,
}

impl Judge<'_> {
    fn miss(&mut self, member: &str, message: String, diff: Option<String>) {
        let place = self.expect.place.member(member).to_string();
        self.misses.push(Miss { place, message, diff });
    }

    /// Whether the execution ended in the way that is expected.
    fn status(&mut self, outcome: &Outcome, path: &[Str]) -> bool {
        let (status, failure) = match outcome {
            Outcome::Succeeded { .. } => (Status::Succeeded, None),
            Outcome::Failed { failure } => (Status::Failed, Some(failure)),
            Outcome::TimedOut { failure } => (Status::TimedOut, Some(failure)),
            Outcome::Aborted { failure } => (Status::Aborted, Some(failure)),
        };
        let expected = self.expect.status;
        let is_expected = match expected {
            Some(expected) => status == expected,
            None => (status == Status::Succeeded) != self.expect.is_of_failure(),
        };
        if !is_expected {
            let expected = match expected {
                Some(status) => status.as_str(),
                None if self.expect.is_of_failure() => "a failure",
                None => "SUCCEEDED",
            };
            let how = failure.map(|failure| format!(": {}", described(failure)));
            let how = how.unwrap_or_default();
            let message = format!(
                "expected {expected}, but the execution ended {}{how}{}",
                status.as_str(),
                walked(path)
            );
            self.miss("status", message, None);
        }
        is_expected
    }

    fn output(&mut self, output: &Payload) {
        let expect = self.expect;
        if let Some(diff) = expect.output.as_ref().and_then(|e| compare::exact(e, output.value())) {
            self.miss("output", "the output is another one".to_owned(), Some(diff));
        }
        let matches = expect.output_matches.as_ref();
        if let Some(diff) = matches.and_then(|e| compare::subset(e, output.value())) {
            self.miss("outputMatches", "the output does not match".to_owned(), Some(diff));
        }
    }

    fn failure(&mut self, failure: &Failure) {
        let expect = self.expect;
        self.text("error", expect.error.as_ref(), failure.error.as_ref());
        self.text("cause", expect.cause.as_ref(), failure.cause.as_ref());
        let cause = failure.cause.as_deref().unwrap_or_default();
        if let Some(pattern) = expect.cause_matches.as_ref().filter(|it| !it.matches(cause)) {
            let (pattern, cause) = (Value::from(pattern.to_string()), Value::from(cause));
            let message = format!("the cause {cause} does not match {pattern}");
            self.miss("causeMatches", message, None);
        }
    }

    fn text(&mut self, member: &str, expected: Option<&Str>, actual: Option<&Str>) {
        let Some(expected) = expected else { return };
        if Some(expected) != actual {
            let quoted = |text: &Str| Value::String(Str::clone(text)).to_string();
            let actual = actual.map_or_else(|| "none".to_owned(), quoted);
            let message = format!("expected {}, but the {member} is {actual}", quoted(expected));
            self.miss(member, message, None);
        }
    }

    fn path(&mut self, path: &[Str]) {
        let Some(expected) = self.expect.path.as_deref().filter(|expected| *expected != path)
        else {
            return;
        };
        let lines =
            |names: &[Str]| names.iter().flat_map(|name| [&**name, "\n"]).collect::<String>();
        let diff = compare::lines(&lines(expected), &lines(path));
        self.miss("path", "other states were entered".to_owned(), Some(diff));
    }

    fn path_includes(&mut self, path: &[Str]) {
        let mut rest = path.iter();
        let mut before: Option<&Str> = None;
        for expected in self.expect.path_includes.iter().flatten() {
            if !rest.any(|entered| entered == expected) {
                let after = before.map(|name| format!(" after `{name}`")).unwrap_or_default();
                let message = format!("`{expected}` was not entered{after}{}", walked(path));
                return self.miss("pathIncludes", message, None);
            }
            before = Some(expected);
        }
    }

    fn took(&mut self, took: Duration) {
        let Some(expected) = self.expect.took else { return };
        let millis = |duration: Duration| (duration.as_secs_f64() * 1000.0).round();
        if (millis(expected) - millis(took)).abs() >= 1.0 {
            let (expected, took) = (expected.as_secs_f64(), millis(took) / 1000.0);
            self.miss("took", format!("expected {expected} s, but it took {took} s"), None);
        }
    }
}

fn described(failure: &Failure) -> String {
    let error = failure.error.as_deref().unwrap_or("no error name");
    match failure.cause.as_deref() {
        None | Some("") => error.to_owned(),
        Some(cause) => format!("{error} ({cause})"),
    }
}

/// The states that were entered, the last ones of a long path.
fn walked(path: &[Str]) -> String {
    const MOST: usize = 20;
    let last = path.get(path.len().saturating_sub(MOST)..).unwrap_or_default();
    let dots = if last.len() < path.len() { "... > " } else { "" };
    format!("\npath: {dots}{}", last.join(" > "))
}
