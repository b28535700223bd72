//! Executions that come back into memory.

use std::fmt;
use std::sync::Arc;

use stepwell_journal::{ExecutionId, Journal, Kept, ReadError};
use stepwell_kernel::Execution;

use crate::program::Programs;
use crate::scheduler::{Loaded, Shelf, Unreadable};
use crate::trouble::{Trouble, Troubles};

/// A journal from which executions come back as they were.
pub struct JournalShelf {
    journal: Arc<dyn Journal>,
    programs: Programs,
    troubles: Option<Troubles>,
}

impl JournalShelf {
    pub fn new(journal: Arc<dyn Journal>, troubles: Option<Troubles>) -> Self {
        Self { journal, programs: Programs::default(), troubles }
    }

    fn rebuild(&mut self, kept: Kept) -> Result<Loaded, Trouble> {
        let Kept { execution, birth, events } = kept;
        let corrupt = |reason: String| Trouble::Corrupt { execution, reason };
        let birth = birth.ok_or_else(|| corrupt("its definition is not kept".into()))?;
        let program = self.programs.get(&birth.revision);
        let program = program
            .ok_or_else(|| corrupt("its definition is not valid for this program".into()))?;
        let replayed = Execution::replay(&events).map_err(|error| corrupt(error.to_string()))?;
        let count = events.len() as u64;
        Ok(Loaded { program, execution: replayed, parent: birth.parent, events: count })
    }
}

impl fmt::Debug for JournalShelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournalShelf").field("programs", &self.programs).finish_non_exhaustive()
    }
}

impl Shelf for JournalShelf {
    fn load(&mut self, execution: ExecutionId) -> Result<Option<Loaded>, Unreadable> {
        let loaded = match self.journal.load(execution) {
            Ok(None) => return Ok(None),
            Ok(Some(kept)) => self.rebuild(kept),
            Err(error) => Err(Trouble::Unreadable(error)),
        };
        loaded.map(Some).map_err(|trouble| {
            if let Some(troubles) = &self.troubles {
                troubles(&trouble);
            }
            match trouble {
                Trouble::Unreadable(ReadError::Unavailable(_)) => Unreadable::ForNow,
                _ => Unreadable::Damaged,
            }
        })
    }
}
