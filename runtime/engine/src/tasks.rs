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

    /// What running the task can do to the world. Asked from the loops, so it must not take long.
    /// Nothing is known of a task for which this does not speak up.
    fn effect(&self, call: &TaskCall) -> Effect {
        let _ = call;
        Effect::Once
    }
}

/// What running a task can do to the world, and so when and how often it may be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing. It may run before it is known for ever that it should, and again after a crash,
    /// without anybody being able to tell.
    None,
    /// Something that doing it twice does not change: the task sees the same idempotency key.
    Repeatable,
    /// Something that must happen once at most. If nobody knows after a crash how far it came, it
    /// has failed.
    Once,
}

/// A call that an execution wants made.
#[derive(Clone, Debug)]
pub struct TaskRequest {
    pub call: TaskCall,
    pub definition: Arc<Definition>,
    /// The call is not kept yet. It was asked for because the task's effect was [`Effect::None`],
    /// and must not be made if that is no longer so.
    pub is_ahead: bool,
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

/// How a task fails that was running when the runtime stopped.
pub(crate) fn interrupted() -> Failure {
    let cause = "The runtime stopped while the task was running, and nobody knows how far it came. \
                 It is not run again by itself; a Retry or Catch of `Task.Interrupted` decides \
                 what happens. `idempotent = true` in its manifest says that it may simply be run \
                 again.";
    Failure::new("Task.Interrupted", cause)
}

/// Restarts the heartbeat clock of one task.
#[derive(Clone)]
pub struct Heartbeat(pub(crate) Arc<dyn Fn() + Send + Sync>);

impl Heartbeat {
    /// Of a task whose heartbeat nobody waits for.
    pub fn unheard() -> Self {
        Self(Arc::new(|| {}))
    }

    pub fn beat(&self) {
        (self.0)();
    }
}

impl fmt::Debug for Heartbeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Heartbeat")
    }
}
