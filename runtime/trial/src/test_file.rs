//! A file of test cases, which stands beside its workflow.

use std::collections::BTreeMap;
use std::time::Duration;

use stepwell_asl::{MachineType, Pattern, Timestamp};
use stepwell_value::{Payload, Str, Value};

use crate::Answer;
use crate::document::{Place, Problem};

mod parse;

#[derive(Debug)]
pub(crate) struct TestFile {
    /// The workflow's file, if it is not the one whose name the test file has.
    pub workflow: Option<Str>,
    pub machine_type: MachineType,
    /// A folder of buckets, from which Distributed Maps read.
    pub buckets: Option<Str>,
    pub cases: Vec<Case>,
}

#[derive(Debug)]
pub(crate) struct Case {
    pub name: Str,
    pub place: Place,
    pub input: Payload,
    pub starts_at: Timestamp,
    /// By the name of the state; of a state of another workflow, behind that one's name and a `/`.
    pub mocks: BTreeMap<Str, Mock>,
    pub config: Option<ConfigCase>,
    pub expect: Expectation,
}

/// A test case of a file for Step Functions Local.
#[derive(Debug)]
pub(crate) struct ConfigCase {
    pub place: Place,
    pub file: Str,
    /// The name of the workflow, where nothing is said.
    pub machine: Option<Str>,
    pub case: Str,
}

#[derive(Clone, Debug)]
pub(crate) struct Mock {
    pub place: Place,
    /// Whether it is there for every case, and so need not be used by each.
    pub is_shared: bool,
    pub lines: Lines,
}

#[derive(Clone, Debug)]
pub(crate) enum Lines {
    /// Every invocation comes to this.
    Always(Line),
    /// Each invocation comes to the next one.
    InTurn(Vec<Line>),
    /// An array: what a Map in distributed mode reads.
    Items(Payload),
}

/// What one invocation comes to.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub place: Place,
    /// What the state's effective input has to have in it.
    pub input_matches: Option<Value>,
    pub after: Duration,
    /// None if no answer ever comes.
    pub answer: Option<Answer>,
}

#[derive(Debug)]
pub(crate) struct Expectation {
    pub place: Place,
    pub status: Option<Status>,
    pub output: Option<Value>,
    pub output_matches: Option<Value>,
    pub error: Option<Str>,
    pub cause: Option<Str>,
    pub cause_matches: Option<Pattern>,
    /// Every state that is entered, in order.
    pub path: Option<Vec<Str>>,
    /// States that are entered in this order, with others between them.
    pub path_includes: Option<Vec<Str>>,
    /// In virtual time.
    pub took: Option<Duration>,
}

/// How an execution ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
        }
    }
}

impl TestFile {
    /// Reads a file, or says everything that is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        parse::document(text)
    }
}

impl Expectation {
    /// Whether the execution is expected to fail, in whatever way.
    pub(crate) fn is_of_failure(&self) -> bool {
        self.error.is_some() || self.cause.is_some() || self.cause_matches.is_some()
    }
}

#[cfg(test)]
mod tests;
