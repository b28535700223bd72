//! Versions: revisions that are kept under a number.

use stepwell_asl::Timestamp;
use stepwell_value::Str;

use crate::arn::{Misread, Qualifier};
use crate::catalog::{Catalog, Decided, Named, check_active, moment};
use crate::change::Write;
use crate::machines::check_bounds;
use crate::page::{Page, PageRequest, Pager, TOKEN_LENGTH_MAX};
use crate::record::{Machine, MachineRecord, RevisionId, VersionRecord};
use crate::refusal::{Conflict, Quota, Refusal};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub version_arn: Str,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionItem {
    pub version_arn: Str,
    pub created_at: Timestamp,
}

/// A version that is about to be.
pub(crate) struct Publishing<'a> {
    pub name: &'a Str,
    pub machine: &'a Machine,
    pub description: Option<Str>,
    pub now: Timestamp,
}

impl Catalog {
    /// `PublishStateMachineVersion`. A revision that has a version gets no second one.
    pub fn publish_version(
        &self,
        machine_arn: &str,
        revision_id: Option<&str>,
        description: Option<Str>,
        now: Timestamp,
    ) -> Decided<Published> {
        check_bounds(None, description.as_ref().map(|text| ("description", text)), &self.limits)?;
        let (name, machine) = self.changeable(machine_arn)?;
        let current = &machine.record.revision;
        if let Some(asked) = revision_id.filter(|id| RevisionId::parse(id) != *current) {
            let (asked, current) = (asked.into(), current.clone());
            return Err(Refusal::Conflict(Conflict::OtherRevision { asked, current }));
        }
        let now = moment(now);
        let mut record = machine.record.clone();
        let mut writes = Vec::new();
        let publishing = Publishing { name: &name, machine, description, now };
        let number = self.publish(publishing, &mut record, &mut writes)?;
        let version_arn = self.machine_arn(&name, Qualifier::Version(number));
        let created_at = machine.versions.get(&number).map_or(now, |version| version.created_at);
        if record != machine.record {
            writes.push(Write::Machine { name, record: Some(record) });
        }
        Ok(self.decide(Published { version_arn, created_at }, writes))
    }

    /// The number of the version of the revision that `record` has: one that is there, or the next.
    pub(crate) fn publish(
        &self,
        Publishing { name, machine, description, now }: Publishing<'_>,
        record: &mut MachineRecord,
        writes: &mut Vec<Write>,
    ) -> Result<u64, Refusal> {
        if let Some((number, _)) = machine.version_of(&record.revision) {
            return Ok(number);
        }
        if machine.versions.len() >= self.limits.versions_max {
            let quota = Quota::Versions(self.limits.versions_max);
            return Err(Refusal::ServiceQuotaExceeded(quota));
        }
        record.last_version += 1;
        let version =
            VersionRecord { revision: record.revision.clone(), description, created_at: now };
        let (machine, number) = (Str::clone(name), record.last_version);
        writes.push(Write::Version { machine, number, record: Some(version) });
        Ok(number)
    }

    /// `DeleteStateMachineVersion`. One that is not there is deleted.
    pub fn delete_version(&self, version_arn: &str) -> Decided<()> {
        let Named { name, qualifier, machine } = self.named(version_arn)?;
        let Qualifier::Version(number) = qualifier else {
            return Err(Refusal::InvalidArn(Misread::Kind("stateMachine")));
        };
        let found = machine.and_then(|machine| Some((machine, machine.versions.get(&number)?)));
        let Some((machine, version)) = found else { return Ok(self.decide((), Vec::new())) };
        check_active(machine, version_arn)?;
        let aliases: Vec<Str> =
            machine.aliases_of(number).map(|(alias, _)| Str::clone(alias)).collect();
        if !aliases.is_empty() {
            return Err(Refusal::Conflict(Conflict::VersionInUse(aliases)));
        }
        let machine_name = Str::clone(&name);
        let mut writes = vec![Write::Version { machine: machine_name, number, record: None }];
        let id = &version.revision;
        if machine.record.revision != *id {
            writes.extend(self.supersede(&name, machine, id));
        }
        Ok(self.decide((), writes))
    }

    /// `ListStateMachineVersions`, the newest first. A machine that is not there has none.
    pub fn versions(
        &self,
        machine_arn: &str,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<VersionItem>, Refusal> {
        let Named { name, qualifier, machine } = self.named(machine_arn)?;
        let subject = format!("versions of {machine_arn}");
        let pager = Pager::new(request, &subject, now, &self.limits, TOKEN_LENGTH_MAX)?;
        let before = pager.after().map(|number| number.parse::<u64>()).transpose();
        let end = before.map_err(|_not_a_number| Refusal::InvalidToken)?.unwrap_or(u64::MAX);
        let machine = machine.filter(|_| qualifier == Qualifier::None);
        let rest = machine.into_iter().flat_map(|machine| machine.versions.range(..end).rev());
        Ok(pager.page(rest.map(|(number, version)| {
            let version_arn = self.machine_arn(&name, Qualifier::Version(*number));
            let item = VersionItem { version_arn, created_at: version.created_at };
            (number.to_string().into(), item)
        })))
    }
}

#[cfg(test)]
mod tests;
