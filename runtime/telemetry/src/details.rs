//! The details of a history event, in the members of the service's wire model.

use serde::ser::{Serialize, SerializeMap, Serializer};
use stepwell_asl::Integration;
use stepwell_kernel::{Call, Detail, Failure, HistoryEvent, Identity};
use stepwell_value::{Object, Payload, Str};

/// What becomes of inputs, outputs and variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    Whole,
    /// So many bytes of each, counted as they are written into a JSON string. What is longer is cut
    /// and marked as truncated.
    UpTo(usize),
    LeftOut,
}

/// What happened, as a JSON object. A payload's text is written out of the payload, and copied only
/// there.
#[derive(Clone, Copy, Debug)]
pub struct Details<'a> {
    detail: &'a Detail,
    data: Data,
    region: &'a str,
}

/// The member that holds an event's details, and the details. None for an event whose type says it
/// all.
pub fn event_details<'a>(
    event: &'a HistoryEvent,
    data: Data,
    region: &'a str,
) -> Option<(&'static str, Details<'a>)> {
    Some((member_name(&event.detail)?, Details::of(event, data, region)))
}

impl<'a> Details<'a> {
    /// An empty object for an event without details.
    pub(crate) fn of(event: &'a HistoryEvent, data: Data, region: &'a str) -> Self {
        Self { detail: &event.detail, data, region }
    }
}

fn member_name(detail: &Detail) -> Option<&'static str> {
    Some(match detail {
        Detail::ExecutionStarted { .. } => "executionStartedEventDetails",
        Detail::ExecutionSucceeded { .. } => "executionSucceededEventDetails",
        Detail::ExecutionFailed { .. } => "executionFailedEventDetails",
        Detail::ExecutionTimedOut { .. } => "executionTimedOutEventDetails",
        Detail::ExecutionAborted { .. } => "executionAbortedEventDetails",
        Detail::ExecutionRedriven { .. } => "executionRedrivenEventDetails",
        Detail::StateEntered { .. } => "stateEnteredEventDetails",
        Detail::StateExited { .. } => "stateExitedEventDetails",
        Detail::EvaluationFailed { .. } => "evaluationFailedEventDetails",
        Detail::LambdaFunctionScheduled { .. } => "lambdaFunctionScheduledEventDetails",
        Detail::LambdaFunctionSucceeded { .. } => "lambdaFunctionSucceededEventDetails",
        Detail::LambdaFunctionFailed { .. } => "lambdaFunctionFailedEventDetails",
        Detail::LambdaFunctionTimedOut { .. } => "lambdaFunctionTimedOutEventDetails",
        Detail::ActivityScheduled { .. } => "activityScheduledEventDetails",
        Detail::ActivityStarted { .. } => "activityStartedEventDetails",
        Detail::ActivitySucceeded { .. } => "activitySucceededEventDetails",
        Detail::ActivityFailed { .. } => "activityFailedEventDetails",
        Detail::ActivityTimedOut { .. } => "activityTimedOutEventDetails",
        Detail::TaskScheduled { .. } => "taskScheduledEventDetails",
        Detail::TaskStarted { .. } => "taskStartedEventDetails",
        Detail::TaskSubmitted { .. } => "taskSubmittedEventDetails",
        Detail::TaskSucceeded { .. } => "taskSucceededEventDetails",
        Detail::TaskFailed { .. } => "taskFailedEventDetails",
        Detail::TaskTimedOut { .. } => "taskTimedOutEventDetails",
        Detail::MapStateStarted { .. } => "mapStateStartedEventDetails",
        Detail::MapRunStarted { .. } => "mapRunStartedEventDetails",
        Detail::MapRunFailed { .. } => "mapRunFailedEventDetails",
        Detail::MapRunRedriven { .. } => "mapRunRedrivenEventDetails",
        Detail::MapIterationStarted { .. } => "mapIterationStartedEventDetails",
        Detail::MapIterationSucceeded { .. } => "mapIterationSucceededEventDetails",
        Detail::MapIterationFailed { .. } => "mapIterationFailedEventDetails",
        Detail::MapIterationAborted { .. } => "mapIterationAbortedEventDetails",
        Detail::StateAborted { .. }
        | Detail::LambdaFunctionStarted
        | Detail::ParallelStateStarted
        | Detail::ParallelStateSucceeded
        | Detail::ParallelStateFailed
        | Detail::MapStateSucceeded
        | Detail::MapStateFailed
        | Detail::MapRunSucceeded => return None,
    })
}

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let map = serializer.serialize_map(None)?;
        let mut members = Members { map, data: self.data, region: self.region };
        members.all_of(self.detail)?;
        members.map.end()
    }
}

struct Members<'a, M> {
    map: M,
    data: Data,
    region: &'a str,
}

impl<M: SerializeMap> Members<'_, M> {
    fn all_of(&mut self, detail: &Detail) -> Result<(), M::Error> {
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
            Detail::StateEntered { .. } | Detail::StateExited { .. } => self.state(detail),
            Detail::EvaluationFailed { name, failure, location } => {
                self.failure(failure)?;
                self.optional("location", location.as_ref())?;
                self.map.serialize_entry("state", &**name)
            }
            Detail::LambdaFunctionScheduled { call } | Detail::ActivityScheduled { call } => {
                self.map.serialize_entry("resource", &*call.function)?;
                self.input(&call.input)?;
                self.call(call)
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
            | Detail::MapRunSucceeded => Ok(()),
        }
    }

    fn started(&mut self, identity: &Identity, input: &Payload) -> Result<(), M::Error> {
        self.input(input)?;
        self.map.serialize_entry("roleArn", &*identity.role_arn)?;
        self.optional("stateMachineAliasArn", identity.alias_arn.as_ref())?;
        self.optional("stateMachineVersionArn", identity.version_arn.as_ref())
    }

    fn state(&mut self, detail: &Detail) -> Result<(), M::Error> {
        match detail {
            Detail::StateEntered { name, input, .. } => {
                self.map.serialize_entry("name", &**name)?;
                self.input(input)
            }
            Detail::StateExited { name, output, assigned, .. } => {
                self.map.serialize_entry("name", &**name)?;
                self.output(output)?;
                assigned.as_ref().map_or(Ok(()), |assigned| self.assigned(assigned))
            }
            other => unreachable!("it is not about a state's edge: {other:?}"),
        }
    }

    fn task(&mut self, detail: &Detail) -> Result<(), M::Error> {
        match detail {
            Detail::TaskScheduled { action, call } => {
                self.integration(action)?;
                self.map.serialize_entry("region", self.region)?;
                if let Some((text, _)) = self.shown(call.parameters.text()) {
                    self.map.serialize_entry("parameters", text)?;
                }
                self.call(call)
            }
            Detail::TaskStarted { action } => self.integration(action),
            Detail::TaskSubmitted { action, output } | Detail::TaskSucceeded { action, output } => {
                self.integration(action)?;
                self.output(output)
            }
            Detail::TaskFailed { action, failure } | Detail::TaskTimedOut { action, failure } => {
                self.integration(action)?;
                self.failure(failure)
            }
            other => unreachable!("it is not about a task: {other:?}"),
        }
    }

    fn counted(&mut self, detail: &Detail) -> Result<(), M::Error> {
        match detail {
            Detail::ExecutionRedriven { redrive_count } => {
                self.map.serialize_entry("redriveCount", redrive_count)
            }
            Detail::MapStateStarted { length } => self.map.serialize_entry("length", length),
            Detail::MapRunStarted { map_run_arn } => {
                self.map.serialize_entry("mapRunArn", &**map_run_arn)
            }
            Detail::MapRunRedriven { map_run_arn, redrive_count } => {
                self.map.serialize_entry("mapRunArn", &**map_run_arn)?;
                self.map.serialize_entry("redriveCount", redrive_count)
            }
            Detail::MapIterationStarted { name, index }
            | Detail::MapIterationSucceeded { name, index }
            | Detail::MapIterationFailed { name, index }
            | Detail::MapIterationAborted { name, index } => {
                self.map.serialize_entry("name", &**name)?;
                self.map.serialize_entry("index", index)
            }
            other => unreachable!("it counts nothing: {other:?}"),
        }
    }

    fn integration(&mut self, action: &Integration) -> Result<(), M::Error> {
        self.map.serialize_entry("resourceType", &*action.service)?;
        self.map.serialize_entry("resource", &action.resource())
    }

    fn call(&mut self, call: &Call) -> Result<(), M::Error> {
        if let Some(role_arn) = call.role_arn.as_deref() {
            self.map.serialize_entry("taskCredentials", &Credentials { role_arn })?;
        }
        let limits = [
            ("timeoutInSeconds", call.timeout_seconds),
            ("heartbeatInSeconds", call.heartbeat_seconds),
        ];
        for (name, seconds) in limits {
            if let Some(seconds) = seconds {
                self.map.serialize_entry(name, &seconds)?;
            }
        }
        Ok(())
    }

    fn failure(&mut self, failure: &Failure) -> Result<(), M::Error> {
        self.optional("error", failure.error.as_ref())?;
        self.optional("cause", failure.cause.as_ref())
    }

    fn optional(&mut self, name: &'static str, text: Option<&Str>) -> Result<(), M::Error> {
        text.map_or(Ok(()), |text| self.map.serialize_entry(name, &**text))
    }

    fn input(&mut self, input: &Payload) -> Result<(), M::Error> {
        self.payload("input", "inputDetails", input)
    }

    fn output(&mut self, output: &Payload) -> Result<(), M::Error> {
        self.payload("output", "outputDetails", output)
    }

    fn payload(
        &mut self,
        name: &'static str,
        details: &'static str,
        payload: &Payload,
    ) -> Result<(), M::Error> {
        let Some((text, truncated)) = self.shown(payload.text()) else { return Ok(()) };
        self.map.serialize_entry(name, text)?;
        self.map.serialize_entry(details, &Shown { truncated })
    }

    /// Each variable as a text of its own. What is too long to be shown with the others is not.
    fn assigned(&mut self, assigned: &Payload) -> Result<(), M::Error> {
        let Some((_, truncated)) = self.shown(assigned.text()) else { return Ok(()) };
        let variables = assigned.value().as_object().filter(|_| !truncated);
        self.map.serialize_entry("assignedVariables", &Variables(variables))?;
        self.map.serialize_entry("assignedVariablesDetails", &Shown { truncated })
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

#[derive(serde::Serialize)]
struct Shown {
    truncated: bool,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Credentials<'a> {
    role_arn: &'a str,
}

struct Variables<'a>(Option<&'a Object>);

impl Serialize for Variables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let variables = self.0.into_iter().flat_map(Object::iter);
        serializer.collect_map(variables.map(|(name, value)| (&**name, value.to_string())))
    }
}

#[cfg(test)]
mod tests;
