//! Records as documents: JSON that a person can read, each with the version of its format.
//!
//! | key | what it holds |
//! |---|---|
//! | `machine/NAME` | a machine, without what a revision has |
//! | `machine/NAME/revision/ID` | a definition with its role and settings |
//! | `machine/NAME/superseded/ID` | a former revision, with its definition's hash |
//! | `machine/NAME/version/NUMBER` | which revision a version is |
//! | `machine/NAME/alias/NAME` | an alias with its routes |
//! | `activity/NAME` | an activity |
//!
//! No name has a slash in it. A definition stands in one document for each revision, so that a tag
//! or an alias never has it written again.

use stepwell_value::Str;

use crate::change::Write;
use crate::record::{Machine, RevisionId};

pub(crate) use decode::decode;
pub(crate) use encode::encode;

mod decode;
mod encode;

/// The version of the format of every document.
const FORMAT: i64 = 1;

/// The documents do not make a catalog.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Corrupt {
    #[error("document `{0}` has a key that no record has")]
    Key(Str),
    #[error("document `{key}` is not a JSON object: {problem}")]
    Json { key: Str, problem: String },
    #[error("document `{key}` has format {found:?}, and only format {FORMAT} can be read")]
    Format { key: Str, found: Option<i64> },
    #[error("document `{key}`: `{member}` is missing or not what it should be")]
    Member { key: Str, member: &'static str },
    #[error("document `{referrer}` refers to `{key}`, which is not there")]
    Missing { key: Str, referrer: Str },
}

pub(crate) fn key(write: &Write) -> Str {
    match write {
        Write::Machine { name, .. } => machine_key(name),
        Write::Revision { machine, id, .. } => revision_key(machine, id),
        Write::Superseded { machine, id, .. } => {
            format!("machine/{machine}/superseded/{id}").into()
        }
        Write::Version { machine, number, .. } => version_key(machine, *number),
        Write::Alias { machine, name, .. } => format!("machine/{machine}/alias/{name}").into(),
        Write::Activity { name, .. } => format!("activity/{name}").into(),
    }
}

pub(crate) fn machine_key(name: &str) -> Str {
    format!("machine/{name}").into()
}

fn revision_key(machine: &str, id: &RevisionId) -> Str {
    format!("machine/{machine}/revision/{id}").into()
}

fn version_key(machine: &str, number: u64) -> Str {
    format!("machine/{machine}/version/{number}").into()
}

/// Whether everything to which the parts of a machine refer is there.
pub(crate) fn whole(name: &str, machine: &Machine) -> Result<(), Corrupt> {
    let revision = |id: &RevisionId, referrer: &dyn Fn() -> Str| {
        let is_there = machine.revisions.contains_key(id);
        let missing = || Corrupt::Missing { key: revision_key(name, id), referrer: referrer() };
        is_there.then_some(()).ok_or_else(missing)
    };
    revision(&machine.record.revision, &|| machine_key(name))?;
    for (number, version) in &machine.versions {
        revision(&version.revision, &|| version_key(name, *number))?;
        if *number > machine.record.last_version {
            return Err(Corrupt::Member { key: machine_key(name), member: "lastVersion" });
        }
    }
    for (alias, record) in &machine.aliases {
        let gone = record.routing.versions().find(|number| !machine.versions.contains_key(number));
        if let Some(number) = gone {
            let referrer = format!("machine/{name}/alias/{alias}").into();
            return Err(Corrupt::Missing { key: version_key(name, number), referrer });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
