//! The journal that ends with its process.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::future::ready;
use std::hash::{BuildHasher as _, RandomState};
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

use weight::weight;

/// Keeps events in memory, those of ended executions too, until they are deleted or there are too
/// many of them.
#[derive(Debug, Default)]
pub struct Memory {
    /// For ARNs.
    hasher: RandomState,
    // Shared by the loops that append and by whoever reads a history; held for one append.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    executions: BTreeMap<ExecutionId, Journaled>,
    /// The newest execution of those whose ARNs have that hash.
    arns: HashMap<u64, ExecutionId>,
    /// Those that have ended, by when.
    ended: BTreeSet<(Timestamp, ExecutionId)>,
    /// How many bytes those take, and how many they may take.
    ended_bytes: usize,
    ended_bytes_max: Option<usize>,
    /// What was forgotten, for whoever holds the lock to drop it when they do no longer.
    gone: Vec<Journaled>,
    documents: BTreeMap<Str, Str>,
    next_id: u64,
}

#[derive(Debug)]
struct Journaled {
    birth: Option<Birth>,
    standing: Standing,
    redrives: Redrives,
    arn_hash: u64,
    /// The execution before it whose ARN has the same hash.
    namesake: Option<ExecutionId>,
    events: Vec<Event>,
    /// None while it is open.
    ended_at: Option<Timestamp>,
    /// How much room it takes, about.
    bytes: usize,
}

/// What a record says of itself, found out before the lock is taken.
#[derive(Clone, Copy, Debug)]
struct Told {
    bytes: usize,
    /// Of a record that an execution begins with.
    arn_hash: Option<u64>,
}

/// What an execution takes beside its events, about.
const EXECUTION_BYTES: usize = 768;

impl Memory {
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps about so many bytes of executions that have ended: the oldest ones go first. The last
    /// one is kept whatever its size.
    pub fn of_size(ended_bytes_max: usize) -> Self {
        let state = State { ended_bytes_max: Some(ended_bytes_max), ..State::default() };
        Self { hasher: RandomState::new(), state: Mutex::new(state) }
    }

    fn look_at(&self, record: &Record) -> Told {
        let events = record.batch.events();
        let arn_hash = Opening::of(events).map(|opening| self.hasher.hash_one(&opening.arn));
        Told { bytes: weight(events), arn_hash }
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
        let earlier = match before {
            Some(earlier) => {
                let events = earlier.batch.events();
                Some((earlier.first_event + events.len() as u64, Ending::of(events).is_some()))
            }
            None => {
                let kept = self.executions.get(&record.execution);
                kept.map(|kept| (kept.events.len() as u64, kept.ended_at.is_some()))
            }
        };
        let events = record.batch.events();
        match earlier {
            Some((count, has_ended)) => {
                let goes_on = match events.first() {
                    Some(first) => has_ended == first.fact.reopens_execution(),
                    None => !has_ended,
                };
                record.birth.is_none() && record.first_event == count && goes_on
            }
            None => record.first_event == 0 && Opening::of(events).is_some(),
        }
    }

    /// Keeps a record that was admitted.
    fn keep(&mut self, record: Record, told: Told) -> (ExecutionId, Committed) {
        let Told { bytes, arn_hash } = told;
        let Record { execution, first_event: _, birth, standing, batch } = record;
        self.next_id = self.next_id.max(execution.0 + 1);
        if let Some(arn_hash) = arn_hash {
            let namesake = self.arns.insert(arn_hash, execution);
            self.executions.insert(execution, Journaled::new(birth, arn_hash, namesake));
        }
        self.reopen(execution);
        let Ok(kept) = batch.commit(|events| {
            if let Some(journal) = self.executions.get_mut(&execution) {
                journal.standing = standing;
                journal.redrives = Redrives::of(events).unwrap_or(journal.redrives);
                journal.events.extend_from_slice(events);
                journal.bytes += bytes;
            }
            Ok::<_, Infallible>(())
        });
        self.close(execution);
        (execution, kept)
    }

    /// Lets an execution go on that has ended.
    fn reopen(&mut self, execution: ExecutionId) {
        let Some(journal) = self.executions.get_mut(&execution) else { return };
        let Some(ended_at) = journal.ended_at.take() else { return };
        self.ended.remove(&(ended_at, execution));
        self.ended_bytes -= journal.bytes;
    }

    /// Notes that an execution has ended, if it has.
    fn close(&mut self, execution: ExecutionId) {
        let Some(journal) = self.executions.get_mut(&execution) else { return };
        let Some(Ending { ended_at, .. }) = Ending::of(&journal.events) else { return };
        self.ended.insert((ended_at, execution));
        self.ended_bytes += journal.bytes;
        journal.ended_at = Some(ended_at);
        self.make_room();
    }

    fn make_room(&mut self) {
        let bytes_max = self.ended_bytes_max.unwrap_or(usize::MAX);
        while self.ended_bytes > bytes_max && self.ended.len() > 1 {
            let mut ended = self.ended.iter().map(|(_, id)| *id);
            let Some(oldest) = ended.find(|id| self.may_go(*id)) else { break };
            self.forget(oldest);
        }
    }

    /// Whether no open execution needs one that has ended.
    fn may_go(&self, execution: ExecutionId) -> bool {
        let parent = self.executions.get(&execution).and_then(Journaled::parent);
        parent.is_none_or(|parent| !self.is_open(parent.execution))
    }

    fn forget(&mut self, execution: ExecutionId) {
        let Some(forgotten) = self.executions.remove(&execution) else { return };
        if let Some(ended_at) = forgotten.ended_at {
            self.ended.remove(&(ended_at, execution));
            self.ended_bytes -= forgotten.bytes;
        }
        let (arn_hash, older) = (forgotten.arn_hash, forgotten.namesake);
        match (self.newer_namesake(arn_hash, execution), older) {
            (Some(newer), older) => newer.namesake = older,
            (None, Some(older)) => drop(self.arns.insert(arn_hash, older)),
            (None, None) => drop(self.arns.remove(&arn_hash)),
        }
        self.gone.push(forgotten);
    }

    /// The execution that has the one before it as its namesake.
    fn newer_namesake(&mut self, arn_hash: u64, execution: ExecutionId) -> Option<&mut Journaled> {
        let mut newer = *self.arns.get(&arn_hash).filter(|newest| **newest != execution)?;
        loop {
            match self.executions.get(&newer)?.namesake {
                Some(older) if older != execution => newer = older,
                _ => return self.executions.get_mut(&newer),
            }
        }
    }

    fn is_open(&self, execution: ExecutionId) -> bool {
        self.executions.get(&execution).is_some_and(|kept| kept.ended_at.is_none())
    }

    /// Executions that a query may have, the newest first.
    fn candidates(
        &self,
        query: &Query,
        hasher: &RandomState,
    ) -> Box<dyn Iterator<Item = ExecutionId> + '_> {
        match &query.subject {
            Subject::One(execution) => Box::new(std::iter::once(*execution)),
            Subject::Arn(arn) => {
                let older = |newer: &ExecutionId| self.executions.get(newer)?.namesake;
                let newest = self.arns.get(&hasher.hash_one(arn)).copied();
                Box::new(std::iter::successors(newest, older))
            }
            _ => Box::new(self.executions.keys().rev().copied()),
        }
    }
}

impl Journaled {
    fn new(birth: Option<Birth>, arn_hash: u64, namesake: Option<ExecutionId>) -> Self {
        Self {
            birth,
            standing: Standing::default(),
            redrives: Redrives::default(),
            arn_hash,
            namesake,
            events: Vec::new(),
            ended_at: None,
            bytes: EXECUTION_BYTES,
        }
    }

    fn parent(&self) -> Option<Parent> {
        self.birth.as_ref()?.parent
    }

    fn summary(&self, execution: ExecutionId) -> Option<Summary> {
        Some(Summary {
            execution,
            opening: Opening::of(&self.events)?,
            revision: self.birth.as_ref().map(|birth| birth.revision.digest()),
            parent: self.parent(),
            redrives: self.redrives,
            ending: Ending::of(&self.events),
        })
    }
}

impl Journal for Memory {
    fn append(&self, records: Vec<Record>) -> Appending {
        // Others append meanwhile.
        let told: Vec<_> = records.iter().map(|record| self.look_at(record)).collect();
        let mut state = self.lock();
        let mut nth = 0..records.len();
        let refused = nth.find(|nth| !state.admits(&records[*nth], &records[..*nth]));
        let kept = match refused {
            Some(nth) => {
                let error = AppendError::Misplaced(records[nth].execution);
                Err(Refused { error, records })
            }
            None => {
                let records = records.into_iter().zip(told);
                Ok(records.map(|(record, told)| state.keep(record, told)).collect())
            }
        };
        let gone = std::mem::take(&mut state.gone);
        drop(state);
        drop(gone);
        Appending { bytes: 0, kept: Box::pin(ready(kept)) }
    }

    fn delete(&self, executions: Vec<ExecutionId>) -> Promise<Result<(), AppendError>> {
        let mut state = self.lock();
        for execution in executions {
            state.forget(execution);
        }
        let gone = std::mem::take(&mut state.gone);
        drop(state);
        drop(gone);
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
        Ok(state.executions.get(&execution).map(|kept| Kept {
            execution,
            birth: kept.birth.clone(),
            events: kept.events.clone(),
        }))
    }

    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        let state = self.lock();
        let summary = |id: ExecutionId| state.executions.get(&id)?.summary(id);
        let summaries = state.candidates(query, &self.hasher).filter_map(summary);
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
        let open = state.executions.iter().filter(|(_, kept)| kept.ended_at.is_none());
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
        let open = behind.filter(|(_, kept)| kept.ended_at.is_none());
        let child = |(id, kept): (&ExecutionId, &Journaled)| Some((*id, kept.parent()?));
        Ok(open.filter_map(child).take(count_max).collect())
    }

    fn ended_before(
        &self,
        time: Timestamp,
        count_max: usize,
    ) -> Result<Vec<ExecutionId>, ReadError> {
        let state = self.lock();
        let ended = state.ended.iter().take_while(|(at, _)| *at < time).map(|(_, id)| *id);
        Ok(ended.filter(|id| state.may_go(*id)).take(count_max).collect())
    }
}

mod weight;

#[cfg(test)]
mod tests;
