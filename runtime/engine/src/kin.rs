//! What there is to do about an execution that another one asks for and that may be there already.
//!
//! After a crash nobody knows how far a start came; the journal does.

use stepwell_asl::{Completion, Timestamp};
use stepwell_journal::{ExecutionId, Parent, Summary};
use stepwell_kernel::{
    Event, Execution, ExecutionCall, Fact, Failure, MapRunFact, Outcome, TaskId,
};
use stepwell_value::{Payload, Str};

/// How a child is started that may have been started before.
#[derive(Debug)]
pub enum Starting {
    New,
    /// It tells its end itself.
    Running(ExecutionId),
    Ended(Outcome),
}

/// How a child is redriven that was started before, as far as anybody knows.
#[derive(Debug)]
pub enum Redriving {
    Start,
    Running(ExecutionId),
    Ended(ExecutionId),
}

/// What comes of asking for an execution by a name that one has already.
#[derive(Debug)]
pub enum Meeting {
    Refused(Failure),
    Joined {
        execution_arn: Str,
        started_at: Timestamp,
        end: JoinedEnd,
    },
    /// It has ended. A task that joined it before a crash is to be told how; one that did not is
    /// refused. Each takes what is meant for it.
    Over {
        outcome: Outcome,
        failure: Failure,
    },
}

/// How the end becomes known of an execution that was there already.
#[derive(Debug)]
pub enum JoinedEnd {
    /// Nobody waits for it.
    Unawaited,
    Known(Outcome),
    /// The task's own child tells it, and is stopped with the task.
    OfChild(ExecutionId),
    /// It has to be asked for.
    OfOther(ExecutionId),
}

/// Whether a child was started for a task that waited for it and waits no more, by its parent's
/// journal. One that was not waited for is on its own.
pub fn is_orphan(parent: &[Event], task: TaskId) -> bool {
    let was_awaited = parent.iter().any(|event| match &event.fact {
        Fact::TaskScheduled { task: scheduled, call, .. } if *scheduled == task => {
            call.action().is_some_and(|action| {
                matches!(action.completion, Completion::Sync | Completion::Sync2)
            })
        }
        Fact::MapRunStarted { task: started, .. }
        | Fact::MapRun(MapRunFact::ItemStarted { task: started, .. }) => *started == task,
        _ => false,
    });
    was_awaited && Execution::replay(parent).is_ok_and(|parent| !parent.waits_for(task))
}

impl Starting {
    /// `known` is the child that was started before for that task.
    pub fn of(known: Option<Summary>) -> Self {
        match known {
            None => Self::New,
            Some(Summary { ending: Some(ending), .. }) => Self::Ended(ending.outcome),
            Some(known) => Self::Running(known.execution),
        }
    }
}

impl Redriving {
    /// `known` is the child that was started before for that task, and `sent` the one whose start was
    /// sent and may not be kept yet.
    pub fn of(known: Option<&Summary>, sent: Option<ExecutionId>) -> Self {
        match known {
            None => sent.map_or(Self::Start, Self::Running),
            Some(known) if known.ending.is_some() => Self::Ended(known.execution),
            Some(known) => Self::Running(known.execution),
        }
    }
}

impl Meeting {
    /// `known` is the execution of that name: the one that was asked for, or another. As the service
    /// has it, one that runs with the same input is as good. `is_again` says that the task may have
    /// asked before.
    pub fn of(
        parent: Parent,
        call: &ExecutionCall,
        is_again: bool,
        known: Summary,
        input_of: impl FnOnce(ExecutionId) -> Option<Payload>,
    ) -> Self {
        let is_own = known.parent == Some(parent);
        let is_same = || input_of(known.execution).as_ref() == Some(&call.input);
        if !is_own && (known.ending.is_some() || !is_same()) {
            let failure = Failure::execution_already_exists(&known.opening.arn);
            return match known.ending {
                Some(ending) if is_again && call.is_awaited => {
                    Self::Over { outcome: ending.outcome, failure }
                }
                _ => Self::Refused(failure),
            };
        }
        let end = match known.ending {
            _ if !call.is_awaited => JoinedEnd::Unawaited,
            Some(ending) => JoinedEnd::Known(ending.outcome),
            None if is_own => JoinedEnd::OfChild(known.execution),
            None => JoinedEnd::OfOther(known.execution),
        };
        let (execution_arn, started_at) = (known.opening.arn, known.opening.started_at);
        Self::Joined { execution_arn, started_at, end }
    }
}

#[cfg(test)]
mod tests;
