//! `UpdateStateMachine`

use stepwell_asl::Timestamp;
use stepwell_journal::Revision;
use stepwell_kernel::Entropy;
use stepwell_value::Str;

use super::{check_bounds, check_definition, check_publication, check_role};
use crate::arn::Qualifier;
use crate::catalog::{Catalog, Decided, moment};
use crate::change::Write;
use crate::record::{Machine, RevisionId, RevisionRecord, Terms};
use crate::refusal::Refusal;
use crate::settings::{Logging, NewEncryption, Tracing};
use crate::versions::Publishing;

/// What is not given stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineUpdate {
    pub machine_arn: Str,
    pub definition: Option<Str>,
    pub role_arn: Option<Str>,
    pub logging: Option<Logging>,
    pub tracing: Option<Tracing>,
    pub encryption: Option<NewEncryption>,
    pub publish: bool,
    pub version_description: Option<Str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineUpdated {
    /// When the revision that is now the current one came to be.
    pub updated_at: Timestamp,
    pub revision_id: RevisionId,
    pub version_arn: Option<Str>,
}

impl Catalog {
    /// An update that changes nothing makes no revision.
    pub fn update_machine(
        &self,
        request: &MachineUpdate,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Decided<MachineUpdated> {
        let now = moment(now);
        self.check_update(request)?;
        let (name, machine) = self.changeable(&request.machine_arn)?;
        let current = machine.current();
        let revision = revised(machine, request, now)?;
        let mut record = machine.record.clone();
        let mut writes = Vec::new();
        if let Some(revision) = &revision {
            let old = std::mem::replace(&mut record.revision, RevisionId::Drawn(draw_id(entropy)));
            let (id, new) = (record.revision.clone(), Some(revision.clone()));
            writes.push(Write::Revision { machine: Str::clone(&name), id, record: new });
            if machine.version_of(&old).is_none() {
                writes.extend(self.supersede(&name, machine, &old));
            }
        }
        let mut version_arn = None;
        if request.publish {
            let description = request.version_description.clone();
            let publishing = Publishing { name: &name, machine, description, now };
            let number = self.publish(publishing, &mut record, &mut writes)?;
            version_arn = Some(self.machine_arn(&name, Qualifier::Version(number)));
        }
        let answer = MachineUpdated {
            updated_at: revision.as_ref().unwrap_or(current).terms.created_at,
            revision_id: record.revision.clone(),
            version_arn,
        };
        if record != machine.record {
            writes.insert(0, Write::Machine { name, record: Some(record) });
        }
        Ok(self.decide(answer, writes))
    }

    fn check_update(&self, request: &MachineUpdate) -> Result<(), Refusal> {
        let MachineUpdate { definition, version_description, .. } = request;
        let described = version_description.as_ref().map(|text| ("versionDescription", text));
        check_bounds(definition.as_deref(), described, &self.limits)?;
        let is_given = definition.is_some()
            || request.role_arn.is_some()
            || request.logging.is_some()
            || request.tracing.is_some()
            || request.encryption.is_some();
        if !is_given {
            return Err(Refusal::MissingRequiredParameter);
        }
        check_publication(request.publish, version_description.as_ref())
    }
}

/// What a machine is after the update, if that is something else.
fn revised(
    machine: &Machine,
    request: &MachineUpdate,
    now: Timestamp,
) -> Result<Option<RevisionRecord>, Refusal> {
    let current = machine.current();
    let RevisionRecord { mut definition, mut terms } = current.clone();
    if let Some(role_arn) = &request.role_arn {
        check_role(role_arn)?;
        terms.role_arn = Str::clone(role_arn);
    }
    if let Some(logging) = &request.logging {
        logging.check()?;
        terms.logging = logging.clone();
    }
    if let Some(tracing) = request.tracing {
        terms.tracing = tracing;
    }
    if let Some(encryption) = &request.encryption {
        terms.encryption = encryption.check()?;
    }
    if let Some(text) = request.definition.as_ref().filter(|text| *text != definition.text()) {
        check_definition(text, machine.record.machine_type)?;
        definition = Revision::new(Str::clone(text));
    }
    if (&definition, &terms) == (&current.definition, &current.terms) {
        return Ok(None);
    }
    let previous = Some(machine.record.revision.clone());
    Ok(Some(RevisionRecord { definition, terms: Terms { created_at: now, previous, ..terms } }))
}

/// A random UUID, as the service identifies revisions.
fn draw_id(entropy: &mut dyn Entropy) -> Str {
    const VERSION_4: u64 = 0x4000;
    const VARIANT: u64 = 0x8000_0000_0000_0000;
    let high = entropy.next_u64() & !0xf000 | VERSION_4;
    let low = entropy.next_u64() >> 2 | VARIANT;
    let (first, second, third) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
    let (fourth, fifth) = (low >> 48, low & 0xffff_ffff_ffff);
    format!("{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{fifth:012x}").into()
}
