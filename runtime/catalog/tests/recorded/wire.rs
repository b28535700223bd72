//! The service's calls as calls of a catalog, and what comes of them in the service's form.

use stepwell_asl::{MachineType, Timestamp};
use stepwell_catalog::{
    AliasDescription, AliasItem, AliasUpdate, Catalog, Decided, Encryption, EncryptionType,
    IncludedData, LogLevel, Logging, MachineDescription, MachineUpdate, NewActivity, NewAlias,
    NewEncryption, NewMachine, Occupancy, Page, PageRequest, Refusal, Route, Status, Tag, Tracing,
};
use stepwell_value::{Object, Str, Value};

use super::play::{Answer, World};

/// None for a call that is none of the catalog's.
pub(crate) fn call(op: &str, params: &Value, world: &mut World) -> Option<Answer> {
    let catalog = world.open();
    let now = world.now;
    let answer = match op {
        "DescribeStateMachine" => catalog
            .describe_machine(&text(params, "stateMachineArn")?, IncludedData::All)
            .map(machine),
        "DescribeStateMachineAlias" => {
            catalog.describe_alias(&text(params, "stateMachineAliasArn")?).map(alias)
        }
        "DescribeActivity" => {
            catalog.describe_activity(&text(params, "activityArn")?).map(|activity| {
                members([
                    ("activityArn", Some(activity.activity_arn.into())),
                    ("name", Some(activity.name.into())),
                    ("creationDate", Some(date(activity.created_at))),
                    ("encryptionConfiguration", Some(encryption(&activity.encryption))),
                ])
            })
        }
        "ListTagsForResource" => catalog.tags_of(&text(params, "resourceArn")?).map(|tags| {
            let tag =
                |tag: Tag| Value::from(Object::from_iter([("key", tag.key), ("value", tag.value)]));
            members([("tags", Some(tags.into_iter().map(tag).collect::<Vec<_>>().into()))])
        }),
        // Only that it is refused can be told here.
        "StartExecution" | "StartSyncExecution" => {
            let target = catalog.resolve(&text(params, "stateMachineArn")?, &mut world.entropy);
            let refusal = target.err()?;
            return Some(Err((refusal_name(&refusal).to_owned(), refusal.to_string())));
        }
        _ if op.starts_with("List") => list(op, params, &catalog, now)?,
        _ => decide(op, params, &catalog, world)?,
    };
    Some(answer.map_err(|refusal| (refusal_name(&refusal).to_owned(), refusal.to_string())))
}

fn list(
    op: &str,
    params: &Value,
    catalog: &Catalog,
    now: Timestamp,
) -> Option<Result<Value, Refusal>> {
    let request = PageRequest {
        max_results: params.get("maxResults").and_then(Value::as_int),
        next_token: text(params, "nextToken"),
    };
    let machine_arn = || text(params, "stateMachineArn");
    Some(match op {
        "ListStateMachines" => catalog.machines(&request, now).map(|found| {
            page("stateMachines", found, |item| {
                members([
                    ("stateMachineArn", Some(item.arn.into())),
                    ("name", Some(item.name.into())),
                    ("type", Some(machine_type(item.machine_type))),
                    ("creationDate", Some(date(item.created_at))),
                ])
            })
        }),
        "ListStateMachineVersions" => {
            catalog.versions(&machine_arn()?, &request, now).map(|found| {
                page("stateMachineVersions", found, |item| {
                    members([
                        ("stateMachineVersionArn", Some(item.version_arn.into())),
                        ("creationDate", Some(date(item.created_at))),
                    ])
                })
            })
        }
        "ListStateMachineAliases" => catalog
            .aliases(&machine_arn()?, &request, now)
            .map(|found| page("stateMachineAliases", found, alias_item)),
        "ListActivities" => catalog.activities(&request, now).map(|found| {
            page("activities", found, |item| {
                members([
                    ("activityArn", Some(item.activity_arn.into())),
                    ("name", Some(item.name.into())),
                    ("creationDate", Some(date(item.created_at))),
                ])
            })
        }),
        _ => return None,
    })
}

fn decide(
    op: &str,
    params: &Value,
    catalog: &Catalog,
    world: &mut World,
) -> Option<Result<Value, Refusal>> {
    let now = world.now;
    let arn = |name| text(params, name);
    Some(match op {
        "CreateStateMachine" => {
            keep(world, catalog.create_machine(&new_machine(params)?, now), |created| {
                members([
                    ("stateMachineArn", Some(created.machine_arn.into())),
                    ("creationDate", Some(date(created.created_at))),
                    ("stateMachineVersionArn", created.version_arn.map(Value::from)),
                ])
            })
        }
        "UpdateStateMachine" => {
            let decided = catalog.update_machine(&update(params)?, now, &mut world.entropy);
            keep(world, decided, |updated| {
                let revision = updated.revision_id.shown().cloned();
                members([
                    ("updateDate", Some(date(updated.updated_at))),
                    ("revisionId", revision.map(Value::from)),
                    ("stateMachineVersionArn", updated.version_arn.map(Value::from)),
                ])
            })
        }
        "PublishStateMachineVersion" => {
            let (arn, revision) = (arn("stateMachineArn")?, text(params, "revisionId"));
            let description = text(params, "description");
            let decided = catalog.publish_version(&arn, revision.as_deref(), description, now);
            keep(world, decided, |published| {
                members([
                    ("stateMachineVersionArn", Some(published.version_arn.into())),
                    ("creationDate", Some(date(published.created_at))),
                ])
            })
        }
        "CreateStateMachineAlias" => {
            let description = text(params, "description");
            let routes = routes(params)?;
            let new = NewAlias { name: text(params, "name")?, description, routes };
            keep(world, catalog.create_alias(&new, now), alias_item)
        }
        "UpdateStateMachineAlias" => {
            let alias_arn = arn("stateMachineAliasArn")?;
            let update = AliasUpdate {
                alias_arn,
                description: text(params, "description"),
                routes: routes(params),
            };
            keep(world, catalog.update_alias(&update, now), |updated_at| {
                members([("updateDate", Some(date(updated_at)))])
            })
        }
        _ => return decide_small(op, params, catalog, world),
    })
}

/// What is answered with nothing, and activities.
fn decide_small(
    op: &str,
    params: &Value,
    catalog: &Catalog,
    world: &mut World,
) -> Option<Result<Value, Refusal>> {
    let now = world.now;
    let arn = |name| text(params, name);
    let nothing = |()| members([]);
    Some(match op {
        "CreateActivity" => {
            let new =
                NewActivity { name: text(params, "name")?, encryption: None, tags: tags(params) };
            keep(world, catalog.create_activity(&new, now), |item| {
                members([
                    ("activityArn", Some(item.activity_arn.into())),
                    ("creationDate", Some(date(item.created_at))),
                ])
            })
        }
        "DeleteStateMachine" => {
            keep(world, catalog.delete_machine(&arn("stateMachineArn")?, Occupancy::Idle), nothing)
        }
        "DeleteStateMachineVersion" => {
            keep(world, catalog.delete_version(&arn("stateMachineVersionArn")?), nothing)
        }
        "DeleteStateMachineAlias" => {
            keep(world, catalog.delete_alias(&arn("stateMachineAliasArn")?), nothing)
        }
        "DeleteActivity" => keep(world, catalog.delete_activity(&arn("activityArn")?), nothing),
        "TagResource" => {
            keep(world, catalog.tag_resource(&arn("resourceArn")?, &tags(params)), nothing)
        }
        "UntagResource" => {
            let keys = params.get("tagKeys")?.as_array()?.iter();
            let keys: Vec<Str> = keys.filter_map(Value::as_str).map(Str::from).collect();
            keep(world, catalog.untag_resource(&arn("resourceArn")?, &keys), nothing)
        }
        _ => return None,
    })
}

fn keep<T>(
    world: &mut World,
    decided: Decided<T>,
    show: impl FnOnce(T) -> Value,
) -> Result<Value, Refusal> {
    let decision = decided?;
    world.keep(&decision.change);
    Ok(show(decision.answer))
}

fn text(params: &Value, name: &str) -> Option<Str> {
    params.get(name)?.as_str().map(Str::from)
}

fn flag(params: &Value, name: &str) -> bool {
    params.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn new_machine(params: &Value) -> Option<NewMachine> {
    Some(NewMachine {
        name: text(params, "name")?,
        definition: text(params, "definition")?,
        role_arn: text(params, "roleArn")?,
        machine_type: match params.get("type").and_then(Value::as_str) {
            Some("EXPRESS") => MachineType::Express,
            _ => MachineType::Standard,
        },
        logging: params.get("loggingConfiguration").map(logging),
        tracing: params.get("tracingConfiguration").map(tracing),
        encryption: params.get("encryptionConfiguration").and_then(new_encryption),
        tags: tags(params),
        publish: flag(params, "publish"),
        version_description: text(params, "versionDescription"),
    })
}

fn update(params: &Value) -> Option<MachineUpdate> {
    Some(MachineUpdate {
        machine_arn: text(params, "stateMachineArn")?,
        definition: text(params, "definition"),
        role_arn: text(params, "roleArn"),
        logging: params.get("loggingConfiguration").map(logging),
        tracing: params.get("tracingConfiguration").map(tracing),
        encryption: params.get("encryptionConfiguration").and_then(new_encryption),
        publish: flag(params, "publish"),
        version_description: text(params, "versionDescription"),
    })
}

fn logging(params: &Value) -> Logging {
    let group =
        |destination: &Value| text(destination.get("cloudWatchLogsLogGroup")?, "logGroupArn");
    let destinations = params.get("destinations").and_then(Value::as_array);
    Logging {
        level: match params.get("level").and_then(Value::as_str) {
            Some("ALL") => LogLevel::All,
            Some("ERROR") => LogLevel::Error,
            Some("FATAL") => LogLevel::Fatal,
            _ => LogLevel::Off,
        },
        include_execution_data: flag(params, "includeExecutionData"),
        destinations: destinations.map(|all| all.iter().filter_map(group).collect()),
    }
}

fn tracing(params: &Value) -> Tracing {
    if flag(params, "enabled") { Tracing::Enabled } else { Tracing::Disabled }
}

fn new_encryption(params: &Value) -> Option<NewEncryption> {
    Some(NewEncryption {
        kind: match params.get("type")?.as_str()? {
            "AWS_OWNED_KEY" => EncryptionType::AwsOwnedKey,
            _ => EncryptionType::CustomerManagedKmsKey,
        },
        kms_key_id: text(params, "kmsKeyId"),
        data_key_reuse_seconds: params.get("kmsDataKeyReusePeriodSeconds").and_then(Value::as_int),
    })
}

fn routes(params: &Value) -> Option<Vec<Route>> {
    let routes = params.get("routingConfiguration")?.as_array()?.iter();
    routes
        .map(|route| {
            let version_arn = text(route, "stateMachineVersionArn")?;
            Some(Route { version_arn, weight: route.get("weight")?.as_int()? })
        })
        .collect()
}

fn tags(params: &Value) -> Vec<Tag> {
    let tags = params.get("tags").and_then(Value::as_array).unwrap_or_default().iter();
    tags.filter_map(|tag| Some(Tag { key: text(tag, "key")?, value: text(tag, "value")? }))
        .collect()
}

fn members<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let given = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
    Value::from(given.collect::<Object>())
}

fn page<T>(name: &str, page: Page<T>, show: impl FnMut(T) -> Value) -> Value {
    let items: Vec<Value> = page.items.into_iter().map(show).collect();
    members([(name, Some(items.into())), ("nextToken", page.next_token.map(Value::from))])
}

fn date(time: Timestamp) -> Value {
    Value::Int(time.unix_seconds())
}

fn machine_type(machine_type: MachineType) -> Value {
    match machine_type {
        MachineType::Standard => "STANDARD".into(),
        MachineType::Express => "EXPRESS".into(),
    }
}

fn encryption(encryption: &Encryption) -> Value {
    match encryption {
        Encryption::AwsOwnedKey => members([("type", Some("AWS_OWNED_KEY".into()))]),
        Encryption::CustomerManagedKmsKey { key_id, .. } => members([
            ("type", Some("CUSTOMER_MANAGED_KMS_KEY".into())),
            ("kmsKeyId", Some(Str::clone(key_id).into())),
        ]),
    }
}

fn alias_item(item: AliasItem) -> Value {
    members([
        ("stateMachineAliasArn", Some(item.alias_arn.into())),
        ("creationDate", Some(date(item.created_at))),
    ])
}

fn alias(alias: AliasDescription) -> Value {
    let routes = alias.routes.into_iter().map(|route| {
        members([
            ("stateMachineVersionArn", Some(route.version_arn.into())),
            ("weight", Some(route.weight.into())),
        ])
    });
    members([
        ("stateMachineAliasArn", Some(alias.alias_arn.into())),
        ("name", Some(alias.name.into())),
        ("description", alias.description.map(Value::from)),
        ("routingConfiguration", Some(routes.collect::<Vec<_>>().into())),
        ("creationDate", Some(date(alias.created_at))),
        ("updateDate", Some(date(alias.updated_at))),
    ])
}

fn machine(machine: MachineDescription) -> Value {
    let references = machine.variable_references.into_iter().map(|(state, names)| {
        (state, Value::from(names.into_iter().map(Value::from).collect::<Vec<_>>()))
    });
    let references: Object = references.collect();
    let groups = machine.logging.destinations.map(|groups| {
        let group = |arn: Str| {
            let group = members([("logGroupArn", Some(arn.into()))]);
            members([("cloudWatchLogsLogGroup", Some(group))])
        };
        Value::from(groups.into_iter().map(group).collect::<Vec<_>>())
    });
    let logging = members([
        ("level", Some(machine.logging.level.as_str().into())),
        ("includeExecutionData", Some(machine.logging.include_execution_data.into())),
        ("destinations", groups),
    ]);
    let tracing = members([("enabled", Some((machine.tracing == Tracing::Enabled).into()))]);
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
        ("type", Some(machine_type(machine.machine_type))),
        ("creationDate", Some(date(machine.created_at))),
        ("loggingConfiguration", Some(logging)),
        ("tracingConfiguration", Some(tracing)),
        ("encryptionConfiguration", Some(encryption(&machine.encryption))),
        ("revisionId", machine.revision_id.shown().cloned().map(Value::from)),
        ("description", machine.description.map(Value::from)),
        ("variableReferences", Some(references).filter(|all| !all.is_empty()).map(Value::from)),
    ])
}

fn refusal_name(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ActivityAlreadyExists(_) => "ActivityAlreadyExists",
        Refusal::ActivityDoesNotExist(_) => "ActivityDoesNotExist",
        Refusal::ActivityLimitExceeded(_) => "ActivityLimitExceeded",
        Refusal::Conflict(_) => "ConflictException",
        Refusal::InvalidArn(_) => "InvalidArn",
        Refusal::InvalidDefinition(_) => "InvalidDefinition",
        Refusal::InvalidEncryptionConfiguration(_) => "InvalidEncryptionConfiguration",
        Refusal::InvalidLoggingConfiguration(_) => "InvalidLoggingConfiguration",
        Refusal::InvalidName(_) => "InvalidName",
        Refusal::InvalidToken => "InvalidToken",
        Refusal::MissingRequiredParameter => "MissingRequiredParameter",
        Refusal::ResourceNotFound(_) | Refusal::ReferenceNotFound(_) => "ResourceNotFound",
        Refusal::ServiceQuotaExceeded(_) => "ServiceQuotaExceededException",
        Refusal::StateMachineAlreadyExists(_) => "StateMachineAlreadyExists",
        Refusal::StateMachineDeleting(_) => "StateMachineDeleting",
        Refusal::StateMachineDoesNotExist(_) => "StateMachineDoesNotExist",
        Refusal::StateMachineLimitExceeded(_) => "StateMachineLimitExceeded",
        Refusal::TooManyTags { .. } => "TooManyTags",
        Refusal::Validation(_) => "ValidationException",
    }
}
