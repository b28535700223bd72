//! State machines: created, described, updated, deleted and listed.

use stepwell_asl::{Definition, MachineType};
use stepwell_value::Str;

use crate::arn::Misread;
use crate::constraint::Constraints;
use crate::limits::Limits;
use crate::refusal::{Invalid, Refusal};

pub use create::{MachineCreated, NewMachine};
pub use delete::Occupancy;
pub use describe::{IncludedData, MachineDescription};
pub use list::MachineItem;
pub use past::RevisionDescription;
pub use update::{MachineUpdate, MachineUpdated};

mod create;
mod delete;
mod describe;
mod list;
mod past;
mod update;

const DESCRIPTION_LENGTH_MAX: usize = 256;

/// The bounds of what a definition and a description may be, before anybody reads them.
pub(crate) fn check_bounds(
    definition: Option<&str>,
    description: Option<(&str, &Str)>,
    limits: &Limits,
) -> Result<(), Refusal> {
    let mut constraints = Constraints::default();
    if let Some(text) = definition {
        constraints.hidden_length("definition", text, 1..=limits.definition_bytes_max);
    }
    if let Some((member, text)) = description {
        constraints.hidden_length(member, text, 0..=DESCRIPTION_LENGTH_MAX);
    }
    constraints.finish()
}

/// A description is one of a version, so there has to be one.
fn check_publication(publish: bool, description: Option<&Str>) -> Result<(), Refusal> {
    if description.is_some() && !publish {
        return Err(Refusal::Validation(Invalid::DescriptionWithoutPublish));
    }
    Ok(())
}

fn check_definition(text: &str, machine_type: MachineType) -> Result<(), Refusal> {
    Definition::parse_as(text, machine_type).map(drop).map_err(Refusal::InvalidDefinition)
}

/// A role is somebody else's resource: only that it has an ARN can be told.
fn check_role(arn: &str) -> Result<(), Refusal> {
    let is_arn = arn.starts_with("arn:") && arn.splitn(6, ':').count() == 6;
    is_arn.then_some(()).ok_or_else(|| Refusal::InvalidArn(Misread::Prefix(arn.into())))
}

#[cfg(test)]
mod tests;
