//! The records of one execution, as people read them.

use std::collections::HashMap;

use stepwell::{Timestamp, Value};

use crate::client::{arn, text};
use crate::visible::{Visible, one_line};

/// The longest types of records have this many characters.
const KIND_CHARS: usize = 23;
const NOTE_CHARS_MAX: usize = 120;

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// The state of each event by its id: an event inside of a state does not name it.
    states: HashMap<String, String>,
    is_over: bool,
    dropped: i64,
    told: usize,
}

impl Story {
    /// Whether the last thing that was read is the end.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn is_empty(&self) -> bool {
        self.told == 0
    }

    /// How many records of any execution were lost.
    pub(super) fn dropped(&self) -> i64 {
        self.dropped
    }

    /// The row of a record, unless the line is none of this execution.
    pub(super) fn take(&mut self, line: &str, execution: &str) -> Option<String> {
        // Most lines are of others; reading JSON takes longer than looking for a text.
        let is_of_interest = line.contains(execution) || line.contains("LogDropped");
        let record = is_of_interest.then(|| Value::parse(line).ok())??;
        if text(&record, "type") == "LogDropped" {
            self.dropped += record.get("count").and_then(Value::as_int).unwrap_or(0);
            return None;
        }
        if text(&record, "execution_arn") != execution {
            return None;
        }
        self.told += 1;
        let kind = text(&record, "type");
        match kind {
            "ExecutionSucceeded" | "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted" => {
                self.is_over = true;
            }
            "ExecutionRedriven" => self.is_over = false,
            _ => {}
        }
        let state = if kind.starts_with("Execution") { String::new() } else { self.state(&record) };
        let row = row(&record, kind, &state);
        self.states.insert(text(&record, "id").to_owned(), state);
        Some(row)
    }

    /// The state that the record names, or that of the event before.
    fn state(&self, record: &Value) -> String {
        let named = record.get("details").and_then(|details| details.get("name"));
        let before = || self.states.get(text(record, "previous_event_id")).cloned();
        let named = named.and_then(Value::as_str).map(str::to_owned);
        named.or_else(before).unwrap_or_default()
    }
}

fn row(record: &Value, kind: &str, state: &str) -> String {
    let millis = text(record, "event_timestamp").parse().ok();
    let at =
        millis.map_or_else(|| "-".to_owned(), |at| Timestamp::from_unix_millis(at).to_string());
    let note = one_line(&note(record), NOTE_CHARS_MAX);
    let row = format!(
        "{at}  {kind:<KIND_CHARS$}  {}  {note}",
        Visible(state),
        kind = Visible(kind).to_string()
    );
    row.trim_end().to_owned()
}

/// What went wrong, or whom it is about.
fn note(record: &Value) -> String {
    let Some(details) = record.get("details") else { return String::new() };
    match (text(details, "error"), text(details, "cause")) {
        ("", "") => text(details, "resource").to_owned(),
        (error, "") => error.to_owned(),
        (error, cause) => format!("{error}: {cause}"),
    }
}

/// The execution of a line, if that is called so: `MACHINE:NAME`, and for an Express execution with
/// what tells those of one name apart.
pub(super) fn execution_of(line: &str, name: &str) -> Option<String> {
    let record = line.contains(name).then(|| Value::parse(line).ok())??;
    let execution = text(&record, "execution_arn");
    let is_called = arn::short(execution).split(':').nth(1) == Some(name);
    is_called.then(|| execution.to_owned())
}

#[cfg(test)]
mod tests;
