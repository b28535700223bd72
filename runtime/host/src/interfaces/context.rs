//! `stepwell:task/context`: for whom the call is made.

use crate::bindings::stepwell::task::context;
use crate::call::CallState;

impl context::Host for CallState {
    fn current(&mut self) -> wasmtime::Result<context::Info> {
        let deadline_ms = self.deadline_ms();
        let call = self.context();
        Ok(context::Info {
            execution: context::Execution {
                arn: call.execution.arn.to_string(),
                name: call.execution.name.to_string(),
                state_machine_arn: call.execution.state_machine_arn.to_string(),
                state_machine_name: call.execution.state_machine_name.to_string(),
                started_at_ms: call.execution.started_at_ms,
            },
            state: context::State {
                name: call.state.name.to_string(),
                entered_at_ms: call.state.entered_at_ms,
                attempt: call.state.attempt,
            },
            idempotency_key: call.idempotency_key.to_string(),
            deadline_ms: Some(deadline_ms),
            task_token: call.task_token.as_deref().map(str::to_owned),
        })
    }
}
