//! The journal that ends with its process.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use stepwell_kernel::{Committed, Event};

use crate::metadata::{Birth, Digest, Ending, Kept, Opening, Query, Revision, Summary};
use crate::port::{AppendError, ExecutionId, Journal, ReadError, Record};

/// Keeps events in memory, those of ended executions too, until [`Memory::forget`].
#[derive(Debug, Default)]
pub struct Memory {
    // Shared by the loops that append and by whoever reads a history; held for one append.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    executions: BTreeMap<ExecutionId, Journaled>,
    next_id: u64,
}

#[derive(Debug, Default)]
struct Journaled {
    birth: Option<Birth>,
    events: Vec<Event>,
}

impl Memory {
    pub fn new() -> Self {
        Self::default()
    }

    /// Drops an execution's events.
    pub fn forget(&self, execution: ExecutionId) {
        self.lock().executions.remove(&execution);
    }

    /// Every event of an execution, from its start; empty for one that is not known.
    pub fn read(&self, execution: ExecutionId) -> Vec<Event> {
        let state = self.lock();
        state.executions.get(&execution).map(|kept| kept.events.clone()).unwrap_or_default()
    }

    /// A panic while the lock is held can only come from the allocator; the map is whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether the record may follow what is kept, and the records of the same append before it.
    fn admits(&self, record: &Record, before: &[Record]) -> bool {
        let before = before.iter().rev().find(|earlier| earlier.execution == record.execution);
        let kept = self.executions.get(&record.execution);
        let earlier = before
            .map(|record| record.batch.events())
            .or_else(|| kept.map(|kept| kept.events.as_slice()));
        match earlier {
            Some(events) => record.birth.is_none() && Ending::of(events).is_none(),
            None => Opening::of(record.batch.events()).is_some(),
        }
    }
}

impl Journaled {
    fn summary(&self, execution: ExecutionId) -> Option<Summary> {
        Some(Summary {
            execution,
            opening: Opening::of(&self.events)?,
            revision: self.birth.as_ref().map(|birth| birth.revision.digest()),
            parent: self.birth.as_ref().and_then(|birth| birth.parent),
            ending: Ending::of(&self.events),
        })
    }
}

impl Journal for Memory {
    async fn append(
        &self,
        records: Vec<Record>,
    ) -> Result<Vec<(ExecutionId, Committed)>, AppendError> {
        let mut state = self.lock();
        for (nth, record) in records.iter().enumerate() {
            if !state.admits(record, &records[..nth]) {
                return Err(AppendError::Misplaced(record.execution));
            }
        }
        let mut committed = Vec::with_capacity(records.len());
        for Record { execution, birth, batch } in records {
            state.next_id = state.next_id.max(execution.0 + 1);
            let journal = state.executions.entry(execution).or_default();
            journal.birth = journal.birth.take().or(birth);
            let kept = batch.commit(|events| {
                journal.events.extend_from_slice(events);
                Ok::<_, Infallible>(())
            });
            let Ok(kept) = kept;
            committed.push((execution, kept));
        }
        Ok(committed)
    }

    async fn delete(&self, executions: Vec<ExecutionId>) -> Result<(), AppendError> {
        for execution in executions {
            self.forget(execution);
        }
        Ok(())
    }

    fn next_id(&self) -> Result<ExecutionId, ReadError> {
        Ok(ExecutionId(self.lock().next_id))
    }

    fn read(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError> {
        Ok(Self::read(self, execution))
    }

    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        let state = self.lock();
        let newest_first = state.executions.iter().rev();
        let summaries = newest_first.filter_map(|(id, kept)| kept.summary(*id));
        Ok(summaries.filter(|summary| query.has(summary)).take(query.count_max).collect())
    }

    fn revision(&self, digest: Digest) -> Result<Option<Revision>, ReadError> {
        let state = self.lock();
        let births = state.executions.values().filter_map(|kept| kept.birth.as_ref());
        let mut revisions = births.map(|birth| &birth.revision);
        Ok(revisions.find(|revision| revision.digest() == digest).cloned())
    }

    fn open_executions(&self) -> impl Iterator<Item = Result<Kept, ReadError>> + Send {
        let state = self.lock();
        let open = state.executions.iter().filter(|(_, kept)| Ending::of(&kept.events).is_none());
        let kept = |(id, kept): (&ExecutionId, &Journaled)| {
            let Journaled { birth, events } = kept;
            Ok(Kept { execution: *id, birth: birth.clone(), events: events.clone() })
        };
        open.map(kept).collect::<Vec<_>>().into_iter()
    }
}

#[cfg(test)]
mod tests;
