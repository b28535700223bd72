//! What states that wait for their task token are answered.

use std::collections::{BTreeMap, VecDeque};

use stepwell::{Definition, Failure, Payload};
use stepwell_asl::{Completion, Kind};

use crate::complaint::Complaint;
use crate::visible::Visible;

/// What is reported with a token.
pub(super) type Answer = Result<Payload, Failure>;

/// The answers that were given on the command line, by state.
#[derive(Debug, Default)]
pub(super) struct Answers(BTreeMap<String, VecDeque<Answer>>);

impl Answers {
    /// Reads `STATE=JSON` and `STATE=fail NAME CAUSE`, and complains about every one that no state
    /// of the definition will ask for.
    pub(super) fn parse(arguments: &[String], definition: &Definition) -> Result<Self, Complaint> {
        let states = waiting_states(definition);
        let mut answers = Self::default();
        let mut complaint = Complaint::default();
        for argument in arguments {
            // A state's name may hold an equals sign; the longest name that fits is meant.
            let fits = states.iter().filter_map(|state| {
                Some((state, argument.strip_prefix(state.as_str())?.strip_prefix('=')?))
            });
            let Some((state, text)) = fits.max_by_key(|(state, _)| state.len()) else {
                complaint.append(unknown_state(argument, &states));
                continue;
            };
            match parse_answer(text) {
                Ok(answer) => answers.0.entry(state.clone()).or_default().push_back(answer),
                Err(message) => {
                    let error = format!("--answer for state `{}`: {message}", Visible(state));
                    complaint.push(error, None);
                }
            }
        }
        complaint.into_result().map(|()| answers)
    }

    /// The state's next answer; the last one is given again and again.
    pub(super) fn next(&mut self, state: &str) -> Option<Answer> {
        let answers = self.0.get_mut(state)?;
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
    }
}

/// JSON, or `fail NAME CAUSE` where name and cause may be left out.
pub(super) fn parse_answer(text: &str) -> Result<Answer, String> {
    let text = text.trim();
    let failure = text.strip_prefix("fail");
    if let Some(failure) = failure.filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
        let (error, cause) = failure.trim().split_once(' ').unwrap_or_else(|| (failure.trim(), ""));
        let part = |part: &str| (!part.is_empty()).then(|| part.trim().into());
        return Ok(Err(Failure { error: part(error), cause: part(cause) }));
    }
    let answer = Payload::parse(text);
    answer.map(Ok).map_err(|error| format!("neither JSON nor `fail NAME CAUSE`: {error}"))
}

fn waiting_states(definition: &Definition) -> Vec<String> {
    let waits = definition.states().filter(|(_, state)| match &state.kind {
        Kind::Task(task) => task.resource.completion() == Completion::TaskToken,
        Kind::Pass(_)
        | Kind::Choice(_)
        | Kind::Wait(_)
        | Kind::Succeed
        | Kind::Fail(_)
        | Kind::Parallel(_)
        | Kind::Map(_) => false,
    });
    waits.map(|(_, state)| state.name.to_string()).collect()
}

fn unknown_state(argument: &str, states: &[String]) -> Complaint {
    let name = argument.split_once('=').map_or(argument, |(name, _)| name);
    let complaint = Complaint::new(format_args!(
        "--answer {argument:?}: no state `{}` waits for a task token",
        Visible(name)
    ));
    let names: Vec<String> = states.iter().map(|state| format!("`{}`", Visible(state))).collect();
    if names.is_empty() {
        complaint.hint("no state of this workflow does; leave the flag away")
    } else {
        complaint.hint(format_args!("--answer STATE=JSON, where STATE is {}", names.join(" or ")))
    }
}

#[cfg(test)]
mod tests;
