//! What is kept of an execution beside its events, and what can be told without replaying them.

use std::fmt;

use sha2::{Digest as _, Sha256};
use stepwell_asl::Timestamp;
use stepwell_kernel::{Event, Fact, MapRunFact, Outcome, TaskId};
use stepwell_value::Str;

use crate::ExecutionId;

/// A definition's text, known by its hash. However many executions have it, it is kept once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    digest: Digest,
    text: Str,
}

/// The SHA-256 of a definition's text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

/// What is known of an execution before its first event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Birth {
    pub revision: Revision,
    /// Who started the execution and waits for its end.
    pub parent: Option<Parent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    pub execution: ExecutionId,
    /// The parent's task that is done when the child has ended.
    pub task: TaskId,
}

/// An execution as it is needed to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub execution: ExecutionId,
    pub birth: Option<Birth>,
    pub events: Vec<Event>,
}

/// An execution in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub execution: ExecutionId,
    pub opening: Opening,
    pub revision: Option<Digest>,
    pub parent: Option<Parent>,
    pub redrives: Redrives,
    pub ending: Option<Ending>,
}

/// What the first event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub arn: Str,
    pub name: Str,
    /// None for a map run, which is no machine's own execution.
    pub machine_arn: Option<Str>,
    /// The version of the machine through which the execution was started, if it was named or an
    /// alias led to it.
    pub version_arn: Option<Str>,
    /// The alias through which it was started.
    pub alias_arn: Option<Str>,
    pub started_at: Timestamp,
}

/// How often an execution has gone on after it had ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Redrives {
    pub count: u32,
    pub last_at: Option<Timestamp>,
}

/// What the last event says.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    pub ended_at: Timestamp,
    pub outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

/// Which executions a list has, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub subject: Subject,
    pub status: Option<Status>,
    /// Only those that have been redriven, or only those that have not.
    pub redriven: Option<bool>,
    /// Only those that were started before this one: where the page before has ended.
    pub before: Option<ExecutionId>,
    pub count_max: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    All,
    One(ExecutionId),
    /// Those of that ARN; the newest is the one that an ARN means.
    Arn(Str),
    /// Those of a machine, by its ARN, without map runs.
    Machine(Str),
    /// Those that were started through a version of a machine, by its ARN, with those for which an
    /// alias led to it.
    Version(Str),
    /// Those that were started through an alias, by its ARN.
    Alias(Str),
    /// Those that an execution has started.
    Children(ExecutionId),
    /// Those that an execution has started for one of its tasks.
    ChildrenOf(Parent),
}

impl Revision {
    pub fn new(text: impl Into<Str>) -> Self {
        let text = text.into();
        let digest = Digest(Sha256::digest(text.as_bytes()).into());
        Self { digest, text }
    }

    pub fn digest(&self) -> Digest {
        self.digest
    }

    pub fn text(&self) -> &Str {
        &self.text
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Opening {
    /// What a journal's first event says; none if no journal can begin with it.
    pub fn of(events: &[Event]) -> Option<Self> {
        let Event { at, fact } = events.first()?;
        let started_at = *at;
        match fact {
            Fact::ExecutionStarted { identity, .. } => Some(Self {
                arn: Str::clone(&identity.execution_arn),
                name: Str::clone(&identity.execution_name),
                machine_arn: Some(Str::clone(&identity.state_machine_arn)),
                version_arn: identity.version_arn.clone(),
                alias_arn: identity.alias_arn.clone(),
                started_at,
            }),
            Fact::MapRun(MapRunFact::Started { call, .. }) => Some(Self {
                arn: Str::clone(&call.map_run_arn),
                name: call.map_run_arn.rsplit(':').next().unwrap_or_default().into(),
                machine_arn: None,
                version_arn: None,
                alias_arn: None,
                started_at,
            }),
            _ => None,
        }
    }
}

impl Redrives {
    /// What events say that begin with a redrive; the newest of them counts those before it. None
    /// if no ended execution goes on with these events.
    pub fn of(events: &[Event]) -> Option<Self> {
        let Event { at, fact } = events.first()?;
        match fact {
            Fact::ExecutionRedriven { redrive_count: count, .. }
            | Fact::MapRun(MapRunFact::Redriven { redrive_count: count }) => {
                Some(Self { count: *count, last_at: Some(*at) })
            }
            _ => None,
        }
    }
}

impl Ending {
    /// How a journal ends; none if its last event does not end it.
    pub fn of(events: &[Event]) -> Option<Self> {
        let Event { at, fact } = events.last()?;
        let outcome = match fact.clone() {
            Fact::ExecutionSucceeded { output } => Outcome::Succeeded { output },
            Fact::ExecutionFailed { failure } => Outcome::Failed { failure },
            Fact::ExecutionTimedOut { failure } => Outcome::TimedOut { failure },
            Fact::ExecutionAborted { failure } => Outcome::Aborted { failure },
            _ => return None,
        };
        Some(Self { ended_at: *at, outcome })
    }

    pub fn status(&self) -> Status {
        match self.outcome {
            Outcome::Succeeded { .. } => Status::Succeeded,
            Outcome::Failed { .. } => Status::Failed,
            Outcome::TimedOut { .. } => Status::TimedOut,
            Outcome::Aborted { .. } => Status::Aborted,
        }
    }
}

impl Summary {
    pub fn status(&self) -> Status {
        self.ending.as_ref().map_or(Status::Running, Ending::status)
    }
}

impl Query {
    /// The newest executions of a subject, whatever became of them.
    pub fn newest(subject: Subject, count_max: usize) -> Self {
        Self { subject, status: None, redriven: None, before: None, count_max }
    }

    pub fn has(&self, summary: &Summary) -> bool {
        let is_subject = match &self.subject {
            Subject::All => true,
            Subject::One(execution) => summary.execution == *execution,
            Subject::Arn(arn) => summary.opening.arn == *arn,
            Subject::Machine(arn) => summary.opening.machine_arn.as_ref() == Some(arn),
            Subject::Version(arn) => summary.opening.version_arn.as_ref() == Some(arn),
            Subject::Alias(arn) => summary.opening.alias_arn.as_ref() == Some(arn),
            Subject::Children(of) => summary.parent.is_some_and(|parent| parent.execution == *of),
            Subject::ChildrenOf(parent) => summary.parent == Some(*parent),
        };
        is_subject
            && self.status.is_none_or(|status| summary.status() == status)
            && self.redriven.is_none_or(|redriven| (summary.redrives.count > 0) == redriven)
            && self.before.is_none_or(|before| summary.execution < before)
    }
}
