//! `JSONata`: the language's own suite, the reference's messages, and what was measured on the
//! service.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use stepwell_jsonata::{Dialect, Env, Error, Expression, Limits};
use stepwell_value::{Object, Value};

use super::beginning;
use crate::{Failure, Only, Score, data, field};

/// 2018-09-10T11:11:11Z or so; the suite only asks that it is a moment.
const NOW_MILLIS: i64 = 1_536_577_871_000;

/// Operators that the documented version of the language does not have.
const LATER_OPERATORS: &[&str] = &["coalescing-operator", "default-operator"];

/// The service has taken this function out: every call of it answers [`NO_SUCH_FUNCTION`].
const GROUP_OF_EVAL: &str = "function-eval";
const NO_SUCH_FUNCTION: &str = "T1006";

pub(super) type Answer = std::result::Result<Option<Value>, Error>;

pub(super) fn play(folder: &Path, only: &Only) -> Result<Vec<Score>> {
    let suite = Suite::read(&folder.join("jsonata-suite"))?;
    let mut scores = suite.play(only)?;
    scores.push(suite.play_later_corrections(only)?);
    scores.push(play_measured(&folder.join("aws_jsonata_cases.json"), only)?);
    Ok(scores)
}

/// The language's own suite.
struct Suite {
    cases: Value,
    later: Value,
    /// By the case's id, what the reference implementation says.
    messages: Value,
    datasets: BTreeMap<String, Value>,
}

impl Suite {
    fn read(folder: &Path) -> Result<Self> {
        let mut datasets = BTreeMap::new();
        for path in data::json_files(&folder.join("datasets"))? {
            let name = path.file_stem().and_then(|name| name.to_str());
            let name = name.context("a dataset has a name")?.to_owned();
            datasets.insert(name, data::read(&path)?);
        }
        Ok(Self {
            cases: data::read(&folder.join("suite-2.0.6.json"))?,
            later: data::read(&folder.join("suite-2.2.2-delta.json"))?,
            messages: data::read(&folder.join("error-messages-2.0.6.json"))?,
            datasets,
        })
    }

    fn play(&self, only: &Only) -> Result<Vec<Score>> {
        let mut values = Score::new("JSONata suite: values");
        let mut nothings = Score::new("JSONata suite: undefined");
        let mut codes = Score::new("JSONata suite: codes");
        let mut messages = Score::new("JSONata messages");
        for case in self.cases.as_array().context("the suite is not a list")? {
            let id = field::text(case, "id")?;
            if !only.takes(&name_of(case)?) {
                continue;
            }
            let answer = self.answer(case)?;
            let score = match field::text(field::member(case, "expect")?, "kind")? {
                "value" => &mut values,
                "undefined" => &mut nothings,
                _ => &mut codes,
            };
            score.note(difference(case, &answer)?);
            if let Some(message) = self.messages.get(id)
                && !is_about_eval(case)
            {
                messages.note(message_difference(case, message, &answer)?);
            }
        }
        Ok(vec![values, nothings, codes, messages])
    }

    /// Corrections of a later version of the suite that the service has too.
    fn play_later_corrections(&self, only: &Only) -> Result<Score> {
        let mut score = Score::new("JSONata later corrections");
        for case in self.later.as_array().context("the suite is not a list")? {
            let is_known = !LATER_OPERATORS.contains(&field::text(case, "group")?);
            if is_known && only.takes(&name_of(case)?) {
                score.note(difference(case, &self.answer(case)?)?);
            }
        }
        Ok(score)
    }

    fn answer(&self, case: &Value) -> Result<Answer> {
        let input = field::member(case, "input")?;
        let input = match field::text(input, "kind")? {
            "dataset" => {
                let name = field::text(input, "name")?;
                Some(self.datasets.get(name).with_context(|| format!("no dataset `{name}`"))?)
            }
            "inline" => Some(field::member(input, "data")?),
            _ => None,
        };
        let bindings = case.get("bindings").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut limits = Limits::GENEROUS;
        if let Some(depth) = case.get("depth").and_then(Value::as_int) {
            limits.depth_max = usize::try_from(depth)?;
            limits.steps_max = 20_000_000;
        }
        let profile = (Dialect::Jsonata, limits);
        Ok(evaluate(field::text(case, "expr")?, input, &bindings, profile))
    }
}

fn name_of(case: &Value) -> Result<String> {
    Ok(format!("jsonata/{}", field::text(case, "id")?))
}

fn is_about_eval(case: &Value) -> bool {
    field::optional_text(case, "group") == Some(GROUP_OF_EVAL)
}

pub(super) fn evaluate(
    text: &str,
    input: Option<&Value>,
    bindings: &Object,
    (dialect, limits): (Dialect, Limits),
) -> Answer {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut entropy = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut env = Env { now_millis: NOW_MILLIS, entropy: &mut entropy, limits };
    Expression::parse_as(text, dialect)?.evaluate(input, bindings, &mut env)
}

fn difference(case: &Value, answer: &Answer) -> Result<Option<Failure>> {
    let expect = field::member(case, "expect")?;
    let kind = field::text(expect, "kind")?;
    let wanted_code = if is_about_eval(case) {
        Some(NO_SUCH_FUNCTION)
    } else {
        field::optional_text(expect, "code")
    };
    let is_good = match answer {
        Err(error) => wanted_code == Some(error.code()),
        Ok(_) if wanted_code.is_some() => false,
        Ok(None) => kind == "undefined",
        Ok(Some(found)) => {
            let wanted = field::member(expect, "value")?;
            kind == "value" && is_same(found, wanted, case.get("unordered").is_some())
        }
    };
    if is_good {
        return Ok(None);
    }
    let name = format!("{} {}", name_of(case)?, beginning(field::text(case, "expr")?));
    let expected = match wanted_code {
        Some(code) => code.to_owned(),
        None => expect.get("value").map_or_else(|| kind.to_owned(), ToString::to_string),
    };
    Ok(Some(Failure::new(name, &beginning(&expected), &shown(answer))))
}

/// The reference's message word for word, with where it points and what it names.
fn message_difference(case: &Value, message: &Value, answer: &Answer) -> Result<Option<Failure>> {
    let wanted = field::text(message, "message")?;
    let given = |name| message.get(name).filter(|value: &&Value| !value.is_null());
    let expected = describe(wanted, given("position").map(ToString::to_string), given("token"));
    let actual = match answer {
        Err(error) => {
            let position = error.position().map(|position| position.to_string());
            describe(&error.to_string(), position, error.concerned())
        }
        Ok(_) => shown(answer),
    };
    if expected == actual {
        return Ok(None);
    }
    let name = format!("{} {}", name_of(case)?, beginning(field::text(case, "expr")?));
    Ok(Some(Failure::new(name, &expected, &actual)))
}

fn describe(message: &str, position: Option<String>, token: Option<&Value>) -> String {
    let position = position.unwrap_or_else(|| "nowhere".to_owned());
    let token = token.map_or_else(|| "nothing".to_owned(), ToString::to_string);
    format!("{message} (at {position}, about {token})")
}

fn play_measured(file: &Path, only: &Only) -> Result<Score> {
    let cases = data::read(file)?;
    let mut score = Score::new("JSONata measured");
    for (nth, case) in field::list(&cases, "cases")?.iter().enumerate() {
        let text = field::text(case, "expr")?;
        let name = format!("measured/{nth} {}", beginning(text));
        if !only.takes(&name) {
            continue;
        }
        let expect = field::member(case, "expect")?;
        let profile = (Dialect::StepFunctions, Limits::STEP_FUNCTIONS);
        let answer = evaluate(text, None, &Object::new(), profile);
        let is_good = is_measured(expect, &answer)?;
        score.note(
            (!is_good)
                .then(|| Failure::new(name, &beginning(&expect.to_string()), &shown(&answer))),
        );
    }
    Ok(score)
}

fn is_measured(expect: &Value, answer: &Answer) -> Result<bool> {
    Ok(match (field::text(expect, "kind")?, answer) {
        ("value", Ok(Some(found))) => is_same(found, field::member(expect, "value")?, false),
        ("undefined", Ok(None)) => true,
        ("error", Err(error)) => {
            let code = field::optional_text(expect, "code");
            let is_code =
                if error.is_limit() { code.is_none() } else { code == Some(error.code()) };
            is_code && is_message(field::optional_text(expect, "message"), &error.to_string())
        }
        _ => false,
    })
}

/// A message that is only described, in brackets, says nothing; one that ends in dots was cut short.
fn is_message(wanted: Option<&str>, found: &str) -> bool {
    match wanted {
        None => true,
        Some(wanted) if wanted.starts_with('(') => true,
        Some(wanted) => match wanted.strip_suffix("...") {
            Some(beginning) => found.starts_with(beginning),
            None => found == wanted,
        },
    }
}

/// Deep, numeric and ordered equality; `1` is `1.0`.
fn is_same(left: &Value, right: &Value, is_unordered: bool) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) if is_unordered => {
            left.len() == right.len()
                && left.iter().all(|l| right.iter().any(|r| is_same(l, r, false)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right.iter()).all(|(l, r)| is_same(l, r, is_unordered))
        }
        (Value::Object(left), Value::Object(right)) => {
            let is_member =
                |(name, l)| right.get(name).is_some_and(|r| is_same(l, r, is_unordered));
            left.len() == right.len() && left.iter().all(|(name, l)| is_member((name, l)))
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            left.as_f64() == right.as_f64()
        }
        _ => left == right,
    }
}

fn shown(answer: &Answer) -> String {
    match answer {
        Ok(Some(value)) => beginning(&value.to_string()),
        Ok(None) => "undefined".to_owned(),
        Err(error) => format!("{} {error} (at {:?})", error.code(), error.position()),
    }
}
