//! Into the registry: `NAME/VERSION.wasm`, with `NAME/task.toml`.
//!
//! A file appears whole or not at all: it is written under another name and then renamed. A runtime
//! that reads the registry meanwhile sees the old one or the new one.

use std::fs;
use std::io;
use std::path::Path;

use super::compile::Component;
use crate::complaint::Complaint;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Installed {
    pub bytes: usize,
    /// The registry held the same component and manifest before.
    pub is_unchanged: bool,
}

/// The component goes first: a manifest may name its version.
pub(super) fn install(component: &Component, registry: &Path) -> Result<Installed, Complaint> {
    let Component { task, file } = component;
    let folder = registry.join(&task.name);
    let at = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| Complaint::new(format_args!("cannot install {path}: {error}"))
    };
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let component = fs::read(file).map_err(at(file))?;
    let manifest_file = task.folder.join("task.toml");
    let manifest = fs::read(&manifest_file).map_err(at(&manifest_file))?;
    let mut is_unchanged = true;
    for (name, bytes) in
        [(format!("{}.wasm", task.version), &component), ("task.toml".to_owned(), &manifest)]
    {
        let path = folder.join(&name);
        let is_same = fs::read(&path).is_ok_and(|present| present == *bytes);
        if !is_same {
            is_unchanged = false;
            replace(&path, bytes).map_err(at(&path))?;
        }
    }
    Ok(Installed { bytes: component.len(), is_unchanged })
}

/// Writes beside the path, then renames over it. The name begins with a dot, so that the registry
/// passes over what a process that died has left.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().display();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.inspect_err(|_| {
        // It may never have been made.
        let _absent = fs::remove_file(&beside);
    })
}

#[cfg(test)]
mod tests;
