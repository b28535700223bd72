//! What a transaction does to the tables.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use stepwell_asl::Timestamp;
use stepwell_journal::{Birth, Digest, Document, Ending, ExecutionId, Redrives, Revision, Status};
use stepwell_kernel::{Failure, Outcome};
use stepwell_value::Str;

use crate::chunk::{self, Chunk};
use crate::pack::Packed;

/// Why a request is not part of a transaction.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The request is wrong; others go on.
    Misplaced(ExecutionId),
    /// Nothing can be written.
    Failed(rusqlite::Error),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error)
    }
}

/// How many executions are remembered before all are forgotten.
const PLACES_MAX: usize = 1 << 18;

/// The tables as the one who writes knows them.
pub(crate) struct Tables<'c> {
    connection: &'c Connection,
    known: Known,
}

/// What need not be asked again, as long as no transaction is rolled back.
#[derive(Default)]
struct Known {
    next_id: NextId,
    /// Where the journals go on of some executions that have not ended.
    places: HashMap<ExecutionId, u64>,
    machines: HashMap<String, i64>,
    definitions: HashMap<Digest, Definition>,
}

#[derive(Default)]
struct NextId {
    number: Option<i64>,
    is_written: bool,
}

struct Definition {
    no: i64,
    /// How many executions have it that the table has not been told of.
    untold: i64,
}

/// Where an execution's journal goes on.
enum Place {
    Nowhere,
    Open { next_event: u64 },
    Ended { events: u64 },
}

impl<'c> Tables<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { connection, known: Known::default() }
    }

    /// After a rollback nothing is known any more.
    pub(crate) fn forget(&mut self) {
        self.known = Known::default();
    }

    /// Adds a chunk. One that is refused as misplaced has changed nothing.
    pub(crate) fn append(&mut self, chunk: &Chunk) -> Result<(), Refusal> {
        let place = self.place(chunk.execution)?;
        if !place.admits(chunk) {
            return Err(Refusal::Misplaced(chunk.execution));
        }
        match place {
            Place::Nowhere => self.begin(chunk)?,
            Place::Open { .. } => {}
            Place::Ended { .. } => self.reopen(chunk)?,
        }
        if chunk.events > 0 {
            self.insert(&chunk.row)?;
        }
        match &chunk.ending {
            Some(ending) => self.end(chunk, ending)?,
            None => self.stand(chunk, matches!(place, Place::Open { .. }))?,
        }
        Ok(())
    }

    fn place(&mut self, execution: ExecutionId) -> rusqlite::Result<Place> {
        if let Some(next_event) = self.known.places.get(&execution) {
            return Ok(Place::Open { next_event: *next_event });
        }
        let id = chunk::number(execution);
        if id >= self.next_id()? {
            return Ok(Place::Nowhere);
        }
        let sql = "SELECT l.next_event, e.events FROM execution e LEFT JOIN live l USING (id) \
                   WHERE e.id = ?";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row([id], |row| {
            let (open, ended): (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?);
            Ok(match open {
                Some(next) => Place::Open { next_event: next.cast_unsigned() },
                None => Place::Ended { events: ended.unwrap_or_default().cast_unsigned() },
            })
        });
        Ok(found.optional()?.unwrap_or(Place::Nowhere))
    }

    fn next_id(&mut self) -> rusqlite::Result<i64> {
        if let Some(number) = self.known.next_id.number {
            return Ok(number);
        }
        let number =
            self.connection.query_row("SELECT next_id FROM store", [], |row| row.get(0))?;
        self.known.next_id = NextId { number: Some(number), is_written: true };
        Ok(number)
    }

    fn begin(&mut self, chunk: &Chunk) -> rusqlite::Result<()> {
        let Some(opening) = &chunk.opening else {
            unreachable!("a chunk that begins nothing is not admitted")
        };
        let mut arn_of =
            |arn: &Option<Str>| arn.as_deref().map(|arn| self.machine(arn)).transpose();
        let machine = arn_of(&opening.machine_arn)?;
        let (version, alias) = (arn_of(&opening.version_arn)?, arn_of(&opening.alias_arn)?);
        let birth = chunk.birth.as_ref();
        let definition = birth.map(|Birth { revision, .. }| self.definition(revision));
        let definition = definition.transpose()?;
        let parent = birth.and_then(|birth| birth.parent);
        let id = chunk::number(chunk.execution);
        self.connection
            .prepare_cached(
                "INSERT INTO execution (id, arn, name, machine, version, alias, definition, \
                 parent, parent_task, status, started_at, packing, redrives) VALUES (?, ?, ?, ?, \
                 ?, ?, ?, ?, ?, ?, ?, 0, 0)",
            )?
            .execute((
                id,
                &*opening.arn,
                &*opening.name,
                machine,
                version,
                alias,
                definition,
                parent.map(|parent| chunk::number(parent.execution)),
                parent.map(|parent| parent.task.0),
                status_number(Status::Running),
                nanos(opening.started_at),
            ))?;
        if id >= self.next_id()? {
            self.known.next_id = NextId { number: Some(id + 1), is_written: false };
        }
        Ok(())
    }

    /// The row of a machine's ARN, or of a version's or an alias's.
    fn machine(&mut self, arn: &str) -> rusqlite::Result<i64> {
        if let Some(no) = self.known.machines.get(arn) {
            return Ok(*no);
        }
        let sql = "INSERT INTO machine (arn) VALUES (?1) ON CONFLICT DO NOTHING";
        self.connection.prepare_cached(sql)?.execute([arn])?;
        let sql = "SELECT no FROM machine WHERE arn = ?";
        let no = self.connection.prepare_cached(sql)?.query_row([arn], |row| row.get(0))?;
        self.known.machines.insert(arn.to_owned(), no);
        Ok(no)
    }

    /// The row of a definition, which one more execution has.
    fn definition(&mut self, revision: &Revision) -> rusqlite::Result<i64> {
        let digest = revision.digest();
        if let Some(known) = self.known.definitions.get_mut(&digest) {
            known.untold += 1;
            return Ok(known.no);
        }
        let sql = "INSERT INTO definition (sha256, text, executions) VALUES (?, ?, 0) ON CONFLICT \
                   DO NOTHING";
        self.connection.prepare_cached(sql)?.execute((digest.0, &**revision.text()))?;
        let sql = "SELECT no FROM definition WHERE sha256 = ?";
        let no = self.connection.prepare_cached(sql)?.query_row([digest.0], |row| row.get(0))?;
        self.known.definitions.insert(digest, Definition { no, untold: 1 });
        Ok(no)
    }

    fn insert(&self, row: &chunk::Row) -> rusqlite::Result<()> {
        let sql = "INSERT INTO chunk (id, kinds, format, crc32, data) VALUES (?, ?, ?, ?, ?)";
        let chunk::Row { id, kinds, format, crc32, data } = row;
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.execute(params![id, kinds, format, crc32, data]).map(drop)
    }

    /// Notes how an execution stands after a chunk that does not end it.
    fn stand(&mut self, chunk: &Chunk, is_known: bool) -> rusqlite::Result<()> {
        let next_event = chunk.next_event();
        let sql = if is_known {
            "UPDATE live SET next_event = ?2, wake_at = ?3, is_owed = ?4 WHERE id = ?1"
        } else {
            "INSERT INTO live (id, next_event, wake_at, is_owed) VALUES (?, ?, ?, ?)"
        };
        self.connection.prepare_cached(sql)?.execute((
            chunk::number(chunk.execution),
            next_event.cast_signed(),
            chunk.standing.wake_at.map(nanos),
            chunk.standing.is_owed,
        ))?;
        if self.known.places.len() >= PLACES_MAX {
            self.known.places.clear();
        }
        self.known.places.insert(chunk.execution, next_event);
        Ok(())
    }

    fn end(&mut self, chunk: &Chunk, ending: &Ending) -> rusqlite::Result<()> {
        let id = chunk::number(chunk.execution);
        let no_failure = Failure::default();
        let (output, failure) = match &ending.outcome {
            Outcome::Succeeded { output } => (Some(output.text()), &no_failure),
            Outcome::Failed { failure }
            | Outcome::TimedOut { failure }
            | Outcome::Aborted { failure } => (None, failure),
        };
        self.connection
            .prepare_cached(
                "UPDATE execution SET status = ?, ended_at = ?, events = ?, output = ?, error = ?, \
                 cause = ? WHERE id = ?",
            )?
            .execute((
                status_number(ending.status()),
                nanos(ending.ended_at),
                chunk.next_event().cast_signed(),
                output,
                failure.error.as_deref(),
                failure.cause.as_deref(),
                id,
            ))?;
        self.connection.prepare_cached("DELETE FROM live WHERE id = ?")?.execute([id])?;
        self.known.places.remove(&chunk.execution);
        Ok(())
    }

    fn reopen(&self, chunk: &Chunk) -> rusqlite::Result<()> {
        let Some(Redrives { count, last_at }) = chunk.redrives else {
            unreachable!("a chunk that opens nothing is not admitted")
        };
        let sql = "UPDATE execution SET status = 0, ended_at = NULL, events = NULL, output = NULL, \
                   error = NULL, cause = NULL, packing = 0, redrives = ?, redriven_at = ? WHERE \
                   id = ?";
        let row = (count, last_at.map(nanos), chunk::number(chunk.execution));
        self.connection.prepare_cached(sql)?.execute(row).map(drop)
    }

    /// Has other rows in the place of an execution's, unless it has gone on since they were made.
    pub(crate) fn pack(&self, packed: &Packed) -> rusqlite::Result<()> {
        let Packed { execution, events, rows, is_readable } = packed;
        let sql = "UPDATE execution SET packing = ? WHERE id = ? AND packing = 0 AND events = ?";
        let row = (if *is_readable { 1 } else { 2 }, chunk::number(*execution), events);
        let is_same = self.connection.prepare_cached(sql)?.execute(row)? > 0;
        if !is_same || rows.is_empty() {
            return Ok(());
        }
        let sql = "DELETE FROM chunk WHERE id >= ? AND id < ?";
        self.connection.prepare_cached(sql)?.execute(chunk::ids(*execution))?;
        rows.iter().try_for_each(|row| self.insert(row))
    }

    /// Notes what has been put off to the end of a transaction.
    pub(crate) fn settle(&mut self) -> rusqlite::Result<()> {
        if let NextId { number: Some(number), is_written: false } = self.known.next_id {
            let sql = "UPDATE store SET next_id = ?";
            self.connection.prepare_cached(sql)?.execute([number])?;
            self.known.next_id.is_written = true;
        }
        let untold = self.known.definitions.values_mut().filter(|known| known.untold != 0);
        for Definition { no, untold } in untold {
            let sql = "UPDATE definition SET executions = executions + ? WHERE no = ?";
            self.connection.prepare_cached(sql)?.execute((std::mem::take(untold), *no))?;
        }
        Ok(())
    }

    pub(crate) fn write(&self, document: &Document) -> rusqlite::Result<()> {
        let key = &*document.key;
        let Some(text) = document.text.as_deref() else {
            let sql = "DELETE FROM document WHERE key = ?";
            return self.connection.prepare_cached(sql)?.execute([key]).map(drop);
        };
        let sql = "INSERT INTO document (key, text) VALUES (?, ?) ON CONFLICT DO UPDATE SET text = \
                   excluded.text";
        self.connection.prepare_cached(sql)?.execute((key, text)).map(drop)
    }

    pub(crate) fn delete(&mut self, execution: ExecutionId) -> rusqlite::Result<()> {
        // Whether a definition is still needed can only be told from a number that is right.
        self.settle()?;
        self.known.places.remove(&execution);
        let id = chunk::number(execution);
        let sql = "DELETE FROM execution WHERE id = ? RETURNING definition";
        let mut statement = self.connection.prepare_cached(sql)?;
        let deleted: Option<Option<i64>> =
            statement.query_row([id], |row| row.get(0)).optional()?;
        let Some(definition) = deleted else { return Ok(()) };
        if let Some(no) = definition {
            let sql = "UPDATE definition SET executions = executions - 1 WHERE no = ?";
            self.connection.prepare_cached(sql)?.execute([no])?;
            let sql = "DELETE FROM definition WHERE no = ? AND executions = 0";
            if self.connection.prepare_cached(sql)?.execute([no])? > 0 {
                self.known.definitions.retain(|_, known| known.no != no);
            }
        }
        self.connection.prepare_cached("DELETE FROM live WHERE id = ?")?.execute([id])?;
        let sql = "DELETE FROM chunk WHERE id >= ? AND id < ?";
        self.connection.prepare_cached(sql)?.execute(chunk::ids(execution)).map(drop)
    }
}

impl Place {
    /// Whether a chunk comes next here.
    fn admits(&self, chunk: &Chunk) -> bool {
        let is_next = match self {
            Self::Nowhere => chunk.first_event == 0 && chunk.opening.is_some(),
            Self::Open { next_event } => {
                chunk.birth.is_none()
                    && chunk.first_event == *next_event
                    && chunk.redrives.is_none()
            }
            Self::Ended { events } => {
                chunk.birth.is_none() && chunk.first_event == *events && chunk.redrives.is_some()
            }
        };
        is_next && chunk.is_in_range()
    }
}

/// The number that the column has; the table `status` names it.
pub(crate) fn status_number(status: Status) -> i64 {
    match status {
        Status::Running => 0,
        Status::Succeeded => 1,
        Status::Failed => 2,
        Status::TimedOut => 3,
        Status::Aborted => 4,
    }
}

/// Nanoseconds since 1970, as near as the column comes: from 1677 to 2262.
pub(crate) fn nanos(at: Timestamp) -> i64 {
    at.unix_seconds().saturating_mul(1_000_000_000).saturating_add(at.subsec_nanos().into())
}

#[cfg(test)]
mod tests;
