//! Persist, then perform: the order as types.

use crate::{Event, Obligation, TaskId};

/// The events of one step. What follows from them stays locked inside until they are persisted.
#[derive(Debug)]
#[must_use = "events that are not persisted are lost, and so is what follows from them"]
pub struct Batch {
    pub(crate) events: Vec<Event>,
    pub(crate) opened: Vec<Obligation>,
    pub(crate) closed: Vec<TaskId>,
}

/// What may be performed, now that its causes are persisted.
#[derive(Debug, Default, PartialEq)]
pub struct Committed {
    /// What is persisted now.
    pub events: Vec<Event>,
    /// What the world owes since this batch.
    pub obligations: Vec<Obligation>,
    /// Tasks whose outcome nobody waits for any more; those that still run may be stopped.
    pub closed: Vec<TaskId>,
}

impl Batch {
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Persists the events and releases what follows from them.
    ///
    /// This is the only way from a batch to its obligations. If persisting fails, drop the
    /// execution and replay what the journal holds: memory has gone ahead of it.
    pub fn commit<E>(
        self,
        persist: impl FnOnce(&[Event]) -> Result<(), E>,
    ) -> Result<Committed, E> {
        persist(&self.events)?;
        Ok(Committed { events: self.events, obligations: self.opened, closed: self.closed })
    }
}
