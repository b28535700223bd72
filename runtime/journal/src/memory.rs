//! The journal that ends with its process.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::future::ready;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use stepwell_asl::Timestamp;
use stepwell_kernel::{Committed, Event};
use stepwell_value::Str;

use crate::metadata::{
    Birth, Digest, Ending, Kept, Opening, Parent, Query, Redrives, Revision, Subject, Summary,
};
use crate::port::{
    AppendError, Appending, Document, ExecutionId, Journal, Open, Promise, ReadError, Record,
    Refused, Standing,
};

/// Keeps events in memory, those of ended executions too, until they are deleted.
#[derive(Debug, Default)]
pub struct Memory {
    // Shared by the loops that append and by whoever reads a history; held for one append.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    executions: BTreeMap<ExecutionId, Journaled>,
    /// Those that have ended, by when.
    ended: BTreeSet<(Timestamp, ExecutionId)>,
    documents: BTreeMap<Str, Str>,
    next_id: u64,
}

#[derive(Debug, Default)]
struct Journaled {
    birth: Option<Birth>,
    standing: Standing,
    redrives: Redrives,
    events: Vec<Event>,
}

impl Memory {
    pub fn new() -> Self {
        Self::default()
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
        let earlier = match before {
            Some(earlier) => {
                let events = earlier.batch.events();
                Some((earlier.first_event + events.len() as u64, Ending::of(events)))
            }
            None => kept.map(|kept| (kept.events.len() as u64, Ending::of(&kept.events))),
        };
        let events = record.batch.events();
        match earlier {
            Some((count, ending)) => {
                let goes_on = match events.first() {
                    Some(first) => ending.is_some() == first.fact.reopens_execution(),
                    None => ending.is_none(),
                };
                record.birth.is_none() && record.first_event == count && goes_on
            }
            None => record.first_event == 0 && Opening::of(events).is_some(),
        }
    }

    fn keep(&mut self, record: Record) -> (ExecutionId, Committed) {
        let Record { execution, first_event: _, birth, standing, batch } = record;
        self.next_id = self.next_id.max(execution.0 + 1);
        let journal = self.executions.entry(execution).or_default();
        let ended_before = Ending::of(&journal.events);
        journal.birth = journal.birth.take().or(birth);
        journal.standing = standing;
        if let Some(redrives) = Redrives::of(batch.events()) {
            journal.redrives = redrives;
        }
        let Ok(kept) = batch.commit(|events| {
            journal.events.extend_from_slice(events);
            Ok::<_, Infallible>(())
        });
        if let Some(ending) = ended_before {
            self.ended.remove(&(ending.ended_at, execution));
        }
        if let Some(ending) = Ending::of(&journal.events) {
            self.ended.insert((ending.ended_at, execution));
        }
        (execution, kept)
    }

    fn forget(&mut self, execution: ExecutionId) {
        let Some(forgotten) = self.executions.remove(&execution) else { return };
        if let Some(ending) = Ending::of(&forgotten.events) {
            self.ended.remove(&(ending.ended_at, execution));
        }
    }

    fn is_open(&self, execution: ExecutionId) -> bool {
        let kept = self.executions.get(&execution);
        kept.is_some_and(|kept| Ending::of(&kept.events).is_none())
    }
}

impl Journaled {
    fn summary(&self, execution: ExecutionId) -> Option<Summary> {
        Some(Summary {
            execution,
            opening: Opening::of(&self.events)?,
            revision: self.birth.as_ref().map(|birth| birth.revision.digest()),
            parent: self.birth.as_ref().and_then(|birth| birth.parent),
            redrives: self.redrives,
            ending: Ending::of(&self.events),
        })
    }
}

impl Journal for Memory {
    fn append(&self, records: Vec<Record>) -> Appending {
        let mut state = self.lock();
        let mut nth = 0..records.len();
        let refused = nth.find(|nth| !state.admits(&records[*nth], &records[..*nth]));
        let kept = match refused {
            Some(nth) => {
                let error = AppendError::Misplaced(records[nth].execution);
                Err(Refused { error, records })
            }
            None => Ok(records.into_iter().map(|record| state.keep(record)).collect()),
        };
        Appending { bytes: 0, kept: Box::pin(ready(kept)) }
    }

    fn delete(&self, executions: Vec<ExecutionId>) -> Promise<Result<(), AppendError>> {
        let mut state = self.lock();
        for execution in executions {
            state.forget(execution);
        }
        Box::pin(ready(Ok(())))
    }

    fn write(&self, documents: Vec<Document>) -> Promise<Result<(), AppendError>> {
        let mut state = self.lock();
        for Document { key, text } in documents {
            match text {
                Some(text) => state.documents.insert(key, text),
                None => state.documents.remove(&key),
            };
        }
        Box::pin(ready(Ok(())))
    }

    fn documents(&self, prefix: &str) -> Result<Vec<Document>, ReadError> {
        let state = self.lock();
        let from = state.documents.range(Str::from(prefix)..);
        let found = from.take_while(|(key, _)| key.starts_with(prefix));
        let document = |(key, text): (&Str, &Str)| Document {
            key: Str::clone(key),
            text: Some(Str::clone(text)),
        };
        Ok(found.map(document).collect())
    }

    fn next_id(&self) -> Result<ExecutionId, ReadError> {
        Ok(ExecutionId(self.lock().next_id))
    }

    fn read(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError> {
        let state = self.lock();
        Ok(state.executions.get(&execution).map(|kept| kept.events.clone()).unwrap_or_default())
    }

    fn load(&self, execution: ExecutionId) -> Result<Option<Kept>, ReadError> {
        let state = self.lock();
        Ok(state.executions.get(&execution).map(|Journaled { birth, events, .. }| Kept {
            execution,
            birth: birth.clone(),
            events: events.clone(),
        }))
    }

    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        let state = self.lock();
        let may_be = match query.subject {
            Subject::One(execution) => execution..=execution,
            _ => ExecutionId(0)..=ExecutionId(u64::MAX),
        };
        let newest_first = state.executions.range(may_be).rev();
        let summaries = newest_first.filter_map(|(id, kept)| kept.summary(*id));
        Ok(summaries.filter(|summary| query.has(summary)).take(query.count_max).collect())
    }

    fn revision(&self, digest: Digest) -> Result<Option<Revision>, ReadError> {
        let state = self.lock();
        let births = state.executions.values().filter_map(|kept| kept.birth.as_ref());
        let mut revisions = births.map(|birth| &birth.revision);
        Ok(revisions.find(|revision| revision.digest() == digest).cloned())
    }

    fn open_executions(&self) -> Box<dyn Iterator<Item = Result<Open, ReadError>> + Send + '_> {
        let state = self.lock();
        let open = state.executions.iter().filter(|(_, kept)| Ending::of(&kept.events).is_none());
        let open = open.map(|(id, kept)| Ok(Open { execution: *id, standing: kept.standing }));
        Box::new(open.collect::<Vec<_>>().into_iter())
    }

    fn open_children(
        &self,
        after: Option<ExecutionId>,
        count_max: usize,
    ) -> Result<Vec<(ExecutionId, Parent)>, ReadError> {
        let state = self.lock();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let behind = state.executions.range((from, Bound::Unbounded));
        let open = behind.filter(|(_, kept)| Ending::of(&kept.events).is_none());
        let child =
            |(id, kept): (&ExecutionId, &Journaled)| Some((*id, kept.birth.as_ref()?.parent?));
        Ok(open.filter_map(child).take(count_max).collect())
    }

    fn ended_before(
        &self,
        time: Timestamp,
        count_max: usize,
    ) -> Result<Vec<ExecutionId>, ReadError> {
        let state = self.lock();
        let ended = state.ended.iter().take_while(|(at, _)| *at < time).map(|(_, id)| *id);
        let may_go = |id: &ExecutionId| {
            let birth = state.executions[id].birth.as_ref();
            let parent = birth.and_then(|birth| birth.parent);
            parent.is_none_or(|parent| !state.is_open(parent.execution))
        };
        Ok(ended.filter(may_go).take(count_max).collect())
    }
}

#[cfg(test)]
mod tests;
