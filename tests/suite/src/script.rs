//! What a case's tasks do, one line a task.
//!
//! ```text
//! charge: fail Busy "try later"; succeed {"paid": true}
//! slow: after 90s echo
//! stuck: hang
//! token of Ask: after 2s succeed "yes"
//! ```
//!
//! Each call takes the next step; the last one stays.

use std::collections::BTreeMap;
use std::time::Duration;

use stepwell_kernel::Failure;
use stepwell_value::Payload;

/// The steps of every task and of every state whose token comes back.
#[derive(Debug, Default)]
pub struct Script {
    tasks: BTreeMap<String, Vec<Step>>,
    tokens: BTreeMap<String, Vec<Step>>,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub after: Duration,
    /// Signs of life on the way, counted from the call.
    pub beats: Vec<Duration>,
    pub outcome: Outcome,
}

#[derive(Clone, Debug)]
pub enum Outcome {
    Echo,
    Succeed(Payload),
    Fail(Failure),
    Hang,
}

impl Script {
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut script = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (name, steps) =
                line.split_once(": ").ok_or_else(|| format!("no `: ` in {line}"))?;
            let steps = steps.split("; ").map(parse_step).collect::<Result<Vec<_>, _>>()?;
            match name.strip_prefix("token of ") {
                Some(state) => script.tokens.insert(state.into(), steps),
                None => script.tasks.insert(name.into(), steps),
            };
        }
        Ok(script)
    }

    /// What the next call of a task does; a task without a line echoes.
    pub fn call(&mut self, task: &str) -> Step {
        let echo = Step { after: Duration::ZERO, beats: Vec::new(), outcome: Outcome::Echo };
        self.tasks.get_mut(task).map_or(echo, next)
    }

    /// What comes back with a state's next token, if anything does.
    pub fn token(&mut self, state: &str) -> Option<Step> {
        self.tokens.get_mut(state).map(next)
    }
}

fn next(steps: &mut Vec<Step>) -> Step {
    if steps.len() > 1 { steps.remove(0) } else { steps[0].clone() }
}

fn parse_step(text: &str) -> Result<Step, String> {
    let mut step = Step { after: Duration::ZERO, beats: Vec::new(), outcome: Outcome::Hang };
    let mut rest = text.trim();
    while let Some((word, tail)) = rest.split_once(' ') {
        let (time, tail) = match word {
            "after" | "beat" => tail.split_once(' ').ok_or_else(|| format!("no time in {text}"))?,
            _ => break,
        };
        let seconds = time.strip_suffix('s').and_then(|seconds| seconds.parse().ok());
        let time = Duration::from_secs(seconds.ok_or_else(|| format!("no seconds in {text}"))?);
        if word == "after" {
            step.after = time;
        } else {
            step.beats.push(time);
        }
        rest = tail;
    }
    step.outcome = match rest.split_once(' ').unwrap_or((rest, "")) {
        ("echo", "") => Outcome::Echo,
        ("hang", "") => Outcome::Hang,
        ("succeed", json) => {
            Outcome::Succeed(Payload::parse(json).map_err(|error| format!("{text}: {error}"))?)
        }
        ("fail", failure) => Outcome::Fail(parse_failure(failure)),
        _ => return Err(format!("cannot read {text}")),
    };
    Ok(step)
}

fn parse_failure(text: &str) -> Failure {
    match text.split_once(' ') {
        None => Failure::named(text),
        Some((error, cause)) => Failure::new(error, cause.trim_matches('"')),
    }
}

#[cfg(test)]
mod tests;
