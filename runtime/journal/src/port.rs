//! What every backend does.

use std::fmt;
use std::pin::Pin;

use stepwell_asl::Timestamp;
use stepwell_kernel::{Batch, Committed, Event};
use stepwell_value::Str;

use crate::codec;
use crate::metadata::{Birth, Digest, Kept, Parent, Query, Revision, Summary};

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
    /// How many events of the execution are before these. A record that does not follow what is
    /// kept is refused.
    pub first_event: u64,
    /// With an execution's first events, and only then. An execution without it is kept all the
    /// same; whoever recovers it has to know its definition from elsewhere.
    pub birth: Option<Birth>,
    /// How the execution stands after these events; without meaning if they end it.
    pub standing: Standing,
    pub batch: Batch,
}

/// What an execution waits for, as far as it has to be known without reading the execution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// When it is to be woken.
    pub wake_at: Option<Timestamp>,
    /// Whether the world owes it more than to be woken and to pass on what is reported: whoever
    /// starts over has to see to it at once.
    pub is_owed: bool,
}

/// An execution that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    pub execution: ExecutionId,
    pub standing: Standing,
}

/// A text that is kept beside the executions, under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub key: Str,
    /// None for one that is removed.
    pub text: Option<Str>,
}

/// What is promised and not yet there.
pub type Promise<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Records on their way into a journal.
pub struct Appending {
    /// What is being written, as far as it waits in memory.
    pub bytes: usize,
    pub kept: Promise<Result<Vec<(ExecutionId, Committed)>, Refused>>,
}

/// Records that were not kept: none of them.
#[derive(Debug)]
pub struct Refused {
    pub error: AppendError,
    /// As they were given, to be given again.
    pub records: Vec<Record>,
}

/// Keeps the events of executions, in order.
pub trait Journal: Send + Sync + 'static {
    /// Keeps some records together: all of them or, on an error, none.
    ///
    /// The records are on their way when the call returns, in the order of the calls; nobody has to
    /// wait before appending more. A record that follows one that was refused is refused as well,
    /// because its events do not come next.
    fn append(&self, records: Vec<Record>) -> Appending;

    /// Drops executions with all that is kept of them. Those that are not known are dropped.
    fn delete(&self, executions: Vec<ExecutionId>) -> Promise<Result<(), AppendError>>;

    /// Writes and removes documents, all of them or none.
    fn write(&self, documents: Vec<Document>) -> Promise<Result<(), AppendError>>;

    /// The documents whose key begins with that text, by their keys.
    fn documents(&self, prefix: &str) -> Result<Vec<Document>, ReadError>;

    /// A number that no execution has or ever had, and that is larger than all of those.
    fn next_id(&self) -> Result<ExecutionId, ReadError>;

    /// Every event of an execution, from its start; empty for one that is not known.
    fn read(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError>;

    /// An execution with what is needed to go on with it; none for one that is not known.
    fn load(&self, execution: ExecutionId) -> Result<Option<Kept>, ReadError>;

    /// The executions that a query has, the newest first.
    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError>;

    /// The definition of that hash, as long as an execution has it.
    fn revision(&self, digest: Digest) -> Result<Option<Revision>, ReadError>;

    /// Every execution that has not ended, by its number.
    fn open_executions(&self) -> Box<dyn Iterator<Item = Result<Open, ReadError>> + Send + '_>;

    /// Executions that have not ended and that others have started, by their numbers, from behind
    /// that one.
    fn open_children(
        &self,
        after: Option<ExecutionId>,
        count_max: usize,
    ) -> Result<Vec<(ExecutionId, Parent)>, ReadError>;

    /// Executions that ended before that time, those that ended first before others. A child of one
    /// that has not ended is not among them.
    fn ended_before(
        &self,
        time: Timestamp,
        count_max: usize,
    ) -> Result<Vec<ExecutionId>, ReadError>;
}

impl fmt::Debug for Appending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Appending").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

/// Why nothing was kept, as far as a caller can act on it.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum AppendError {
    /// The store cannot be written now. Later it may be, for instance when there is room again.
    #[error("the journal is unavailable: {0}")]
    Unavailable(String),
    /// The store will not be written any more before it is opened anew.
    #[error("the journal is broken: {0}")]
    Broken(String),
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
    #[error("the bytes from event {first_event} on cannot be unpacked")]
    Compression { first_event: u64 },
    #[error("from event {first_event} on: {corrupt}")]
    Record { first_event: u64, corrupt: codec::Corrupt },
    #[error("from event {first_event} on the file cannot be read: {reason}")]
    File { first_event: u64, reason: String },
    #[error("the events after the first {found} are missing")]
    Missing { found: u64 },
}
