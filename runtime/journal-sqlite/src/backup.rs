//! A store as one file, and back.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use stepwell_journal::ReadError;

use crate::lock::Lock;
use crate::verify::{self, Fault};
use crate::{OpenError, Sqlite, open, schema};

/// Why a backup was not made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("the backup `{path}` is there already; give a path where there is no file yet")]
    Exists { path: PathBuf },
    #[error("the backup `{path}` could not be written")]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("there is no store `{path}`")]
    Absent { path: PathBuf },
    #[error(transparent)]
    Refused(#[from] OpenError),
    #[error("the store could not be copied to `{path}`")]
    Failed { path: PathBuf, source: rusqlite::Error },
}

/// Why a backup was not restored. There is no store then, either.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error("`{path}` is there already; give a path where there is no file yet")]
    Exists { path: PathBuf },
    #[error("there is no backup `{path}`")]
    Absent { path: PathBuf },
    #[error(transparent)]
    Refused(#[from] OpenError),
    #[error(
        "the backup `{path}` is damaged; take another one. {}",
        faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; ")
    )]
    Damaged { path: PathBuf, faults: Vec<Fault> },
    #[error("the backup `{path}` could not be read")]
    Unreadable { path: PathBuf, source: ReadError },
    #[error("the store `{path}` could not be written")]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("the backup could not be copied to `{path}`")]
    Failed { path: PathBuf, source: rusqlite::Error },
}

impl Sqlite {
    /// Copies the store, as it is at this moment, into a file of its own. Appends go on meanwhile.
    pub fn backup(&self, path: &Path) -> Result<(), BackupError> {
        Self::backup_of(self.path(), path)
    }

    /// The same for a store that another process may have open.
    pub fn backup_of(store: &Path, path: &Path) -> Result<(), BackupError> {
        let to = || path.to_path_buf();
        if path.exists() {
            return Err(BackupError::Exists { path: to() });
        }
        if !store.is_file() {
            return Err(BackupError::Absent { path: store.to_path_buf() });
        }
        let source = open::reader(store).map_err(|error| OpenError::of(store, error))?;
        if schema::check(&source, store)?.is_none() {
            return Err(OpenError::Foreign { path: store.to_path_buf() }.into());
        }
        let partial = beside(path, ".partial");
        copy(&source, &partial).map_err(|source| BackupError::Failed { path: to(), source })?;
        publish(&partial, path).map_err(|source| BackupError::Unwritable { path: to(), source })
    }

    /// Makes a store of a backup, once everything in it has been checked. The path of the store is
    /// one where there is no file yet.
    pub fn restore(from: &Path, to: &Path) -> Result<(), RestoreError> {
        let path = to.to_path_buf();
        if to.exists() || beside(to, "-wal").exists() {
            return Err(RestoreError::Exists { path });
        }
        if !from.is_file() {
            return Err(RestoreError::Absent { path: from.to_path_buf() });
        }
        let _lock = Lock::take(to)?;
        let partial = beside(to, ".partial");
        let made = copy_checked(from, &partial).and_then(|()| {
            publish(&partial, to).map_err(|source| RestoreError::Unwritable { path, source })
        });
        if made.is_err() {
            // It may not even be there; and why there is no store has been found out.
            drop(fs::remove_file(&partial));
        }
        made
    }
}

fn copy_checked(from: &Path, to: &Path) -> Result<(), RestoreError> {
    let path = from.to_path_buf();
    let source = open::reader(from).map_err(|error| OpenError::of(from, error))?;
    if schema::check(&source, from)?.is_none() {
        return Err(OpenError::Foreign { path }.into());
    }
    if let Err(source) = copy(&source, to) {
        return Err(RestoreError::Failed { path: to.to_path_buf(), source });
    }
    // What is checked is the copy: what may still happen to the backup is not part of it.
    let copied = open::reader(to).map_err(|error| OpenError::of(to, error))?;
    match verify::faults(&copied) {
        Ok(faults) if faults.is_empty() => Ok(()),
        Ok(faults) => Err(RestoreError::Damaged { path, faults }),
        Err(source) => Err(RestoreError::Unreadable { path, source }),
    }
}

fn copy(source: &Connection, path: &Path) -> rusqlite::Result<()> {
    let mut target = Connection::open(path)?;
    // All pages in one step are one moment's.
    while Backup::new(source, &mut target)?.step(-1)? != StepResult::Done {
        thread::yield_now();
    }
    // One file, to which nobody who looks into it adds others.
    target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
}

/// Gives a file that is whole its name.
fn publish(partial: &Path, path: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    fs::rename(partial, path)?;
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests;
