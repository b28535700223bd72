//! What the world owes an execution.

use std::sync::Arc;

use stepwell_asl::{StateIdx, Timestamp};

use crate::map_run::{ItemChild, MapRunCall};
use crate::{Call, Identity, TaskId, Token};

/// Something outside of the kernel that an execution waits for. A function of its state.
#[derive(Clone, Debug, PartialEq)]
pub enum Obligation {
    /// Run this task and report its outcome.
    RunTask(TaskCall),
    /// Pass on what is reported with this token.
    AwaitToken { task: TaskId, token: Token },
    /// Start a child as an execution of its own, and report its end.
    StartChild { task: TaskId, child: Child },
    /// Read more of a map run's items, from the given one on, and hand them over.
    ReadItems { run: Arc<MapRunCall>, from: u64 },
    /// Write what the executions of a map run gave.
    WriteResults { run: Arc<MapRunCall> },
    /// Wake the execution at this time. It replaces every earlier one.
    WakeAt(Timestamp),
    /// There is more to decide than one step may: continue.
    Continue,
}

/// An execution that another one needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Child {
    MapRun { identity: Arc<Identity>, call: Arc<MapRunCall> },
    Item(Arc<ItemChild>),
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
