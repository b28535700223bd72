//! What a command says when it cannot do its work.

use std::error::Error;
use std::fmt::{self, Display};

use crate::printer::Printer;

/// Everything that is wrong, and what to do about it.
#[derive(Debug, Default, PartialEq, Eq)]
#[must_use]
pub(crate) struct Complaint {
    points: Vec<Point>,
}

#[derive(Debug, PartialEq, Eq)]
struct Point {
    error: String,
    hint: Option<String>,
}

impl Complaint {
    pub(crate) fn new(error: impl Display) -> Self {
        Self { points: vec![Point { error: error.to_string(), hint: None }] }
    }

    /// An error with everything behind it.
    pub(crate) fn of(error: &dyn Error) -> Self {
        Self::new(chain(error))
    }

    /// Says what to do about the last point.
    pub(crate) fn hint(mut self, hint: impl Display) -> Self {
        if let Some(point) = self.points.last_mut() {
            point.hint = Some(hint.to_string());
        }
        self
    }

    pub(crate) fn push(&mut self, error: impl Display, hint: Option<&str>) {
        self.points.push(Point { error: error.to_string(), hint: hint.map(str::to_owned) });
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.points.append(&mut other.points);
    }

    /// How many points it has.
    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    /// The complaint, unless there is nothing to complain about.
    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.points.is_empty() { Ok(()) } else { Err(self) }
    }

    pub(crate) fn print(&self, printer: Printer) {
        for Point { error, hint } in &self.points {
            printer.error(error);
            if let Some(hint) = hint {
                printer.hint(hint);
            }
        }
    }
}

/// Every point and what to do about it, a line each.
impl Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hint = |hint: &String| format!("hint: {hint}");
        let lines = self.points.iter().flat_map(|point| {
            [Some(point.error.clone()), point.hint.as_ref().map(hint)].into_iter().flatten()
        });
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

/// An error's message and those of its sources, unless the one before ends with it already.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let part = error.to_string();
        if !text.ends_with(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        source = error.source();
    }
    text
}
