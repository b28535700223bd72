//! What is kept: one record for each document.

use std::collections::BTreeMap;
use std::fmt;

use stepwell_asl::{MachineType, Timestamp};
use stepwell_journal::{Digest, Revision};
use stepwell_value::Str;

use crate::routing::Routing;
use crate::settings::{Encryption, Logging, Tracing};

/// Which of a machine's revisions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RevisionId {
    /// The one that a machine is created with. The service gives it no identifier.
    Initial,
    Drawn(Str),
}

impl RevisionId {
    const INITIAL: &'static str = "INITIAL";

    pub(crate) fn parse(text: &str) -> Self {
        if text == Self::INITIAL { Self::Initial } else { Self::Drawn(text.into()) }
    }

    /// `revisionId` of an answer.
    pub fn shown(&self) -> Option<&Str> {
        match self {
            Self::Initial => None,
            Self::Drawn(id) => Some(id),
        }
    }
}

/// As a request refers to it.
impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Initial => f.write_str(Self::INITIAL),
            Self::Drawn(id) => f.write_str(id),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Active,
    /// It starts nothing any more and is gone when its executions are.
    Deleting,
}

/// A machine with its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Machine {
    pub record: MachineRecord,
    /// The current one and those that versions have.
    pub revisions: BTreeMap<RevisionId, RevisionRecord>,
    /// Those that were current, have no version, and are in the line of the current one.
    pub superseded: BTreeMap<RevisionId, SupersededRecord>,
    pub versions: BTreeMap<u64, VersionRecord>,
    pub aliases: BTreeMap<Str, AliasRecord>,
}

impl Machine {
    pub(crate) fn new(record: MachineRecord) -> Self {
        Self {
            record,
            revisions: BTreeMap::new(),
            superseded: BTreeMap::new(),
            versions: BTreeMap::new(),
            aliases: BTreeMap::new(),
        }
    }

    pub(crate) fn revision(&self, id: &RevisionId) -> &RevisionRecord {
        self.revisions.get(id).expect("a revision stays as long as something refers to it")
    }

    pub(crate) fn current(&self) -> &RevisionRecord {
        self.revision(&self.record.revision)
    }

    /// The revisions that were current one after the other, from the current one back to the first
    /// or to one behind which something is forgotten.
    ///
    /// The time tells no order: two revisions may be of the same millisecond.
    pub(crate) fn line(&self) -> impl Iterator<Item = (&RevisionId, Past<'_>)> {
        let mut next = Some(&self.record.revision);
        let line = std::iter::from_fn(move || {
            let id = next.take()?;
            let past = self.past(id)?;
            next = past.terms.previous.as_ref();
            Some((id, past))
        });
        // Documents that somebody has changed may go round in circles.
        line.take(self.revisions.len() + self.superseded.len())
    }

    /// A revision without its definition's text.
    pub(crate) fn past(&self, id: &RevisionId) -> Option<Past<'_>> {
        if let Some(RevisionRecord { definition, terms }) = self.revisions.get(id) {
            return Some(Past { definition: definition.digest(), terms });
        }
        let SupersededRecord { definition, terms } = self.superseded.get(id)?;
        Some(Past { definition: *definition, terms })
    }

    /// The newest version of a revision.
    pub(crate) fn version_of(&self, revision: &RevisionId) -> Option<(u64, &VersionRecord)> {
        let mut versions = self.versions.iter().rev();
        let found = versions.find(|(_, version)| version.revision == *revision);
        found.map(|(number, version)| (*number, version))
    }

    /// The aliases that lead to a version.
    pub(crate) fn aliases_of(&self, version: u64) -> impl Iterator<Item = (&Str, &AliasRecord)> {
        self.aliases.iter().filter(move |(_, alias)| alias.routing.leads_to(version))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MachineRecord {
    pub machine_type: MachineType,
    pub status: Status,
    pub created_at: Timestamp,
    /// What was said about a version when the machine was created: a request that repeats it is
    /// the same request.
    pub publication: Publication,
    pub revision: RevisionId,
    /// The number of the newest version that ever was: numbers are not used again.
    pub last_version: u64,
    pub tags: BTreeMap<Str, Str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Publication {
    None,
    Version { description: Option<Str> },
}

/// What an update may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RevisionRecord {
    pub definition: Revision,
    pub terms: Terms,
}

/// A revision that nobody can ask for any more. It is kept for the executions that it has, and
/// those have the text of its definition themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SupersededRecord {
    pub definition: Digest,
    pub terms: Terms,
}

/// A revision without its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    pub role_arn: Str,
    pub logging: Logging,
    pub tracing: Tracing,
    pub encryption: Encryption,
    pub created_at: Timestamp,
    /// The one that was current before. None for the first, and for those that were kept before
    /// this was noted.
    pub previous: Option<RevisionId>,
}

/// What is known of a revision, whether it is superseded or not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past<'a> {
    pub definition: Digest,
    pub terms: &'a Terms,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionRecord {
    pub revision: RevisionId,
    pub description: Option<Str>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AliasRecord {
    pub description: Option<Str>,
    pub routing: Routing,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ActivityRecord {
    pub created_at: Timestamp,
    pub encryption: Encryption,
    pub tags: BTreeMap<Str, Str>,
}
