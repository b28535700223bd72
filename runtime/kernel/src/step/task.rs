//! Scheduling a task.

use std::sync::Arc;
use std::time::Duration;

use stepwell_asl::{Completion, Number, Resource, Task};
use stepwell_value::{Object, Payload, Str, Value};

use crate::context::Scope;
use crate::evaluate::View;
use crate::event::{Call, Fact, FrameId, Integration, TaskId};
use crate::fault::Fault;
use crate::{Failure, flow};

use super::Step;

impl Step<'_> {
    pub(super) fn schedule_task(&mut self, frame: FrameId, task: &Task) {
        let token = match task.resource.completion() {
            Completion::TaskToken => Some(self.draw_token()),
            Completion::Response | Completion::Sync | Completion::Sync2 => None,
        };
        let scope = self.scope(frame).with_token(token.clone());
        match prepare_call(&scope, task, token) {
            Ok(mut call) => {
                let timeout = call.timeout_seconds.map(Duration::from_secs);
                call.deadline = timeout.map(|timeout| self.world.now.saturating_add(timeout));
                let task = TaskId(self.running().next_task);
                self.emit(Fact::TaskScheduled { frame, task, call: Arc::new(call) });
            }
            Err(fault) => self.fail_state(frame, fault),
        }
    }

    /// 256 random bits, so that nobody can guess a token.
    pub(super) fn draw_token(&mut self) -> Str {
        let words = std::array::from_fn::<_, 4, _>(|_| self.world.draw());
        words.map(|word| format!("{word:016x}")).concat().into()
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
    let (integration, function, input) = match (&task.resource, token) {
        (Resource::Function(name), _) => {
            (Integration::Function, Str::clone(name), parameters.clone())
        }
        (resource, token) if resource.is_lambda_invoke() => {
            let (function, input) = invocation(scope, &parameters)?;
            (token.map_or(Integration::Invoke, Integration::InvokeWithToken), function, input)
        }
        (Resource::Activity(name), _) => return Err(cannot_call(scope, name).into()),
        (Resource::Integration(other), _) => return Err(cannot_call(scope, other).into()),
    };
    Ok(Call {
        integration,
        function,
        input,
        timeout_seconds,
        heartbeat_seconds,
        parameters,
        deadline: None,
    })
}

/// The definition may name what this runtime cannot call.
fn cannot_call(scope: &Scope<'_>, resource: impl std::fmt::Display) -> Failure {
    scope.runtime_failure(format_args!("The resource {resource} cannot be called by this runtime."))
}

/// `FunctionName` and `Payload` of `lambda:invoke`.
fn invocation(scope: &Scope<'_>, parameters: &Payload) -> Result<(Str, Payload), Failure> {
    let value = parameters.value();
    let Some(Value::String(function)) = value.get("FunctionName") else {
        return Err(scope.runtime_failure(
            "The Parameters of lambda:invoke must name the function in 'FunctionName'.",
        ));
    };
    let input = match value.get("Payload") {
        // A function that is called without a payload, or with none, is given an empty object.
        None | Some(Value::Null) => Payload::from(Value::Object(Object::new())),
        // A text is the payload's own text, which has to be JSON.
        Some(Value::String(text)) => Payload::parse(&**text).map_err(|error| {
            let cause = format!("Could not parse request body into json: {error}");
            Failure::new("Lambda.InvalidRequestContentException", cause)
        })?,
        Some(value) => Payload::from(value.clone()),
    };
    Ok((Str::clone(function), input))
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
