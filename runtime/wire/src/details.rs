//! What happened with an event, in the members of the service's wire model.

use stepwell_asl::Integration;
use stepwell_kernel::{Call, Detail, Failure, Identity};
use stepwell_value::{Object, Payload, Str};

use crate::parts::count;

/// What becomes of inputs, outputs and variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    Whole,
    /// So many bytes of each, counted as they are written into a JSON string. What is longer is cut
    /// and marked as truncated.
    UpTo(usize),
    LeftOut,
}

/// The member of an event that holds its details: one for all kinds of states, else one per type.
pub(crate) fn details_name(detail: &Detail, kind: &str) -> String {
    match detail {
        Detail::StateEntered { .. } => "stateEnteredEventDetails".to_owned(),
        Detail::StateExited { .. } => "stateExitedEventDetails".to_owned(),
        _ => {
            let mut letters = kind.chars();
            let first = letters.next().map(|letter| letter.to_ascii_lowercase());
            let name: String = first.into_iter().chain(letters).collect();
            format!("{name}EventDetails")
        }
    }
}

/// The details themselves; none of an event whose type says it all.
pub fn details(detail: &Detail, data: Data, region: &str) -> Option<Object> {
    let mut members = Members { object: Object::new(), data, region };
    members.add(detail)?;
    Some(members.object)
}

struct Members<'a> {
    object: Object,
    data: Data,
    region: &'a str,
}

impl Members<'_> {
    fn add(&mut self, detail: &Detail) -> Option<()> {
        match detail {
            Detail::ExecutionStarted { identity, input } => self.started(identity, input),
            Detail::ExecutionSucceeded { output }
            | Detail::LambdaFunctionSucceeded { output }
            | Detail::ActivitySucceeded { output } => self.output(output),
            Detail::ExecutionFailed { failure }
            | Detail::ExecutionTimedOut { failure }
            | Detail::ExecutionAborted { failure }
            | Detail::LambdaFunctionFailed { failure }
            | Detail::LambdaFunctionTimedOut { failure }
            | Detail::ActivityFailed { failure }
            | Detail::ActivityTimedOut { failure }
            | Detail::MapRunFailed { failure } => self.failure(failure),
            Detail::StateEntered { name, input, .. } => {
                self.text("name", name);
                self.input(input);
            }
            Detail::StateExited { name, output, assigned, .. } => {
                self.text("name", name);
                self.output(output);
                if let Some(assigned) = assigned {
                    self.assigned(assigned);
                }
            }
            Detail::EvaluationFailed { name, failure, location } => {
                self.failure(failure);
                self.optional("location", location.as_ref());
                self.text("state", name);
            }
            Detail::LambdaFunctionScheduled { call } | Detail::ActivityScheduled { call } => {
                self.text("resource", &call.function);
                self.input(&call.input);
                self.call(call);
            }
            Detail::ActivityStarted { worker } => self.optional("workerName", worker.as_ref()),
            Detail::TaskScheduled { .. }
            | Detail::TaskStarted { .. }
            | Detail::TaskSubmitted { .. }
            | Detail::TaskSucceeded { .. }
            | Detail::TaskFailed { .. }
            | Detail::TaskTimedOut { .. } => self.task(detail),
            Detail::ExecutionRedriven { .. }
            | Detail::MapStateStarted { .. }
            | Detail::MapRunStarted { .. }
            | Detail::MapRunRedriven { .. }
            | Detail::MapIterationStarted { .. }
            | Detail::MapIterationSucceeded { .. }
            | Detail::MapIterationFailed { .. }
            | Detail::MapIterationAborted { .. } => self.counted(detail),
            Detail::StateAborted { .. }
            | Detail::LambdaFunctionStarted
            | Detail::ParallelStateStarted
            | Detail::ParallelStateSucceeded
            | Detail::ParallelStateFailed
            | Detail::MapStateSucceeded
            | Detail::MapStateFailed
            | Detail::MapRunSucceeded => return None,
        }
        Some(())
    }

    fn task(&mut self, detail: &Detail) {
        match detail {
            Detail::TaskScheduled { action, call } => {
                self.integration(action);
                self.object.insert("region", self.region);
                if let Some((text, _)) = self.shown(call.parameters.text()) {
                    self.object.insert("parameters", text);
                }
                self.call(call);
            }
            Detail::TaskStarted { action } => self.integration(action),
            Detail::TaskSubmitted { action, output } | Detail::TaskSucceeded { action, output } => {
                self.integration(action);
                self.output(output);
            }
            Detail::TaskFailed { action, failure } | Detail::TaskTimedOut { action, failure } => {
                self.integration(action);
                self.failure(failure);
            }
            other => unreachable!("it is not about a task: {other:?}"),
        }
    }

    fn counted(&mut self, detail: &Detail) {
        match detail {
            Detail::ExecutionRedriven { redrive_count } => {
                self.object.insert("redriveCount", *redrive_count);
            }
            Detail::MapStateStarted { length } => {
                self.object.insert("length", *length);
            }
            Detail::MapRunStarted { map_run_arn } => self.text("mapRunArn", map_run_arn),
            Detail::MapRunRedriven { map_run_arn, redrive_count } => {
                self.text("mapRunArn", map_run_arn);
                self.object.insert("redriveCount", *redrive_count);
            }
            Detail::MapIterationStarted { name, index }
            | Detail::MapIterationSucceeded { name, index }
            | Detail::MapIterationFailed { name, index }
            | Detail::MapIterationAborted { name, index } => {
                self.text("name", name);
                self.object.insert("index", *index);
            }
            other => unreachable!("it counts nothing: {other:?}"),
        }
    }

    fn started(&mut self, identity: &Identity, input: &Payload) {
        self.input(input);
        self.text("roleArn", &identity.role_arn);
        self.optional("stateMachineAliasArn", identity.alias_arn.as_ref());
        self.optional("stateMachineVersionArn", identity.version_arn.as_ref());
    }

    fn integration(&mut self, action: &Integration) {
        self.object.insert("resourceType", &*action.service);
        self.object.insert("resource", &*action.resource());
    }

    fn call(&mut self, call: &Call) {
        if let Some(role) = &call.role_arn {
            let credentials = Object::from_iter([("roleArn", Str::clone(role))]);
            self.object.insert("taskCredentials", credentials);
        }
        let limits = [
            ("timeoutInSeconds", call.timeout_seconds),
            ("heartbeatInSeconds", call.heartbeat_seconds),
        ];
        for (name, seconds) in limits {
            if let Some(seconds) = seconds {
                self.object.insert(name, count(seconds));
            }
        }
    }

    fn failure(&mut self, failure: &Failure) {
        self.optional("error", failure.error.as_ref());
        self.optional("cause", failure.cause.as_ref());
    }

    fn input(&mut self, input: &Payload) {
        self.payload("input", "inputDetails", input);
    }

    fn output(&mut self, output: &Payload) {
        self.payload("output", "outputDetails", output);
    }

    fn payload(&mut self, name: &'static str, details: &'static str, payload: &Payload) {
        if let Some((text, is_truncated)) = self.shown(payload.text()) {
            self.object.insert(name, text);
            self.object.insert(details, truncated(is_truncated));
        }
    }

    /// Each variable as a text of its own. What is too long to be shown with the others is not.
    fn assigned(&mut self, assigned: &Payload) {
        let Some((_, is_truncated)) = self.shown(assigned.text()) else { return };
        let variables = assigned.value().as_object().filter(|_| !is_truncated);
        let variables = variables.into_iter().flat_map(Object::iter);
        let texts = variables.map(|(name, value)| (Str::clone(name), value.to_string()));
        self.object.insert("assignedVariables", texts.collect::<Object>());
        self.object.insert("assignedVariablesDetails", truncated(is_truncated));
    }

    /// What is shown of a payload, and whether that is not all.
    fn shown<'t>(&self, text: &'t str) -> Option<(&'t str, bool)> {
        match self.data {
            Data::Whole => Some((text, false)),
            Data::UpTo(bytes) => {
                let shown = cut(text, bytes);
                Some((shown, shown.len() < text.len()))
            }
            Data::LeftOut => None,
        }
    }

    fn text(&mut self, name: &'static str, text: &Str) {
        self.object.insert(name, Str::clone(text));
    }

    fn optional(&mut self, name: &'static str, text: Option<&Str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }
}

fn truncated(is_truncated: bool) -> Object {
    Object::from_iter([("truncated", is_truncated)])
}

/// The beginning of a payload that takes at most so many bytes inside a JSON string. JSON text has
/// no character that takes more than a backslash and one byte there, or as many bytes as it has.
fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes / 2 {
        return text;
    }
    let mut left = bytes;
    let fits = |character: char| {
        let size = match character {
            '"' | '\\' | '\n' | '\r' | '\t' => 2,
            other => other.len_utf8(),
        };
        let rest = left.checked_sub(size);
        left = rest.unwrap_or(0);
        rest.is_none()
    };
    let end = text.find(fits).unwrap_or(text.len());
    text.split_at(end).0
}

#[cfg(test)]
mod tests;
