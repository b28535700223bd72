//! An execution as spans of a trace: itself, each visit of a state, each attempt of a task, and each
//! branch and iteration.
//!
//! A span is told when it has ended. Its number follows from the trace and from the event that began
//! it; a process that starts over therefore tells the same spans, and a span that is told twice is
//! the same span.
//!
//! | span | child of | name |
//! |---|---|---|
//! | execution | the caller's span | the state machine's |
//! | visit of a state | the execution, the branch or the iteration | the state's |
//! | attempt of a task | the visit | what is called |
//! | map run | the visit | `map run` |
//! | branch or iteration | the visit of the Parallel or Map state | `branch N` or `iteration N` |
//!
//! A visit takes in its retries; the pauses between them are gaps between attempts. A redrive begins
//! new spans for what goes on.

use stepwell_asl::Timestamp;
use stepwell_kernel::Failure;
use stepwell_value::Str;

pub use fold::SpanFold;
pub use trace::{SpanId, TraceId};

mod fold;
mod trace;

/// How much of a failure's cause a span shows, in characters.
const CAUSE_CHARS_MAX: usize = 256;

/// Something that took time and is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub trace: TraceId,
    pub id: SpanId,
    pub parent: Option<SpanId>,
    pub name: Str,
    pub kind: SpanKind,
    pub start: Timestamp,
    pub end: Timestamp,
    pub attributes: Vec<(&'static str, Attribute)>,
    pub status: SpanStatus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// An execution: somebody asked for it.
    Server,
    Internal,
    /// An attempt of a task: something else is asked.
    Client,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    Text(Str),
    Number(i64),
    Flag(bool),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SpanStatus {
    #[default]
    Fine,
    /// With the error's name.
    Error(Str),
}

/// A span in the making.
#[derive(Clone, Debug)]
struct Open {
    id: SpanId,
    parent: Option<SpanId>,
    name: Str,
    kind: SpanKind,
    start: Timestamp,
    attributes: Vec<(&'static str, Attribute)>,
}

/// How a span ends.
#[derive(Clone, Copy)]
enum Ending<'a> {
    Fine,
    Failed(&'a Failure),
    /// It was stopped from outside of it.
    Aborted,
}

impl Open {
    fn with(mut self, name: &'static str, text: &Str) -> Self {
        self.attributes.push((name, Attribute::Text(Str::clone(text))));
        self
    }

    fn with_number(mut self, name: &'static str, number: u32) -> Self {
        self.attributes.push((name, Attribute::Number(number.into())));
        self
    }

    fn close(mut self, trace: TraceId, end: Timestamp, ending: Ending<'_>) -> Span {
        let status = match ending {
            Ending::Fine => SpanStatus::Fine,
            Ending::Aborted => {
                self.attributes.push(("stepwell.aborted", Attribute::Flag(true)));
                SpanStatus::Error("aborted".into())
            }
            Ending::Failed(failure) => {
                self.attributes.extend(of_failure(failure));
                // What was reported from outside need not have a name.
                SpanStatus::Error(failure.error.clone().unwrap_or_else(|| "failed".into()))
            }
        };
        Span {
            trace,
            id: self.id,
            parent: self.parent,
            name: self.name,
            kind: self.kind,
            start: self.start,
            end,
            attributes: self.attributes,
            status,
        }
    }
}

fn of_failure(failure: &Failure) -> impl Iterator<Item = (&'static str, Attribute)> {
    let error = failure.error.as_ref().map(|error| ("error.type", Str::clone(error)));
    let cause = failure.cause.as_ref().map(|cause| ("stepwell.cause", cut(cause)));
    error.into_iter().chain(cause).map(|(name, text)| (name, Attribute::Text(text)))
}

fn cut(cause: &Str) -> Str {
    match cause.char_indices().nth(CAUSE_CHARS_MAX) {
        Some((end, _)) => cause.split_at(end).0.into(),
        None => Str::clone(cause),
    }
}

#[cfg(test)]
mod tests;
