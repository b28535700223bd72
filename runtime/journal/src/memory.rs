//! The journal that ends with its process.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use stepwell_kernel::{Committed, Event};

use crate::port::{AppendError, ExecutionId, Journal, Record};

/// Keeps events in memory, those of ended executions too, until [`Memory::forget`].
#[derive(Debug, Default)]
pub struct Memory {
    // Shared by the loops that append and by whoever reads a history; held for one append.
    executions: Mutex<BTreeMap<ExecutionId, Vec<Event>>>,
}

impl Memory {
    pub fn new() -> Self {
        Self::default()
    }

    /// Drops an execution's events.
    pub fn forget(&self, execution: ExecutionId) {
        self.lock().remove(&execution);
    }

    /// A panic while the lock is held can only come from the allocator; the map is whole.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<ExecutionId, Vec<Event>>> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for Memory {
    async fn append(
        &self,
        records: Vec<Record>,
    ) -> Result<Vec<(ExecutionId, Committed)>, AppendError> {
        let mut executions = self.lock();
        let mut committed = Vec::with_capacity(records.len());
        for Record { execution, batch } in records {
            let journal = executions.entry(execution).or_default();
            let kept = batch.commit(|events| {
                journal.extend_from_slice(events);
                Ok::<_, Infallible>(())
            });
            let Ok(kept) = kept;
            committed.push((execution, kept));
        }
        Ok(committed)
    }

    fn read(&self, execution: ExecutionId) -> Vec<Event> {
        self.lock().get(&execution).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
