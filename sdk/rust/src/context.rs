//! For whom a call is made.

use std::time::{Duration, SystemTime};

use crate::platform;

/// The context of the call that is being made. It is the same for the whole call.
///
/// In a test on the host it is [`testing::context()`](crate::testing::context), or what
/// [`testing::call_in`](crate::testing::call_in) says.
///
/// ```
/// let context = stepwell_task::context();
/// if context.state.attempt > 0 {
///     stepwell_task::log::info!("`{}` is tried again", context.state.name);
/// }
/// ```
pub fn context() -> Context {
    platform::context()
}

/// All that a task may know about its call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Context {
    /// The execution to which the call belongs.
    pub execution: Execution,
    /// The state that called the task.
    pub state: State,
    /// Equal for calls that stand for the same piece of work: the same state, entered once, in the
    /// same attempt. A task with effects passes it on, so that a repetition is recognised.
    pub idempotency_key: String,
    /// When the call is ended from outside: the state's `TimeoutSeconds` or the task's own time
    /// limit, whichever comes first.
    pub deadline: Option<SystemTime>,
    /// With `.waitForTaskToken`: the token with which the work is reported later. The state goes
    /// on when the token comes back, not when this call returns.
    pub task_token: Option<String>,
}

impl Context {
    /// How long the call may still take: nothing once the deadline has passed, and `None` when
    /// there is no deadline.
    pub fn time_left(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.duration_since(SystemTime::now()).unwrap_or(Duration::ZERO))
    }
}

/// An execution of a state machine.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Execution {
    /// The execution's ARN.
    pub arn: String,
    /// The execution's name, unique within its state machine.
    pub name: String,
    /// The state machine's ARN.
    pub state_machine_arn: String,
    /// The state machine's name.
    pub state_machine_name: String,
    /// When the execution started.
    pub started_at: SystemTime,
}

/// The state that called the task.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct State {
    /// The state's name as the definition spells it.
    pub name: String,
    /// When the state was entered.
    pub entered_at: SystemTime,
    /// How often the state has been tried before: 0 for the first attempt.
    pub attempt: u32,
}
