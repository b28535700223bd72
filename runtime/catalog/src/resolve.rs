//! What an execution is started from.

use stepwell_asl::{MachineType, Timestamp};
use stepwell_journal::Revision;
use stepwell_kernel::Entropy;
use stepwell_value::Str;

use crate::arn::Qualifier;
use crate::catalog::{Catalog, Named, check_active};
use crate::record::RevisionId;
use crate::refusal::Refusal;
use crate::settings::{Encryption, Logging, Tracing};

/// A machine as it is when an execution of it starts. Of a revision that is neither current nor a
/// version's the catalog forgets the definition, which is to be kept with the execution;
/// [`Catalog::revision_at`] gives the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub machine_arn: Str,
    pub name: Str,
    pub machine_type: MachineType,
    /// The definition. It was valid when it came.
    pub definition: Revision,
    pub revision_id: RevisionId,
    /// When the revision came to be.
    pub updated_at: Timestamp,
    pub role_arn: Str,
    pub logging: Logging,
    pub tracing: Tracing,
    pub encryption: Encryption,
    /// Of one that was asked for or drawn.
    pub version_arn: Option<Str>,
    pub alias_arn: Option<Str>,
}

impl Catalog {
    /// What the ARN of a machine, a version or an alias means for an execution that starts now.
    /// Where an alias leads to two versions, one is drawn by weight.
    pub fn resolve(&self, arn: &str, entropy: &mut dyn Entropy) -> Result<Target, Refusal> {
        let Named { name, qualifier, machine } = self.named(arn)?;
        let missing = || Refusal::StateMachineDoesNotExist(arn.into());
        let machine = machine.ok_or_else(missing)?;
        let (number, alias_arn) = match qualifier {
            Qualifier::None => (None, None),
            Qualifier::Version(number) => (Some(number), None),
            Qualifier::Alias(alias) => {
                let alias = machine.aliases.get(&alias).ok_or_else(missing)?;
                (Some(alias.routing.draw(entropy)), Some(arn.into()))
            }
            Qualifier::Label(_) => return Err(missing()),
        };
        let revision_id = match number {
            Some(number) => &machine.versions.get(&number).ok_or_else(missing)?.revision,
            None => &machine.record.revision,
        };
        check_active(machine, arn)?;
        let revision = machine.revision(revision_id);
        Ok(Target {
            machine_arn: self.machine_arn(&name, Qualifier::None),
            machine_type: machine.record.machine_type,
            definition: revision.definition.clone(),
            revision_id: revision_id.clone(),
            updated_at: revision.terms.created_at,
            role_arn: Str::clone(&revision.terms.role_arn),
            logging: revision.terms.logging.clone(),
            tracing: revision.terms.tracing,
            encryption: revision.terms.encryption.clone(),
            version_arn: number.map(|number| self.machine_arn(&name, Qualifier::Version(number))),
            alias_arn,
            name,
        })
    }
}

#[cfg(test)]
mod tests;
