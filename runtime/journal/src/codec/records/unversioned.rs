//! Facts from the time when an identity did not yet say through which version or alias of its
//! machine an execution was started.

use std::sync::Arc;

use stepwell_kernel::{Fact, Identity, ItemChild, MapRunFact};

use super::super::Corrupt;
use super::super::wire::{Field, Reader};

pub(super) fn execution_started(from: &mut Reader<'_>) -> Result<Fact, Corrupt> {
    Ok(Fact::ExecutionStarted {
        identity: Arc::new(identity(from)?),
        input: Field::read(from)?,
        deadline: Field::read(from)?,
        machine: Field::read(from)?,
    })
}

pub(super) fn map_run_started(from: &mut Reader<'_>) -> Result<MapRunFact, Corrupt> {
    Ok(MapRunFact::Started { identity: Arc::new(identity(from)?), call: Field::read(from)? })
}

pub(super) fn item_started(from: &mut Reader<'_>) -> Result<MapRunFact, Corrupt> {
    let task = Field::read(from)?;
    let child = ItemChild {
        identity: identity(from)?,
        machine: Field::read(from)?,
        input: Field::read(from)?,
        items: Field::read(from)?,
    };
    Ok(MapRunFact::ItemStarted { task, child: Arc::new(child) })
}

fn identity(from: &mut Reader<'_>) -> Result<Identity, Corrupt> {
    Ok(Identity {
        execution_arn: Field::read(from)?,
        execution_name: Field::read(from)?,
        state_machine_arn: Field::read(from)?,
        state_machine_name: Field::read(from)?,
        role_arn: Field::read(from)?,
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    })
}
