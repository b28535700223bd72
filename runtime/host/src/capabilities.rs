//! What a task may touch outside its own memory.
//!
//! A component starts with nothing: an empty environment, no directories, no network. A manifest
//! asks for more, one capability at a time; this module is the list of what can be asked for.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The capabilities that a manifest asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Environment variables, by the name that the task sees.
    pub environment: BTreeMap<String, EnvironmentValue>,
    /// Directories of the host, each visible to the task under a path of its own.
    pub directories: Vec<Directory>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvironmentValue {
    /// The manifest says the value.
    Literal(String),
    /// The value of a variable of the host's environment, read when the task is prepared.
    FromHost(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// The absolute path that the task sees.
    pub guest: String,
    /// As the manifest writes it: absolute, or relative to the registry.
    pub host: PathBuf,
    pub access: Access,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    /// Reading and writing.
    Write,
}

impl Capabilities {
    /// Whether a task with these capabilities can change nothing outside its own memory, so that
    /// running it twice differs from running it once only in the time it takes.
    pub fn is_pure(&self) -> bool {
        let Self { environment: _, directories } = self;
        directories.iter().all(|directory| match directory.access {
            Access::Read => true,
            Access::Write => false,
        })
    }
}
