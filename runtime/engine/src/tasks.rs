//! The port through which tasks are run.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use stepwell_asl::Definition;
use stepwell_kernel::{Failure, TaskCall};
use stepwell_value::{Payload, Str};

/// Runs tasks. Implemented by whoever knows what a task's name stands for.
pub trait Tasks: Send + Sync + 'static {
    /// Runs one task to its end. Dropping the future stops the task.
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>>;
}

/// A call that an execution wants made.
#[derive(Clone, Debug)]
pub struct TaskRequest {
    pub call: TaskCall,
    pub definition: Arc<Definition>,
    pub heartbeat: Heartbeat,
}

impl TaskRequest {
    pub fn state_name(&self) -> &Str {
        &self.definition.state(self.call.state).name
    }

    /// Equal for requests that stand for the same piece of work, however often it is asked for.
    pub fn idempotency_key(&self) -> Str {
        format!("{}#{}", self.call.identity.execution_arn, self.call.task.0).into()
    }
}

/// Restarts the heartbeat clock of one task.
#[derive(Clone)]
pub struct Heartbeat(pub(crate) Arc<dyn Fn() + Send + Sync>);

impl Heartbeat {
    pub fn beat(&self) {
        (self.0)();
    }
}

impl fmt::Debug for Heartbeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Heartbeat")
    }
}
