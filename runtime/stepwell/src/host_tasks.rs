//! The registry's components as the engine's tasks.

use std::pin::Pin;
use std::sync::Arc;

use stepwell_engine::{Effect, TaskRequest, Tasks};
use stepwell_host::{
    self as host, CallContext, ExecutionContext, Host, Invocation, StateContext, TaskRef,
};
use stepwell_kernel::{Failure, TaskCall};
use stepwell_value::{Payload, Str};

pub(crate) struct HostTasks {
    host: Host,
}

impl HostTasks {
    pub(crate) fn new(host: Host) -> Self {
        Self { host }
    }
}

impl Tasks for HostTasks {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let host = self.host.clone();
        Box::pin(async move {
            let task = TaskRef::parse(&request.call.call.function)
                .map_err(|error| Failure::new("Task.NotFound", error.to_string()))?;
            let called = if request.is_ahead
                && let Ok(prepared) = host.prepare(&task).await
            {
                // The very component that was looked at is the one that runs.
                if prepared.manifest().effect() != host::Effect::None {
                    return Err(changed());
                }
                host.call_prepared(&prepared, invocation(request)).await
            } else {
                host.call(&task, invocation(request)).await
            };
            called.map_err(|failure| Failure::new(failure.error, failure.cause))
        })
    }

    fn effect(&self, call: &TaskCall) -> Effect {
        let task = TaskRef::parse(&call.call.function).ok();
        match task.and_then(|task| self.host.effect(&task)) {
            Some(host::Effect::None) => Effect::None,
            Some(host::Effect::Repeatable) => Effect::Repeatable,
            // Nobody knows what a task did that is there no more.
            Some(host::Effect::Once) | None => Effect::Once,
        }
    }
}

/// A task was given more to touch after it was decided to run it ahead of its record.
fn changed() -> Failure {
    let cause = "The task was replaced by one that may touch more, just when it was to run; it was \
                 not run. A Retry runs the new one.";
    Failure::new("Task.Changed", cause)
}

fn invocation(request: TaskRequest) -> Invocation {
    let (call, identity) = (&request.call, &request.call.identity);
    let context = CallContext {
        execution: ExecutionContext {
            arn: Str::clone(&identity.execution_arn),
            name: Str::clone(&identity.execution_name),
            state_machine_arn: Str::clone(&identity.state_machine_arn),
            state_machine_name: Str::clone(&identity.state_machine_name),
            started_at_ms: millis(call.started_at),
        },
        state: StateContext {
            name: Str::clone(request.state_name()),
            entered_at_ms: millis(call.entered_at),
            attempt: call.attempt,
        },
        idempotency_key: request.idempotency_key(),
        deadline_ms: call.call.deadline.map(millis),
        task_token: call.call.token.clone(),
    };
    let input = call.call.input.clone();
    let heartbeat = request.heartbeat;
    Invocation {
        input,
        context: Arc::new(context),
        heartbeat: Some(Arc::new(move || heartbeat.beat())),
    }
}

/// Executions do not run before 1970.
fn millis(at: stepwell_asl::Timestamp) -> u64 {
    u64::try_from(at.unix_millis()).unwrap_or(0)
}
