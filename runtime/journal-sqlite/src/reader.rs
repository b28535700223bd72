//! What is asked of the tables.

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, Transaction};
use stepwell_asl::Timestamp;
use stepwell_journal::{
    Birth, Damage, Digest, Document, ExecutionId, Kept, Open, Parent, ReadError, Revision,
    Standing, codec,
};
use stepwell_kernel::{Event, TaskId};

use crate::chunk;
use crate::format::{self, Unreadable};
use crate::transaction::nanos;

pub(crate) mod list;

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
    let snapshot = connection.unchecked_transaction().map_err(unavailable)?;
    Ok(journal(&snapshot, execution)?.unwrap_or_default())
}

pub(crate) fn load(
    connection: &Connection,
    execution: ExecutionId,
) -> Result<Option<Kept>, ReadError> {
    let snapshot = connection.unchecked_transaction().map_err(unavailable)?;
    let Some(events) = journal(&snapshot, execution)? else { return Ok(None) };
    let birth = birth(&snapshot, execution).map_err(unavailable)?;
    Ok(Some(Kept { execution, birth, events }))
}

/// The events of an execution, as they are in a snapshot; none if it is not known.
fn journal(
    snapshot: &Transaction<'_>,
    execution: ExecutionId,
) -> Result<Option<Vec<Event>>, ReadError> {
    let sql = "SELECT coalesce(l.next_event, e.events) FROM execution e LEFT JOIN live l USING \
               (id) WHERE e.id = ?";
    let expected = snapshot.prepare_cached(sql).and_then(|mut rows| {
        rows.query_row([chunk::number(execution)], |row| row.get::<_, Option<i64>>(0)).optional()
    });
    let expected = expected.map_err(|error| Flaw::Failure(error).of(execution, &[]))?;
    let Some(expected) = expected else { return Ok(None) };
    let mut events = Vec::new();
    gather(snapshot, execution, &mut events).map_err(|flaw| flaw.of(execution, &events))?;
    if expected.map(i64::cast_unsigned) != Some(events.len() as u64) {
        let damage = Damage::Missing { found: events.len() as u64 };
        return Err(ReadError::Damaged { execution, damage });
    }
    Ok(Some(events))
}

/// Why the next events were not read.
enum Flaw {
    Damage(Damage),
    Failure(rusqlite::Error),
}

impl From<rusqlite::Error> for Flaw {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failure(error)
    }
}

impl Flaw {
    fn of(self, execution: ExecutionId, before: &[Event]) -> ReadError {
        let damage = match self {
            Self::Damage(damage) => damage,
            Self::Failure(error) if is_damage(&error) => {
                Damage::File { first_event: before.len() as u64, reason: error.to_string() }
            }
            Self::Failure(error) => return unavailable(error),
        };
        ReadError::Damaged { execution, damage }
    }
}

/// Whether the file is not what was written.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn gather(
    snapshot: &Transaction<'_>,
    execution: ExecutionId,
    events: &mut Vec<Event>,
) -> Result<(), Flaw> {
    let sql = "SELECT id, format, crc32, data FROM chunk WHERE id >= ? AND id < ? ORDER BY id";
    let mut statement = snapshot.prepare_cached(sql)?;
    let mut rows = statement.query(chunk::ids(execution))?;
    while let Some(row) = rows.next()? {
        let next = events.len() as u64;
        events.extend(chunk_events(row, execution, next)?.map_err(Flaw::Damage)?);
    }
    Ok(())
}

/// The events of a row, which must begin with that one.
fn chunk_events(
    row: &Row<'_>,
    execution: ExecutionId,
    first_event: u64,
) -> rusqlite::Result<Result<Vec<Event>, Damage>> {
    let (id, format, checksum): (i64, u8, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let data = row.get_ref(3)?.as_blob()?;
    Ok(if chunk::checksum(id, format, data) != checksum {
        Err(Damage::Checksum { first_event })
    } else if id != chunk::id(execution, first_event) {
        Err(Damage::Missing { found: first_event })
    } else {
        decode(format, data).map_err(|flaw| match flaw {
            Undecodable::Row => Damage::Compression { first_event },
            Undecodable::Record(corrupt) => Damage::Record { first_event, corrupt },
        })
    })
}

enum Undecodable {
    Row,
    Record(codec::Corrupt),
}

impl From<Unreadable> for Undecodable {
    fn from(_: Unreadable) -> Self {
        Self::Row
    }
}

fn decode(format: u8, data: &[u8]) -> Result<Vec<Event>, Undecodable> {
    let mut events = Vec::new();
    format::read(format, data, |record| {
        events.extend(codec::decode(record).map_err(Undecodable::Record)?);
        Ok::<_, Undecodable>(())
    })?;
    Ok(events)
}

/// The rows of an execution, as they are.
pub(crate) fn rows(
    connection: &Connection,
    execution: ExecutionId,
) -> rusqlite::Result<Vec<chunk::Row>> {
    let sql =
        "SELECT id, kinds, format, crc32, data FROM chunk WHERE id >= ? AND id < ? ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(chunk::ids(execution), |row| {
        let (id, kinds, format) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(chunk::Row { id, kinds, format, crc32: row.get(3)?, data: row.get(4)? })
    })?;
    rows.collect()
}

/// The next executions that have ended and are not packed, with how many events they have.
pub(crate) fn unpacked(
    connection: &Connection,
    count_max: u32,
) -> rusqlite::Result<Vec<(ExecutionId, i64)>> {
    let sql = "SELECT id, events FROM execution WHERE packing = 0 AND ended_at IS NOT NULL ORDER BY \
               id LIMIT ?";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([count_max], |row| Ok((row.get(0).map(id)?, row.get(1)?)))?;
    found.collect()
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
pub(crate) fn open(
    connection: &Connection,
    after: Option<ExecutionId>,
    count_max: u32,
) -> rusqlite::Result<Vec<Open>> {
    let sql = "SELECT id, wake_at, is_owed FROM live WHERE id > ? ORDER BY id LIMIT ?";
    let mut statement = connection.prepare_cached(sql)?;
    let after = after.map_or(-1, chunk::number);
    let open = statement.query_map((after, count_max), |row| {
        let wake_at = row.get::<_, Option<i64>>(1)?.map(time);
        let standing = Standing { wake_at, is_owed: row.get(2)? };
        Ok(Open { execution: id(row.get(0)?), standing })
    })?;
    open.collect()
}

/// The next executions that have not ended and that others have started, in order.
pub(crate) fn open_children(
    connection: &Connection,
    after: Option<ExecutionId>,
    count_max: usize,
) -> rusqlite::Result<Vec<(ExecutionId, Parent)>> {
    let sql = "SELECT e.id, e.parent, e.parent_task FROM live l JOIN execution e ON e.id = l.id \
               WHERE l.id > ? AND e.parent IS NOT NULL ORDER BY l.id LIMIT ?";
    let mut statement = connection.prepare_cached(sql)?;
    let after = after.map_or(-1, chunk::number);
    let count_max = i64::try_from(count_max).unwrap_or(i64::MAX);
    let children = statement.query_map((after, count_max), |row| {
        let parent = Parent { execution: id(row.get(1)?), task: TaskId(row.get(2)?) };
        Ok((id(row.get(0)?), parent))
    })?;
    children.collect()
}

/// The next executions, whether they have ended or not, in order.
pub(crate) fn executions(
    connection: &Connection,
    after: Option<ExecutionId>,
) -> rusqlite::Result<Vec<ExecutionId>> {
    let sql = "SELECT id FROM execution WHERE id > ? ORDER BY id LIMIT 1000";
    let mut statement = connection.prepare_cached(sql)?;
    let ids = statement.query_map([after.map_or(-1, chunk::number)], |row| row.get(0).map(id))?;
    ids.collect()
}

fn birth(connection: &Connection, execution: ExecutionId) -> rusqlite::Result<Option<Birth>> {
    let sql = "SELECT d.text, e.parent, e.parent_task FROM execution e JOIN definition d ON d.no = \
               e.definition WHERE e.id = ?";
    let mut statement = connection.prepare_cached(sql)?;
    let birth = statement.query_row([chunk::number(execution)], |row| {
        let revision = Revision::new(row.get::<_, Box<str>>(0)?);
        Ok(Birth { revision, parent: parent(row.get(1)?, row.get(2)?) })
    });
    birth.optional()
}

pub(crate) fn ended_before(
    connection: &Connection,
    time: Timestamp,
    count_max: usize,
) -> rusqlite::Result<Vec<ExecutionId>> {
    let sql = "SELECT e.id FROM execution e WHERE e.ended_at < ? AND NOT EXISTS (SELECT 1 FROM \
               live p WHERE p.id = e.parent) ORDER BY e.ended_at, e.id LIMIT ?";
    let mut statement = connection.prepare_cached(sql)?;
    let count_max = i64::try_from(count_max).unwrap_or(i64::MAX);
    let ended = statement.query_map((nanos(time), count_max), |row| row.get(0).map(id))?;
    ended.collect()
}

pub(crate) fn documents(connection: &Connection, prefix: &str) -> rusqlite::Result<Vec<Document>> {
    let sql = "SELECT key, text FROM document WHERE key >= ? ORDER BY key";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([prefix])?;
    let mut found = Vec::new();
    // Keys are ordered by their bytes, so those with the prefix lie together.
    while let Some(row) = rows.next()? {
        if !row.get_ref(0)?.as_str()?.starts_with(prefix) {
            break;
        }
        let (key, text): (Box<str>, Box<str>) = (row.get(0)?, row.get(1)?);
        found.push(Document { key: key.into(), text: Some(text.into()) });
    }
    Ok(found)
}

fn parent(execution: Option<i64>, task: Option<u32>) -> Option<Parent> {
    Some(Parent { execution: id(execution?), task: TaskId(task?) })
}

pub(crate) fn id(number: i64) -> ExecutionId {
    ExecutionId(number.cast_unsigned())
}

fn time(nanos: i64) -> Timestamp {
    let subsec = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or(0);
    Timestamp::from_unix(nanos.div_euclid(1_000_000_000), subsec).unwrap_or_default()
}
