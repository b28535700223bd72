//! `DescribeStateMachine`

use std::collections::{BTreeMap, BTreeSet};

use stepwell_asl::{Definition, MachineType, Timestamp};
use stepwell_value::Str;

use crate::arn::Qualifier;
use crate::catalog::{Catalog, Named};
use crate::record::{Machine, RevisionId, Status, VersionRecord};
use crate::refusal::Refusal;
use crate::settings::{Encryption, Logging, Tracing};

/// `includedData`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IncludedData {
    #[default]
    All,
    /// The definition reads `{}`, and there are no variables.
    MetadataOnly,
}

/// A machine as it is now, or as one of its versions has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineDescription {
    /// The version's for one that was asked for.
    pub arn: Str,
    pub name: Str,
    pub status: Status,
    pub definition: Str,
    pub role_arn: Str,
    pub machine_type: MachineType,
    /// The version's for one that was asked for.
    pub created_at: Timestamp,
    pub logging: Logging,
    pub tracing: Tracing,
    pub encryption: Encryption,
    pub revision_id: RevisionId,
    /// Of a version.
    pub description: Option<Str>,
    /// Which variables each state reads.
    pub variable_references: BTreeMap<Str, BTreeSet<Str>>,
}

impl Catalog {
    /// Describes a machine or one of its versions, but not an alias.
    pub fn describe_machine(
        &self,
        arn: &str,
        included: IncludedData,
    ) -> Result<MachineDescription, Refusal> {
        let Named { name, qualifier, machine } = self.named(arn)?;
        let missing = || Refusal::StateMachineDoesNotExist(arn.into());
        let machine = machine.ok_or_else(missing)?;
        let version = match qualifier {
            Qualifier::None => None,
            Qualifier::Version(number) => Some(machine.versions.get(&number).ok_or_else(missing)?),
            Qualifier::Label(_) | Qualifier::Alias(_) => return Err(missing()),
        };
        Ok(description(arn, name, machine, version, included))
    }
}

fn description(
    arn: &str,
    name: Str,
    machine: &Machine,
    version: Option<&VersionRecord>,
    included: IncludedData,
) -> MachineDescription {
    let record = &machine.record;
    let revision_id = version.map_or(&record.revision, |version| &version.revision);
    let revision = machine.revision(revision_id);
    let (definition, variable_references) = match included {
        IncludedData::All => {
            let text = revision.definition.text();
            // The text was read when it came. Should it not be read any more, it is still shown.
            let definition = Definition::parse_as(text, record.machine_type);
            let references = definition.map(|definition| definition.variable_references());
            (Str::clone(text), references.unwrap_or_default())
        }
        IncludedData::MetadataOnly => ("{}".into(), BTreeMap::new()),
    };
    MachineDescription {
        arn: arn.into(),
        name,
        status: record.status,
        definition,
        role_arn: Str::clone(&revision.terms.role_arn),
        machine_type: record.machine_type,
        created_at: version.map_or(record.created_at, |version| version.created_at),
        logging: revision.terms.logging.clone(),
        tracing: revision.terms.tracing,
        encryption: revision.terms.encryption.clone(),
        revision_id: revision_id.clone(),
        description: version.and_then(|version| version.description.clone()),
        variable_references,
    }
}
