//! What the caller says about a call: its input, and for whom it is made.

use std::fmt;
use std::sync::Arc;

use stepwell_value::Payload;

/// One call of a task. Cloning shares everything.
#[derive(Clone)]
pub struct Invocation {
    pub input: Payload,
    pub context: Arc<CallContext>,
    /// Called when the task gives a sign of life. It runs on the thread that runs the task, so it
    /// must not block.
    pub heartbeat: Option<Heartbeat>,
}

pub type Heartbeat = Arc<dyn Fn() + Send + Sync>;

/// For whom a call is made: what the task can ask for, and what its log lines are filed under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallContext {
    pub execution: ExecutionContext,
    pub state: StateContext,
    pub idempotency_key: Arc<str>,
    /// When the caller will end the call, in milliseconds since 1970-01-01T00:00:00Z. The task
    /// sees this or its own time limit, whichever comes first; ending the call for this reason is
    /// left to the caller, who drops the future.
    pub deadline_ms: Option<u64>,
    pub task_token: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecutionContext {
    pub arn: Arc<str>,
    pub name: Arc<str>,
    pub state_machine_arn: Arc<str>,
    pub state_machine_name: Arc<str>,
    pub started_at_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateContext {
    pub name: Arc<str>,
    pub entered_at_ms: u64,
    /// 0 for the first attempt.
    pub attempt: u32,
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocation")
            .field("input", &self.input)
            .field("context", &self.context)
            .field("heartbeat", &self.heartbeat.as_ref().map(|_| "…"))
            .finish()
    }
}
