//! The catalog as a whole: how it is opened, and how it changes.

use std::collections::BTreeMap;

use stepwell_asl::Timestamp;
use stepwell_journal::Document;
use stepwell_value::Str;

use crate::arn::{Arn, Misread, Qualifier, Resource, Site};
use crate::change::{Change, Write};
use crate::document::{self, Corrupt};
use crate::limits::Limits;
use crate::record::{ActivityRecord, Machine, Status};
use crate::refusal::{Invalid, Refusal};

/// Machines and activities of one account in one region.
#[derive(Debug)]
pub struct Catalog {
    pub(crate) site: Site,
    pub(crate) limits: Limits,
    pub(crate) machines: BTreeMap<Str, Machine>,
    pub(crate) activities: BTreeMap<Str, ActivityRecord>,
    /// How many changes have been applied.
    changes: u64,
}

/// A request that is granted: what to answer once the change is kept.
#[derive(Clone, Debug)]
pub struct Decision<T> {
    pub answer: T,
    pub change: Change,
}

pub type Decided<T> = Result<Decision<T>, Refusal>;

/// What a machine's ARN means. The machine may not be there.
pub(crate) struct Named<'a> {
    pub name: Str,
    pub qualifier: Qualifier,
    pub machine: Option<&'a Machine>,
}

impl Catalog {
    /// The documents of a catalog are those whose keys begin so.
    pub const PREFIXES: [&'static str; 2] = ["activity/", "machine/"];

    pub fn new(site: Site, limits: Limits) -> Self {
        Self { site, limits, machines: BTreeMap::new(), activities: BTreeMap::new(), changes: 0 }
    }

    /// A catalog as its documents have it, in whatever order they come.
    pub fn open(
        site: Site,
        limits: Limits,
        documents: impl IntoIterator<Item = Document>,
    ) -> Result<Self, Corrupt> {
        let mut catalog = Self::new(site, limits);
        let mut parts = Vec::new();
        for document in documents {
            match document::decode(&document)? {
                write @ Write::Machine { .. } => catalog.put(write)?,
                write => parts.push(write),
            }
        }
        for part in parts {
            catalog.put(part)?;
        }
        catalog.machines.iter().try_for_each(|(name, machine)| document::whole(name, machine))?;
        Ok(catalog)
    }

    /// Applies a change whose documents are kept.
    ///
    /// Panics if something else was applied since it was decided: the two may contradict each
    /// other.
    pub fn apply(&mut self, change: Change) {
        if change.is_empty() {
            return;
        }
        assert_eq!(change.basis, self.changes, "changes are decided and applied one at a time");
        self.changes += 1;
        for write in change.writes {
            self.put(write).expect("a change adds parts to machines that are there");
        }
    }

    pub fn site(&self) -> &Site {
        &self.site
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    fn put(&mut self, write: Write) -> Result<(), Corrupt> {
        let key = document::key(&write);
        match write {
            Write::Machine { name, record: None } => {
                self.machines.remove(&name);
            }
            Write::Machine { name, record: Some(record) } => match self.machines.get_mut(&name) {
                Some(machine) => machine.record = record,
                None => {
                    self.machines.insert(name, Machine::new(record));
                }
            },
            Write::Revision { machine, id, record } => {
                set(&mut self.owner(&machine, key)?.revisions, id, record);
            }
            Write::Superseded { machine, id, record } => {
                set(&mut self.owner(&machine, key)?.superseded, id, record);
            }
            Write::Version { machine, number, record } => {
                set(&mut self.owner(&machine, key)?.versions, number, record);
            }
            Write::Alias { machine, name, record } => {
                set(&mut self.owner(&machine, key)?.aliases, name, record);
            }
            Write::Activity { name, record } => set(&mut self.activities, name, record),
        }
        Ok(())
    }

    /// The machine whose part has that key.
    fn owner(&mut self, machine: &str, key: Str) -> Result<&mut Machine, Corrupt> {
        let missing = || Corrupt::Missing { key: document::machine_key(machine), referrer: key };
        self.machines.get_mut(machine).ok_or_else(missing)
    }
}

impl Catalog {
    pub(crate) fn arn(&self, resource: Resource) -> Str {
        resource.at(&self.site).to_string().into()
    }

    pub(crate) fn machine_arn(&self, name: &Str, qualifier: Qualifier) -> Str {
        self.arn(Resource::Machine { name: Str::clone(name), qualifier })
    }

    pub(crate) fn decide<T>(&self, answer: T, writes: Vec<Write>) -> Decision<T> {
        Decision { answer, change: Change { basis: self.changes, writes } }
    }

    /// Reads the ARN of a machine, a version or an alias.
    pub(crate) fn named(&self, arn: &str) -> Result<Named<'_>, Refusal> {
        let Arn { site, resource } = Arn::parse(arn)?;
        match resource {
            Resource::Machine { qualifier: Qualifier::Label(_), .. } => {
                Err(Refusal::Validation(Invalid::LabelledArn(arn.into())))
            }
            Resource::Machine { name, qualifier } => {
                let machine = self.machines.get(&name).filter(|_| site == self.site);
                Ok(Named { name, qualifier, machine })
            }
            other => Err(Refusal::InvalidArn(Misread::Kind(other.kind()))),
        }
    }

    /// The machine of an ARN that must name no version and no alias.
    pub(crate) fn unqualified(&self, arn: &str) -> Result<(Str, &Machine), Refusal> {
        let named = self.named(arn)?;
        match named {
            Named { name, qualifier: Qualifier::None, machine: Some(machine) } => {
                Ok((name, machine))
            }
            _ => Err(Refusal::StateMachineDoesNotExist(arn.into())),
        }
    }

    /// The same for a machine that is about to change.
    pub(crate) fn changeable(&self, arn: &str) -> Result<(Str, &Machine), Refusal> {
        let (name, machine) = self.unqualified(arn)?;
        check_active(machine, arn)?;
        Ok((name, machine))
    }
}

pub(crate) fn check_active(machine: &Machine, arn: &str) -> Result<(), Refusal> {
    match machine.record.status {
        Status::Active => Ok(()),
        Status::Deleting => Err(Refusal::StateMachineDeleting(arn.into())),
    }
}

/// Records keep milliseconds, as the service does and as documents show them.
pub(crate) fn moment(now: Timestamp) -> Timestamp {
    Timestamp::from_unix_millis(now.unix_millis())
}

fn set<K: Ord, V>(records: &mut BTreeMap<K, V>, key: K, record: Option<V>) {
    match record {
        Some(record) => records.insert(key, record),
        None => records.remove(&key),
    };
}

#[cfg(test)]
pub(crate) mod tests;
