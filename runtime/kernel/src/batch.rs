//! Persist, then perform: the order as types.

use crate::{Event, Obligation, TaskCall, TaskId};

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

    /// Takes out the calls that may be made before the events are persisted: those of which nobody
    /// can tell afterwards whether they were made, because what they call can touch nothing.
    pub fn release(&mut self, mut is_pure: impl FnMut(&TaskCall) -> bool) -> Vec<TaskCall> {
        let is_released = |owed: &mut Obligation| match owed {
            Obligation::RunTask(call) => is_pure(call),
            _ => false,
        };
        let released = self.opened.extract_if(.., is_released);
        released
            .filter_map(|owed| match owed {
                Obligation::RunTask(call) => Some(call),
                _ => None,
            })
            .collect()
    }

    /// Whether something outside of the execution waits until the events are persisted.
    pub fn is_awaited(&self) -> bool {
        let is_outside =
            |owed: &Obligation| !matches!(owed, Obligation::WakeAt(_) | Obligation::Continue);
        let is_end = self.events.last().is_some_and(|event| event.fact.ends_execution());
        is_end || self.opened.iter().any(is_outside)
    }

    /// Adds the next batch of the same execution, so that both are persisted together.
    pub fn append(&mut self, next: Self) {
        let Self { events, opened, closed } = next;
        self.opened.retain(|owed| {
            let is_superseded = matches!(owed, Obligation::WakeAt(_) | Obligation::Continue);
            let is_closed = owed.task().is_some_and(|task| closed.contains(&task));
            !is_superseded && !is_closed
        });
        self.events.extend(events);
        self.opened.extend(opened);
        self.closed.extend(closed);
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
