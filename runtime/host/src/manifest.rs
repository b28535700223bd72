//! `task.toml`: what a task says about itself and asks for.
//!
//! The manifest is checked whole when it is read: unknown keys, limits out of range and impossible
//! paths are refused here, so that what comes out can be used without another look.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::capabilities::{Access, Capabilities, Directory, EnvironmentValue};
use crate::limits::{LOG_BYTES_MAX, Limits, MEMORY_BYTES_MAX, OUTPUT_BYTES_MAX, TIMEOUT_MAX};
use crate::near::nearest;
use crate::{Version, task_ref};

/// A manifest that was read and found good.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    pub description: Option<String>,
    /// Whether the task may be run again after a crash, when nobody knows how far it came.
    pub idempotent: bool,
    /// Versions by alias.
    pub aliases: BTreeMap<String, Version>,
    /// What the task asks for.
    pub capabilities: Capabilities,
    limits: RawLimits,
}

/// What running a task can do to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: see [`Capabilities::is_pure`].
    None,
    /// Something that doing it twice does not change.
    Repeatable,
    /// Something that must not be done twice.
    Once,
}

/// Why a manifest is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("{}", .message.trim_end())]
    Toml { message: String },
    #[error("unknown key `{key}`{}", .meant.as_ref().map_or_else(
        || format!("; the keys here are {}", .known.join(", ")),
        |meant| format!("; is `{meant}` meant?"),
    ))]
    UnknownKey { key: String, meant: Option<String>, known: Vec<String> },
    #[error("alias `{alias}` names `{version}`, which is not a version such as `1.2.0`")]
    AliasVersion { alias: String, version: String },
    #[error("alias `{alias}` has to consist of letters, digits, `-` and `_`")]
    AliasName { alias: String },
    #[error("`limits.{key}` is {value}, but has to be above 0 and at most {max}")]
    Limit { key: &'static str, value: String, max: String },
    #[error("`capabilities.environment`: `{name:?}` cannot be a variable's name")]
    EnvironmentName { name: String },
    #[error("`capabilities.environment.{name}`: the value holds a NUL character")]
    EnvironmentText { name: String },
    #[error(
        "`capabilities.directories`: guest path `{guest}` has to be absolute, without `.`, `..` \
         or a slash at the end"
    )]
    GuestPath { guest: String },
    #[error("`capabilities.directories`: guest path `{guest}` is granted twice")]
    GuestPathTwice { guest: String },
    #[error("`capabilities.directories`: the host path of `{guest}` is empty")]
    HostPathEmpty { guest: String },
}

impl Manifest {
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let table: toml::Table = text.parse().map_err(|error| toml_error(&error))?;
        check_keys(&table)?;
        let raw: RawManifest = toml::from_str(text).map_err(|error| toml_error(&error))?;
        raw.limits.check()?;
        Ok(Self {
            description: raw.description,
            idempotent: raw.idempotent,
            aliases: checked_aliases(raw.aliases)?,
            capabilities: Capabilities {
                environment: checked_environment(raw.capabilities.environment)?,
                directories: checked_directories(raw.capabilities.directories)?,
            },
            limits: raw.limits,
        })
    }

    /// What running the task can do to the world.
    pub fn effect(&self) -> Effect {
        match (self.capabilities.is_pure(), self.idempotent) {
            (true, _) => Effect::None,
            (false, true) => Effect::Repeatable,
            (false, false) => Effect::Once,
        }
    }

    /// The host's defaults with the manifest's own limits in their place.
    pub fn limits(&self, defaults: &Limits) -> Limits {
        let RawLimits { timeout_seconds, memory_mib, output_kib, log_kib } = self.limits;
        Limits {
            timeout: timeout_seconds.map_or(defaults.timeout, Duration::from_secs_f64),
            memory_bytes: memory_mib.map_or(defaults.memory_bytes, |mib| mib << 20),
            output_bytes: output_kib.map_or(defaults.output_bytes, |kib| kib << 10),
            log_bytes: log_kib.map_or(defaults.log_bytes, |kib| kib << 10),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawManifest {
    description: Option<String>,
    idempotent: bool,
    aliases: BTreeMap<String, String>,
    capabilities: RawCapabilities,
    limits: RawLimits,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawCapabilities {
    environment: BTreeMap<String, RawEnvironmentValue>,
    directories: Vec<RawDirectory>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or { from = \"HOST_VARIABLE\" }")]
enum RawEnvironmentValue {
    Literal(String),
    FromHost { from: String },
}

#[derive(Deserialize)]
struct RawDirectory {
    guest: String,
    host: PathBuf,
    access: RawAccess,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawAccess {
    Read,
    Write,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct RawLimits {
    timeout_seconds: Option<f64>,
    memory_mib: Option<usize>,
    output_kib: Option<usize>,
    log_kib: Option<usize>,
}

impl RawLimits {
    fn check(&self) -> Result<(), ManifestError> {
        check_timeout(self.timeout_seconds)?;
        check_size("memory_mib", self.memory_mib, MEMORY_BYTES_MAX >> 20)?;
        check_size("output_kib", self.output_kib, OUTPUT_BYTES_MAX >> 10)?;
        check_size("log_kib", self.log_kib, LOG_BYTES_MAX >> 10)
    }
}

fn check_timeout(seconds: Option<f64>) -> Result<(), ManifestError> {
    let max = TIMEOUT_MAX.as_secs_f64();
    match seconds {
        Some(value) if !(value > 0.0 && value <= max) => Err(ManifestError::Limit {
            key: "timeout_seconds",
            value: value.to_string(),
            max: max.to_string(),
        }),
        Some(_) | None => Ok(()),
    }
}

fn check_size(key: &'static str, value: Option<usize>, max: usize) -> Result<(), ManifestError> {
    match value {
        Some(value) if !(1..=max).contains(&value) => {
            Err(ManifestError::Limit { key, value: value.to_string(), max: max.to_string() })
        }
        Some(_) | None => Ok(()),
    }
}

const KEYS: [&str; 5] = ["description", "idempotent", "aliases", "capabilities", "limits"];
const CAPABILITY_KEYS: [&str; 2] = ["environment", "directories"];
const ENVIRONMENT_KEYS: [&str; 1] = ["from"];
const DIRECTORY_KEYS: [&str; 3] = ["guest", "host", "access"];
const LIMIT_KEYS: [&str; 4] = ["timeout_seconds", "memory_mib", "output_kib", "log_kib"];

/// Refuses keys that mean nothing. A value of the wrong type is left to the deserialiser, which
/// says where it stands.
fn check_keys(manifest: &toml::Table) -> Result<(), ManifestError> {
    known_keys("", manifest, &KEYS)?;
    if let Some(limits) = table(manifest, "limits") {
        known_keys("limits.", limits, &LIMIT_KEYS)?;
    }
    let Some(capabilities) = table(manifest, "capabilities") else { return Ok(()) };
    known_keys("capabilities.", capabilities, &CAPABILITY_KEYS)?;
    for (name, value) in table(capabilities, "environment").into_iter().flatten() {
        if let Some(value) = value.as_table() {
            known_keys(&format!("capabilities.environment.{name}."), value, &ENVIRONMENT_KEYS)?;
        }
    }
    let directories = capabilities.get("directories").and_then(toml::Value::as_array);
    for directory in directories.into_iter().flatten().filter_map(toml::Value::as_table) {
        known_keys("capabilities.directories.", directory, &DIRECTORY_KEYS)?;
    }
    Ok(())
}

fn table<'a>(parent: &'a toml::Table, key: &str) -> Option<&'a toml::Table> {
    parent.get(key).and_then(toml::Value::as_table)
}

fn known_keys(prefix: &str, table: &toml::Table, known: &[&str]) -> Result<(), ManifestError> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(ManifestError::UnknownKey {
            key: format!("{prefix}{key}"),
            meant: nearest(key, known.iter().copied()).map(|near| format!("{prefix}{near}")),
            known: known.iter().map(|key| format!("`{prefix}{key}`")).collect(),
        }),
    }
}

fn checked_aliases(
    raw: BTreeMap<String, String>,
) -> Result<BTreeMap<String, Version>, ManifestError> {
    let check = |(alias, version): (String, String)| {
        if !task_ref::is_alias(&alias) {
            return Err(ManifestError::AliasName { alias });
        }
        match Version::parse(&version) {
            Some(version) => Ok((alias, version)),
            None => Err(ManifestError::AliasVersion { alias, version }),
        }
    };
    raw.into_iter().map(check).collect()
}

fn checked_environment(
    raw: BTreeMap<String, RawEnvironmentValue>,
) -> Result<BTreeMap<String, EnvironmentValue>, ManifestError> {
    let is_name = |name: &str| !name.is_empty() && !name.contains(['=', '\0']);
    let check = |(name, value): (String, RawEnvironmentValue)| {
        if !is_name(&name) {
            return Err(ManifestError::EnvironmentName { name });
        }
        let value = match value {
            RawEnvironmentValue::Literal(text) if text.contains('\0') => {
                return Err(ManifestError::EnvironmentText { name });
            }
            RawEnvironmentValue::Literal(text) => EnvironmentValue::Literal(text),
            RawEnvironmentValue::FromHost { from } if is_name(&from) => {
                EnvironmentValue::FromHost(from)
            }
            RawEnvironmentValue::FromHost { from } => {
                return Err(ManifestError::EnvironmentName { name: from });
            }
        };
        Ok((name, value))
    };
    raw.into_iter().map(check).collect()
}

fn checked_directories(raw: Vec<RawDirectory>) -> Result<Vec<Directory>, ManifestError> {
    let mut directories: Vec<Directory> = Vec::with_capacity(raw.len());
    for RawDirectory { guest, host, access } in raw {
        if !is_guest_path(&guest) {
            return Err(ManifestError::GuestPath { guest });
        }
        if directories.iter().any(|directory| directory.guest == guest) {
            return Err(ManifestError::GuestPathTwice { guest });
        }
        if host.as_os_str().is_empty() {
            return Err(ManifestError::HostPathEmpty { guest });
        }
        let access = match access {
            RawAccess::Read => Access::Read,
            RawAccess::Write => Access::Write,
        };
        directories.push(Directory { guest, host, access });
    }
    Ok(directories)
}

fn is_guest_path(path: &str) -> bool {
    let is_part = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
    path == "/" || path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_part))
}

fn toml_error(error: &toml::de::Error) -> ManifestError {
    ManifestError::Toml { message: error.to_string() }
}

#[cfg(test)]
mod tests;
