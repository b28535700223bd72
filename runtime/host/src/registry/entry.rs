//! One task as it lies in the registry, read leniently: what is wrong is part of the answer.

use std::io;

use super::{COMPONENT_EXTENSION, Registry, RegistryError};
use crate::task_ref::is_task_name;
use crate::{Manifest, Version};

/// A task in the registry's list.
#[derive(Debug)]
pub struct Entry {
    pub name: String,
    /// From the lowest to the highest; empty for a task that is a single file.
    pub versions: Vec<Version>,
    /// None when the task has no manifest, or none that can be read.
    pub manifest: Option<Manifest>,
    pub problems: Vec<EntryProblem>,
}

/// Something that keeps a task, or one of its versions or aliases, from being used.
#[derive(Debug, thiserror::Error)]
pub enum EntryProblem {
    #[error(
        "the file name is not a task's name, which has 1 to 64 letters, digits, `-` and `_`, with \
         dots between them"
    )]
    Name,
    #[error("{file} is not called by a version such as 1.2.0.wasm, and is not used")]
    VersionName { file: String },
    #[error("{file} is the same version as {other}")]
    VersionTwice { file: String, other: String },
    #[error("alias `{alias}` names version `{version}`, which is not there")]
    AliasWithoutVersion { alias: String, version: String },
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl Entry {
    /// Whether the task has one thing wrong with it, or more.
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }
}

/// Reads the entry of a name; `None` if nothing by that name has to do with tasks.
pub(super) fn read(registry: &Registry, name: &str) -> Option<Entry> {
    let mut entry =
        Entry { name: name.to_owned(), versions: Vec::new(), manifest: None, problems: Vec::new() };
    if !is_task_name(name) {
        entry.problems.push(EntryProblem::Name);
        return Some(entry);
    }
    let mut layout = match Layout::read(registry, name) {
        Ok(layout) => layout,
        Err(error) => {
            entry.problems.push(error.into());
            return Some(entry);
        }
    };
    match registry.read_manifest(name) {
        Ok(manifest) => entry.manifest = manifest,
        Err(error) => entry.problems.push(error.into()),
    }
    let has_manifest = entry.manifest.is_some() || !entry.problems.is_empty();
    if layout.is_absent() || !(layout.has_components() || has_manifest) {
        return None;
    }
    entry.problems.append(&mut layout.problems);
    entry.problems.extend(layout.whole_problem(name).map(EntryProblem::from));
    entry.problems.extend(entry.manifest.iter().flat_map(|manifest| layout.lost_aliases(manifest)));
    entry.versions = layout.versions;
    Some(entry)
}

/// Which components a name has.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// There is `NAME.wasm`.
    pub(super) is_file: bool,
    /// There is `NAME/`.
    is_directory: bool,
    /// What is in `NAME/`, from the lowest to the highest.
    pub(super) versions: Vec<Version>,
    problems: Vec<EntryProblem>,
}

impl Layout {
    pub(super) fn read(registry: &Registry, name: &str) -> Result<Self, RegistryError> {
        let mut layout = Self::default();
        let file = format!("{name}{COMPONENT_EXTENSION}");
        // The link itself is asked: one that leads nowhere is a problem to report, not an absence.
        layout.is_file = registry.root.symlink_metadata(&file).is_ok();
        match registry.root.read_dir(name) {
            Ok(items) => {
                layout.is_directory = true;
                layout.read_versions(items).map_err(|source| registry.io_error(name, source))?;
            }
            Err(error) if is_absence(&error) => {}
            Err(source) => return Err(registry.io_error(name, source)),
        }
        Ok(layout)
    }

    pub(super) fn is_absent(&self) -> bool {
        !self.is_file && !self.is_directory
    }

    /// The highest release; without any release, the highest pre-release.
    pub(super) fn highest(&self) -> Option<&Version> {
        let releases = self.versions.iter().rev().find(|version| !version.is_prerelease());
        releases.or_else(|| self.versions.last())
    }

    fn has_components(&self) -> bool {
        self.is_file || !self.versions.is_empty() || !self.problems.is_empty()
    }

    fn read_versions(&mut self, items: cap_std::fs::ReadDir) -> io::Result<()> {
        for item in items {
            let Ok(file) = item?.file_name().into_string() else { continue };
            let Some(stem) = file.strip_suffix(COMPONENT_EXTENSION) else { continue };
            match Version::parse(stem) {
                Some(version) => self.versions.push(version),
                None => self.problems.push(EntryProblem::VersionName { file }),
            }
        }
        // By the text too, so that of two spellings of a version always the same one stays.
        self.versions.sort_by(|a, b| a.cmp(b).then_with(|| a.as_str().cmp(b.as_str())));
        let problems = &mut self.problems;
        self.versions.dedup_by(|later, earlier| {
            let is_same = later == earlier;
            if is_same {
                problems.push(EntryProblem::VersionTwice {
                    file: format!("{later}{COMPONENT_EXTENSION}"),
                    other: format!("{earlier}{COMPONENT_EXTENSION}"),
                });
            }
            is_same
        });
        Ok(())
    }

    fn whole_problem(&self, name: &str) -> Option<RegistryError> {
        match (self.is_file, self.versions.is_empty()) {
            (true, false) => Some(RegistryError::Ambiguous { name: name.to_owned() }),
            (false, true) => Some(RegistryError::NoComponent { name: name.to_owned() }),
            (true, true) | (false, false) => None,
        }
    }

    fn lost_aliases(&self, manifest: &Manifest) -> Vec<EntryProblem> {
        let lost = manifest.aliases.iter().filter(|(_, version)| !self.versions.contains(version));
        lost.map(|(alias, version)| EntryProblem::AliasWithoutVersion {
            alias: alias.clone(),
            version: version.to_string(),
        })
        .collect()
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
