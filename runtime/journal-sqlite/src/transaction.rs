//! What a transaction does to the tables.

use rusqlite::{Connection, OptionalExtension as _};
use stepwell_asl::Timestamp;
use stepwell_journal::{Birth, Ending, ExecutionId, Opening, Revision, Status};
use stepwell_kernel::{Failure, Outcome};

use crate::chunk::{self, Chunk};

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

/// Where an execution's journal goes on.
struct Position {
    event: i64,
    chunk: i64,
}

pub(crate) fn append(connection: &Connection, chunk: &Chunk) -> Result<(), Refusal> {
    let misplaced = || Refusal::Misplaced(chunk.execution);
    if chunk.execution.0 >= chunk::EXECUTION_END {
        return Err(misplaced());
    }
    let position = match (position(connection, chunk.execution)?, &chunk.birth) {
        (Some(position), None) => position,
        (Some(_), Some(_)) => return Err(misplaced()),
        (None, birth) => {
            let opening = chunk.opening.as_ref().ok_or_else(misplaced)?;
            if exists(connection, chunk.execution)? {
                return Err(misplaced());
            }
            begin(connection, chunk.execution, opening, birth.as_ref())?;
            Position { event: 0, chunk: 0 }
        }
    };
    if position.chunk >= chunk::POSITION_END {
        return Err(misplaced());
    }
    insert(connection, chunk, &position)?;
    let next = Position { event: position.event + chunk.events, chunk: position.chunk + 1 };
    match &chunk.ending {
        Some(ending) => end(connection, chunk.execution, ending, next.event)?,
        None => go_on(connection, chunk.execution, &next)?,
    }
    Ok(())
}

fn position(connection: &Connection, execution: ExecutionId) -> rusqlite::Result<Option<Position>> {
    let sql = "SELECT next_event, next_chunk FROM live WHERE id = ?";
    connection
        .prepare_cached(sql)?
        .query_row([chunk::number(execution)], |row| {
            Ok(Position { event: row.get(0)?, chunk: row.get(1)? })
        })
        .optional()
}

fn exists(connection: &Connection, execution: ExecutionId) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM execution WHERE id = ?";
    connection.prepare_cached(sql)?.exists([chunk::number(execution)])
}

fn begin(
    connection: &Connection,
    execution: ExecutionId,
    opening: &Opening,
    birth: Option<&Birth>,
) -> rusqlite::Result<()> {
    let Opening { arn, name, machine_arn, started_at } = opening;
    let machine = machine_arn.as_deref().map(|arn| machine(connection, arn)).transpose()?;
    let definition = birth.map(|birth| definition(connection, &birth.revision)).transpose()?;
    let parent = birth.and_then(|birth| birth.parent);
    let id = chunk::number(execution);
    connection
        .prepare_cached(
            "INSERT INTO execution (id, arn, name, machine, definition, parent, parent_task, \
             status, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute((
            id,
            &**arn,
            &**name,
            machine,
            definition,
            parent.map(|parent| chunk::number(parent.execution)),
            parent.map(|parent| parent.task.0),
            status_number(Status::Running),
            nanos(*started_at),
        ))?;
    let sql = "UPDATE store SET next_id = ?1 + 1 WHERE next_id <= ?1";
    connection.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

fn machine(connection: &Connection, arn: &str) -> rusqlite::Result<i64> {
    let sql = "SELECT no FROM machine WHERE arn = ?";
    if let Some(no) =
        connection.prepare_cached(sql)?.query_row([arn], |row| row.get(0)).optional()?
    {
        return Ok(no);
    }
    connection.prepare_cached("INSERT INTO machine (arn) VALUES (?)")?.insert([arn])
}

/// The row of a definition, which one more execution has.
fn definition(connection: &Connection, revision: &Revision) -> rusqlite::Result<i64> {
    let digest = revision.digest().0;
    let sql = "UPDATE definition SET executions = executions + 1 WHERE sha256 = ? RETURNING no";
    let known = connection.prepare_cached(sql)?.query_row([digest], |row| row.get(0)).optional()?;
    if let Some(no) = known {
        return Ok(no);
    }
    let sql = "INSERT INTO definition (sha256, text, executions) VALUES (?, ?, 1)";
    connection.prepare_cached(sql)?.insert((digest, &**revision.text()))
}

fn insert(connection: &Connection, chunk: &Chunk, at: &Position) -> rusqlite::Result<()> {
    let id = chunk::ids(chunk.execution).0 + at.chunk;
    let sql = "INSERT INTO chunk (id, first_event, kinds, crc32, data) VALUES (?, ?, ?, ?, ?)";
    let checksum = chunk::checksum(id, at.event, &chunk.data);
    let row = (id, at.event, &chunk.kinds, checksum, &chunk.data);
    connection.prepare_cached(sql)?.execute(row).map(drop)
}

fn go_on(connection: &Connection, execution: ExecutionId, next: &Position) -> rusqlite::Result<()> {
    let sql = "INSERT INTO live (id, next_event, next_chunk) VALUES (?, ?, ?) ON CONFLICT (id) \
               DO UPDATE SET next_event = excluded.next_event, next_chunk = excluded.next_chunk";
    let row = (chunk::number(execution), next.event, next.chunk);
    connection.prepare_cached(sql)?.execute(row).map(drop)
}

fn end(
    connection: &Connection,
    execution: ExecutionId,
    ending: &Ending,
    events: i64,
) -> rusqlite::Result<()> {
    let id = chunk::number(execution);
    let no_failure = Failure::default();
    let (output, failure) = match &ending.outcome {
        Outcome::Succeeded { output } => (Some(output.text()), &no_failure),
        Outcome::Failed { failure }
        | Outcome::TimedOut { failure }
        | Outcome::Aborted { failure } => (None, failure),
    };
    connection
        .prepare_cached(
            "UPDATE execution SET status = ?, ended_at = ?, events = ?, output = ?, error = ?, \
             cause = ? WHERE id = ?",
        )?
        .execute((
            status_number(ending.status()),
            nanos(ending.ended_at),
            events,
            output,
            failure.error.as_deref(),
            failure.cause.as_deref(),
            id,
        ))?;
    connection.prepare_cached("DELETE FROM live WHERE id = ?")?.execute([id])?;
    Ok(())
}

pub(crate) fn delete(connection: &Connection, execution: ExecutionId) -> rusqlite::Result<()> {
    let id = chunk::number(execution);
    let sql = "DELETE FROM execution WHERE id = ? RETURNING definition";
    let mut statement = connection.prepare_cached(sql)?;
    let deleted: Option<Option<i64>> = statement.query_row([id], |row| row.get(0)).optional()?;
    let Some(definition) = deleted else { return Ok(()) };
    if let Some(no) = definition {
        let sql = "UPDATE definition SET executions = executions - 1 WHERE no = ?";
        connection.prepare_cached(sql)?.execute([no])?;
        let sql = "DELETE FROM definition WHERE no = ? AND executions = 0";
        connection.prepare_cached(sql)?.execute([no])?;
    }
    connection.prepare_cached("DELETE FROM live WHERE id = ?")?.execute([id])?;
    let sql = "DELETE FROM chunk WHERE id >= ? AND id < ?";
    connection.prepare_cached(sql)?.execute(chunk::ids(execution))?;
    Ok(())
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
fn nanos(at: Timestamp) -> i64 {
    at.unix_seconds().saturating_mul(1_000_000_000).saturating_add(at.subsec_nanos().into())
}
