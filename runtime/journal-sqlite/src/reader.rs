//! What is asked of the tables.

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql};
use stepwell_asl::Timestamp;
use stepwell_journal::{
    Birth, Damage, Digest, Ending, ExecutionId, Kept, Opening, Parent, Query, ReadError, Revision,
    Subject, Summary, codec,
};
use stepwell_kernel::{Event, Failure, Outcome, TaskId};
use stepwell_value::Payload;

use crate::chunk;
use crate::transaction::status_number;

pub(crate) fn unavailable(error: impl std::fmt::Display) -> ReadError {
    ReadError::Unavailable(error.to_string())
}

pub(crate) fn next_id(connection: &Connection) -> rusqlite::Result<ExecutionId> {
    connection.query_row("SELECT next_id FROM store", [], |row| row.get(0).map(id))
}

/// Every event of an execution.
pub(crate) fn events(
    connection: &Connection,
    execution: ExecutionId,
) -> Result<Vec<Event>, ReadError> {
    // One snapshot for both questions.
    let snapshot = connection.unchecked_transaction().map_err(unavailable)?;
    let sql = "SELECT coalesce(l.next_event, e.events) FROM execution e LEFT JOIN live l USING \
               (id) WHERE e.id = ?";
    let expected = snapshot
        .prepare_cached(sql)
        .and_then(|mut rows| {
            rows.query_row([chunk::number(execution)], |row| row.get::<_, Option<i64>>(0))
                .optional()
        })
        .map_err(unavailable)?;
    let mut events = Vec::new();
    let Some(expected) = expected else { return Ok(events) };
    let sql = "SELECT id, first_event, crc32, data FROM chunk WHERE id >= ? AND id < ? ORDER BY id";
    let mut statement = snapshot.prepare_cached(sql).map_err(unavailable)?;
    let mut rows = statement.query(chunk::ids(execution)).map_err(unavailable)?;
    while let Some(row) = rows.next().map_err(unavailable)? {
        let found = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let damaged = |damage| ReadError::Damaged { execution, damage };
        events.extend(chunk_events(row, found).map_err(unavailable)?.map_err(damaged)?);
    }
    if expected != i64::try_from(events.len()).ok() {
        let damage = Damage::Missing { found: events.len() as u64 };
        return Err(ReadError::Damaged { execution, damage });
    }
    Ok(events)
}

/// The events of a row, which must begin with that one.
fn chunk_events(
    row: &Row<'_>,
    expected_first: i64,
) -> rusqlite::Result<Result<Vec<Event>, Damage>> {
    let (id, first, checksum): (i64, i64, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let data = row.get_ref(3)?.as_blob()?;
    let first_event = expected_first.cast_unsigned();
    Ok(if chunk::checksum(id, first, data) != checksum {
        Err(Damage::Checksum { first_event })
    } else if first != expected_first {
        Err(Damage::Missing { found: first_event })
    } else {
        codec::decode(data).map_err(|corrupt| Damage::Record { first_event, corrupt })
    })
}

pub(crate) fn revision(
    connection: &Connection,
    digest: Digest,
) -> rusqlite::Result<Option<Revision>> {
    let sql = "SELECT text FROM definition WHERE sha256 = ?";
    let mut statement = connection.prepare_cached(sql)?;
    let text = statement.query_row([digest.0], |row| row.get::<_, String>(0)).optional()?;
    Ok(text.map(Revision::new))
}

/// The next executions that have not ended, in order.
pub(crate) fn open_ids(
    connection: &Connection,
    after: Option<ExecutionId>,
    count_max: u32,
) -> rusqlite::Result<Vec<ExecutionId>> {
    let sql = "SELECT id FROM live WHERE id > ? ORDER BY id LIMIT ?";
    let mut statement = connection.prepare_cached(sql)?;
    let after = after.map_or(-1, chunk::number);
    let ids = statement.query_map((after, count_max), |row| row.get(0).map(id))?;
    ids.collect()
}

pub(crate) fn kept(
    connection: &Connection,
    execution: ExecutionId,
    known: &mut Option<(i64, Revision)>,
) -> Result<Kept, ReadError> {
    let birth = birth(connection, execution, known).map_err(unavailable)?;
    Ok(Kept { execution, birth, events: events(connection, execution)? })
}

/// `known` is the definition of the execution before, which most often is this one's as well.
fn birth(
    connection: &Connection,
    execution: ExecutionId,
    known: &mut Option<(i64, Revision)>,
) -> rusqlite::Result<Option<Birth>> {
    let sql = "SELECT definition, parent, parent_task FROM execution WHERE id = ?";
    let mut statement = connection.prepare_cached(sql)?;
    let row = statement
        .query_row([chunk::number(execution)], |row| {
            Ok((row.get::<_, Option<i64>>(0)?, parent(row.get(1)?, row.get(2)?)))
        })
        .optional()?;
    let Some((Some(no), parent)) = row else { return Ok(None) };
    let revision = match known {
        Some((known, revision)) if *known == no => revision.clone(),
        _ => {
            let mut statement =
                connection.prepare_cached("SELECT text FROM definition WHERE no = ?")?;
            let text: String = statement.query_row([no], |row| row.get(0))?;
            let revision = Revision::new(text);
            *known = Some((no, revision.clone()));
            revision
        }
    };
    Ok(Some(Birth { revision, parent }))
}

pub(crate) fn list(connection: &Connection, query: &Query) -> Result<Vec<Summary>, ReadError> {
    let (condition, subject): (&str, Option<Box<dyn ToSql>>) = match &query.subject {
        Subject::All => ("?1 IS NULL", None),
        Subject::One(execution) => ("e.id = ?1", Some(Box::new(chunk::number(*execution)))),
        Subject::Arn(arn) => ("e.arn = ?1", Some(Box::new(String::from(&**arn)))),
        Subject::Machine(arn) => (
            "e.machine = (SELECT no FROM machine WHERE arn = ?1)",
            Some(Box::new(String::from(&**arn))),
        ),
        Subject::Children(of) => ("e.parent = ?1", Some(Box::new(chunk::number(*of)))),
    };
    let status = query.status.map(status_number);
    let status_condition = if status.is_some() { "e.status = ?2" } else { "?2 IS NULL" };
    let before = query.before.map_or(i64::MAX, chunk::number);
    let count_max = i64::try_from(query.count_max).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT e.id, e.arn, e.name, m.arn, d.sha256, e.parent, e.parent_task, e.status, \
         e.started_at, e.ended_at, e.output, e.error, e.cause FROM execution e LEFT JOIN machine m \
         ON m.no = e.machine LEFT JOIN definition d ON d.no = e.definition WHERE {condition} AND \
         {status_condition} AND e.id < ?3 ORDER BY e.id DESC LIMIT ?4"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(unavailable)?;
    let mut rows = statement.query((subject, status, before, count_max)).map_err(unavailable)?;
    let mut summaries = Vec::new();
    while let Some(row) = rows.next().map_err(unavailable)? {
        summaries.push(summary(row).map_err(unavailable)?);
    }
    Ok(summaries)
}

fn summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    let text = |column| row.get::<_, Option<Box<str>>>(column);
    let opening = Opening {
        arn: row.get::<_, Box<str>>(1)?.into(),
        name: row.get::<_, Box<str>>(2)?.into(),
        machine_arn: text(3)?.map(Into::into),
        started_at: time(row.get(8)?),
    };
    let failure = Failure { error: text(11)?.map(Into::into), cause: text(12)?.map(Into::into) };
    let outcome = match row.get::<_, i64>(7)? {
        1 => Some(Outcome::Succeeded { output: payload(&row.get::<_, Box<str>>(10)?)? }),
        2 => Some(Outcome::Failed { failure }),
        3 => Some(Outcome::TimedOut { failure }),
        4 => Some(Outcome::Aborted { failure }),
        _ => None,
    };
    let ended_at: Option<i64> = row.get(9)?;
    Ok(Summary {
        execution: id(row.get(0)?),
        opening,
        revision: row.get::<_, Option<[u8; 32]>>(4)?.map(Digest),
        parent: parent(row.get(5)?, row.get(6)?),
        ending: outcome.zip(ended_at).map(|(outcome, at)| Ending { ended_at: time(at), outcome }),
    })
}

fn payload(text: &str) -> rusqlite::Result<Payload> {
    Payload::parse(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(10, rusqlite::types::Type::Text, error.into())
    })
}

fn parent(execution: Option<i64>, task: Option<u32>) -> Option<Parent> {
    Some(Parent { execution: id(execution?), task: TaskId(task?) })
}

fn id(number: i64) -> ExecutionId {
    ExecutionId(number.cast_unsigned())
}

fn time(nanos: i64) -> Timestamp {
    let subsec = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or(0);
    Timestamp::from_unix(nanos.div_euclid(1_000_000_000), subsec).unwrap_or_default()
}
