//! `intrinsic_cases.json`: calls of intrinsic functions, and of the `JSONata` functions that do the
//! same, with their input and what the service answers.

use std::path::Path as FilePath;

use anyhow::{Context as _, Result, bail};
use stepwell_intrinsics::{Call, Failure as CallFailure};
use stepwell_jsonata::{Dialect, Limits};
use stepwell_jsonpath::{Path, ReadError, Root};
use stepwell_value::{Object, Value};

use super::{beginning, jsonata};
use crate::{Failure, Only, Score, data, field};

/// What became of a call.
enum Answer {
    Value(Value),
    Failed(String),
    /// The text is no call.
    Refused(String),
}

pub(super) fn play(folder: &FilePath, only: &Only) -> Result<Score> {
    let cases = data::read(&folder.join("intrinsic_cases.json"))?;
    let cases = cases.as_array().context("the intrinsic cases are not a list")?;
    let mut score = Score::new("intrinsic functions");
    for case in cases {
        let text = field::text(case, "expression")?;
        let name = format!("intrinsic/{} {}", field::text(case, "id")?, beginning(text));
        if !only.takes(&name) {
            continue;
        }
        let answer = match field::text(case, "language")? {
            "JSONPath" => call(text, case),
            "JSONata" => evaluate(text, case)?,
            other => bail!("`{other}` is not a language that is known"),
        };
        let expected = Expected::parse(case)?;
        let difference = (!expected.is_met(&answer)).then(|| {
            Failure::new(name, &beginning(&expected.shown()), &beginning(&answer.shown()))
        });
        score.note(difference);
    }
    Ok(score)
}

/// What was recorded, of which a part was masked because it depends on chance or on a name.
enum Expected<'c> {
    Value(&'c Value),
    SomeInteger,
    SomeText,
    /// A call that can be written but not answered.
    Parsed,
    Refused,
}

impl<'c> Expected<'c> {
    fn parse(case: &'c Value) -> Result<Self> {
        let has = |name| case.get(name).is_some();
        Ok(if let Some(value) = case.get("expected") {
            Self::Value(value)
        } else if has("definition_error") {
            Self::Refused
        } else if has("expected_parse") {
            Self::Parsed
        } else if field::optional_text(case, "expected_kind")
            .is_some_and(|kind| kind.starts_with("integer"))
        {
            Self::SomeInteger
        } else if has("expected_kind") || has("expected_masked") {
            Self::SomeText
        } else {
            bail!("the case expects nothing")
        })
    }

    fn is_met(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Refused, Answer::Refused(_)) => true,
            (Self::Parsed, Answer::Value(_) | Answer::Failed(_)) => true,
            (Self::Value(wanted), Answer::Value(found)) => found == *wanted,
            (Self::SomeInteger, Answer::Value(found)) => found.as_int().is_some(),
            (Self::SomeText, Answer::Value(found)) => found.as_str().is_some(),
            _ => false,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Value(value) => value.to_string(),
            Self::SomeInteger => "some integer".to_owned(),
            Self::SomeText => "some text".to_owned(),
            Self::Parsed => "a call".to_owned(),
            Self::Refused => "refused".to_owned(),
        }
    }
}

impl Answer {
    fn shown(&self) -> String {
        match self {
            Self::Value(value) => value.to_string(),
            Self::Failed(message) => format!("failed: {message}"),
            Self::Refused(message) => format!("refused: {message}"),
        }
    }
}

enum Trouble {
    Read(ReadError),
    Failed(CallFailure),
}

impl From<CallFailure> for Trouble {
    fn from(failure: CallFailure) -> Self {
        Self::Failed(failure)
    }
}

/// Calls an intrinsic function with the documents of the case.
fn call(text: &str, case: &Value) -> Answer {
    let call = match Call::parse(text) {
        Ok(call) => call,
        Err(error) => return Answer::Refused(error.to_string()),
    };
    let input = case.get("input").cloned().unwrap_or_default();
    let context = case.get("context").cloned().unwrap_or_else(|| context(&input));
    let mut read = |path: &Path| {
        let document = match path.root() {
            Root::Input => &input,
            Root::Context => &context,
            Root::Variable(_) => &Value::Null,
        };
        path.read(document).map_err(Trouble::Read)
    };
    match call.evaluate(&mut read, &mut || 0x0123_4567_89ab_cdef) {
        Ok(value) => Answer::Value(value),
        Err(Trouble::Read(error)) => Answer::Failed(error.to_string()),
        Err(Trouble::Failed(failure)) => Answer::Failed(failure.to_string()),
    }
}

/// What a case reads from the context object when it brings none along.
fn context(input: &Value) -> Value {
    let execution = Object::from_iter([("Input", input.clone())]);
    let machine = Object::from_iter([("Name", Value::from("state-machine-name"))]);
    Object::from_iter([("Execution", execution), ("StateMachine", machine)]).into()
}

/// Evaluates a `{% %}` text with the input of the case as `$states.input`.
fn evaluate(text: &str, case: &Value) -> Result<Answer> {
    let inner = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}"));
    let inner = inner.with_context(|| format!("`{text}` is not in the brackets of JSONata"))?;
    let input = case.get("input").cloned().unwrap_or_default();
    let states = Object::from_iter([("input", input)]);
    let bindings = Object::from_iter([("states", states)]);
    let profile = (Dialect::StepFunctions, Limits::STEP_FUNCTIONS);
    Ok(match jsonata::evaluate(inner, None, &bindings, profile) {
        Ok(Some(value)) => Answer::Value(value),
        Ok(None) => Answer::Failed("undefined".to_owned()),
        Err(error) => Answer::Failed(format!("{} {error}", error.code())),
    })
}
