//! Opening a store, and all that may stand in the way.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use crate::schema;

/// How a store is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The largest size of the file, in pages of 8 KiB. Over it, the journal is unavailable until
    /// something is deleted.
    pub pages_max: Option<u32>,
}

/// Why a store was not opened, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the store `{path}` is in use by {holder}; stop it, or give this one another file",
        holder = by.map_or_else(|| "another process".to_owned(), |id| format!("process {id}"))
    )]
    InUse { path: PathBuf, by: Option<u32> },
    #[error(
        "the store `{path}` is locked by another program, such as sqlite3 inside a transaction; \
         close it there"
    )]
    Locked { path: PathBuf },
    #[error("the store `{path}` cannot be written; let this user write the file and its folder")]
    ReadOnly { path: PathBuf },
    #[error("`{path}` is a file of another program; give a path where there is no file yet")]
    Foreign { path: PathBuf },
    #[error(
        "the store `{path}` has version {found}, and this program knows versions up to {known}; \
         use the program that wrote it, or a later one"
    )]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error("the store `{path}` cannot be reached; see whether its folder is there")]
    Inaccessible { path: PathBuf, source: io::Error },
    #[error("the store `{path}` cannot be opened; restore it from a backup if it is damaged")]
    Unusable { path: PathBuf, source: rusqlite::Error },
}

impl OpenError {
    pub(crate) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::NotADatabase) => Self::Foreign { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path },
            _ => Self::Unusable { path, source },
        }
    }
}

/// How long a lock of another program is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// The connection that writes, to a store of this program's version.
pub(crate) fn writer(path: &Path, options: &Options) -> Result<Connection, OpenError> {
    let failed = |error| OpenError::of(path, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut connection = connect(path, flags).map_err(failed)?;
    if connection.is_readonly(MAIN_DB).map_err(failed)? {
        return Err(OpenError::ReadOnly { path: path.to_path_buf() });
    }
    let found = schema::check(&connection, path)?;
    if found.is_none() {
        let layout = "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL";
        connection.execute_batch(layout).map_err(failed)?;
    }
    prepare(&connection, options).map_err(failed)?;
    schema::migrate(&mut connection, found.unwrap_or(0)).map_err(failed)?;
    Ok(connection)
}

/// A connection that looks.
pub(crate) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// A connection that moves the log into the file.
pub(crate) fn checkpointer(path: &Path) -> rusqlite::Result<Connection> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    // Otherwise a statement is planned again for every value that it is given.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

fn prepare(connection: &Connection, options: &Options) -> rusqlite::Result<()> {
    let pages_max = options.pages_max.unwrap_or(u32::MAX - 1);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // Every commit is synced, and a commit is never said to be kept before that.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // The checkpointer does it, beside the commits instead of inside them.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    // A log that has grown over that gives its room back when it begins again.
    connection.pragma_update_and_check(None, "journal_size_limit", 512 << 20, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    // The tables refer to each other for people to read. That the references hold is for this
    // crate to see to: whoever deletes a definition would go through every execution for it.
    connection.pragma_update(None, "foreign_keys", "OFF")?;
    connection.pragma_update_and_check(None, "max_page_count", pages_max, |_| Ok(()))
}

#[cfg(test)]
mod tests;
