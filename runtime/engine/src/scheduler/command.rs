//! What comes into a scheduler, and what comes out of it.

use std::collections::HashMap;
use std::sync::Arc;

use stepwell_asl::{Definition, Timestamp};
use stepwell_journal::{Ending, ExecutionId, Parent, Record};
use stepwell_kernel::{
    Child, ExecutionCall, Failure, Identity, Input, Invocation, ItemsRead, MapRunCall, Outcome,
    TaskCall, TaskId, Token,
};
use stepwell_value::{Payload, Str};

use crate::program::Program;

/// What happens to an execution.
#[derive(Debug)]
pub struct Command {
    pub execution: ExecutionId,
    pub what: What,
}

#[derive(Debug)]
pub enum What {
    Start {
        program: Program,
        identity: Identity,
        input: Payload,
        /// The task of another execution that asked for this one.
        parent: Option<Parent>,
    },
    /// Starts an execution that another one needs, for one of its tasks.
    StartChild {
        program: Program,
        parent: Parent,
        child: Child,
    },
    /// Lets an execution go on that another one started and that ended, if it has been redriven
    /// less often than that; otherwise its end is told again.
    RedriveChild {
        count: u32,
    },
    Input(Input),
    /// What was reported with a token; it is taken only if the task waits with that token.
    Token {
        task: TaskId,
        token: Token,
        report: TokenReport,
    },
}

#[derive(Debug)]
pub enum TokenReport {
    Outcome(Result<Payload, Failure>),
    Heartbeat,
}

impl TokenReport {
    pub(super) fn input(self, task: TaskId) -> Input {
        match self {
            Self::Outcome(outcome) => Input::TokenReported { task, outcome },
            Self::Heartbeat => Input::Heartbeat { task },
        }
    }
}

impl Command {
    pub fn input(execution: ExecutionId, input: Input) -> Self {
        Self { execution, what: What::Input(input) }
    }

    pub fn reported(
        execution: ExecutionId,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    ) -> Self {
        Self::input(execution, Input::TaskReported { task, outcome })
    }

    pub fn child_ended(parent: Parent, outcome: Outcome) -> Self {
        Self::input(parent.execution, Input::ChildEnded { task: parent.task, outcome })
    }

    pub fn child_started(parent: Parent, execution_arn: Str, at: Timestamp) -> Self {
        let Parent { execution, task } = parent;
        Self::input(execution, Input::ExecutionStarted { task, execution_arn, at })
    }

    pub fn items_read(
        execution: ExecutionId,
        from: u64,
        outcome: Result<ItemsRead, Failure>,
    ) -> Self {
        Self::input(execution, Input::ItemsRead { from, outcome })
    }
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It has had its effect, which is kept once that many events of the execution are.
    Until(u64),
    /// It changes nothing: it came late, or twice.
    Stale,
    /// There is no such execution.
    Unknown,
    /// The execution is there and cannot be gone on with.
    Lost,
}

impl Deed {
    /// The task that it is done for, if it is done for one.
    pub(crate) fn task(&self) -> Option<TaskId> {
        match self {
            Self::RunTask { call, .. } => Some(call.task),
            Self::Rehearse { otherwise, .. } => otherwise.task(),
            Self::StartChild { task, .. }
            | Self::RedriveChild { task, .. }
            | Self::StartExecution { task, .. }
            | Self::OfferActivity { task, .. }
            | Self::StopTask { task } => Some(*task),
            Self::TellEnd { .. }
            | Self::ReadItems { .. }
            | Self::WriteResults { .. }
            | Self::End { .. } => None,
        }
    }
}

impl Taken {
    pub(crate) fn is_effect(self) -> bool {
        matches!(self, Self::Until(_))
    }
}

/// What a scheduler has decided in one turn of its loop.
#[derive(Debug, Default)]
pub struct Turn {
    /// To be appended together; an execution has one of them.
    pub records: Vec<Record>,
    /// To be performed without waiting for that.
    pub ahead: Vec<Action>,
    /// Where the record of an execution is among them.
    pub(super) places: HashMap<ExecutionId, usize>,
}

impl Turn {
    pub(super) fn add(&mut self, record: Record) {
        self.places.insert(record.execution, self.records.len());
        self.records.push(record);
    }

    /// The record of an execution to which more can be added: none after its end.
    pub(super) fn open_record(&mut self, execution: ExecutionId) -> Option<&mut Record> {
        let place = *self.places.get(&execution)?;
        let record = self.records.get_mut(place)?;
        Ending::of(record.batch.events()).is_none().then_some(record)
    }
}

/// What there is to do in the world, for an execution.
#[derive(Debug)]
pub struct Action {
    pub execution: ExecutionId,
    pub deed: Deed,
}

#[derive(Debug)]
pub enum Deed {
    RunTask {
        definition: Arc<Definition>,
        call: TaskCall,
        /// Whether the call is made before its record is kept.
        is_ahead: bool,
    },
    /// Tell what a test case makes up in the place of something else that there is to do, or do
    /// that.
    Rehearse {
        definition: Arc<Definition>,
        invocation: Invocation,
        otherwise: Box<Self>,
        /// Whether that may have been begun before.
        is_again: bool,
    },
    /// Start an execution that this one needs.
    StartChild {
        program: Program,
        task: TaskId,
        child: Child,
        /// Whether it may have been started before.
        is_again: bool,
    },
    /// Let an execution go on that this one started.
    RedriveChild {
        program: Program,
        task: TaskId,
        child: Child,
        count: u32,
    },
    /// Tell the execution that asked for this one how it ended.
    TellEnd {
        parent: Parent,
        outcome: Outcome,
    },
    /// Start an execution of another machine.
    StartExecution {
        task: TaskId,
        call: ExecutionCall,
        /// Whether it may have been started before.
        is_again: bool,
    },
    /// Offer the work of an activity to its workers.
    OfferActivity {
        task: TaskId,
        activity: Str,
        token: Token,
        input: Payload,
    },
    ReadItems {
        definition: Arc<Definition>,
        run: Arc<MapRunCall>,
        from: u64,
    },
    WriteResults {
        definition: Arc<Definition>,
        run: Arc<MapRunCall>,
    },
    /// Nobody waits for this task or child any more.
    StopTask {
        task: TaskId,
    },
    /// The execution has ended and is no longer here.
    End {
        ending: Ending,
        /// The task of another execution that asked for this one.
        parent: Option<Parent>,
    },
}
