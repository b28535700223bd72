//! How a machine logs, traces and encrypts, and its tags: read and shown.

use stepwell_asl::MachineType;
use stepwell_catalog::{
    Encryption, EncryptionType, IncludedData, LogLevel, Logging, NewEncryption, Tag, Tracing,
};
use stepwell_value::{Object, Str, Value};

use crate::request::{Members, Words};
use crate::response::members;

const ARN_LENGTH_MAX: usize = 256;

static MACHINE_TYPES: Words<MachineType> = Words {
    names: &["STANDARD", "EXPRESS"],
    values: &[MachineType::Standard, MachineType::Express],
};

static LOG_LEVELS: Words<LogLevel> = Words {
    names: &["ALL", "FATAL", "OFF", "ERROR"],
    values: &[LogLevel::All, LogLevel::Fatal, LogLevel::Off, LogLevel::Error],
};

static ENCRYPTION_TYPES: Words<EncryptionType> = Words {
    names: &["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"],
    values: &[EncryptionType::AwsOwnedKey, EncryptionType::CustomerManagedKmsKey],
};

static INCLUDED_DATA: Words<IncludedData> = Words {
    names: &["ALL_DATA", "METADATA_ONLY"],
    values: &[IncludedData::All, IncludedData::MetadataOnly],
};

pub(super) fn machine_type(asked: &Members<'_>) -> Option<MachineType> {
    asked.word("type", &MACHINE_TYPES)
}

pub(super) fn included_data(asked: &Members<'_>) -> IncludedData {
    asked.word("includedData", &INCLUDED_DATA).unwrap_or_default()
}

pub(super) fn logging(asked: &Members<'_>) -> Option<Logging> {
    let asked = asked.structure("loggingConfiguration")?;
    let group = |destination: &Members<'_>| {
        let group = destination.structure("cloudWatchLogsLogGroup");
        let arn = group.and_then(|group| group.text_within("logGroupArn", 1..=ARN_LENGTH_MAX));
        arn.unwrap_or_else(|| Str::from(""))
    };
    let destinations = asked.structures("destinations");
    Some(Logging {
        level: asked.word("level", &LOG_LEVELS).unwrap_or_default(),
        include_execution_data: asked.flag("includeExecutionData").unwrap_or(false),
        destinations: destinations.map(|all| all.iter().map(group).collect()),
    })
}

pub(super) fn tracing(asked: &Members<'_>) -> Option<Tracing> {
    let enabled = asked.structure("tracingConfiguration")?.flag("enabled").unwrap_or(false);
    Some(if enabled { Tracing::Enabled } else { Tracing::Disabled })
}

pub(super) fn encryption(asked: &Members<'_>) -> Option<NewEncryption> {
    let asked = asked.structure("encryptionConfiguration")?;
    let kind = asked.word("type", &ENCRYPTION_TYPES);
    let is_given = kind.is_some() || asked.text("type").is_some();
    Some(NewEncryption {
        kind: match kind {
            Some(kind) => kind,
            None if is_given => EncryptionType::AwsOwnedKey,
            None => asked.missing("type", EncryptionType::AwsOwnedKey),
        },
        kms_key_id: asked.text("kmsKeyId"),
        data_key_reuse_seconds: asked.int("kmsDataKeyReusePeriodSeconds"),
    })
}

pub(super) fn tags(asked: &Members<'_>) -> Vec<Tag> {
    let tag = |tag: Members<'_>| {
        let part = |name| tag.text(name).unwrap_or_else(|| Str::from(""));
        Tag { key: part("key"), value: part("value") }
    };
    asked.structures("tags").unwrap_or_default().into_iter().map(tag).collect()
}

pub(super) fn shown_type(machine_type: MachineType) -> Value {
    match machine_type {
        MachineType::Standard => "STANDARD".into(),
        MachineType::Express => "EXPRESS".into(),
    }
}

pub(super) fn shown_logging(logging: Logging) -> Value {
    let group = |arn: Str| {
        let group = members([("logGroupArn", Some(arn.into()))]);
        Value::from(members([("cloudWatchLogsLogGroup", Some(group.into()))]))
    };
    let groups = logging.destinations;
    let groups = groups.map(|all| Value::from(all.into_iter().map(group).collect::<Vec<_>>()));
    let shown = members([
        ("level", Some(logging.level.as_str().into())),
        ("includeExecutionData", Some(logging.include_execution_data.into())),
        ("destinations", groups),
    ]);
    shown.into()
}

pub(super) fn shown_tracing(tracing: Tracing) -> Value {
    members([("enabled", Some((tracing == Tracing::Enabled).into()))]).into()
}

pub(super) fn shown_encryption(encryption: &Encryption) -> Value {
    let shown = match encryption {
        Encryption::AwsOwnedKey => members([("type", Some("AWS_OWNED_KEY".into()))]),
        Encryption::CustomerManagedKmsKey { key_id, data_key_reuse_seconds } => members([
            ("type", Some("CUSTOMER_MANAGED_KMS_KEY".into())),
            ("kmsKeyId", Some(Str::clone(key_id).into())),
            ("kmsDataKeyReusePeriodSeconds", data_key_reuse_seconds.map(Value::from)),
        ]),
    };
    shown.into()
}

pub(super) fn shown_tags(tags: Vec<Tag>) -> Value {
    let tag = |tag: Tag| Value::from(Object::from_iter([("key", tag.key), ("value", tag.value)]));
    tags.into_iter().map(tag).collect::<Vec<_>>().into()
}
