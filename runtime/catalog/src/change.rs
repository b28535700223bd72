//! What a request comes to: records that are put or removed.

use stepwell_journal::Document;
use stepwell_value::Str;

use crate::document;
use crate::record::{
    ActivityRecord, AliasRecord, MachineRecord, RevisionId, RevisionRecord, SupersededRecord,
    VersionRecord,
};

/// A decision that has not been applied.
#[derive(Clone, Debug)]
#[must_use = "a change has to be written and applied"]
pub struct Change {
    /// How many changes had been applied when this one was decided.
    pub(crate) basis: u64,
    pub(crate) writes: Vec<Write>,
}

impl Change {
    /// Whether nothing changes, so that there is nothing to write either.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// What has to be written, all of it or none.
    pub fn documents(&self) -> Vec<Document> {
        self.writes.iter().map(document::encode).collect()
    }
}

/// One record that takes the place of what was there, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    /// Without its record, a machine goes with all its parts.
    Machine {
        name: Str,
        record: Option<MachineRecord>,
    },
    Revision {
        machine: Str,
        id: RevisionId,
        record: Option<RevisionRecord>,
    },
    Superseded {
        machine: Str,
        id: RevisionId,
        record: Option<SupersededRecord>,
    },
    Version {
        machine: Str,
        number: u64,
        record: Option<VersionRecord>,
    },
    Alias {
        machine: Str,
        name: Str,
        record: Option<AliasRecord>,
    },
    Activity {
        name: Str,
        record: Option<ActivityRecord>,
    },
}
