//! Moves what is committed from the log into the file, beside the commits.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;

const PAUSE: Duration = Duration::from_millis(250);

/// Over so many pages the log begins again from its start, for which commits wait a moment.
const PAGES_MAX: i64 = (256 << 20) / 8192;

/// Works until the other side of the channel is gone. A checkpoint that fails is tried again: what
/// is in the log is safe there.
pub(crate) fn run(connection: &Connection, stop: &Receiver<()>) {
    let mut mode = "PASSIVE";
    while stop.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
        let pages = checkpoint(connection, mode).unwrap_or(0);
        mode = if pages > PAGES_MAX { "RESTART" } else { "PASSIVE" };
    }
}

/// How many pages the log has.
fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<i64> {
    let mut statement = connection.prepare_cached(match mode {
        "RESTART" => "PRAGMA wal_checkpoint(RESTART)",
        _ => "PRAGMA wal_checkpoint(PASSIVE)",
    })?;
    statement.query_row([], |row| row.get(1))
}
