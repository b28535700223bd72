//! Whose file it is, and of which version.
//!
//! Migrations are numbered, go forward only, and are never edited once released.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};
use stepwell_journal::codec;

use crate::OpenError;

/// Tells the file from those of other programs: `StpW` as a number.
const APPLICATION_ID: i32 = 0x5374_7057;

/// Each brings a store from its position to the next version.
const MIGRATIONS: &[&str] = &[include_str!("schema/0001.sql"), include_str!("schema/0002.sql")];

/// The version that this program writes.
pub(crate) fn version() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Refuses a file that is not a store of a known version, and says which version it has; none for
/// an empty file.
pub(crate) fn check(connection: &Connection, path: &Path) -> Result<Option<u32>, OpenError> {
    let failed = |error| OpenError::of(path, error);
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let application = number("application_id").map_err(failed)?;
    let found = number("user_version").map_err(failed)?.cast_unsigned();
    let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
    let tables: i64 = tables.map_err(failed)?;
    if application == 0 && found == 0 && tables == 0 {
        return Ok(None);
    }
    let path = path.to_path_buf();
    if application != APPLICATION_ID {
        return Err(OpenError::Foreign { path });
    }
    if found > version() {
        return Err(OpenError::Newer { path, found, known: version() });
    }
    Ok(Some(found))
}

/// Brings a store to this program's version.
pub(crate) fn migrate(connection: &mut Connection, from: u32) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(usize::MAX)) {
        transaction.execute_batch(migration)?;
    }
    for (number, name) in codec::kinds() {
        transaction.execute("INSERT OR REPLACE INTO kind VALUES (?, ?)", (number, name))?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version())?;
    transaction.commit()
}

#[cfg(test)]
mod tests;
