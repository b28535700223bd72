//! From a record to its document.

use std::collections::BTreeMap;

use stepwell_asl::{MachineType, Timestamp};
use stepwell_journal::Document;
use stepwell_value::{Object, Str, Value};

use super::{FORMAT, key};
use crate::change::Write;
use crate::record::{
    ActivityRecord, AliasRecord, MachineRecord, Publication, RevisionRecord, Status,
    SupersededRecord, Terms, VersionRecord,
};
use crate::settings::{Encryption, Logging, Tracing};

pub(crate) fn encode(write: &Write) -> Document {
    let members = match write {
        Write::Machine { record, .. } => record.as_ref().map(machine),
        Write::Revision { record, .. } => record.as_ref().map(revision),
        Write::Superseded { record, .. } => record.as_ref().map(superseded),
        Write::Version { record, .. } => record.as_ref().map(version),
        Write::Alias { record, .. } => record.as_ref().map(alias),
        Write::Activity { record, .. } => record.as_ref().map(activity),
    };
    let text = members.map(|members| {
        let all = [("format", Some(Value::Int(FORMAT)))].into_iter().chain(members);
        let object: Object =
            all.filter_map(|(name, value)| value.map(|value| (name, value))).collect();
        Value::Object(object).to_string().into()
    });
    Document { key: key(write), text }
}

/// Members in the order in which they are shown; one without a value is left out.
type Members = Vec<(&'static str, Option<Value>)>;

fn machine(record: &MachineRecord) -> Members {
    let machine_type = match record.machine_type {
        MachineType::Standard => "STANDARD",
        MachineType::Express => "EXPRESS",
    };
    let status = match record.status {
        Status::Active => "ACTIVE",
        Status::Deleting => "DELETING",
    };
    let (published, description) = match &record.publication {
        Publication::None => (false, None),
        Publication::Version { description } => (true, description.as_ref()),
    };
    vec![
        ("type", Some(machine_type.into())),
        ("status", Some(status.into())),
        ("createdAt", Some(time(record.created_at))),
        ("createdWithVersion", Some(published.into())),
        ("createdWithDescription", description.map(text)),
        ("revision", Some(record.revision.to_string().into())),
        ("lastVersion", Some(number(record.last_version))),
        ("tags", Some(tags(&record.tags))),
    ]
}

fn revision(record: &RevisionRecord) -> Members {
    let mut members = terms(&record.terms);
    members.push(("definition", Some(text(record.definition.text()))));
    members
}

fn superseded(record: &SupersededRecord) -> Members {
    let mut members = terms(&record.terms);
    members.push(("definitionSha256", Some(record.definition.to_string().into())));
    members
}

fn terms(terms: &Terms) -> Members {
    vec![
        ("createdAt", Some(time(terms.created_at))),
        ("previous", terms.previous.as_ref().map(|id| id.to_string().into())),
        ("roleArn", Some(text(&terms.role_arn))),
        ("logging", Some(logging(&terms.logging))),
        ("tracing", Some(matches!(terms.tracing, Tracing::Enabled).into())),
        ("encryption", Some(encryption(&terms.encryption))),
    ]
}

fn version(record: &VersionRecord) -> Members {
    vec![
        ("revision", Some(record.revision.to_string().into())),
        ("description", record.description.as_ref().map(text)),
        ("createdAt", Some(time(record.created_at))),
    ]
}

fn alias(record: &AliasRecord) -> Members {
    let routes = record.routing.shares().iter().map(|share| {
        let members =
            [("version", number(share.version)), ("weight", Value::Int(share.weight.into()))];
        Value::from(Object::from_iter(members))
    });
    vec![
        ("description", record.description.as_ref().map(text)),
        ("routes", Some(Value::from(routes.collect::<Vec<_>>()))),
        ("createdAt", Some(time(record.created_at))),
        ("updatedAt", Some(time(record.updated_at))),
    ]
}

fn activity(record: &ActivityRecord) -> Members {
    vec![
        ("createdAt", Some(time(record.created_at))),
        ("encryption", Some(encryption(&record.encryption))),
        ("tags", Some(tags(&record.tags))),
    ]
}

fn logging(logging: &Logging) -> Value {
    let mut object = Object::new();
    object.insert("level", logging.level.as_str());
    object.insert("includeExecutionData", logging.include_execution_data);
    if let Some(groups) = &logging.destinations {
        object.insert("destinations", groups.iter().map(text).collect::<Vec<_>>());
    }
    Value::from(object)
}

/// The key of the service is an empty object.
fn encryption(encryption: &Encryption) -> Value {
    let mut object = Object::new();
    match encryption {
        Encryption::AwsOwnedKey => {}
        Encryption::CustomerManagedKmsKey { key_id, data_key_reuse_seconds } => {
            object.insert("keyId", text(key_id));
            if let Some(seconds) = data_key_reuse_seconds {
                object.insert("dataKeyReuseSeconds", *seconds);
            }
        }
    }
    Value::from(object)
}

fn tags(tags: &BTreeMap<Str, Str>) -> Value {
    let members = tags.iter().map(|(key, value)| (Str::clone(key), text(value)));
    Value::from(members.collect::<Object>())
}

fn text(text: &Str) -> Value {
    Value::from(Str::clone(text))
}

fn time(time: Timestamp) -> Value {
    time.to_string().into()
}

fn number(number: u64) -> Value {
    Value::Int(i64::try_from(number).expect("nobody publishes that many versions"))
}
