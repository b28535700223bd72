//! What the service sends today and did not send yet when a case was recorded.

use stepwell_value::Value;

/// A day: year, month, day of the month.
type Day = (u16, u8, u8);

/// When the service began to send a member.
const BEGINNINGS: &[(&str, Day)] = &[
    // Executions could be redriven from then on. Tasks that wait for one see its description, whose
    // members begin with capitals.
    ("failuresNotRedrivable", (2023, 11, 15)),
    ("pendingRedrive", (2023, 11, 15)),
    ("redriveCount", (2023, 11, 15)),
    ("redriveStatus", (2023, 11, 15)),
    ("redriveStatusReason", (2023, 11, 15)),
    ("RedriveCount", (2023, 11, 15)),
    ("RedriveStatus", (2023, 11, 15)),
    ("RedriveStatusReason", (2023, 11, 15)),
    // Keys of one's own.
    ("encryptionConfiguration", (2024, 7, 25)),
    // Variables.
    ("variableReferences", (2024, 11, 22)),
];

/// When a case was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Era {
    /// None where nobody wrote it down.
    recorded_on: Option<Day>,
}

impl Era {
    /// Of the case: it has `source.recorded`, as `20-07-2024, 15:11:01`.
    pub(super) fn of(document: &Value) -> Self {
        let source = document.get("source").and_then(|source| source.get("recorded"));
        Self { recorded_on: source.and_then(Value::as_str).and_then(day) }
    }

    /// Whether the service did not send the member yet.
    pub(super) fn is_before(self, member: &str) -> bool {
        let began = BEGINNINGS.iter().find(|(name, _)| *name == member);
        self.recorded_on.zip(began).is_some_and(|(recorded, (_, began))| recorded < *began)
    }
}

fn day(text: &str) -> Option<Day> {
    let (date, _) = text.split_once(',')?;
    let mut parts = date.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

#[cfg(test)]
mod tests;
