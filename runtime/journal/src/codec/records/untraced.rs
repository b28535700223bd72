//! Facts from the time when an identity did not yet say with which test case an execution was
//! started, nor to which trace it belongs.

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
    Ok(MapRunFact::ItemStarted { task: Field::read(from)?, child: Arc::new(child(from)?) })
}

pub(super) fn item_restarted(from: &mut Reader<'_>) -> Result<MapRunFact, Corrupt> {
    Ok(MapRunFact::ItemRestarted {
        task: Field::read(from)?,
        former: Field::read(from)?,
        child: Arc::new(child(from)?),
    })
}

fn child(from: &mut Reader<'_>) -> Result<ItemChild, Corrupt> {
    Ok(ItemChild {
        identity: identity(from)?,
        machine: Field::read(from)?,
        input: Field::read(from)?,
        items: Field::read(from)?,
    })
}

fn identity(from: &mut Reader<'_>) -> Result<Identity, Corrupt> {
    Ok(Identity {
        execution_arn: Field::read(from)?,
        execution_name: Field::read(from)?,
        state_machine_arn: Field::read(from)?,
        state_machine_name: Field::read(from)?,
        role_arn: Field::read(from)?,
        version_arn: Field::read(from)?,
        alias_arn: Field::read(from)?,
        test_case: None,
        trace_header: None,
    })
}
