//! One execution in memory.

use std::sync::Arc;

use stepwell_asl::{Definition, Timestamp};
use stepwell_journal::{Birth, ExecutionId, Parent, Record, Standing};
use stepwell_kernel::{Batch, Execution};

use crate::program::Program;

/// An execution as a journal gives it back.
#[derive(Debug)]
pub struct Loaded {
    pub program: Program,
    pub execution: Execution,
    pub parent: Option<Parent>,
    /// How many events it is the fold of.
    pub events: u64,
}

/// Where executions are that are not in memory.
pub trait Shelf {
    fn load(&mut self, execution: ExecutionId) -> Result<Option<Loaded>, Unreadable>;
}

/// The execution is kept and cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It may be read later.
    ForNow,
    /// It is not what was written.
    Damaged,
}

#[derive(Debug)]
pub(super) struct Slot {
    pub program: Program,
    pub execution: Execution,
    pub parent: Option<Parent>,
    pub wake_at: Option<Timestamp>,
    /// Whether its first record is still to be written.
    is_new: bool,
    /// How many events are decided.
    pub events: u64,
    /// How many of them are in records.
    recorded: u64,
    /// How many of them are kept.
    pub kept: u64,
    /// What is decided and in no record yet, and since when.
    pub held: Option<(Timestamp, Batch)>,
}

impl Slot {
    pub(super) fn new(program: Program, parent: Option<Parent>) -> Self {
        Self {
            program,
            execution: Execution::default(),
            parent,
            wake_at: None,
            is_new: true,
            events: 0,
            recorded: 0,
            kept: 0,
            held: None,
        }
    }

    pub(super) fn loaded(loaded: Loaded) -> Self {
        let Loaded { program, execution, parent, events } = loaded;
        let wake_at = execution.wake_at();
        Self {
            program,
            execution,
            parent,
            wake_at,
            is_new: false,
            events,
            recorded: events,
            kept: events,
            held: None,
        }
    }

    /// The batch together with what was held before it.
    pub(super) fn gather(&mut self, batch: Batch) -> (Option<Timestamp>, Batch) {
        self.events += batch.events().len() as u64;
        match self.held.take() {
            None => (None, batch),
            Some((since, mut held)) => {
                held.append(batch);
                (Some(since), held)
            }
        }
    }

    pub(super) fn record(&mut self, execution: ExecutionId, batch: Batch) -> Record {
        let first_event = self.recorded;
        self.recorded += batch.events().len() as u64;
        let birth = std::mem::take(&mut self.is_new)
            .then(|| Birth { revision: self.program.revision().clone(), parent: self.parent });
        Record { execution, first_event, birth, standing: self.standing(), batch }
    }

    /// Adds to a record that is not given away yet.
    pub(super) fn add_to(&mut self, record: &mut Record, batch: Batch) {
        self.recorded += batch.events().len() as u64;
        record.batch.append(batch);
        record.standing = self.standing();
    }

    /// Whether everything that is decided is kept.
    pub(super) fn is_kept(&self) -> bool {
        self.kept == self.events
    }

    /// Whether it has ended and that is kept.
    pub(super) fn is_over(&self) -> bool {
        self.execution.outcome().is_some() && self.is_kept()
    }

    /// Whether memory could do without the execution for now.
    pub(super) fn is_idle(&self) -> bool {
        self.is_kept() && self.execution.outcome().is_none() && !self.standing().is_owed
    }

    fn standing(&self) -> Standing {
        let is_owed = self.execution.is_owed() || self.execution.wants_to_continue();
        Standing { wake_at: self.execution.wake_at(), is_owed }
    }

    pub(super) fn definition(&self) -> Arc<Definition> {
        Arc::clone(self.program.definition())
    }
}
