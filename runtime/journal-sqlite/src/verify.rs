//! A check of everything that a store holds.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use stepwell_journal::{Digest, ExecutionId, ReadError, Revision};

use crate::reader::{self, id, is_damage, unavailable};
use crate::{OpenError, Sqlite, open, schema};

/// Something that is not as it was written.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Fault {
    #[error("the file is damaged: {0}")]
    File(String),
    #[error("{0}")]
    Journal(ReadError),
    #[error("what is kept of execution {0} does not belong together")]
    Torn(ExecutionId),
    #[error("the definition {0} is not the text that was kept")]
    Definition(Digest),
}

impl Sqlite {
    /// Reads everything and tells all that is damaged. Appends go on meanwhile.
    pub fn verify(&self) -> Result<Vec<Fault>, ReadError> {
        self.read_with(faults)
    }

    /// The same for a store that another process may have open.
    pub fn verify_of(store: &Path) -> Result<Vec<Fault>, VerifyError> {
        if !store.is_file() {
            return Err(VerifyError::Absent { path: store.to_path_buf() });
        }
        let connection = open::reader(store).map_err(|error| OpenError::of(store, error))?;
        if schema::check(&connection, store)?.is_none() {
            return Err(OpenError::Foreign { path: store.to_path_buf() }.into());
        }
        Ok(faults(&connection)?)
    }
}

/// Why a store could not be looked through.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("there is no store `{path}`")]
    Absent { path: PathBuf },
    #[error(transparent)]
    Refused(#[from] OpenError),
    #[error(transparent)]
    Unreadable(#[from] ReadError),
}

/// More complaints about the file would not tell more.
const COMPLAINTS_MAX: u32 = 20;

pub(crate) fn faults(connection: &Connection) -> Result<Vec<Fault>, ReadError> {
    let mut faults = Vec::new();
    let checks = [file, definitions, torn];
    for check in checks {
        match check(connection) {
            Ok(found) => faults.extend(found),
            Err(error) if is_damage(&error) => faults.push(Fault::File(error.to_string())),
            Err(error) => return Err(unavailable(error)),
        }
    }
    journals(connection, &mut faults)?;
    Ok(faults)
}

fn file(connection: &Connection) -> rusqlite::Result<Vec<Fault>> {
    let sql = format!("PRAGMA integrity_check({COMPLAINTS_MAX})");
    let mut statement = connection.prepare(&sql)?;
    let complaints = statement.query_map([], |row| row.get::<_, String>(0))?;
    let complaints = complaints.filter(|found| found.as_ref().map_or(true, |text| text != "ok"));
    complaints.map(|found| found.map(Fault::File)).collect()
}

fn definitions(connection: &Connection) -> rusqlite::Result<Vec<Fault>> {
    let mut statement = connection.prepare("SELECT sha256, text FROM definition")?;
    let mut rows = statement.query([])?;
    let mut faults = Vec::new();
    while let Some(row) = rows.next()? {
        let digest = Digest(row.get(0)?);
        if Revision::new(row.get::<_, Box<str>>(1)?).digest() != digest {
            faults.push(Fault::Definition(digest));
        }
    }
    Ok(faults)
}

/// Executions of which only a part is there, and numbers that are given although they are taken.
fn torn(connection: &Connection) -> rusqlite::Result<Vec<Fault>> {
    let sql = "SELECT e.id FROM execution e LEFT JOIN live l USING (id) WHERE (e.status = 0) IS NOT \
               (l.id IS NOT NULL) OR e.id >= (SELECT next_id FROM store) OR (e.definition IS NOT \
               NULL AND NOT EXISTS (SELECT 1 FROM definition d WHERE d.no = e.definition)) UNION \
               SELECT id FROM live WHERE id NOT IN (SELECT id FROM execution) UNION SELECT DISTINCT \
               id >> 26 FROM chunk WHERE id >> 26 NOT IN (SELECT id FROM execution) ORDER BY 1";
    let mut statement = connection.prepare(sql)?;
    let torn = statement.query_map([], |row| row.get(0).map(id).map(Fault::Torn))?;
    torn.collect()
}

fn journals(connection: &Connection, faults: &mut Vec<Fault>) -> Result<(), ReadError> {
    let mut last = None;
    loop {
        let page = match reader::executions(connection, last) {
            Ok(page) => page,
            Err(error) if is_damage(&error) => {
                faults.push(Fault::File(error.to_string()));
                return Ok(());
            }
            Err(error) => return Err(unavailable(error)),
        };
        for execution in &page {
            match reader::events(connection, *execution) {
                Ok(_) => {}
                Err(damaged @ ReadError::Damaged { .. }) => faults.push(Fault::Journal(damaged)),
                Err(error) => return Err(error),
            }
        }
        last = page.last().copied();
        if last.is_none() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;
