//! An event of a history, taken apart.

use std::fmt;

use stepwell_value::{Object, Str, Value};

/// What an event of a response says, apart from when it happened.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// None where the recorder has lost it.
    pub id: Option<i64>,
    pub previous: i64,
    pub kind: String,
    name: Option<Value>,
    index: Option<f64>,
    /// With its numbers.
    pub numbered: Value,
    /// Without them.
    pub content: Value,
}

/// The states that have events inside of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fork {
    Map,
    Parallel,
}

/// What an event does to a Map or Parallel state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Entered(Fork),
    /// An attempt begins.
    Started(Fork),
    /// An attempt ends.
    Ended(Fork),
    Exited(Fork),
}

impl Event {
    pub(super) fn parse(event: &Value) -> Self {
        let number = |name| event.get(name).and_then(Value::as_int);
        let details = details(event);
        let part = |name| details.and_then(|details| details.get(name)).cloned();
        let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
        Self {
            id: number("id").filter(|id| *id > 0),
            previous: number("previousEventId").unwrap_or(0),
            kind: kind.to_owned(),
            name: part("name"),
            index: part("index").and_then(|index| index.as_f64()),
            numbered: without(event, &["timestamp"]),
            content: without(event, &["timestamp", "id", "previousEventId"]),
        }
    }

    /// Whether the two are about the same thing.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.name == other.name && self.index == other.index
    }

    pub(super) fn step(&self) -> Option<Step> {
        let kinds = [("MapState", Fork::Map), ("ParallelState", Fork::Parallel)];
        kinds.into_iter().find_map(|(prefix, fork)| {
            Some(match self.kind.strip_prefix(prefix)? {
                "Entered" => Step::Entered(fork),
                "Started" => Step::Started(fork),
                "Succeeded" | "Failed" | "Aborted" => Step::Ended(fork),
                "Exited" => Step::Exited(fork),
                _ => return None,
            })
        })
    }
}

/// The type, with the state or the iteration that it is about.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        if let Some(name) = &self.name {
            write!(f, " {name}")?;
        }
        match self.index {
            Some(index) => write!(f, "[{index}]"),
            None => Ok(()),
        }
    }
}

pub(super) fn details(event: &Value) -> Option<&Value> {
    let mut members = event.as_object()?.iter();
    members.find(|(name, _)| name.ends_with("EventDetails")).map(|(_, details)| details)
}

fn without(event: &Value, names: &[&str]) -> Value {
    let members = event.as_object().into_iter().flat_map(Object::iter);
    let members = members.filter(|(name, _)| !names.contains(&&***name));
    Value::from(
        members.map(|(name, member)| (Str::clone(name), member.clone())).collect::<Object>(),
    )
}
