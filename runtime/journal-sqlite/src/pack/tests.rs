use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use stepwell_journal::behaviour::{Backend as _, append, block_on};
use stepwell_journal::{Damage, ExecutionId, Journal, Query, ReadError, Status, Subject};
use stepwell_kernel::Event;

use crate::Sqlite;
use crate::fixture::{Folder, begin, go_on};

const ROUNDS: usize = 20;

/// An execution that has ended, and its events.
fn ended(store: &Sqlite, execution: u64, bytes: usize) -> Vec<Event> {
    let mut waiter = begin(store, execution, bytes).unwrap();
    for _ in 0..ROUNDS {
        go_on(store, execution, &mut waiter);
    }
    append(store, vec![waiter.end(execution)]).unwrap();
    store.read(ExecutionId(execution)).unwrap()
}

fn number(folder: &Folder, sql: &str) -> i64 {
    let connection = Connection::open(folder.path()).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Waits until so many executions are not packed.
fn wait_for_unpacked(folder: &Folder, count: i64) {
    let sql = "SELECT count(*) FROM execution WHERE packing = 0";
    let deadline = Instant::now() + Duration::from_secs(20);
    while number(folder, sql) != count {
        assert!(Instant::now() < deadline, "{} are not packed", number(folder, sql));
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn ended_executions_are_packed_and_stay_what_they_were() {
    let folder = Folder::new();
    let store = folder.open();
    let before: Vec<_> = (0..70).map(|nth| ended(&store, nth, 500)).collect();
    let mut running = begin(&store, 70, 10).unwrap();
    go_on(&store, 70, &mut running);
    wait_for_unpacked(&folder, 1);
    assert_eq!(number(&folder, "SELECT count(*) FROM chunk"), 70 + 2);
    let events = "SELECT count(*) FROM events WHERE execution = 5 AND kind = 'WaitStarted'";
    assert_eq!(number(&folder, events), 1 + i64::try_from(ROUNDS).unwrap());
    let store = folder.reopen(store);
    for (nth, events) in (0..).zip(&before) {
        assert_eq!(store.read(ExecutionId(nth)).unwrap(), *events);
        assert_eq!(store.load(ExecutionId(nth)).unwrap().unwrap().events, *events);
    }
    assert_eq!(store.verify().unwrap(), []);
    let listed = store.list(&Query::newest(Subject::All, 99)).unwrap();
    assert_eq!((listed.len(), listed[1].status()), (71, Status::Aborted));
    go_on(&store, 70, &mut running);
}

#[test]
fn a_long_history_is_packed_into_several_rows() {
    let folder = Folder::new();
    let store = folder.open();
    let before = ended(&store, 1, 200_000);
    wait_for_unpacked(&folder, 0);
    let rows = number(&folder, "SELECT count(*) FROM chunk");
    assert!((2..10).contains(&rows), "{rows} rows");
    assert_eq!(store.read(ExecutionId(1)).unwrap(), before);
}

#[test]
fn what_was_left_unpacked_is_packed_later() {
    let folder = Folder::new();
    let store = folder.open();
    let before = ended(&store, 1, 100);
    drop(store);
    assert_eq!(number(&folder, "SELECT count(*) FROM chunk"), 2 + i64::try_from(ROUNDS).unwrap());
    let store = folder.open();
    wait_for_unpacked(&folder, 0);
    assert_eq!(store.read(ExecutionId(1)).unwrap(), before);
    block_on(store.delete(vec![ExecutionId(1)])).unwrap();
    assert_eq!(number(&folder, "SELECT count(*) FROM chunk"), 0);
}

fn stays_as_it_is(tampering: &str, damage: Damage, rows: i64) {
    let folder = Folder::new();
    let store = folder.open();
    ended(&store, 1, 100);
    drop(store);
    folder.tamper(tampering);
    let store = folder.open();
    let other = ended(&store, 2, 100);
    wait_for_unpacked(&folder, 0);
    let expected = ReadError::Damaged { execution: ExecutionId(1), damage };
    assert_eq!(store.read(ExecutionId(1)), Err(expected));
    assert_eq!(store.read(ExecutionId(2)).unwrap(), other);
    assert_eq!(number(&folder, "SELECT count(*) FROM chunk"), rows + 1);
}

#[test]
fn what_is_damaged_is_not_packed_and_keeps_nothing_else_from_it() {
    let rows = 2 + i64::try_from(ROUNDS).unwrap();
    let flipped = "UPDATE chunk SET crc32 = crc32 + 1 WHERE no = 2";
    stays_as_it_is(flipped, Damage::Checksum { first_event: 3 }, rows);
    let hole = "DELETE FROM chunk WHERE no = 2";
    stays_as_it_is(hole, Damage::Missing { found: 3 }, rows - 1);
}
