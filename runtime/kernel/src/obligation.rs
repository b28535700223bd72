//! What the world owes an execution.

use std::sync::Arc;

use stepwell_asl::{StateIdx, Timestamp};

use crate::{Call, Identity, TaskId, Token};

/// Something outside of the kernel that an execution waits for. A function of its state.
#[derive(Clone, Debug, PartialEq)]
pub enum Obligation {
    /// Run this task and report its outcome.
    RunTask(TaskCall),
    /// Pass on what is reported with this token.
    AwaitToken { task: TaskId, token: Token },
    /// Wake the execution at this time. It replaces every earlier one.
    WakeAt(Timestamp),
    /// There is more to decide than one step may: continue.
    Continue,
}

/// A task's call and for whom it is made.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskCall {
    pub task: TaskId,
    pub call: Arc<Call>,
    pub identity: Arc<Identity>,
    /// When the execution started.
    pub started_at: Timestamp,
    pub state: StateIdx,
    pub entered_at: Timestamp,
    /// How often the state has been tried before.
    pub attempt: u32,
}
