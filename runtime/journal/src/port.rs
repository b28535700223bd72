//! What every backend does.

use std::fmt;

use stepwell_kernel::{Batch, Committed, Event};

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

    /// Every event of an execution, from its start; empty for one that is not known.
    fn read(&self, execution: ExecutionId) -> Vec<Event>;
}

/// Why nothing was kept, as far as a caller can act on it.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum AppendError {
    /// The store cannot be written now.
    #[error("the journal is unavailable: {0}")]
    Unavailable(String),
}
