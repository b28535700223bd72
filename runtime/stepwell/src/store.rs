//! Stores as files: copied, brought back, and looked through, whoever has them open.

use std::path::Path;

use stepwell_journal_sqlite::{Options, Sqlite};

pub use stepwell_journal_sqlite::{BackupError, Fault, OpenError, RestoreError, VerifyError};

/// Copies a store, as it is at this moment, into a file of its own. A process that has it open goes
/// on meanwhile.
pub fn backup(store: &Path, file: &Path) -> Result<(), BackupError> {
    Sqlite::backup_of(store, file)
}

/// Makes a store of a backup, once everything in it has been checked.
pub fn restore(file: &Path, store: &Path) -> Result<(), RestoreError> {
    Sqlite::restore(file, store)
}

/// Reads everything that a store holds, and tells all that is not as it was written.
pub fn verify(store: &Path) -> Result<Vec<Fault>, VerifyError> {
    Sqlite::verify_of(store)
}

/// Opens a store that is there and closes it again, to tell whether it could be used now.
pub fn probe(store: &Path) -> Result<(), OpenError> {
    Sqlite::open(store, &Options::default()).map(drop)
}
