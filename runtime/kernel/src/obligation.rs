//! What the world owes an execution.

use std::sync::Arc;

use stepwell_asl::{StateIdx, Timestamp};
use stepwell_value::{Payload, Str};

use crate::map_run::{ItemChild, MapRunCall};
use crate::{Call, Identity, TaskId, Token};

/// Something outside of the kernel that an execution waits for. A function of its state.
#[derive(Clone, Debug, PartialEq)]
pub enum Obligation {
    /// Run this task and report its outcome.
    RunTask(TaskCall),
    /// Offer an activity's work, with its token, to whoever asks for it, and tell when it is taken.
    /// It is not to be offered again after that.
    OfferActivity { task: TaskId, activity: Str, token: Token, input: Payload },
    /// Start an execution of another machine, and report its start; its end too, if it is awaited.
    StartExecution { task: TaskId, call: ExecutionCall },
    /// One of the three above, in an execution that was started with a test case: if that makes up
    /// what the task comes to, nothing is to be done but to tell it with
    /// [`crate::Input::TaskMocked`].
    Rehearse { invocation: Invocation, owed: Box<Self> },
    /// Pass on what is reported with this token.
    AwaitToken { task: TaskId, token: Token },
    /// Start a child as an execution of its own, and report its end.
    StartChild { task: TaskId, child: Child },
    /// Let the child go on that was started for that task, and report its end again.
    ///
    /// `count` is how often it is to have been redriven. The child is handed
    /// [`crate::Input::Redrive`] if it has ended and its [`crate::Execution::redrive_count`] is
    /// lower. One that has ended with that count, and one that has succeeded or for another reason
    /// cannot be redriven, has its end reported as it is. So a driver that starts over knows from
    /// the child's own journal what is left to do, and doing it twice changes nothing: a child that
    /// runs finds the second redrive stale.
    ///
    /// A child may never have been started, if its task was given up before what asked for it was
    /// committed. Then it is started, and counts as redriven `count` times already: a driver that
    /// can lose its memory keeps that with the child.
    RedriveChild { task: TaskId, child: Child, count: u32 },
    /// Read more of a map run's items, from the given one on, and hand them over.
    ReadItems { run: Arc<MapRunCall>, from: u64 },
    /// Write what the executions of a map run gave.
    WriteResults { run: Arc<MapRunCall> },
    /// Wake the execution at this time. It replaces every earlier one.
    WakeAt(Timestamp),
    /// There is more to decide than one step may: continue.
    Continue,
}

impl Obligation {
    /// What is owed to a task that waits for a child.
    pub(crate) fn of_child(task: TaskId, child: Child, redrives: u32) -> Self {
        match redrives {
            0 => Self::StartChild { task, child },
            count => Self::RedriveChild { task, child, count },
        }
    }

    /// The task that it is owed to, if it is owed to one.
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Self::RunTask(call) => Some(call.task),
            Self::Rehearse { owed, .. } => owed.task(),
            Self::OfferActivity { task, .. }
            | Self::StartExecution { task, .. }
            | Self::AwaitToken { task, .. }
            | Self::StartChild { task, .. }
            | Self::RedriveChild { task, .. } => Some(*task),
            Self::ReadItems { .. }
            | Self::WriteResults { .. }
            | Self::WakeAt(_)
            | Self::Continue => None,
        }
    }
}

/// An execution that another one needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Child {
    MapRun { identity: Arc<Identity>, call: Arc<MapRunCall> },
    Item(Arc<ItemChild>),
}

/// An execution of another machine that a Task asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionCall {
    pub state_machine_arn: Str,
    /// Given or drawn: asking for the same one twice asks for one execution.
    pub name: Str,
    pub input: Payload,
    /// In whose name it is started, if not in that of the execution that asks.
    pub role_arn: Option<Str>,
    /// Whether the task lasts as long as the execution: it has to be stopped when the task is given
    /// up. One that is not awaited is on its own once it has started.
    pub is_awaited: bool,
    /// The execution that asks.
    pub identity: Arc<Identity>,
}

/// Which of an execution's calls it is, for a test case.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    pub identity: Arc<Identity>,
    pub test_case: Str,
    pub state: StateIdx,
    /// How often the state has called before in the execution: retries, further turns of a loop and
    /// other iterations of a Map count. It is the same however often it is asked for.
    pub nth: u32,
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
