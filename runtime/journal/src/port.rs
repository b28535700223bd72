//! What every backend does.

use std::fmt;

use stepwell_kernel::{Batch, Committed, Event};

use crate::codec;
use crate::metadata::{Birth, Digest, Kept, Query, Revision, Summary};

/// An execution's number: the order in which executions were started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionId(pub u64);

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The next events of one execution.
#[derive(Debug)]
pub struct Record {
    pub execution: ExecutionId,
    /// With an execution's first events, and only then. An execution without it is kept all the
    /// same; whoever recovers it has to know its definition from elsewhere.
    pub birth: Option<Birth>,
    pub batch: Batch,
}

/// Keeps the events of executions, in order.
pub trait Journal: Send + Sync + 'static {
    /// Keeps some records together: all of them or, on an error, none. Whoever appended drops the
    /// executions concerned and reads them anew, for memory has gone ahead of the journal.
    fn append(
        &self,
        records: Vec<Record>,
    ) -> impl Future<Output = Result<Vec<(ExecutionId, Committed)>, AppendError>> + Send;

    /// Drops executions with all that is kept of them. Those that are not known are dropped.
    fn delete(
        &self,
        executions: Vec<ExecutionId>,
    ) -> impl Future<Output = Result<(), AppendError>> + Send;

    /// A number that no execution has or ever had, and that is larger than all of those.
    fn next_id(&self) -> Result<ExecutionId, ReadError>;

    /// Every event of an execution, from its start; empty for one that is not known.
    fn read(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError>;

    /// The executions that a query has, the newest first.
    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError>;

    /// The definition of that hash, as long as an execution has it.
    fn revision(&self, digest: Digest) -> Result<Option<Revision>, ReadError>;

    /// Every execution that has not ended, the oldest first. One that cannot be read takes no other
    /// with it.
    fn open_executions(&self) -> impl Iterator<Item = Result<Kept, ReadError>> + Send;
}

/// Why nothing was kept, as far as a caller can act on it.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum AppendError {
    /// The store cannot be written now.
    #[error("the journal is unavailable: {0}")]
    Unavailable(String),
    /// The records do not follow what is kept: the execution has ended, has been deleted, or is
    /// there already.
    #[error("the journal of execution {0} cannot go on with these events")]
    Misplaced(ExecutionId),
}

/// Why something was not read.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// The store cannot be read now.
    #[error("the journal is unavailable: {0}")]
    Unavailable(String),
    /// What is kept of an execution is not what was written.
    #[error("the journal of execution {execution} is damaged: {damage}")]
    Damaged { execution: ExecutionId, damage: Damage },
}

#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Damage {
    #[error(
        "the bytes from event {first_event} on do not have the checksum that they were written with"
    )]
    Checksum { first_event: u64 },
    #[error("from event {first_event} on: {corrupt}")]
    Record { first_event: u64, corrupt: codec::Corrupt },
    #[error("the events after the first {found} are missing")]
    Missing { found: u64 },
}
