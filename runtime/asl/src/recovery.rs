//! What a state does about a failure: retriers and catchers.

use stepwell_value::Str;

use crate::{ResultPath, StateIdx, Template};

/// `Retry` and `Catch` of a state, in the order in which they are tried.
#[derive(Debug, Default, PartialEq)]
pub struct Recovery {
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
}

#[derive(Debug, PartialEq)]
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

impl Retrier {
    /// What holds where a field is left out.
    pub(crate) const INTERVAL_SECONDS: u64 = 1;
    pub(crate) const ATTEMPTS_MAX: u64 = 3;
    pub(crate) const BACKOFF_RATE: f64 = 2.0;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    None,
    /// The pause is drawn evenly between zero and its full length.
    Full,
}

#[derive(Debug, PartialEq)]
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
        Self::parse_shared(&text.into())
    }

    pub(crate) fn parse_shared(text: &Str) -> Self {
        match &**text {
            "States.ALL" => Self::All,
            "States.TaskFailed" => Self::TaskFailed,
            _ => Self::Name(Str::clone(text)),
        }
    }

    /// As a definition spells it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::All => "States.ALL",
            Self::TaskFailed => "States.TaskFailed",
            Self::Name(name) => name,
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
