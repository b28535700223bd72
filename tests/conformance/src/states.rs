//! Single states, each with what comes of it and the values on the way there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use stepwell_value::Value;

use crate::answer::{Answer, Exception, shown};
use crate::compare::{self, Placeholders};
use crate::{Failure, Only, Report, Score, data, field};

mod play;
mod request;

/// A state that was tested, and what the service answered.
#[derive(Debug)]
pub(crate) struct Case {
    id: String,
    pub document: Value,
    expected: Answer,
    placeholders: Placeholders,
}

/// The recorded states of a folder, and what is to be said of those that are left out.
pub(crate) struct Cases {
    pub cases: Vec<Case>,
    pub notes: Vec<String>,
}

/// Plays the states of a folder.
pub fn play(folder: &Path, only: &Only) -> Result<Report> {
    let Cases { cases, notes } = Cases::read(folder, only)?;
    Ok(report(notes, cases.iter().map(|case| (case, play_calmly(case)))))
}

/// What became of each case.
pub(crate) fn report<'c>(
    notes: Vec<String>,
    played: impl IntoIterator<Item = (&'c Case, Result<Answer>)>,
) -> Report {
    let mut score = Score::new("single states");
    for (case, answer) in played {
        let differences = match answer {
            Ok(actual) => case.differences(&actual),
            Err(error) => vec![format!("{error:#}")],
        };
        let is_good = differences.is_empty();
        score.note((!is_good).then(|| Failure { case: case.name(), differences }));
    }
    Report { notes, scores: vec![score] }
}

impl Cases {
    pub(crate) fn read(folder: &Path, only: &Only) -> Result<Self> {
        let (mut cases, mut refused_before) = (Vec::new(), 0);
        for file in data::json_files(&folder.join("cases"))? {
            let document = data::read(&file)?;
            if field::text(&document, "kind")? != "test_state" {
                continue;
            }
            let case = Case::parse(document).with_context(|| format!("in {}", file.display()))?;
            if !only.takes(&case.name()) {
                continue;
            }
            if matches!(&case.expected, Err(exception) if exception.name == "ParamValidationError")
            {
                refused_before += 1;
                continue;
            }
            cases.push(case);
        }
        let note = format!("{refused_before} not played: the caller's SDK refuses the request");
        let notes = if refused_before > 0 { vec![note] } else { Vec::new() };
        Ok(Self { cases, notes })
    }
}

/// Plays a case whose panic is its own: the others go on.
fn play_calmly(case: &Case) -> Result<Answer> {
    let answer = catch_unwind(AssertUnwindSafe(|| play::play(&case.document)));
    answer.map_err(|_panic| anyhow!("playing it panics"))?
}

impl Case {
    fn parse(document: Value) -> Result<Self> {
        let expected = field::member(&document, "expected")?;
        let expected = match expected.get("error_response") {
            Some(error) => Err(Exception::recorded(error)?),
            None => Ok(field::member(expected, "response")?.clone()),
        };
        Ok(Self {
            id: field::text(&document, "id")?.to_owned(),
            expected,
            placeholders: Placeholders::of(&document),
            document,
        })
    }

    /// By what a case is chosen and called in messages.
    pub(crate) fn name(&self) -> String {
        format!("test_state/{}", self.id)
    }

    fn differences(&self, actual: &Answer) -> Vec<String> {
        match (&self.expected, actual) {
            (Ok(expected), Ok(actual)) => {
                compare::compare_response(expected, &self.placeholders, actual).differences
            }
            (expected, actual) if expected == actual => Vec::new(),
            (expected, actual) => {
                vec![format!("expected {}", shown(expected)), format!("actual   {}", shown(actual))]
            }
        }
    }
}

#[cfg(test)]
mod tests;
