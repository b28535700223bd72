//! What became of the cases, group by group.

use std::fmt;

/// Which cases are played: all, or those whose name contains a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only(pub Option<String>);

impl Only {
    pub fn takes(&self, name: &str) -> bool {
        self.0.as_deref().is_none_or(|part| name.contains(part))
    }
}

/// A case that did not come out as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub case: String,
    /// One line for each difference.
    pub differences: Vec<String>,
}

impl Failure {
    pub fn new(case: impl Into<String>, expected: &str, actual: &str) -> Self {
        let differences = vec![format!("expected {expected}"), format!("actual   {actual}")];
        Self { case: case.into(), differences }
    }
}

/// A group of cases of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub name: String,
    pub passed: usize,
    pub failed: Vec<Failure>,
    /// Cases that differ, of which nobody knows what the service answers. They count as nothing.
    pub uncertain: Vec<Failure>,
    /// Where a case says the same in another form. It counts as nothing.
    pub of_form: Vec<Failure>,
}

impl Score {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// How many cases count.
    pub fn total(&self) -> usize {
        self.passed + self.failed.len()
    }

    /// Counts a case as passed unless it differs.
    pub fn note(&mut self, difference: Option<Failure>) {
        match difference {
            None => self.passed += 1,
            Some(failure) => self.failed.push(failure),
        }
    }
}

/// Everything that was played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub scores: Vec<Score>,
    /// What else there is to say, such as which cases were not played.
    pub notes: Vec<String>,
}

impl Report {
    pub fn passed(&self) -> usize {
        self.scores.iter().map(|score| score.passed).sum()
    }

    pub fn failed(&self) -> usize {
        self.scores.iter().map(|score| score.failed.len()).sum()
    }

    /// Adds what else was played.
    pub fn extend(&mut self, other: Self) {
        self.scores.extend(other.scores);
        self.notes.extend(other.notes);
    }

    pub fn score(&self, name: &str) -> Option<&Score> {
        self.scores.iter().find(|score| score.name == name)
    }
}

/// How each case differs, then the scores, then the sum in the last line.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for score in &self.scores {
            write_failures(f, score, "failed", &score.failed)?;
            write_failures(f, score, "uncertain", &score.uncertain)?;
            write_failures(f, score, "of form", &score.of_form)?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        let played = || self.scores.iter().filter(|score| score.total() > 0);
        let width = played().map(|score| score.name.len()).max().unwrap_or(0);
        for score in played() {
            write!(f, "{:width$}  {:4} of {:4}", score.name, score.passed, score.total())?;
            match score.uncertain.len() {
                0 => writeln!(f)?,
                count => writeln!(f, "  ({count} uncertain)")?,
            }
        }
        writeln!(f, "{} passed, {} failed", self.passed(), self.failed())
    }
}

fn write_failures(
    f: &mut fmt::Formatter<'_>,
    score: &Score,
    word: &str,
    failures: &[Failure],
) -> fmt::Result {
    for failure in failures {
        writeln!(f, "{word}: {}: {}", score.name, failure.case)?;
        for difference in &failure.differences {
            writeln!(f, "    {difference}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
