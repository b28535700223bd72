//! The `MockConfigFile` of AWS Step Functions Local: test cases that make up what tasks answer.
//!
//! The file is as AWS documents it. A test case is chosen by `stateMachineArn#CASE` when an
//! execution is started; states that it does not name call the real service.
//!
//! The answers of a response are numbered. Step Functions Local counts the invocations of a state
//! in an execution: retries, iterations of a Map and further turns of a loop each take the next
//! number. One for which there is no answer fails with `States.Runtime`. [`Invocations`] counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use stepwell_asl::{Definition, Kind};
use stepwell_kernel::{Failure, error_name};
use stepwell_value::{Payload, Str};

use crate::document::{Place, Problem, Problems, nearest};

mod parse;

/// The test cases of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct MockConfig {
    machines: BTreeMap<Str, BTreeMap<Str, Arc<TestCase>>>,
}

/// What the mocked states of one execution answer.
#[derive(Clone, Debug, PartialEq)]
pub struct TestCase {
    /// By the state's name.
    states: BTreeMap<Str, Arc<Response>>,
    place: String,
}

/// A mocked response: one answer for each invocation.
#[derive(Debug, PartialEq)]
struct Response {
    name: Str,
    /// By the last invocation that it is for; each begins behind the one before it.
    answers: BTreeMap<u32, Answer>,
}

/// What a task comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The task's result, as the state sees it: of `.sync` and `.waitForTaskToken` the last one.
    Return(Payload),
    Throw(Failure),
}

impl From<Answer> for Result<Payload, Failure> {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Return(output) => Ok(output),
            Answer::Throw(failure) => Err(failure),
        }
    }
}

impl MockConfig {
    /// Reads a file, or says everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        parse::document(text)
    }

    pub fn test_case(&self, machine: &str, case: &str) -> Option<&Arc<TestCase>> {
        self.machines.get(machine)?.get(case)
    }

    /// The names of the machines that have test cases.
    pub fn machines(&self) -> impl Iterator<Item = &Str> {
        self.machines.keys()
    }

    /// The names of a machine's test cases.
    pub fn test_cases(&self, machine: &str) -> impl Iterator<Item = &Str> {
        self.machines.get(machine).into_iter().flat_map(BTreeMap::keys)
    }
}

impl TestCase {
    /// The mocked states.
    pub fn states(&self) -> impl Iterator<Item = &Str> {
        self.states.keys()
    }

    /// What a state's task answers when it is invoked for the given time in an execution, counted
    /// from 0. None if the state is not mocked.
    pub fn answer(&self, state: &str, invocation: u32) -> Option<Answer> {
        let response = self.states.get(state)?;
        let answer = response.answers.range(invocation..).next();
        Some(answer.map_or_else(|| response.no_answer(invocation), |(_, answer)| answer.clone()))
    }

    /// What does not fit to the machine's definition.
    pub fn check(&self, definition: &Definition) -> Vec<Problem> {
        let place = Place::default();
        let mut problems = Problems::default();
        for name in self.states.keys() {
            if let Err(reason) = check_state(definition, name) {
                let at = format!("{}/{name}", self.place);
                problems.0.push(Problem { place: at, ..place.problem(reason) });
            }
        }
        problems.0
    }
}

/// Whether a definition has a Task of that name, or why its work cannot be made up.
pub(crate) fn check_state(definition: &Definition, name: &str) -> Result<(), String> {
    let Some(state) = definition.find(name) else {
        let names: Vec<&str> = definition.states().map(|(_, state)| &*state.name).collect();
        let meant = nearest(name, &names).map(|meant| format!("; did you mean `{meant}`?"));
        let rest = meant.unwrap_or_default();
        return Err(format!("the definition has no state `{name}`{rest}"));
    };
    match definition.state(state).kind {
        Kind::Task(_) => Ok(()),
        _ => Err(format!(
            "`{name}` is no Task; only what a Task calls can be mocked, also inside of a Map or \
             Parallel state"
        )),
    }
}

impl Response {
    fn no_answer(&self, invocation: u32) -> Answer {
        let cause = format!(
            "The mocked response '{}' has no answer for invocation {invocation}: add it under \
             \"{invocation}\"",
            self.name
        );
        Answer::Throw(Failure::new(error_name::RUNTIME, cause))
    }
}

/// Counts how often each state has invoked its task, in one execution.
#[derive(Clone, Debug, Default)]
pub struct Invocations(BTreeMap<Str, u32>);

impl Invocations {
    /// How often the state has done so before.
    pub fn next(&mut self, state: &Str) -> u32 {
        let count = self.0.entry(Str::clone(state)).or_default();
        let before = *count;
        *count += 1;
        before
    }
}

/// Splits `stateMachineArn#CASE`.
pub fn split_test_case(arn: &str) -> (&str, Option<&str>) {
    arn.split_once('#').map_or((arn, None), |(arn, case)| (arn, Some(case)))
}

/// The invocations that an answer is for, as the file writes them: `0`, or `1-2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    first: u32,
    last: u32,
}

impl Span {
    fn parse(text: &str) -> Option<Self> {
        let number = |digits: &str| {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse().ok())?
        };
        let (first, last) = match text.split_once('-') {
            None => (number(text)?, number(text)?),
            Some((first, last)) => (number(first)?, number(last)?),
        };
        (first <= last).then_some(Self { first, last })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// Sorted spans from 0 without gaps and overlaps, or the first thing that is wrong with them.
fn check_spans(spans: &BTreeSet<Span>) -> Result<(), String> {
    let mut next = 0;
    for span in spans {
        if span.first > next {
            return Err(format!(
                "there is no answer for invocation {next}: \"{span}\" comes next; invocations are \
                 counted from 0 without gaps"
            ));
        }
        if span.first < next {
            let twice = span.first;
            return Err(format!("invocation {twice} has more than one answer; keep one"));
        }
        next = span.last.saturating_add(1);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
