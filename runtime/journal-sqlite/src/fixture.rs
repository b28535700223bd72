//! Stores for tests.

use std::path::PathBuf;

use rusqlite::Connection;
use stepwell_journal::AppendError;
use stepwell_journal::behaviour::{Backend, Waiter, append};
use stepwell_value::Payload;
use tempfile::TempDir;

use crate::{OpenError, Options, Sqlite};

/// A folder for the stores of one test.
pub(crate) struct Folder(pub TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("store.db")
    }

    pub(crate) fn open(&self) -> Sqlite {
        self.try_open(&Options::default()).unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) fn try_open(&self, options: &Options) -> Result<Sqlite, OpenError> {
        Sqlite::open(self.path(), options)
    }

    /// Changes the file behind the store's back.
    pub(crate) fn tamper(&self, sql: &str) {
        Connection::open(self.path()).unwrap().execute_batch(sql).unwrap();
    }
}

impl Backend for Folder {
    type Journal = Sqlite;

    fn create(&self) -> Sqlite {
        self.open()
    }

    fn reopen(&self, journal: Sqlite) -> Sqlite {
        drop(journal);
        self.open()
    }
}

/// A text that compression does not make much smaller.
pub(crate) fn payload(bytes: usize) -> Payload {
    let mut state = 1_u64;
    let mut letter = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'!' + u8::try_from((state >> 57) % 64).unwrap_or(0))
    };
    let text: String = (0..bytes).map(&mut letter).collect();
    Payload::from(stepwell_value::Value::String(text.into()))
}

pub(crate) fn begin(store: &Sqlite, execution: u64, bytes: usize) -> Result<Waiter, AppendError> {
    let (waiter, record) = Waiter::begin(execution, &format!("run-{execution}"), payload(bytes));
    append(store, vec![record]).map(|_| waiter)
}

pub(crate) fn go_on(store: &Sqlite, execution: u64, waiter: &mut Waiter) {
    append(store, vec![waiter.next(execution)]).unwrap_or_else(|error| panic!("{error}"));
}

/// A store with one execution of three chunks, closed.
pub(crate) fn three_chunks() -> Folder {
    let folder = Folder::new();
    let store = folder.open();
    let mut waiter = begin(&store, 1, 10).unwrap_or_else(|error| panic!("{error}"));
    go_on(&store, 1, &mut waiter);
    go_on(&store, 1, &mut waiter);
    folder
}
