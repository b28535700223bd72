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
    /// What it has now; none if it stays as it is.
    pub rows: Vec<Row>,
    pub is_readable: bool,
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
            rows => rows.ok().filter(|rows| is_whole(rows, execution, events)),
        };
        let rows = rows.and_then(|rows| pack(rows).ok());
        let is_readable = rows.is_some();
        let rows = rows.unwrap_or_default();
        bytes += rows.iter().map(|row| row.data.len()).sum::<usize>();
        packed.push(Packed { execution, events, rows, is_readable });
        if bytes > BYTES_MAX {
            break;
        }
    }
    Ok(packed)
}

/// Whether the rows follow each other from the first event to the last, as they were written. What is
/// not whole stays as it is, so that it can be told where it is damaged.
fn is_whole(rows: &[Row], execution: ExecutionId, events: i64) -> bool {
    let (first, _) = chunk::ids(execution);
    let next = rows.iter().try_fold(first, |next, row| {
        let is_next = row.id == next && row.is_as_written();
        is_next.then(|| next + row.events())
    });
    next == Some(first + events)
}

/// The same records in as few rows as they fit into; none if they are in one already.
fn pack(rows: Vec<Row>) -> Result<Vec<Row>, Unreadable> {
    if rows.len() < 2 {
        return Ok(Vec::new());
    }
    let mut packed = Vec::new();
    let (mut together, mut records, mut bytes) = (Vec::new(), Vec::new(), 0);
    for row in rows {
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
