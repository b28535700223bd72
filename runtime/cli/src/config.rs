//! What the command is told about how to run: flags, then the environment, then a file, then
//! defaults.
//!
//! [`keys::KEYS`] is the one list of what can be set. A value is read when it is found, so whoever
//! asks a [`Config`] gets one that is good, and everything that is wrong is told at once.

use std::env;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::complaint::Complaint;
use crate::inputs;

use file::FileContents;
pub(crate) use file::{AccessKey, PolicyFrom, SecretFrom};
use keys::{KEYS, Key};
use value::Value;

pub(crate) mod duration;
mod file;
pub(crate) mod keys;
mod nearest;
mod show;
pub(crate) mod value;

/// The file that is read where no other one is named.
const FILE_NAME: &str = "stepwell.toml";
const FILE_VARIABLE: &str = "STEPWELL_CONFIG";

/// Everything that is set, and where it was set.
#[derive(Debug)]
pub(crate) struct Config {
    settings: Vec<Setting>,
    /// Who may call the server.
    pub access_keys: Vec<AccessKey>,
    /// The file that was read.
    pub file: Option<PathBuf>,
}

#[derive(Debug)]
struct Setting {
    key: &'static Key,
    value: Value,
    source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Flag,
    Variable(&'static str),
    /// The line in the file, from 1.
    File(usize),
    Default,
}

/// What was typed.
#[derive(Debug, Default)]
pub(crate) struct Flags(Vec<(&'static Key, Typed)>);

#[derive(Debug)]
enum Typed {
    Text(String),
    Path(PathBuf),
    Names(Vec<String>),
}

/// The environment, or what a test has in its place.
type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

impl Flags {
    #[must_use]
    pub(crate) fn text(mut self, key: &'static Key, text: Option<&String>) -> Self {
        self.0.extend(text.map(|text| (key, Typed::Text(text.clone()))));
        self
    }

    #[must_use]
    pub(crate) fn path(mut self, key: &'static Key, path: Option<&PathBuf>) -> Self {
        self.0.extend(path.map(|path| (key, Typed::Path(path.clone()))));
        self
    }

    #[must_use]
    pub(crate) fn names(mut self, key: &'static Key, names: &[String]) -> Self {
        if !names.is_empty() {
            self.0.push((key, Typed::Names(names.to_vec())));
        }
        self
    }

    fn read(&self, key: &'static Key) -> Option<Result<Value, String>> {
        let (_, typed) = self.0.iter().find(|(typed, _)| typed.is(key))?;
        Some(match typed {
            Typed::Text(text) => Value::parse(key.kind, text),
            Typed::Path(path) => Ok(Value::Path(path.clone())),
            Typed::Names(names) => Ok(Value::Names(names.clone())),
        })
    }
}

impl Config {
    /// The configuration of a command: `given` is the file of `--config`.
    pub(crate) fn load(given: Option<&Path>, flags: &Flags) -> Result<Self, Complaint> {
        let environment = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        Self::of(&environment, given, flags)
    }

    fn of(
        environment: Environment<'_>,
        given: Option<&Path>,
        flags: &Flags,
    ) -> Result<Self, Complaint> {
        let mut complaint = Complaint::default();
        let file = file_path(environment, given);
        let contents = file.as_deref().map(file::read).transpose();
        let contents = contents.unwrap_or_else(|found| {
            complaint.append(found);
            None
        });
        let contents = contents.unwrap_or_default();
        let mut settings = Vec::new();
        for key in KEYS.iter().copied() {
            match find(key, environment, &contents, flags) {
                Ok(found) => {
                    settings.extend(found.map(|(value, source)| Setting { key, value, source }));
                }
                Err(error) => complaint.push(error, None),
            }
        }
        complaint.into_result()?;
        Ok(Self { settings, access_keys: contents.access_keys, file })
    }

    pub(crate) fn path(&self, key: &Key) -> Option<&Path> {
        match self.get(key)? {
            Value::Path(path) => Some(path),
            _ => None,
        }
    }

    pub(crate) fn text(&self, key: &Key) -> Option<&str> {
        match self.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn names(&self, key: &Key) -> &[String] {
        match self.get(key) {
            Some(Value::Names(names)) => names,
            _ => &[],
        }
    }

    pub(crate) fn duration(&self, key: &Key) -> Option<Duration> {
        match self.get(key)? {
            Value::Duration(duration) => Some(*duration),
            _ => None,
        }
    }

    pub(crate) fn count(&self, key: &Key) -> Option<u64> {
        match self.get(key)? {
            Value::Count(count) => Some(*count),
            _ => None,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        match self.get(&keys::ADDRESS) {
            Some(Value::Address(address)) => *address,
            _ => unreachable!("the address has a default"),
        }
    }

    /// The file in which executions are kept; none if they live in memory.
    pub(crate) fn store(&self) -> Option<&Path> {
        let path = self.path(&keys::STORE)?;
        // A path of the configuration's file starts from its folder.
        path.file_name().is_none_or(|name| name != keys::IN_MEMORY).then_some(path)
    }

    /// The directory in which tasks are found.
    pub(crate) fn registry(&self) -> &Path {
        self.path(&keys::REGISTRY).expect("the registry has a default")
    }

    /// Where a value was set.
    pub(crate) fn source(&self, key: &Key) -> Option<Source> {
        self.settings.iter().find(|setting| setting.key.is(key)).map(|setting| setting.source)
    }

    fn get(&self, key: &Key) -> Option<&Value> {
        self.settings.iter().find(|setting| setting.key.is(key)).map(|setting| &setting.value)
    }
}

/// The file that is named must be there; the one of the working directory may be.
fn file_path(environment: Environment<'_>, given: Option<&Path>) -> Option<PathBuf> {
    let named = || environment(FILE_VARIABLE).map(PathBuf::from);
    let present = || Some(PathBuf::from(FILE_NAME)).filter(|path| path.exists());
    given.map(Path::to_path_buf).or_else(named).or_else(present)
}

/// The first of the four places that has a value, read.
fn find(
    key: &'static Key,
    environment: Environment<'_>,
    contents: &FileContents,
    flags: &Flags,
) -> Result<Option<(Value, Source)>, String> {
    if let Some(value) = flags.read(key) {
        let value = value.map_err(|error| format!("{}: {error}", key.flag.unwrap_or(key.name)))?;
        return Ok(Some((value, Source::Flag)));
    }
    // A path may hold what is no text.
    for variable in key.variables.iter().copied() {
        let Some(text) = environment(variable) else { continue };
        let value = Value::parse_os(key.kind, text);
        let value = value.map_err(|error| format!("{variable}: {error}"))?;
        return Ok(Some((value, Source::Variable(variable))));
    }
    if let Some((value, line)) = contents.value(key) {
        return Ok(Some((value.clone(), Source::File(line))));
    }
    let default = match key.default {
        Some(text) => Some(Value::parse(key.kind, text)?),
        None if key.is(&keys::CACHE) => inputs::user_cache(environment).map(Value::Path),
        None => None,
    };
    Ok(default.map(|value| (value, Source::Default)))
}

#[cfg(test)]
mod tests;
