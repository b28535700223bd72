//! Scheduling a task.

use std::sync::Arc;
use std::time::Duration;

use stepwell_asl::{Completion, Number, Resource, Task, Template};
use stepwell_value::{Object, Payload, Str, Value};

use crate::context::Scope;
use crate::evaluate::View;
use crate::event::{Call, CallKind, Fact, FrameId, TaskId};
use crate::fault::Fault;
use crate::{Failure, flow};

use super::{Step, nested};

impl Step<'_> {
    pub(super) fn schedule_task(&mut self, frame: FrameId, task: &Task) {
        let is_activity = matches!(task.resource, Resource::Activity(_));
        let is_passed_on = task.resource.completion() == Completion::TaskToken;
        let id = TaskId(self.running().next_task);
        let token = (is_activity || is_passed_on).then(|| self.world.entropy().token(id));
        // A worker is given the token beside the work of an activity, so the state does not see it.
        let scope = self.scope(frame).with_token(token.clone().filter(|_| is_passed_on));
        match prepare_call(&scope, task, token) {
            Ok(mut call) => {
                let timeout = call.timeout_seconds.map(Duration::from_secs);
                call.deadline = timeout.map(|timeout| self.world.now.saturating_add(timeout));
                self.emit(Fact::TaskScheduled { frame, task: id, call: Arc::new(call) });
            }
            Err(fault) => self.fail_state(frame, fault),
        }
    }
}

/// What a task's own fields come to, whatever it calls.
pub(super) struct Prepared {
    parameters: Payload,
    timeout_seconds: Option<u64>,
    heartbeat_seconds: Option<u64>,
}

pub(super) fn prepare(scope: &Scope<'_>, task: &Task) -> Result<Prepared, Fault> {
    Ok(Prepared {
        parameters: flow::enter(scope)?,
        timeout_seconds: seconds(scope, task.timeout_seconds.as_ref(), "TimeoutSeconds")?,
        heartbeat_seconds: seconds(scope, task.heartbeat_seconds.as_ref(), "HeartbeatSeconds")?,
    })
}

fn prepare_call(scope: &Scope<'_>, task: &Task, token: Option<Str>) -> Result<Call, Fault> {
    let Prepared { parameters, timeout_seconds, heartbeat_seconds } = prepare(scope, task)?;
    let Addressed { kind, function, input } = address(scope, &task.resource, &parameters)?;
    Ok(Call {
        kind,
        function,
        input,
        token,
        role_arn: task.credentials.as_ref().map(|given| role_arn(scope, given)).transpose()?,
        timeout_seconds,
        heartbeat_seconds,
        parameters,
        deadline: None,
    })
}

/// Whom a call is for and what that one is given.
pub(super) struct Addressed {
    pub kind: CallKind,
    pub function: Str,
    pub input: Payload,
}

fn address(
    scope: &Scope<'_>,
    resource: &Resource,
    parameters: &Payload,
) -> Result<Addressed, Fault> {
    let (kind, function, input) = match resource {
        Resource::Function(name) => (CallKind::Function, Str::clone(name), parameters.clone()),
        Resource::Activity(arn) => (CallKind::Activity, Str::clone(arn), parameters.clone()),
        Resource::Integration(action) if action.is("lambda", "invoke") => {
            let (function, input) = invocation(scope, parameters)?;
            (CallKind::Action(action.clone()), function, input)
        }
        Resource::Integration(action) if action.is("states", "startExecution") => {
            return Ok(nested::address(scope, action, parameters)?);
        }
        Resource::Integration(action) => {
            (CallKind::Action(action.clone()), action.stand_in(), parameters.clone())
        }
    };
    Ok(Addressed { kind, function, input })
}

/// `RoleArn` of `Credentials`, which has to be a text.
fn role_arn(scope: &Scope<'_>, credentials: &Template) -> Result<Str, Fault> {
    const FIELD: &str = "RoleArn";
    let view = View::new(scope, &scope.visit.input);
    let text = |value: &Value| value.as_str().map(Str::from);
    let computed = match credentials {
        Template::Object(members) => members.iter().find(|(name, _)| &**name == FIELD),
        _ => None,
    };
    if let Some((_, Template::Jsonata { expression, field })) = computed {
        return view.jsonata_as(expression, field, "string", text);
    }
    let credentials = view.value(credentials)?;
    let found = credentials.get(FIELD);
    found.and_then(text).ok_or_else(|| {
        let found = found.unwrap_or(&Value::Null);
        let what = format_args!("The field 'RoleArn' of the Credentials must be a text: {found}");
        scope.runtime_failure(what).into()
    })
}

/// `FunctionName` and `Payload` of `lambda:invoke`.
fn invocation(scope: &Scope<'_>, parameters: &Payload) -> Result<(Str, Payload), Failure> {
    let value = parameters.value();
    let Some(Value::String(function)) = value.get("FunctionName") else {
        return Err(scope.runtime_failure(
            "The Parameters of lambda:invoke must name the function in 'FunctionName'.",
        ));
    };
    let input = document(value.get("Payload")).map_err(|error| {
        let cause = format!("Could not parse request body into json: {error}");
        Failure::new("Lambda.InvalidRequestContentException", cause)
    })?;
    Ok((Str::clone(function), input))
}

/// What somebody is given who is called through a service.
pub(super) fn document(value: Option<&Value>) -> Result<Payload, stepwell_value::Error> {
    match value {
        // Whoever is called with nothing, or with none, is given an empty object.
        None | Some(Value::Null) => Ok(Payload::from(Value::Object(Object::new()))),
        // A text is the document's own text, which has to be JSON.
        Some(Value::String(text)) => Payload::parse(&**text),
        Some(value) => Ok(Payload::from(value.clone())),
    }
}

fn seconds(scope: &Scope<'_>, number: Option<&Number>, field: &str) -> Result<Option<u64>, Fault> {
    let view = View::new(scope, &scope.visit.input);
    let positive =
        |value: &Value| value.as_int().and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
    let path = match number {
        None => return Ok(None),
        Some(Number::Literal(seconds)) => return Ok(Some(*seconds)),
        Some(Number::Jsonata(expression)) => {
            return view.jsonata_as(expression, field, "number", positive).map(Some);
        }
        Some(Number::Path(path)) => path,
    };
    let value = view.find(path)?;
    positive(&value).map(Some).ok_or_else(|| {
        scope
            .runtime_failure(format_args!(
                "The {field}Path parameter does not reference a positive integer: {path} == {value}"
            ))
            .into()
    })
}
