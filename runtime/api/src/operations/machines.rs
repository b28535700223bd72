//! State machines.

use std::collections::{BTreeMap, BTreeSet};

use stepwell_asl::{Definition, MachineType};
use stepwell_catalog::{MachineDescription, MachineItem, MachineUpdate, NewMachine, Status};
use stepwell_value::{Object, Str, Value};

use super::settings;
use crate::api::{Answer, Api};
use crate::clock::now;
use crate::request::{Members, Request};
use crate::response::{date, members, page};

pub(super) async fn create(api: &Api, request: Request) -> Answer {
    let new = new_machine(&request.members());
    request.finish()?;
    drop(request);
    let created = api.library().change(|catalog, now, _| catalog.create_machine(&new, now)).await?;
    Ok(members([
        ("stateMachineArn", Some(created.machine_arn.into())),
        ("creationDate", Some(date(created.created_at))),
        ("stateMachineVersionArn", created.version_arn.map(Value::from)),
    ]))
}

fn new_machine(asked: &Members<'_>) -> NewMachine {
    NewMachine {
        name: asked.required("name"),
        definition: asked.required("definition"),
        role_arn: asked.required_within("roleArn", 1..=256),
        machine_type: settings::machine_type(asked).unwrap_or(MachineType::Standard),
        logging: settings::logging(asked),
        tracing: settings::tracing(asked),
        encryption: settings::encryption(asked),
        tags: settings::tags(asked),
        publish: asked.flag("publish").unwrap_or(false),
        version_description: asked.text("versionDescription"),
    }
}

pub(super) async fn update(api: &Api, request: Request) -> Answer {
    let update = machine_update(&request.members());
    request.finish()?;
    drop(request);
    let updated = api
        .library()
        .change(|catalog, now, chance| catalog.update_machine(&update, now, chance))
        .await?;
    Ok(members([
        ("updateDate", Some(date(updated.updated_at))),
        ("revisionId", updated.revision_id.shown().cloned().map(Value::from)),
        ("stateMachineVersionArn", updated.version_arn.map(Value::from)),
    ]))
}

fn machine_update(asked: &Members<'_>) -> MachineUpdate {
    MachineUpdate {
        machine_arn: asked.required_within("stateMachineArn", 1..=256),
        definition: asked.text("definition"),
        role_arn: asked.text_within("roleArn", 1..=256),
        logging: settings::logging(asked),
        tracing: settings::tracing(asked),
        encryption: settings::encryption(asked),
        publish: asked.flag("publish").unwrap_or(false),
        version_description: asked.text("versionDescription"),
    }
}

pub(super) fn describe(api: &Api, request: &Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("stateMachineArn", 1..=256);
    let included = settings::included_data(&asked);
    request.finish()?;
    let described = api.library().catalog().describe_machine(&arn, included)?;
    Ok(description(described))
}

fn description(machine: MachineDescription) -> Object {
    let status = match machine.status {
        Status::Active => "ACTIVE",
        Status::Deleting => "DELETING",
    };
    members([
        ("stateMachineArn", Some(machine.arn.into())),
        ("name", Some(machine.name.into())),
        ("status", Some(status.into())),
        ("definition", Some(machine.definition.into())),
        ("roleArn", Some(machine.role_arn.into())),
        ("type", Some(settings::shown_type(machine.machine_type))),
        ("creationDate", Some(date(machine.created_at))),
        ("loggingConfiguration", Some(settings::shown_logging(machine.logging))),
        ("tracingConfiguration", Some(settings::shown_tracing(machine.tracing))),
        ("encryptionConfiguration", Some(settings::shown_encryption(&machine.encryption))),
        ("revisionId", machine.revision_id.shown().cloned().map(Value::from)),
        ("description", machine.description.map(Value::from)),
        ("variableReferences", variable_references(machine.variable_references)),
    ])
}

/// Left out where no state reads any.
pub(super) fn variable_references(references: BTreeMap<Str, BTreeSet<Str>>) -> Option<Value> {
    let names = |names: BTreeSet<Str>| names.into_iter().map(Value::from).collect::<Vec<_>>();
    let references: Object =
        references.into_iter().map(|(state, read)| (state, names(read))).collect();
    (!references.is_empty()).then(|| references.into())
}

pub(super) async fn delete(api: &Api, request: Request) -> Answer {
    let arn = request.members().required_within("stateMachineArn", 1..=256);
    request.finish()?;
    drop(request);
    api.stepwell().delete_machine(&arn).await?;
    Ok(Object::new())
}

pub(super) fn list(api: &Api, request: &Request) -> Answer {
    let asked = request.members().page();
    request.finish()?;
    let found = api.library().catalog().machines(&asked, now())?;
    Ok(page("stateMachines", found, |item: MachineItem| {
        members([
            ("stateMachineArn", Some(item.arn.into())),
            ("name", Some(item.name.into())),
            ("type", Some(settings::shown_type(item.machine_type))),
            ("creationDate", Some(date(item.created_at))),
        ])
    }))
}

/// What the states of a definition read, as far as it is valid.
pub(super) fn references_of(definition: &str) -> Option<Value> {
    variable_references(Definition::parse(definition).ok()?.variable_references())
}
