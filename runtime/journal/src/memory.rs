//! The journal that ends with its process.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::future::ready;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use stepwell_asl::Timestamp;
use stepwell_kernel::{Committed, Event};
use stepwell_value::Str;

use crate::codec;
use crate::metadata::{
    Birth, Digest, Ending, Kept, Opening, Parent, Query, Redrives, Revision, Subject, Summary,
};
use crate::port::{
    AppendError, Appending, Damage, Document, ExecutionId, Journal, Open, Promise, ReadError,
    Record, Refused, Standing,
};

/// Keeps events in memory, those of ended executions too, until they are deleted or there are too
/// many of them.
#[derive(Debug, Default)]
pub struct Memory {
    // Shared by the loops that append and by whoever reads a history; held for one append.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    executions: BTreeMap<ExecutionId, Journaled>,
    /// The newest execution of each ARN.
    arns: HashMap<Str, ExecutionId>,
    /// Those that have ended, by when.
    ended: BTreeSet<(Timestamp, ExecutionId)>,
    /// How many bytes those take, and how many they may take.
    ended_bytes: usize,
    ended_bytes_max: Option<usize>,
    documents: BTreeMap<Str, Str>,
    next_id: u64,
}

#[derive(Debug)]
struct Journaled {
    birth: Option<Birth>,
    standing: Standing,
    redrives: Redrives,
    opening: Opening,
    /// The execution before it that has the same ARN.
    namesake: Option<ExecutionId>,
    count: u64,
    events: Events,
}

/// Nobody looks at most executions again once they have ended, so those are packed.
#[derive(Debug)]
enum Events {
    Open(Vec<Event>),
    Ended(Ending, Box<[u8]>),
}

/// What an execution that has ended takes beside its events, about.
const ENDED_BYTES: usize = 512;

impl Memory {
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps about so many bytes of executions that have ended: the oldest ones go first. The last
    /// one is kept whatever its size.
    pub fn of_size(ended_bytes_max: usize) -> Self {
        let state = State { ended_bytes_max: Some(ended_bytes_max), ..State::default() };
        Self { state: Mutex::new(state) }
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
                kept.map(|kept| (kept.count, kept.ending().is_some()))
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
    fn keep(&mut self, record: Record) -> (ExecutionId, Committed) {
        let Record { execution, first_event: _, birth, standing, batch } = record;
        self.next_id = self.next_id.max(execution.0 + 1);
        if let Some(opening) = Opening::of(batch.events()) {
            let namesake = self.arns.insert(Str::clone(&opening.arn), execution);
            self.executions.insert(execution, Journaled::new(birth, opening, namesake));
        }
        self.reopen(execution);
        let Ok(kept) = batch.commit(|events| {
            if let Some(journal) = self.executions.get_mut(&execution) {
                journal.standing = standing;
                journal.redrives = Redrives::of(events).unwrap_or(journal.redrives);
                journal.extend(events);
            }
            Ok::<_, Infallible>(())
        });
        self.close(execution);
        (execution, kept)
    }

    /// Unpacks an execution that goes on.
    fn reopen(&mut self, execution: ExecutionId) {
        let Some(journal) = self.executions.get_mut(&execution) else { return };
        let Some(Ending { ended_at, .. }) = journal.ending() else { return };
        self.ended.remove(&(*ended_at, execution));
        self.ended_bytes -= journal.bytes();
        // It is what this process has packed.
        journal.events = Events::Open(journal.read(execution).unwrap_or_default());
    }

    /// Packs an execution if it has ended.
    fn close(&mut self, execution: ExecutionId) {
        let Some(journal) = self.executions.get_mut(&execution) else { return };
        let Events::Open(events) = &journal.events else { return };
        let Some(ending) = Ending::of(events) else { return };
        self.ended.insert((ending.ended_at, execution));
        journal.events = Events::Ended(ending, codec::encode(events).bytes.into());
        self.ended_bytes += journal.bytes();
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
        if let Some(ending) = forgotten.ending() {
            self.ended.remove(&(ending.ended_at, execution));
            self.ended_bytes -= forgotten.bytes();
        }
        let Journaled { opening, namesake, .. } = forgotten;
        match self.newer_namesake(&opening.arn, execution) {
            Some(newer) => newer.namesake = namesake,
            None => match namesake {
                Some(older) => drop(self.arns.insert(opening.arn, older)),
                None => drop(self.arns.remove(&opening.arn)),
            },
        }
    }

    /// The execution of the same ARN that began next after that one.
    fn newer_namesake(&mut self, arn: &Str, execution: ExecutionId) -> Option<&mut Journaled> {
        let mut newer = *self.arns.get(arn).filter(|newest| **newest != execution)?;
        loop {
            match self.executions.get(&newer)?.namesake {
                Some(older) if older != execution => newer = older,
                _ => return self.executions.get_mut(&newer),
            }
        }
    }

    fn is_open(&self, execution: ExecutionId) -> bool {
        self.executions.get(&execution).is_some_and(|kept| kept.ending().is_none())
    }

    /// Executions that a query may have, the newest first.
    fn candidates(&self, query: &Query) -> Box<dyn Iterator<Item = ExecutionId> + '_> {
        match &query.subject {
            Subject::One(execution) => Box::new(std::iter::once(*execution)),
            Subject::Arn(arn) => {
                let older = |newer: &ExecutionId| self.executions.get(newer)?.namesake;
                Box::new(std::iter::successors(self.arns.get(arn).copied(), older))
            }
            _ => Box::new(self.executions.keys().rev().copied()),
        }
    }
}

impl Journaled {
    fn new(birth: Option<Birth>, opening: Opening, namesake: Option<ExecutionId>) -> Self {
        Self {
            birth,
            standing: Standing::default(),
            redrives: Redrives::default(),
            opening,
            namesake,
            count: 0,
            events: Events::Open(Vec::new()),
        }
    }

    fn extend(&mut self, more: &[Event]) {
        self.count += more.len() as u64;
        if let Events::Open(events) = &mut self.events {
            events.extend_from_slice(more);
        }
    }

    fn parent(&self) -> Option<Parent> {
        self.birth.as_ref()?.parent
    }

    fn ending(&self) -> Option<&Ending> {
        match &self.events {
            Events::Open(_) => None,
            Events::Ended(ending, _) => Some(ending),
        }
    }

    /// What it takes, once it has ended.
    fn bytes(&self) -> usize {
        match &self.events {
            Events::Open(_) => 0,
            // The outcome is in the ending and in the last event.
            Events::Ended(_, packed) => ENDED_BYTES + packed.len() * 2,
        }
    }

    fn read(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError> {
        match &self.events {
            Events::Open(events) => Ok(events.clone()),
            Events::Ended(_, packed) => codec::decode(packed).map_err(|corrupt| {
                let damage = Damage::Record { first_event: 0, corrupt };
                ReadError::Damaged { execution, damage }
            }),
        }
    }

    fn summary(&self, execution: ExecutionId) -> Summary {
        Summary {
            execution,
            opening: self.opening.clone(),
            revision: self.birth.as_ref().map(|birth| birth.revision.digest()),
            parent: self.parent(),
            redrives: self.redrives,
            ending: self.ending().cloned(),
        }
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
        state.executions.get(&execution).map_or(Ok(Vec::new()), |kept| kept.read(execution))
    }

    fn load(&self, execution: ExecutionId) -> Result<Option<Kept>, ReadError> {
        let state = self.lock();
        let kept = |kept: &Journaled| {
            let (birth, events) = (kept.birth.clone(), kept.read(execution)?);
            Ok(Kept { execution, birth, events })
        };
        state.executions.get(&execution).map(kept).transpose()
    }

    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        let state = self.lock();
        let summary = |id: ExecutionId| Some(state.executions.get(&id)?.summary(id));
        let summaries = state.candidates(query).filter_map(summary);
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
        let open = state.executions.iter().filter(|(_, kept)| kept.ending().is_none());
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
        let open = behind.filter(|(_, kept)| kept.ending().is_none());
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

#[cfg(test)]
mod tests;
