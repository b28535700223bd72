//! `CreateStateMachine`

use std::collections::BTreeMap;

use stepwell_asl::{MachineType, Timestamp};
use stepwell_journal::Revision;
use stepwell_value::Str;

use super::{check_bounds, check_definition, check_publication, check_role};
use crate::arn::Qualifier;
use crate::catalog::{Catalog, Decided, check_active, moment};
use crate::change::Write;
use crate::name;
use crate::record::{
    Machine, MachineRecord, Publication, RevisionId, RevisionRecord, Status, Terms, VersionRecord,
};
use crate::refusal::Refusal;
use crate::settings::{Logging, NewEncryption, Tracing};
use crate::tags::Tag;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMachine {
    pub name: Str,
    pub definition: Str,
    pub role_arn: Str,
    pub machine_type: MachineType,
    pub logging: Option<Logging>,
    pub tracing: Option<Tracing>,
    pub encryption: Option<NewEncryption>,
    pub tags: Vec<Tag>,
    pub publish: bool,
    pub version_description: Option<Str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineCreated {
    pub machine_arn: Str,
    pub created_at: Timestamp,
    pub version_arn: Option<Str>,
}

/// The version that a machine is published as when it is created.
const FIRST_VERSION: u64 = 1;

impl Catalog {
    /// A request that says the same as the one that created the machine changes nothing; its role
    /// and its tags do not count.
    pub fn create_machine(&self, request: &NewMachine, now: Timestamp) -> Decided<MachineCreated> {
        let name = name::check(&request.name)?;
        let description = request.version_description.as_ref();
        let described = description.map(|text| ("versionDescription", text));
        check_bounds(Some(&request.definition), described, &self.limits)?;
        check_publication(request.publish, description)?;
        check_role(&request.role_arn)?;
        let revision = revision(request, moment(now))?;
        let arn = self.machine_arn(&name, Qualifier::None);
        if let Some(machine) = self.machines.get(&name) {
            check_active(machine, &arn)?;
            if !is_same(machine, request, &revision) {
                return Err(Refusal::StateMachineAlreadyExists(arn));
            }
            return Ok(self.decide(self.created(&name, machine), Vec::new()));
        }
        check_definition(&request.definition, request.machine_type)?;
        if self.machines.len() >= self.limits.machines_max {
            return Err(Refusal::StateMachineLimitExceeded(self.limits.machines_max));
        }
        let tags = self.with_tags(&BTreeMap::new(), &request.tags, &arn)?;
        let machine = machine(request, revision, tags);
        let answer = self.created(&name, &machine);
        Ok(self.decide(answer, writes(&name, machine)))
    }

    fn created(&self, name: &Str, machine: &Machine) -> MachineCreated {
        let is_published = machine.record.publication != Publication::None
            && machine.versions.contains_key(&FIRST_VERSION);
        let version = Qualifier::Version(FIRST_VERSION);
        MachineCreated {
            machine_arn: self.machine_arn(name, Qualifier::None),
            created_at: machine.record.created_at,
            version_arn: is_published.then(|| self.machine_arn(name, version)),
        }
    }
}

fn revision(request: &NewMachine, now: Timestamp) -> Result<RevisionRecord, Refusal> {
    let logging = request.logging.clone().unwrap_or_default();
    logging.check()?;
    let encryption = request.encryption.as_ref().map(NewEncryption::check).transpose()?;
    Ok(RevisionRecord {
        definition: Revision::new(Str::clone(&request.definition)),
        terms: Terms {
            role_arn: Str::clone(&request.role_arn),
            logging,
            tracing: request.tracing.unwrap_or_default(),
            encryption: encryption.unwrap_or_default(),
            created_at: now,
            previous: None,
        },
    })
}

fn publication(request: &NewMachine) -> Publication {
    if request.publish {
        Publication::Version { description: request.version_description.clone() }
    } else {
        Publication::None
    }
}

/// Whether a request asks for what a machine is. Definitions are compared as texts.
fn is_same(machine: &Machine, request: &NewMachine, asked: &RevisionRecord) -> bool {
    let RevisionRecord { definition, terms } = machine.current();
    let asked_terms = Terms {
        role_arn: Str::clone(&terms.role_arn),
        created_at: terms.created_at,
        previous: terms.previous.clone(),
        ..asked.terms.clone()
    };
    machine.record.machine_type == request.machine_type
        && machine.record.publication == publication(request)
        && (definition, terms) == (&asked.definition, &asked_terms)
}

fn machine(request: &NewMachine, revision: RevisionRecord, tags: BTreeMap<Str, Str>) -> Machine {
    let publication = publication(request);
    let created_at = revision.terms.created_at;
    let version = match &publication {
        Publication::None => None,
        Publication::Version { description } => Some(VersionRecord {
            revision: RevisionId::Initial,
            description: description.clone(),
            created_at,
        }),
    };
    let mut machine = Machine::new(MachineRecord {
        machine_type: request.machine_type,
        status: Status::Active,
        created_at,
        publication,
        revision: RevisionId::Initial,
        last_version: if version.is_some() { FIRST_VERSION } else { 0 },
        tags,
    });
    machine.revisions.insert(RevisionId::Initial, revision);
    machine.versions.extend(version.map(|version| (FIRST_VERSION, version)));
    machine
}

/// What puts a machine with all its parts.
fn writes(name: &Str, machine: Machine) -> Vec<Write> {
    let mut writes = vec![Write::Machine { name: Str::clone(name), record: Some(machine.record) }];
    writes.extend(machine.revisions.into_iter().map(|(id, record)| Write::Revision {
        machine: Str::clone(name),
        id,
        record: Some(record),
    }));
    writes.extend(machine.versions.into_iter().map(|(number, record)| Write::Version {
        machine: Str::clone(name),
        number,
        record: Some(record),
    }));
    writes
}
