//! From a document to its record.

use std::collections::BTreeMap;

use stepwell_asl::{MachineType, Timestamp};
use stepwell_journal::{Digest, Document, Revision};
use stepwell_value::{Object, Str, Value};

use super::{Corrupt, FORMAT};
use crate::change::Write;
use crate::record::{
    ActivityRecord, AliasRecord, MachineRecord, Publication, RevisionId, RevisionRecord, Status,
    SupersededRecord, Terms, VersionRecord,
};
use crate::routing::{Routing, Share};
use crate::settings::{Encryption, LogLevel, Logging, Tracing};

/// A document without a text is the removal of its record.
pub(crate) fn decode(document: &Document) -> Result<Write, Corrupt> {
    let Document { key, text } = document;
    let members = text.as_ref().map(|text| Members::read(key, text)).transpose()?;
    let members = members.as_ref();
    let parts: Vec<&str> = key.split('/').collect();
    Ok(match *parts.as_slice() {
        ["machine", name] => {
            Write::Machine { name: name.into(), record: members.map(machine).transpose()? }
        }
        ["machine", name, "revision", id] => Write::Revision {
            machine: name.into(),
            id: RevisionId::parse(id),
            record: members.map(revision).transpose()?,
        },
        ["machine", name, "superseded", id] => Write::Superseded {
            machine: name.into(),
            id: RevisionId::parse(id),
            record: members.map(superseded).transpose()?,
        },
        ["machine", name, "version", number] => Write::Version {
            machine: name.into(),
            number: number.parse().map_err(|_not_a_number| Corrupt::Key(Str::clone(key)))?,
            record: members.map(version).transpose()?,
        },
        ["machine", machine, "alias", name] => Write::Alias {
            machine: machine.into(),
            name: name.into(),
            record: members.map(alias).transpose()?,
        },
        ["activity", name] => {
            Write::Activity { name: name.into(), record: members.map(activity).transpose()? }
        }
        _ => return Err(Corrupt::Key(Str::clone(key))),
    })
}

fn machine(members: &Members<'_>) -> Result<MachineRecord, Corrupt> {
    let description = members.optional("createdWithDescription", text)?;
    let publication = if members.required("createdWithVersion", Value::as_bool)? {
        Publication::Version { description }
    } else {
        Publication::None
    };
    Ok(MachineRecord {
        machine_type: members.required("type", |value| match value.as_str()? {
            "STANDARD" => Some(MachineType::Standard),
            "EXPRESS" => Some(MachineType::Express),
            _ => None,
        })?,
        status: members.required("status", |value| match value.as_str()? {
            "ACTIVE" => Some(Status::Active),
            "DELETING" => Some(Status::Deleting),
            _ => None,
        })?,
        created_at: members.required("createdAt", time)?,
        publication,
        revision: members.required("revision", revision_id)?,
        last_version: members.required("lastVersion", number)?,
        tags: members.required("tags", tags)?,
    })
}

fn revision(members: &Members<'_>) -> Result<RevisionRecord, Corrupt> {
    Ok(RevisionRecord {
        definition: Revision::new(members.required("definition", text)?),
        terms: terms(members)?,
    })
}

fn superseded(members: &Members<'_>) -> Result<SupersededRecord, Corrupt> {
    Ok(SupersededRecord {
        definition: members.required("definitionSha256", digest)?,
        terms: terms(members)?,
    })
}

fn terms(members: &Members<'_>) -> Result<Terms, Corrupt> {
    Ok(Terms {
        role_arn: members.required("roleArn", text)?,
        logging: members.required("logging", logging)?,
        tracing: if members.required("tracing", Value::as_bool)? {
            Tracing::Enabled
        } else {
            Tracing::Disabled
        },
        encryption: members.required("encryption", encryption)?,
        created_at: members.required("createdAt", time)?,
        previous: members.optional("previous", revision_id)?,
    })
}

fn version(members: &Members<'_>) -> Result<VersionRecord, Corrupt> {
    Ok(VersionRecord {
        revision: members.required("revision", revision_id)?,
        description: members.optional("description", text)?,
        created_at: members.required("createdAt", time)?,
    })
}

fn alias(members: &Members<'_>) -> Result<AliasRecord, Corrupt> {
    Ok(AliasRecord {
        description: members.optional("description", text)?,
        routing: members.required("routes", routing)?,
        created_at: members.required("createdAt", time)?,
        updated_at: members.required("updatedAt", time)?,
    })
}

fn activity(members: &Members<'_>) -> Result<ActivityRecord, Corrupt> {
    Ok(ActivityRecord {
        created_at: members.required("createdAt", time)?,
        encryption: members.required("encryption", encryption)?,
        tags: members.required("tags", tags)?,
    })
}

fn text(value: &Value) -> Option<Str> {
    value.as_str().map(Str::from)
}

fn time(value: &Value) -> Option<Timestamp> {
    Timestamp::parse(value.as_str()?)
}

fn number(value: &Value) -> Option<u64> {
    u64::try_from(value.as_int()?).ok()
}

fn revision_id(value: &Value) -> Option<RevisionId> {
    value.as_str().map(RevisionId::parse)
}

/// As a digest is shown.
fn digest(value: &Value) -> Option<Digest> {
    let text = value.as_str().filter(|text| text.len() == 64)?;
    let mut bytes = [0; 32];
    for (nth, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * nth..2 * nth + 2)?, 16).ok()?;
    }
    Some(Digest(bytes))
}

fn tags(value: &Value) -> Option<BTreeMap<Str, Str>> {
    let members = value.as_object()?.iter();
    members.map(|(key, value)| Some((Str::clone(key), text(value)?))).collect()
}

fn logging(value: &Value) -> Option<Logging> {
    let level = value.get("level")?.as_str()?;
    let destinations = match value.get("destinations") {
        Some(groups) => Some(groups.as_array()?.iter().map(text).collect::<Option<_>>()?),
        None => None,
    };
    Some(Logging {
        level: LogLevel::ALL.into_iter().find(|known| known.as_str() == level)?,
        include_execution_data: value.get("includeExecutionData")?.as_bool()?,
        destinations,
    })
}

fn encryption(value: &Value) -> Option<Encryption> {
    let object = value.as_object()?;
    let Some(key_id) = object.get("keyId") else { return Some(Encryption::AwsOwnedKey) };
    let data_key_reuse_seconds = match object.get("dataKeyReuseSeconds") {
        Some(seconds) => Some(u32::try_from(seconds.as_int()?).ok()?),
        None => None,
    };
    Some(Encryption::CustomerManagedKmsKey { key_id: text(key_id)?, data_key_reuse_seconds })
}

fn routing(value: &Value) -> Option<Routing> {
    let shares = value.as_array()?.iter().map(|route| {
        let weight = u8::try_from(route.get("weight")?.as_int()?).ok()?;
        Some(Share { version: number(route.get("version")?)?, weight })
    });
    Routing::of(shares.collect::<Option<_>>()?)
}

/// The members of a document.
struct Members<'a> {
    key: &'a Str,
    object: Object,
}

impl<'a> Members<'a> {
    fn read(key: &'a Str, text: &str) -> Result<Self, Corrupt> {
        let json = |problem: String| Corrupt::Json { key: Str::clone(key), problem };
        let object = match Value::parse(text).map_err(|error| json(error.to_string()))? {
            Value::Object(object) => object,
            other => return Err(json(format!("it is a {}", other.kind()))),
        };
        let found = object.get("format").and_then(Value::as_int);
        if found != Some(FORMAT) {
            return Err(Corrupt::Format { key: Str::clone(key), found });
        }
        Ok(Self { key, object })
    }

    fn required<T>(
        &self,
        member: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, Corrupt> {
        self.optional(member, read)?.ok_or_else(|| self.wrong(member))
    }

    fn optional<T>(
        &self,
        member: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, Corrupt> {
        match self.object.get(member) {
            Some(value) => read(value).map(Some).ok_or_else(|| self.wrong(member)),
            None => Ok(None),
        }
    }

    fn wrong(&self, member: &'static str) -> Corrupt {
        Corrupt::Member { key: Str::clone(self.key), member }
    }
}
