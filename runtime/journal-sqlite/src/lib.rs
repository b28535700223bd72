//! The journal in one SQLite file.
//!
//! One thread writes. It takes whatever is waiting, of whichever executions, into one transaction,
//! so that those who wait share one sync; while it syncs, the next batch gathers. What is not read
//! back as it was written is refused: every chunk of events has a checksum. Chunks are compressed, and
//! those of an execution that has ended are joined in the background.
//!
//! The file belongs to one process at a time, which a lock beside it sees to. Other programs may
//! look into it: `sqlite3 -readonly FILE 'SELECT * FROM executions'`, and `events`.
//!
//! Only this crate knows SQL.

pub use backup::{BackupError, RestoreError};
pub use open::{OpenError, Options};
pub use store::Sqlite;
pub use verify::{Fault, VerifyError};

mod backup;
mod checkpoint;
mod chunk;
#[cfg(test)]
mod fixture;
mod format;
mod lock;
mod open;
mod pack;
mod reader;
mod schema;
mod store;
mod transaction;
mod verify;
mod writer;
