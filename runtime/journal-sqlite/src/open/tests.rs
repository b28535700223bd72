//! A log that ends in the middle of what was being written when the power went.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use rusqlite::Connection;
use stepwell_journal::behaviour::{Waiter, append};
use stepwell_journal::{ExecutionId, Journal};
use stepwell_kernel::Event;

use crate::fixture::{Folder, payload};
use crate::{Options, Sqlite};

const ROUNDS: usize = 30;

/// What is left of a log, and what was acknowledged.
struct Remains {
    folder: Folder,
    log: PathBuf,
    /// The journal after each append.
    journals: Vec<Vec<Event>>,
    /// How large the log was after each append.
    sizes: Vec<u64>,
}

/// A store whose process has ended before the log was moved into the file.
fn remains() -> Remains {
    let original = Folder::new();
    let store = original.open();
    let wal = original.0.path().join("store.db-wal");
    // As long as somebody reads what was there before, all that follows stays in the log.
    let observer = Connection::open(original.path()).unwrap();
    observer.execute_batch("BEGIN; SELECT * FROM store").unwrap();
    let (mut waiter, first) = Waiter::begin(1, "run", payload(500));
    let (mut events, mut journals, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    let mut record = Some(first);
    for _ in 0..ROUNDS {
        let record = record.take().unwrap_or_else(|| waiter.next(1));
        events.extend_from_slice(record.batch.events());
        append(&store, vec![record]).unwrap();
        journals.push(events.clone());
        sizes.push(fs::metadata(&wal).unwrap().len());
    }
    let folder = Folder::new();
    let log = folder.0.path().join("store.db-wal");
    fs::copy(original.path(), folder.path()).unwrap();
    fs::copy(wal, &log).unwrap();
    drop((observer, store));
    Remains { folder, log, journals, sizes }
}

impl Remains {
    /// Opens what is there and tells how many appends are, of which there are whole ones only.
    fn appends(&self) -> usize {
        let store = self.folder.try_open(&Options::default()).unwrap();
        let events = store.read(ExecutionId(1)).unwrap();
        assert_eq!(store.verify().unwrap(), []);
        assert_eq!(store.open_executions().count(), usize::from(!events.is_empty()));
        goes_on(&store);
        match self.journals.iter().position(|journal| *journal == events) {
            Some(nth) => nth + 1,
            None => {
                assert_eq!(events, []);
                0
            }
        }
    }

    /// How many appends lie before that place of the log.
    fn before(&self, size: u64) -> usize {
        self.sizes.iter().filter(|end| **end <= size).count()
    }
}

fn goes_on(store: &Sqlite) {
    let number = store.next_id().unwrap().0 + 7;
    let (_, record) = Waiter::begin(number, "next", payload(10));
    append(store, vec![record]).unwrap();
    assert_eq!(store.read(ExecutionId(number)).unwrap().len(), 3);
}

fn torn(tear: impl Fn(&File, u64)) {
    let size = *remains().sizes.last().unwrap();
    for lost in [1, 7, 24, 4096, 8192 + 24, 20_000, 60_000, 200_000] {
        let remains = remains();
        assert_eq!(fs::metadata(&remains.log).unwrap().len(), size, "the log is one run's");
        let file = File::options().write(true).open(&remains.log).unwrap();
        tear(&file, size - lost);
        assert_eq!(remains.appends(), remains.before(size - lost), "without {lost} bytes");
    }
}

#[test]
fn a_log_that_is_whole_is_read_to_its_end() {
    assert_eq!(remains().appends(), ROUNDS);
}

#[test]
fn a_log_that_is_cut_off_loses_its_newest_appends_only() {
    torn(|file, size| file.set_len(size).unwrap());
}

#[test]
fn a_log_that_ends_in_zeros_loses_its_newest_appends_only() {
    torn(|file, size| {
        let end = file.metadata().unwrap().len();
        file.set_len(size).unwrap();
        file.set_len(end).unwrap();
    });
}

#[test]
fn a_log_that_ends_in_anything_loses_its_newest_appends_only() {
    torn(|file, size| {
        let end = file.metadata().unwrap().len();
        let anything: Vec<u8> = (size..end).map(|at| u8::try_from(at % 251).unwrap() | 1).collect();
        file.write_all_at(&anything, size).unwrap();
    });
}
