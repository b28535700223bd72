//! Where task crates are: every `Cargo.toml` with a `task.toml` beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::complaint::Complaint;

/// Folders whose contents are made, not written.
pub(in crate::commands) const SKIPPED: &[&str] = &["node_modules", "target"];

/// The folders of task crates in the given ones, of which there is at least one.
pub(super) fn task_folders(dirs: &[PathBuf], registry: &Path) -> Result<Vec<PathBuf>, Complaint> {
    let found = find(dirs, registry)?;
    if found.is_empty() {
        let dirs: Vec<_> = dirs.iter().map(|dir| dir.display().to_string()).collect();
        return Err(Complaint::new(format_args!("there is no task crate in {}", dirs.join(", ")))
            .hint(
                "a task crate has a task.toml beside its Cargo.toml; `stepwell new NAME` makes one",
            ));
    }
    Ok(found)
}

/// The folders of task crates in the given ones, each once, by name. Links are not followed, and
/// the registry, in which a `task.toml` lies too, is left out.
pub(in crate::commands) fn find(
    dirs: &[PathBuf],
    registry: &Path,
) -> Result<Vec<PathBuf>, Complaint> {
    let registry = registry.canonicalize().ok();
    let mut found = Vec::new();
    let mut complaint = Complaint::default();
    for dir in dirs {
        let walked = dir.canonicalize().and_then(|dir| walk(&dir, registry.as_deref(), &mut found));
        if let Err(error) = walked {
            complaint.push(format!("cannot look for tasks in {}: {error}", dir.display()), None);
        }
    }
    complaint.into_result()?;
    found.sort();
    found.dedup();
    Ok(found)
}

fn walk(folder: &Path, registry: Option<&Path>, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if registry == Some(folder) {
        return Ok(());
    }
    if folder.join("Cargo.toml").is_file() && folder.join("task.toml").is_file() {
        found.push(folder.to_path_buf());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_skipped =
            name.to_str().is_some_and(|name| name.starts_with('.') || SKIPPED.contains(&name));
        if entry.file_type()?.is_dir() && !is_skipped {
            walk(&entry.path(), registry, found)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
