//! A recorded case, read.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use stepwell_asl::Timestamp;
use stepwell_value::{Object, Payload, Str, Value};

use crate::compare::Placeholders;
use crate::objects::Objects;
use crate::tasks::Behaviour;
use crate::{data, field};

/// An execution that was recorded: what was run, and what came out.
#[derive(Debug)]
pub(crate) struct Case {
    pub id: String,
    pub category: String,
    /// The definition as text.
    pub definition: String,
    pub input: Payload,
    pub is_express: bool,
    pub machine_name: String,
    /// By name, what the functions do.
    pub functions: BTreeMap<String, Behaviour>,
    /// Services beside the functions without which the case cannot be played.
    pub needs: Vec<String>,
    /// What was put into buckets before the execution started.
    pub objects: Objects,
    pub expected: Expected,
    pub placeholders: Placeholders,
}

/// What was recorded. Each value as the recorder left it, with placeholders.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Expected {
    /// Null if the execution still ran.
    pub status: Value,
    pub output: Value,
    pub error: Value,
    pub cause: Value,
    /// None if only the outcome was recorded.
    pub events: Option<Vec<Value>>,
}

impl Case {
    /// Reads a file; none if it holds a case of another kind.
    pub(crate) fn read(file: &Path, now: Timestamp) -> Result<Option<Self>> {
        let document = data::read(file)?;
        if field::text(&document, "kind")? != "execution" {
            return Ok(None);
        }
        let case = Self::parse(&document, now);
        case.map(Some).with_context(|| format!("in {}", file.display()))
    }

    pub(crate) fn parse(document: &Value, now: Timestamp) -> Result<Self> {
        let functions = field::members(document, "functions");
        let functions = functions.map(|(name, function)| {
            let behaviour = Behaviour::parse(function);
            Ok((name.to_string(), behaviour.with_context(|| format!("in the function `{name}`"))?))
        });
        let needs = field::list(document, "needs")?.iter().filter_map(Value::as_str);
        let definition = field::member(document, "definition")?;
        Ok(Self {
            id: field::text(document, "id")?.to_owned(),
            category: field::text(document, "category")?.to_owned(),
            definition: definition.as_str().map_or_else(|| definition.to_string(), str::to_owned),
            input: input(document, now)?,
            is_express: field::text(document, "type")? == "EXPRESS",
            machine_name: field::text(document, "state_machine_name")?.to_owned(),
            functions: functions.collect::<Result<_>>()?,
            needs: needs.map(str::to_owned).collect(),
            objects: Objects::parse(document).context("in the setup")?,
            expected: Expected::parse(field::member(document, "expected")?)?,
            placeholders: Placeholders::of(document),
        })
    }

    /// Whether there is everything that the case needs: buckets are kept in memory, for map runs and
    /// not for tasks that call their interface.
    pub(crate) fn is_playable(&self) -> bool {
        let calls_buckets = self.definition.contains(":states:::aws-sdk:s3:");
        self.needs.iter().all(|service| service == "s3" && !calls_buckets)
    }

    /// By what a case is chosen and called in messages.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.category, self.id)
    }
}

impl Expected {
    fn parse(expected: &Value) -> Result<Self> {
        let part = |name| expected.get(name).cloned().unwrap_or_default();
        let events = match expected.get("events") {
            None | Some(Value::Null) => None,
            Some(_) => Some(field::list(expected, "events")?.to_vec()),
        };
        let (status, output) = (part("status"), part("output"));
        Ok(Self { status, output, error: part("error"), cause: part("cause"), events })
    }
}

/// What the execution was started with. Without an input the service assumes an empty object.
fn input(document: &Value, now: Timestamp) -> Result<Payload> {
    let text = if document.get("input_omitted").is_some() {
        "{}".to_owned()
    } else if let Some(text) = field::optional_text(document, "input_raw") {
        text.to_owned()
    } else {
        field::member(document, "input")?.to_string()
    };
    Payload::parse(with_moments(&text, now)?).context("the input is not JSON")
}

/// Puts moments where the input names them by their distance from now: `{{now+3d}}`.
fn with_moments(text: &str, now: Timestamp) -> Result<String> {
    const DAY_SECONDS: u64 = 86_400;
    const OPEN: &str = "{{now+";
    let mut parts = text.split(OPEN);
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (days, rest) = part.split_once("d}}").context("a moment is `{{now+DAYSd}}`")?;
        let days: u64 = days.parse().with_context(|| format!("`{days}` is no number of days"))?;
        let moment = now.saturating_add(Duration::from_secs(days * DAY_SECONDS)).to_string();
        let (seconds, _) = moment.split_once('.').context("moments have milliseconds")?;
        done.push_str(seconds);
        done.push_str(rest);
    }
    Ok(done)
}

/// Names that a member of a case gives to values.
pub(crate) fn texts(value: Option<&Value>) -> BTreeMap<Str, Str> {
    let object = value.and_then(Value::as_object);
    let texts = object.into_iter().flat_map(Object::iter).filter_map(|(name, text)| {
        let text = text.as_str()?;
        Some((Str::clone(name), Str::from(text)))
    });
    texts.collect()
}

#[cfg(test)]
mod tests;
