//! The files of a folder as they are at a moment.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::commands::build::SKIPPED;

/// When each file was written, and how long it is. Links are not followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot(pub BTreeMap<PathBuf, (SystemTime, u64)>);

/// Of what a task crate is made.
pub(super) fn is_source(path: &Path) -> bool {
    let is_of = |extension| ["rs", "toml", "wit"].iter().any(|known| extension == *known);
    let is_settings = path.file_name().is_some_and(|name| name == "stepwell.toml");
    path.extension().is_some_and(is_of) && !is_settings
}

pub(super) fn is_definition(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(".asl.json"))
}

impl Snapshot {
    /// Whatever cannot be read is not there: it may be about to be written.
    pub(super) fn of(dir: &Path, registry: &Path, is_meant: fn(&Path) -> bool) -> Self {
        let mut snapshot = Self::default();
        let registry = registry.canonicalize().ok();
        let _unreadable = snapshot.walk(dir, registry.as_deref(), is_meant);
        snapshot
    }

    fn walk(
        &mut self,
        dir: &Path,
        registry: Option<&Path>,
        is_meant: fn(&Path) -> bool,
    ) -> io::Result<()> {
        for entry in fs::read_dir(dir)? {
            let Ok(entry) = entry else { continue };
            let (path, name) = (entry.path(), entry.file_name());
            let is_skipped =
                name.to_str().is_some_and(|name| name.starts_with('.') || SKIPPED.contains(&name));
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() && !is_skipped {
                let is_registry =
                    registry.is_some() && path.canonicalize().ok().as_deref() == registry;
                if !is_registry {
                    let _unreadable = self.walk(&path, registry, is_meant);
                }
            } else if metadata.is_file() && is_meant(&path) {
                let written = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                self.0.insert(path, (written, metadata.len()));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
