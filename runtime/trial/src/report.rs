//! What came of the cases.

use std::path::PathBuf;
use std::time::Duration;

use stepwell_value::{Object, Str, Value};

use crate::coverage::{Coverage, Kinds, Share};
use crate::verdict::Miss;

mod junit;
mod text;

/// What came of every suite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub suites: Vec<SuiteReport>,
    /// Workflows that have no test file.
    pub untested: Vec<PathBuf>,
}

/// What came of the cases of one workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SuiteReport {
    pub name: String,
    pub file: PathBuf,
    /// What is wrong with the files; then no case was run.
    pub problems: Vec<String>,
    pub cases: Vec<CaseReport>,
    /// None if no case was run.
    pub coverage: Option<Coverage>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseReport {
    pub name: String,
    /// What is not as expected; nothing if the case has passed.
    pub misses: Vec<Miss>,
    pub warnings: Vec<String>,
    /// How long the execution took in virtual time.
    pub took: Duration,
    /// How long the case took to run.
    pub elapsed: Duration,
}

impl CaseReport {
    pub fn has_passed(&self) -> bool {
        self.misses.is_empty()
    }
}

impl SuiteReport {
    pub fn failed(&self) -> usize {
        self.cases.iter().filter(|case| !case.has_passed()).count()
    }
}

impl Report {
    /// Whether every case has passed, and there was nothing wrong with the files.
    pub fn is_success(&self) -> bool {
        self.suites.iter().all(|suite| suite.problems.is_empty() && suite.failed() == 0)
    }

    pub fn cases(&self) -> usize {
        self.suites.iter().map(|suite| suite.cases.len()).sum()
    }

    pub fn failed(&self) -> usize {
        self.suites.iter().map(SuiteReport::failed).sum()
    }

    /// How much of one kind was reached in all workflows.
    pub fn share(&self, kind: Kinds) -> Share {
        let coverages = self.suites.iter().filter_map(|suite| suite.coverage.as_ref());
        coverages.map(|coverage| coverage.share(kind)).fold(Share::default(), |sum, share| Share {
            reached: sum.reached + share.reached,
            total: sum.total + share.total,
        })
    }

    /// For people: every case, what went wrong, and the sum.
    pub fn to_text(&self) -> String {
        text::cases(self)
    }

    /// For people: how much of each workflow was reached, and what was not.
    pub fn coverage_text(&self) -> String {
        text::coverage(self)
    }

    /// For programs: the coverage of each workflow and of all.
    pub fn coverage_json(&self) -> Value {
        let workflows = self.suites.iter().filter_map(|suite| {
            Some((Str::from(&*suite.name), suite.coverage.as_ref()?.to_json()))
        });
        let total = Kinds::ALL.map(|kind| (kind.as_str(), self.share(kind).to_json()));
        let mut object = Object::new();
        object.insert("workflows", workflows.collect::<Object>());
        object.insert("total", total.into_iter().collect::<Object>());
        Value::from(object)
    }

    /// The report as `JUnit` XML, for build servers.
    pub fn to_junit(&self) -> String {
        junit::document(self)
    }
}

#[cfg(test)]
mod tests;
