//! A task that can be called: its component compiled, its grants resolved, its limits fixed.

use std::env::{self, VarError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wasmtime::Engine;
use wasmtime_wasi::FsPerms;

use crate::bindings::TaskPre;
use crate::cache::CacheProblem;
use crate::call::CallState;
use crate::capabilities::{Access, Capabilities, EnvironmentValue};
use crate::compile::{Compiled, Origin};
use crate::contract::Refusal;
use crate::registry::{Found, RegistryError};
use crate::{Digest, Limits, Manifest, Version};

/// A task as it was found in the registry at one moment. It stays what it is when the file
/// changes; a call by [`TaskRef`](crate::TaskRef) prepares the new one.
#[derive(Debug)]
pub struct Prepared {
    name: String,
    version: Option<Version>,
    digest: Digest,
    manifest: Manifest,
    limits: Limits,
    environment: Vec<(String, String)>,
    directories: Vec<GrantedDirectory>,
    compiled: Arc<Compiled>,
}

/// Why a task cannot be called.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error("{path} cannot be run as task `{task}`")]
    Refused { task: String, path: String, source: Refusal },
    #[error(
        "task `{task}`: task.toml takes `{name}` from the environment variable `{variable}`, {}",
        if *.is_set { "which is not UTF-8" } else { "which is not set" }
    )]
    Environment { task: String, name: String, variable: String, is_set: bool },
    #[error(
        "task `{task}`: task.toml grants the directory {} as `{guest}`, which cannot be opened",
        .host.display()
    )]
    Directory { task: String, guest: String, host: PathBuf, source: io::Error },
}

impl PrepareError {
    /// Whether there is no such task, version or alias, as opposed to one that cannot be used.
    pub fn is_not_found(&self) -> bool {
        match self {
            Self::Registry(error) => match error {
                RegistryError::NoTask { .. }
                | RegistryError::NoVersion { .. }
                | RegistryError::NoQualifier { .. }
                | RegistryError::NoComponent { .. } => true,
                RegistryError::Ambiguous { .. }
                | RegistryError::Manifest { .. }
                | RegistryError::NotAFile { .. }
                | RegistryError::TooLarge { .. }
                | RegistryError::Io { .. } => false,
            },
            Self::Refused { .. } | Self::Environment { .. } | Self::Directory { .. } => false,
        }
    }
}

/// A directory that a call will see.
#[derive(Debug)]
pub(crate) struct GrantedDirectory {
    pub(crate) guest: String,
    pub(crate) host: PathBuf,
    pub(crate) perms: FsPerms,
}

impl Prepared {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// None for a task that is a single file.
    pub fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// Of the component's bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The limits of every call: the manifest's, and the host's defaults for the rest.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What the task may touch.
    pub fn capabilities(&self) -> &Capabilities {
        &self.manifest.capabilities
    }

    /// Whether the component was compiled or came from the cache.
    pub fn origin(&self) -> Origin {
        self.compiled.origin
    }

    /// Why the compiled component could not be kept, if there is a cache and it could not.
    pub fn cache_problem(&self) -> Option<&CacheProblem> {
        self.compiled.cache_problem.as_ref()
    }

    pub(crate) fn permits(&self) -> u32 {
        self.compiled.permits
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.compiled.instance_pre.engine()
    }

    pub(crate) fn instance_pre(&self) -> &TaskPre<CallState> {
        &self.compiled.instance_pre
    }

    pub(crate) fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    pub(crate) fn directories(&self) -> &[GrantedDirectory] {
        &self.directories
    }
}

/// A task's grants, looked up in the world: what `Prepared` takes from outside the registry.
#[derive(Debug)]
pub(crate) struct Grants {
    environment: Vec<(String, String)>,
    directories: Vec<GrantedDirectory>,
}

impl Grants {
    /// Blocks on the disk.
    pub(crate) fn resolve(
        task: &str,
        capabilities: &Capabilities,
        registry: &Path,
    ) -> Result<Self, PrepareError> {
        let environment = capabilities.environment.iter().map(|(name, value)| {
            let value = match value {
                EnvironmentValue::Literal(text) => Ok(text.clone()),
                EnvironmentValue::FromHost(variable) => host_variable(task, name, variable),
            };
            Ok((name.clone(), value?))
        });
        let directories = capabilities.directories.iter().map(|directory| {
            let host = registry.join(&directory.host);
            // Opened here only to learn whether it can be; each call opens it for itself.
            if let Err(source) = std::fs::read_dir(&host) {
                let (task, guest) = (task.to_owned(), directory.guest.clone());
                return Err(PrepareError::Directory { task, guest, host, source });
            }
            let perms = match directory.access {
                Access::Read => FsPerms::ReadOnly,
                Access::Write => FsPerms::ReadWrite,
            };
            Ok(GrantedDirectory { guest: directory.guest.clone(), host, perms })
        });
        Ok(Self {
            environment: environment.collect::<Result<_, PrepareError>>()?,
            directories: directories.collect::<Result<_, PrepareError>>()?,
        })
    }

    pub(crate) fn into_prepared(
        self,
        found: Found,
        digest: Digest,
        defaults: &Limits,
        compiled: Arc<Compiled>,
    ) -> Prepared {
        Prepared {
            name: found.name,
            version: found.version,
            digest,
            limits: found.manifest.limits(defaults),
            manifest: found.manifest,
            environment: self.environment,
            directories: self.directories,
            compiled,
        }
    }
}

fn host_variable(task: &str, name: &str, variable: &str) -> Result<String, PrepareError> {
    env::var(variable).map_err(|error| PrepareError::Environment {
        task: task.to_owned(),
        name: name.to_owned(),
        variable: variable.to_owned(),
        is_set: match error {
            VarError::NotPresent => false,
            VarError::NotUnicode(_) => true,
        },
    })
}
