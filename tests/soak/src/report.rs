//! What a scenario found out.

use std::fmt;
use std::time::Duration;

#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub figures: Vec<(&'static str, String)>,
    /// Each names the execution.
    pub wrong: Vec<String>,
    pub seed: u64,
}

/// How many findings are told one by one.
const WRONG_MAX: usize = 30;

impl Findings {
    pub(crate) fn add(&mut self, name: &'static str, figure: impl fmt::Display) {
        self.figures.push((name, figure.to_string()));
    }

    /// The middle one and the longest.
    pub(crate) fn add_times(&mut self, name: &'static str, mut times: Vec<Duration>) {
        times.sort_unstable();
        let middle = times.get(times.len() / 2).copied().unwrap_or_default();
        let longest = times.last().copied().unwrap_or_default();
        self.add(name, format!("{} ms, at most {} ms", middle.as_millis(), longest.as_millis()));
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, figure) in &self.figures {
            writeln!(f, "  {name:42} {figure}")?;
        }
        for wrong in self.wrong.iter().take(WRONG_MAX) {
            writeln!(f, "  WRONG: {wrong}")?;
        }
        if self.wrong.is_empty() {
            writeln!(f, "  nothing is wrong\n")
        } else {
            let count = self.wrong.len();
            writeln!(f, "  {count} findings; again with --seed {}\n", self.seed)
        }
    }
}
