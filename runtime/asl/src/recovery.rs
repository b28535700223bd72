//! What a state does about a failure: retriers and catchers.

use stepwell_value::Str;

use crate::{ResultPath, StateIdx, Template};

/// `Retry` and `Catch` of a state, in the order in which they are tried.
#[derive(Debug, Default)]
pub struct Recovery {
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
}

#[derive(Debug)]
pub struct Retrier {
    pub errors: Vec<ErrorPattern>,
    /// The pause before the first retry.
    pub interval_seconds: u64,
    /// How many retries at most; 0 means none.
    pub attempts_max: u64,
    /// By what the pause grows from one retry to the next; at least 1.
    pub backoff_rate: f64,
    /// The longest pause.
    pub delay_seconds_max: Option<u64>,
    pub jitter: Jitter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    None,
    /// The pause is drawn evenly between zero and its full length.
    Full,
}

#[derive(Debug)]
pub struct Catcher {
    pub errors: Vec<ErrorPattern>,
    /// Where the failure goes, in JSONPath.
    pub result: ResultPath,
    /// The state's output in its place, in JSONata.
    pub output: Option<Template>,
    pub assign: Option<Template>,
    pub next: StateIdx,
}

/// One element of `ErrorEquals`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorPattern {
    /// `States.ALL`
    All,
    /// `States.TaskFailed`
    TaskFailed,
    Name(Str),
}

impl ErrorPattern {
    pub fn parse(text: &str) -> Self {
        match text {
            "States.ALL" => Self::All,
            "States.TaskFailed" => Self::TaskFailed,
            name => Self::Name(name.into()),
        }
    }

    /// Whether a failure of that name is meant.
    ///
    /// `States.ALL` does not cover `States.Runtime`; `States.TaskFailed` covers neither that nor
    /// `States.Timeout`. A failure without a name, which a callback may report, is covered by both
    /// wildcards.
    pub fn matches(&self, error: Option<&str>) -> bool {
        match (self, error) {
            (Self::Name(name), error) => Some(&**name) == error,
            (Self::All | Self::TaskFailed, None) => true,
            (Self::All, Some(error)) => error != "States.Runtime",
            (Self::TaskFailed, Some(error)) => {
                !["States.Timeout", "States.Runtime"].contains(&error)
            }
        }
    }
}

#[cfg(test)]
mod tests;
