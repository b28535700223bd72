//! What the world does during a case: how tasks answer, when tokens come back, when somebody stops
//! the execution, and what chance draws.
//!
//! ```text
//! charge: fail Busy "try later"; after 3s succeed {"paid": true}
//! token of Ask: after 1s heartbeat then after 2s succeed "yes"
//! the execution: after 5s stop Cancelled "no longer needed"
//! chance: 0.5
//! ```
//!
//! Calls are separated by `;`: each call of the task takes the next one, and the last one stays.
//! Within a call `then` leads from one action to the next; `after` counts from the one before.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use stepwell_kernel::Failure;
use stepwell_value::{Payload, Str, Value};

#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    /// By the task's name.
    pub tasks: BTreeMap<String, Vec<Call>>,
    /// What the workers of an activity do, by its name.
    pub activities: BTreeMap<String, Vec<Call>>,
    /// How the executions of another machine go, by the machine's name.
    pub machines: BTreeMap<String, Vec<Call>>,
    /// By the state's name.
    pub tokens: BTreeMap<String, Vec<Call>>,
    /// What a test case makes up in the place of a state's calls, by the state's name.
    pub mocks: BTreeMap<String, Vec<Call>>,
    /// What a Map state's reader gives, by the state's name.
    pub items: BTreeMap<String, Vec<Call>>,
    /// What its writer gives.
    pub results: BTreeMap<String, Vec<Call>>,
    /// What happens to the execution as a whole.
    pub execution: Vec<Action>,
    /// Fractions of one, drawn in turn; none for the suite's own sequence.
    pub chance: Vec<f64>,
}

/// What a task, or a token, does in one call.
pub(crate) type Call = Vec<Action>;

#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub after: Duration,
    pub verb: Verb,
}

#[derive(Clone, Debug)]
pub(crate) enum Verb {
    Succeed(Payload),
    /// Succeeds with its own input.
    Echo,
    Fail(Failure),
    Heartbeat,
    /// A worker, who may have a name, takes the work of an activity.
    Take(Option<Str>),
    /// Never answers.
    Hang,
    Stop(Failure),
    /// Lets the execution go on after its end.
    Redrive,
}

impl Script {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut script = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            script.add_line(line).with_context(|| format!("in `{line}`"))?;
        }
        Ok(script)
    }

    fn add_line(&mut self, line: &str) -> Result<()> {
        let (subject, rest) =
            line.split_once(": ").context("a line has a subject, a colon and what it does")?;
        if subject == "chance" {
            let fractions = rest.split(',').map(|fraction| fraction.trim().parse());
            self.chance = fractions.collect::<Result<_, _>>()?;
            return Ok(());
        }
        let calls = split_outside(rest, ";").into_iter().map(call).collect::<Result<Vec<_>>>()?;
        let taken = if subject == "the execution" {
            std::mem::replace(&mut self.execution, calls.concat()).is_empty()
        } else if let Some(state) = subject.strip_prefix("token of ") {
            self.tokens.insert(state.into(), calls).is_none()
        } else if let Some(activity) = subject.strip_prefix("activity ") {
            self.activities.insert(activity.into(), calls).is_none()
        } else if let Some(machine) = subject.strip_prefix("machine ") {
            self.machines.insert(machine.into(), calls).is_none()
        } else if let Some(state) = subject.strip_prefix("mock of ") {
            self.mocks.insert(state.into(), calls).is_none()
        } else if let Some(state) = subject.strip_prefix("items of ") {
            self.items.insert(state.into(), calls).is_none()
        } else if let Some(state) = subject.strip_prefix("results of ") {
            self.results.insert(state.into(), calls).is_none()
        } else {
            self.tasks.insert(subject.into(), calls).is_none()
        };
        ensure!(taken, "`{subject}` has two lines");
        Ok(())
    }
}

fn call(text: &str) -> Result<Call> {
    split_outside(text, " then ").into_iter().map(|action| parse_action(action.trim())).collect()
}

fn parse_action(text: &str) -> Result<Action> {
    let (after, text) = match text.strip_prefix("after ") {
        Some(rest) => {
            let (after, verb) = rest.split_once(' ').context("`after` is followed by a verb")?;
            (duration(after)?, verb)
        }
        None => (Duration::ZERO, text),
    };
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    let verb = match verb {
        "succeed" => Verb::Succeed(Payload::parse(rest.trim()).context("`succeed` needs JSON")?),
        "echo" => Verb::Echo,
        "fail" => Verb::Fail(failure(rest.trim())?),
        "heartbeat" => Verb::Heartbeat,
        "take" => Verb::Take(Some(rest.trim()).filter(|worker| !worker.is_empty()).map(Str::from)),
        "hang" => Verb::Hang,
        "stop" => Verb::Stop(failure(rest.trim())?),
        "redrive" => Verb::Redrive,
        other => bail!("`{other}` is not a verb"),
    };
    Ok(Action { after, verb })
}

/// `ERROR "cause"`, of which either may be missing.
fn failure(text: &str) -> Result<Failure> {
    let (error, cause) = match text.find('"') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let error = Some(error.trim()).filter(|error| !error.is_empty()).map(Str::from);
    let cause = match cause {
        "" => None,
        quoted => match Value::parse(quoted)? {
            Value::String(cause) => Some(cause),
            other => bail!("a cause is a text, not {other}"),
        },
    };
    Ok(Failure { error, cause })
}

fn duration(text: &str) -> Result<Duration> {
    let unit_at = text.find(|c: char| c.is_alphabetic()).context("a time has a unit")?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse()?;
    Ok(match unit {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" => Duration::from_mins(number),
        "h" => Duration::from_hours(number),
        _ => bail!("`{unit}` is not a unit of time"),
    })
}

/// Splits where the separator stands outside of strings, arrays and objects.
fn split_outside<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut begin, mut depth, mut in_string, mut is_escaped) = (0, 0_u32, false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if in_string => is_escaped = true,
            '"' => in_string = !in_string,
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_outside = !in_string && depth == 0 && at >= begin;
        if is_outside && text.get(at..).is_some_and(|rest| rest.starts_with(separator)) {
            parts.extend(text.get(begin..at));
            begin = at + separator.len();
        }
    }
    parts.extend(text.get(begin..));
    parts
}
