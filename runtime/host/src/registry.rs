//! The directory in which tasks are found.
//!
//! A task is `NAME.wasm`, or a directory `NAME/` that holds `VERSION.wasm` files; `NAME/task.toml`
//! is its manifest in both cases. The directory is opened once, as a capability: no name and no
//! link leads out of it. Nothing is remembered here, so every answer is what the disk says now.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::limits::COMPONENT_BYTES_MAX;
use crate::near::nearest;
use crate::task_ref::is_task_name;
use crate::{Digest, Manifest, ManifestError, Qualifier, TaskRef, Version};

use entry::Layout;
pub use entry::{Entry, EntryProblem};
pub(crate) use stamp::Stamp;

mod entry;
mod stamp;

const MANIFEST_FILE: &str = "task.toml";
const MANIFEST_BYTES_MAX: u64 = 1 << 20;
const COMPONENT_EXTENSION: &str = ".wasm";

/// An open registry. Its methods read the disk and block while they do.
#[derive(Clone, Debug)]
pub struct Registry {
    root: Arc<Dir>,
    path: Arc<Path>,
}

/// Why the registry does not yield a task.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error("there is no task `{name}` in the registry {}{}", .registry.display(), near_name(.near.as_deref()))]
    NoTask { name: String, registry: PathBuf, near: Option<String> },
    #[error("task `{name}` has no version `{version}`; it has {}", list(.versions))]
    NoVersion { name: String, version: String, versions: Vec<String> },
    #[error("task `{name}` has no alias or version `{qualifier}`; it has {}", list(.known))]
    NoQualifier { name: String, qualifier: String, known: Vec<String> },
    #[error("task `{name}` has both {name}.wasm and versions in {name}/; remove one of them")]
    Ambiguous { name: String },
    #[error("task `{name}` has a directory without a component; put VERSION.wasm into {name}/")]
    NoComponent { name: String },
    #[error("the manifest {name}/task.toml is not valid")]
    Manifest { name: String, source: ManifestError },
    #[error("{path} is not a regular file")]
    NotAFile { path: String },
    #[error("{path} has {bytes} bytes; at most {max} are accepted")]
    TooLarge { path: String, bytes: u64, max: u64 },
    #[error("cannot read {path} in the registry {}", .registry.display())]
    Io { path: String, registry: PathBuf, source: io::Error },
}

/// Where a reference leads.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) name: String,
    /// None for a task that is a single file.
    pub(crate) version: Option<Version>,
    /// The component's path in the registry.
    pub(crate) path: String,
    pub(crate) manifest: Manifest,
    /// Of everything that was looked at, taken before it was looked at.
    pub(crate) stamp: Stamp,
}

impl Registry {
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let root = Dir::open_ambient_dir(&path, ambient_authority())?;
        Ok(Self { root: Arc::new(root), path: path.into() })
    }

    /// The path with which the registry was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All tasks by name. What is wrong with one of them stands in its entry.
    pub fn list(&self) -> Result<Vec<Entry>, RegistryError> {
        let mut names = self.names()?;
        names.sort_unstable();
        names.dedup();
        Ok(names.iter().filter_map(|name| entry::read(self, name)).collect())
    }

    /// The digest of the component to which a reference leads now.
    pub fn digest(&self, task: &TaskRef) -> Result<Digest, RegistryError> {
        let found = self.find(task)?;
        Ok(Digest::of(&self.read_component(&found.path)?))
    }

    pub(crate) fn find(&self, task: &TaskRef) -> Result<Found, RegistryError> {
        let name = task.name();
        let layout_stamp = Stamp::take(self, name);
        let layout = Layout::read(self, name)?;
        if layout.is_absent() {
            return Err(self.no_task(name));
        }
        let manifest = self.read_manifest(name)?.unwrap_or_default();
        let version = pick(name, &layout, &manifest, task.qualifier())?.cloned();
        let path = match &version {
            Some(version) => format!("{name}/{version}{COMPONENT_EXTENSION}"),
            None => format!("{name}{COMPONENT_EXTENSION}"),
        };
        let stamp = layout_stamp.with_component(self, &path);
        Ok(Found { name: name.to_owned(), version, path, manifest, stamp })
    }

    pub(crate) fn read_component(&self, path: &str) -> Result<Vec<u8>, RegistryError> {
        self.read_file(path, COMPONENT_BYTES_MAX as u64)
    }

    fn read_manifest(&self, name: &str) -> Result<Option<Manifest>, RegistryError> {
        let path = format!("{name}/{MANIFEST_FILE}");
        if self.root.symlink_metadata(&path).is_err() {
            return Ok(None);
        }
        let bytes = self.read_file(&path, MANIFEST_BYTES_MAX)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            self.io_error(&path, io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
        })?;
        match Manifest::parse(&text) {
            Ok(manifest) => Ok(Some(manifest)),
            Err(source) => Err(RegistryError::Manifest { name: name.to_owned(), source }),
        }
    }

    /// The kind is asked before the file is opened: opening a pipe would wait for a writer.
    fn read_file(&self, path: &str, bytes_max: u64) -> Result<Vec<u8>, RegistryError> {
        let metadata = self.root.metadata(path).map_err(|source| self.io_error(path, source))?;
        if !metadata.is_file() {
            return Err(RegistryError::NotAFile { path: path.to_owned() });
        }
        let mut bytes = Vec::new();
        let file = self.root.open(path).map_err(|source| self.io_error(path, source))?;
        file.take(bytes_max + 1)
            .read_to_end(&mut bytes)
            .map_err(|source| self.io_error(path, source))?;
        if bytes.len() as u64 > bytes_max {
            let bytes = metadata.len().max(bytes_max + 1);
            return Err(RegistryError::TooLarge { path: path.to_owned(), bytes, max: bytes_max });
        }
        Ok(bytes)
    }

    /// The names of everything that could be a task.
    fn names(&self) -> Result<Vec<String>, RegistryError> {
        let read = || -> io::Result<Vec<String>> {
            let mut names = Vec::new();
            for item in self.root.entries()? {
                let item = item?;
                let Ok(file_name) = item.file_name().into_string() else { continue };
                if file_name.starts_with('.') {
                    continue;
                }
                match file_name.strip_suffix(COMPONENT_EXTENSION) {
                    Some(name) => names.push(name.to_owned()),
                    None if is_task_name(&file_name) => names.push(file_name),
                    None => {}
                }
            }
            Ok(names)
        };
        read().map_err(|source| self.io_error(".", source))
    }

    fn no_task(&self, name: &str) -> RegistryError {
        // The registry may have become unreadable; then there is nothing to suggest.
        let known = self.list().unwrap_or_default();
        let near = nearest(name, known.iter().map(|entry| entry.name.as_str())).map(str::to_owned);
        let registry = self.path.to_path_buf();
        RegistryError::NoTask { name: name.to_owned(), registry, near }
    }

    fn io_error(&self, path: &str, source: io::Error) -> RegistryError {
        RegistryError::Io { path: path.to_owned(), registry: self.path.to_path_buf(), source }
    }
}

/// The version that a qualifier means, or `None` for a task that is a single file.
fn pick<'a>(
    name: &str,
    layout: &'a Layout,
    manifest: &Manifest,
    qualifier: &Qualifier,
) -> Result<Option<&'a Version>, RegistryError> {
    if layout.is_file && !layout.versions.is_empty() {
        return Err(RegistryError::Ambiguous { name: name.to_owned() });
    }
    let find = |version: &Version| layout.versions.iter().find(|known| *known == version);
    match qualifier {
        Qualifier::Latest if layout.is_file => Ok(None),
        Qualifier::Latest => match layout.highest() {
            Some(version) => Ok(Some(version)),
            None => Err(RegistryError::NoComponent { name: name.to_owned() }),
        },
        Qualifier::Version(text) => match Version::parse(text).as_ref().and_then(find) {
            Some(version) => Ok(Some(version)),
            None => Err(no_version(name, text, layout)),
        },
        Qualifier::AliasOrVersion(text) => match manifest.aliases.get(&**text) {
            Some(version) => match find(version) {
                Some(version) => Ok(Some(version)),
                None => Err(no_version(name, version.as_str(), layout)),
            },
            None => match Version::parse(text).as_ref().and_then(find) {
                Some(version) => Ok(Some(version)),
                None => Err(no_qualifier(name, text, layout, manifest)),
            },
        },
    }
}

fn no_version(name: &str, version: &str, layout: &Layout) -> RegistryError {
    let versions = layout.versions.iter().map(ToString::to_string).collect();
    RegistryError::NoVersion { name: name.to_owned(), version: version.to_owned(), versions }
}

fn no_qualifier(name: &str, text: &str, layout: &Layout, manifest: &Manifest) -> RegistryError {
    let versions = layout.versions.iter().map(ToString::to_string);
    let known = manifest.aliases.keys().cloned().chain(versions).collect();
    RegistryError::NoQualifier { name: name.to_owned(), qualifier: text.to_owned(), known }
}

fn near_name(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; is `{near}` meant?"))
}

fn list(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<String>>().join(", "),
    }
}

#[cfg(test)]
mod tests;
