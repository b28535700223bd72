//! Tasks for a workflow that has none.

use std::pin::Pin;

use stepwell::{Failure, Payload, TaskRequest, Tasks};

/// Refuses every call.
#[derive(Debug)]
pub(super) struct Taskless;

impl Tasks for Taskless {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let function = &request.call.call.function;
        let cause = format!("there is no registry that could hold the task `{function}`");
        Box::pin(std::future::ready(Err(Failure::new("Task.NotFound", cause))))
    }
}
