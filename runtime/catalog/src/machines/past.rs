//! Revisions that were current: which of them an execution has, and how many are kept.

use stepwell_asl::{MachineType, Timestamp};
use stepwell_journal::Digest;
use stepwell_value::Str;

use crate::arn::{Arn, Qualifier, Resource};
use crate::catalog::Catalog;
use crate::change::Write;
use crate::record::{Machine, Past, RevisionId, SupersededRecord};
use crate::settings::{Encryption, Logging, Tracing};

/// A machine as it was, but for its definition's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionDescription {
    pub machine_arn: Str,
    pub name: Str,
    pub machine_type: MachineType,
    pub revision_id: RevisionId,
    /// When the revision came to be.
    pub updated_at: Timestamp,
    pub definition: Digest,
    pub role_arn: Str,
    pub logging: Logging,
    pub tracing: Tracing,
    pub encryption: Encryption,
}

impl Catalog {
    /// `DescribeStateMachineForExecution`, for an execution of that machine that started then: the
    /// revision of the version, if the execution was started through one, or else the one that was
    /// current.
    ///
    /// An execution starts a little later than its machine was looked up, and may have the revision
    /// before the one that was current by then; with the hash of its definition, that one is found
    /// if the definition is another. A label in the machine's ARN does not count.
    ///
    /// None if it cannot be told: the machine is not there or came later, the version is deleted,
    /// or the revision is forgotten.
    pub fn revision_at(
        &self,
        machine_arn: &str,
        version_arn: Option<&str>,
        started_at: Timestamp,
        definition: Option<Digest>,
    ) -> Option<RevisionDescription> {
        let (name, qualifier) = self.machine_name(machine_arn)?;
        if !matches!(qualifier, Qualifier::None | Qualifier::Label(_)) {
            return None;
        }
        let machine = self.machines.get(&name)?;
        let is_meant = |past: &Past<'_>| {
            past.terms.created_at <= started_at
                && definition.is_none_or(|definition| past.definition == definition)
        };
        let (id, past) = match version_arn {
            Some(arn) => {
                let id = self.revision_of(arn, &name, machine, started_at)?;
                (id, machine.past(id).filter(is_meant)?)
            }
            None => machine.line().find(|(_, past)| is_meant(past))?,
        };
        Some(self.description_of(name, machine.record.machine_type, id, past))
    }

    /// The revision of a version that was there at that time.
    fn revision_of<'a>(
        &self,
        version_arn: &str,
        name: &Str,
        machine: &'a Machine,
        time: Timestamp,
    ) -> Option<&'a RevisionId> {
        let (of, Qualifier::Version(number)) = self.machine_name(version_arn)? else { return None };
        let version = machine.versions.get(&number).filter(|_| of == *name)?;
        (version.created_at <= time).then_some(&version.revision)
    }

    fn machine_name(&self, arn: &str) -> Option<(Str, Qualifier)> {
        let Arn { site, resource } = Arn::parse(arn).ok()?;
        match resource {
            Resource::Machine { name, qualifier } if site == self.site => Some((name, qualifier)),
            _ => None,
        }
    }

    fn description_of(
        &self,
        name: Str,
        machine_type: MachineType,
        id: &RevisionId,
        Past { definition, terms }: Past<'_>,
    ) -> RevisionDescription {
        RevisionDescription {
            machine_arn: self.machine_arn(&name, Qualifier::None),
            name,
            machine_type,
            revision_id: id.clone(),
            updated_at: terms.created_at,
            definition,
            role_arn: Str::clone(&terms.role_arn),
            logging: terms.logging.clone(),
            tracing: terms.tracing,
            encryption: terms.encryption.clone(),
        }
    }

    /// What becomes of a revision that will be neither current nor a version's: it is kept without
    /// its definition, and the oldest are forgotten where these are too many. One that is not in
    /// the line of the current one could not be found again.
    pub(crate) fn supersede(&self, name: &Str, machine: &Machine, id: &RevisionId) -> Vec<Write> {
        let owner = || Str::clone(name);
        let mut writes = vec![Write::Revision { machine: owner(), id: id.clone(), record: None }];
        let is_former =
            |former: &RevisionId| former == id || machine.superseded.contains_key(former);
        let former = machine.line().filter(|(former, _)| is_former(former));
        for (nth, (former, Past { definition, terms })) in former.enumerate() {
            let stays = nth < self.limits.superseded_max;
            let record = match (former == id, stays) {
                (true, true) => Some(SupersededRecord { definition, terms: terms.clone() }),
                (false, false) => None,
                (true, false) | (false, true) => continue,
            };
            writes.push(Write::Superseded { machine: owner(), id: former.clone(), record });
        }
        writes
    }
}

#[cfg(test)]
mod tests;
