//! Joins the chunks of executions that have ended, beside everything else.
//!
//! What an execution's records have in common is written once, and its events lie together. The rows
//! are made here and put in place by the thread that writes, of several executions at once; what is
//! left to do after a crash is in the table.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use stepwell_journal::ExecutionId;
use tokio::sync::oneshot;

use crate::chunk::{self, Row};
use crate::format::{self, Unreadable};
use crate::reader;
use crate::writer::{Request, Work};

/// How often it is seen whether there is something to pack.
const PAUSE: Duration = Duration::from_secs(1);

/// It rests for so many times as long as it has worked or waited, so that others come first.
const REST: u32 = 4;

/// How much is put in place at once.
const EXECUTIONS_MAX: u32 = 64;
const BYTES_MAX: usize = 1 << 20;

/// How large a row becomes, before it is compressed.
const ROW_MAX: usize = 1 << 20;

/// An execution as it is packed.
pub(crate) struct Packed {
    pub execution: ExecutionId,
    /// How many events it had.
    pub events: i64,
    /// None if what is there cannot be read.
    pub rows: Option<Vec<Row>>,
}

/// Works until the other side of the channel is gone. What fails is tried again.
pub(crate) fn run(connection: &Connection, requests: &Sender<Request>, stop: &Receiver<()>) {
    let mut pause = PAUSE;
    while stop.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let began = Instant::now();
        let is_done = round(connection, requests).unwrap_or(true);
        pause = if is_done { PAUSE } else { began.elapsed() * REST };
    }
}

/// Packs some executions. Tells whether no more have to be; none if it failed.
fn round(connection: &Connection, requests: &Sender<Request>) -> Option<bool> {
    let packed = packed(connection, EXECUTIONS_MAX).ok()?;
    if packed.is_empty() {
        return Some(true);
    }
    let (reply, answer) = oneshot::channel();
    requests.send(Request { work: Work::Pack(packed), reply }).ok()?;
    answer.blocking_recv().ok()?.ok()?;
    Some(false)
}

/// The next executions, packed.
pub(crate) fn packed(connection: &Connection, count_max: u32) -> rusqlite::Result<Vec<Packed>> {
    let mut packed = Vec::new();
    let mut bytes = 0;
    for (execution, events) in reader::unpacked(connection, count_max)? {
        let rows = match reader::rows(connection, execution) {
            Err(error) if !reader::is_damage(&error) => return Err(error),
            rows => rows.ok().and_then(|rows| pack(rows).ok()),
        };
        bytes += rows.iter().flatten().map(|row| row.data.len()).sum::<usize>();
        packed.push(Packed { execution, events, rows });
        if bytes > BYTES_MAX {
            break;
        }
    }
    Ok(packed)
}

/// The same records in as few rows as they fit into.
fn pack(rows: Vec<Row>) -> Result<Vec<Row>, Unreadable> {
    if rows.len() < 2 {
        return Ok(rows);
    }
    let mut packed = Vec::new();
    let (mut together, mut records, mut bytes) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        if chunk::checksum(row.id, row.format, &row.data) != row.crc32 {
            return Err(Unreadable);
        }
        format::read(row.format, &row.data, |record| {
            bytes += record.len();
            records.push(record.to_vec());
            Ok::<_, Unreadable>(())
        })?;
        together.push(row);
        if bytes >= ROW_MAX {
            packed.push(Row::join(&together, &records)?);
            (together, records, bytes) = (Vec::new(), Vec::new(), 0);
        }
    }
    if !together.is_empty() {
        packed.push(Row::join(&together, &records)?);
    }
    Ok(packed)
}

#[cfg(test)]
mod tests;
