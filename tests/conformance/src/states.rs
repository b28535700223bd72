//! Single states, each with what comes of it and the values on the way there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use stepwell_value::{Object, Value};

use crate::compare::{self, Placeholders};
use crate::{Failure, Only, Report, Score, data, field};

mod play;
mod request;
mod wire;

/// An answer of `TestState`: a response, or an exception with its name and its message.
type Answer = Result<Value, Exception>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Exception {
    name: String,
    message: String,
}

/// A state that was tested, and what the service answered.
#[derive(Debug)]
struct Case {
    id: String,
    document: Value,
    expected: Answer,
    placeholders: Placeholders,
}

/// Plays the states of a folder.
pub fn play(folder: &Path, only: &Only) -> Result<Report> {
    let mut score = Score::new("single states");
    let mut refused_before = 0;
    for file in data::json_files(&folder.join("cases"))? {
        let document = data::read(&file)?;
        if field::text(&document, "kind")? != "test_state" {
            continue;
        }
        let case = Case::parse(document).with_context(|| format!("in {}", file.display()))?;
        if !only.takes(&case.name()) {
            continue;
        }
        if matches!(&case.expected, Err(exception) if exception.name == "ParamValidationError") {
            refused_before += 1;
            continue;
        }
        let differences = match play_calmly(&case) {
            Ok(actual) => case.differences(&actual),
            Err(error) => vec![format!("{error:#}")],
        };
        let is_good = differences.is_empty();
        score.note((!is_good).then(|| Failure { case: case.name(), differences }));
    }
    let note = format!("{refused_before} not played: the caller's SDK refuses the request");
    let notes = if refused_before > 0 { vec![note] } else { Vec::new() };
    Ok(Report { notes, scores: vec![score] })
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
            placeholders: Placeholders::parse(document.get("placeholders")),
            document,
        })
    }

    /// By what a case is chosen and called in messages.
    fn name(&self) -> String {
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

impl Exception {
    /// Two forms were recorded: what the service sent, and what its SDK made of it.
    fn recorded(error: &Value) -> Result<Self> {
        if let Some(sent) = error.get("Error") {
            let (name, message) = (field::text(sent, "Code")?, field::text(sent, "Message")?);
            return Ok(Self { name: name.to_owned(), message: message.to_owned() });
        }
        let name = field::text(error, "exception_typename")?;
        let text = field::text(error, "exception_value")?;
        let message = text.split_once("TestState operation: ").map_or(text, |(_, message)| message);
        Ok(Self { name: name.to_owned(), message: message.to_owned() })
    }
}

fn shown(answer: &Answer) -> String {
    match answer {
        Ok(response) => response.to_string(),
        Err(Exception { name, message }) => format!("{name}: {message}"),
    }
}

/// An object of the members that are there.
fn object(members: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    let members = members.into_iter();
    Value::from(members.filter_map(|(name, value)| Some((name, value?))).collect::<Object>())
}

#[cfg(test)]
mod tests;
