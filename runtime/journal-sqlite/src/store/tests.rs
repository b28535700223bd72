use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use stepwell_journal::behaviour::{Waiter, append, birth, block_on, identity};
use stepwell_journal::{
    AppendError, Damage, Document, ExecutionId, Journal, Query, ReadError, Record, Subject,
};
use stepwell_kernel::Identity;

use super::Sqlite;
use crate::fixture::{Folder, begin, payload, three_chunks};
use crate::{OpenError, Options, schema};

stepwell_journal::behaviours!(Folder::new());

fn damage_after(tampering: &str) -> ReadError {
    let folder = three_chunks();
    folder.tamper(tampering);
    let store = folder.open();
    begin(&store, 2, 10).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(store.open_executions().count(), 2);
    let other = store.load(ExecutionId(2));
    assert!(matches!(other, Ok(Some(_))), "what is damaged takes nothing else with it");
    let error = store.read(ExecutionId(1)).expect_err("the journal is damaged");
    assert_eq!(store.load(ExecutionId(1)), Err(error.clone()));
    error
}

fn damaged(damage: Damage) -> ReadError {
    ReadError::Damaged { execution: ExecutionId(1), damage }
}

#[test]
fn damaged_chunks_are_refused() {
    let flipped = damage_after(
        "UPDATE chunk SET data = CAST(replace(CAST(data AS TEXT), 'run', 'ran') AS BLOB) \
         WHERE no = 1",
    );
    assert_eq!(flipped, damaged(Damage::Checksum { first_event: 0 }));
    let moved =
        damage_after("DELETE FROM chunk WHERE no = 2; UPDATE chunk SET id = id - 6 WHERE no = 3");
    assert_eq!(moved, damaged(Damage::Checksum { first_event: 3 }));
    let hole = damage_after("DELETE FROM chunk WHERE no = 2");
    assert_eq!(hole, damaged(Damage::Missing { found: 3 }));
    let end = damage_after("DELETE FROM chunk WHERE no = 3");
    assert_eq!(end, damaged(Damage::Missing { found: 9 }));
}

#[test]
fn what_cannot_be_unpacked_is_refused() {
    let folder = three_chunks();
    let id = crate::chunk::id(ExecutionId(1), 0);
    let checksum = crate::chunk::checksum(id, 1, &[0xff; 5]);
    folder.tamper(&format!(
        "UPDATE chunk SET data = x'ffffffffff', format = 1, crc32 = {checksum} WHERE id = {id}"
    ));
    let error = folder.open().read(ExecutionId(1)).unwrap_err();
    assert_eq!(error, damaged(Damage::Compression { first_event: 0 }));
}

#[test]
fn a_record_that_this_program_does_not_know_is_refused() {
    let folder = three_chunks();
    let id = crate::chunk::id(ExecutionId(1), 0);
    let data = [9_u8, 0];
    let checksum = crate::chunk::checksum(id, 0, &data);
    let sql =
        format!("UPDATE chunk SET data = x'0900', format = 0, crc32 = {checksum} WHERE id = {id}");
    folder.tamper(&sql);
    let error = folder.open().read(ExecutionId(1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the journal of execution 1 is damaged: from event 0 on: byte 1 of the record: version 9 \
         is not known"
    );
}

#[test]
fn a_full_store_takes_nothing_half_and_goes_on_when_there_is_room() {
    let folder = Folder::new();
    let options = Options { pages_max: Some(100) };
    let store = folder.try_open(&options).unwrap();
    let mut kept = Vec::new();
    let refused = loop {
        let next = kept.len() as u64;
        match begin(&store, next, 100_000) {
            Ok(_) => kept.push(store.read(ExecutionId(next)).unwrap()),
            Err(error) => break error,
        }
    };
    assert_eq!(refused, AppendError::Unavailable("database or disk is full".into()));
    assert!(kept.len() > 3, "{} fit", kept.len());
    let next = kept.len() as u64;
    assert_eq!(store.read(ExecutionId(next)).unwrap(), []);
    assert_eq!(store.list(&Query::newest(Subject::All, 99)).unwrap().len(), kept.len());
    begin(&store, next, 100_000).unwrap_err();
    block_on(store.delete(vec![ExecutionId(0), ExecutionId(1)])).unwrap();
    begin(&store, next, 100_000).unwrap();
    for (nth, events) in (0..).zip(&kept).skip(2) {
        assert_eq!(store.read(ExecutionId(nth)).unwrap(), *events);
    }
}

#[test]
fn files_that_are_not_for_this_program_are_refused_and_stay_as_they_are() {
    let folder = Folder::new();
    std::fs::write(folder.path(), "no database, and long enough to have a header".repeat(9))
        .unwrap();
    let before = std::fs::read(folder.path()).unwrap();
    let refused = folder.try_open(&Options::default()).unwrap_err();
    assert!(matches!(refused, OpenError::Foreign { .. }), "{refused:?}");
    assert_eq!(std::fs::read(folder.path()).unwrap(), before);

    let folder = Folder::new();
    folder.tamper("CREATE TABLE notes (text)");
    let refused = folder.try_open(&Options::default()).unwrap_err();
    let path = folder.path();
    let path = path.display();
    assert_eq!(
        refused.to_string(),
        format!("`{path}` is a file of another program; give a path where there is no file yet")
    );

    let folder = three_chunks();
    folder.tamper("PRAGMA user_version = 99");
    let refused = folder.try_open(&Options::default()).unwrap_err();
    let path = folder.path();
    let known = schema::version();
    let path = path.display();
    assert_eq!(
        refused.to_string(),
        format!(
            "the store `{path}` has version 99, and this program knows versions up to {known}; use \
             the program that wrote it, or a later one"
        )
    );
}

#[test]
fn a_store_is_open_once() {
    let folder = Folder::new();
    let store = folder.open();
    let refused = folder.try_open(&Options::default()).unwrap_err();
    let path = folder.path();
    assert_eq!(
        refused.to_string(),
        format!(
            "the store `{}` is in use by process {}; stop it, or give this one another file",
            path.display(),
            std::process::id()
        )
    );
    drop(store);
    folder.open();
}

#[test]
fn a_lock_of_another_program_is_told() {
    let folder = three_chunks();
    let other = Connection::open(folder.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = folder.try_open(&Options::default()).unwrap_err();
    assert!(matches!(refused, OpenError::Locked { .. }), "{refused:?}");
    other.execute_batch("ROLLBACK").unwrap();
    folder.open();
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let folder = Folder::new();
    let path = folder.path().join("inside/store.db");
    let refused = Sqlite::open(&path, &Options::default()).unwrap_err();
    assert!(matches!(refused, OpenError::Inaccessible { .. }), "{refused:?}");
}

#[test]
fn people_can_read_the_views() {
    let folder = three_chunks();
    let connection = Connection::open(folder.path()).unwrap();
    let sql = "SELECT id || ' ' || name || ' ' || machine || ' ' || status || ' ' || started || ' ' \
               || events FROM executions";
    let row: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(row, "1 run-1 arn:machine running 2026-01-02T12:00:00.000Z 15");
    let store = folder.open();
    let (version_arn, alias_arn) = (Some("arn:machine:1".into()), Some("arn:machine:prod".into()));
    let identity = Identity { version_arn, alias_arn, ..identity("run-2") };
    let (mut waiter, record) = Waiter::begin_as(2, identity, payload(10));
    append(&store, vec![record]).unwrap();
    append(&store, vec![waiter.end(2)]).unwrap();
    append(&store, vec![waiter.redrive(2)]).unwrap();
    drop(store);
    let sql = "SELECT version || ' ' || alias || ' ' || redrives || ' ' || redriven FROM executions \
               WHERE id = 2";
    let row: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(row, "arn:machine:1 arn:machine:prod 1 2026-01-02T12:01:00.000Z");
    let sql = "SELECT execution || ' ' || event || ' ' || kind FROM events WHERE execution = 1";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    let rows: Vec<String> = rows.collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 15);
    assert_eq!(rows[..2], ["1 0 ExecutionStarted", "1 1 StateEntered"]);
    assert_eq!(rows[14], "1 14 WaitStarted");
}

#[test]
fn the_file_alone_holds_what_was_acknowledged_once_it_is_closed() {
    let folder = three_chunks();
    let store = folder.open();
    let events = store.read(ExecutionId(1)).unwrap();
    drop(store);
    let copy = Folder::new();
    std::fs::copy(folder.path(), copy.path()).unwrap();
    assert_eq!(copy.open().read(ExecutionId(1)).unwrap(), events);
}

#[test]
fn numbers_that_have_no_room_in_a_key_are_refused() {
    let folder = three_chunks();
    let last = 1 << 26;
    folder.tamper(&format!("UPDATE live SET next_event = {last} - 8"));
    let store = folder.open();
    let (mut waiter, _) = Waiter::start("run-1", payload(10));
    let mut next = |first_event| {
        let record = Record { first_event, ..waiter.next(1) };
        append(&store, vec![record]).map(drop)
    };
    next(last - 8).unwrap();
    assert_eq!(next(last - 2), Err(AppendError::Misplaced(ExecutionId(1))));

    let end = 1 << 37;
    begin(&store, end - 1, 10).unwrap();
    assert_eq!(begin(&store, end, 10).unwrap_err(), AppendError::Misplaced(ExecutionId(end)));
    assert_eq!(store.read(ExecutionId(end)).unwrap(), []);
    assert_eq!(store.read(ExecutionId(u64::MAX)).unwrap(), []);
}

#[test]
fn what_is_refused_takes_nothing_else_with_it() {
    let folder = Folder::new();
    let store = folder.open();
    let mut waiter = begin(&store, 1, 10).unwrap();
    let late = waiter.next(1);
    // Many appends meet in one transaction; in some the first record is wrong, in some a later one.
    let appends = (2..200).map(|nth| {
        let (_, record) = Waiter::begin(nth, "run", payload(10));
        let (_, again) = Waiter::begin(1, "run", payload(10));
        let records = match nth % 3 {
            0 => vec![record],
            1 => vec![again],
            _ => vec![record, again],
        };
        (nth, store.append(records))
    });
    let appends: Vec<_> = appends.collect();
    for (nth, appending) in appends {
        let kept = block_on(appending.kept).map(drop).map_err(|refused| refused.error);
        let expected = match nth % 3 {
            0 => Ok(()),
            _ => Err(AppendError::Misplaced(ExecutionId(1))),
        };
        assert_eq!(kept, expected);
        assert_eq!(store.read(ExecutionId(nth)).unwrap().is_empty(), nth % 3 != 0);
    }
    append(&store, vec![late]).unwrap();
    assert_eq!(store.next_id().unwrap(), ExecutionId(199));
    assert_eq!(store.revision(birth().revision.digest()).unwrap(), Some(birth().revision));
}

#[test]
fn a_record_behind_one_that_was_refused_is_refused() {
    let folder = Folder::new();
    let store = folder.open();
    let mut waiter = begin(&store, 1, 10).unwrap();
    waiter.next(1);
    let appends: Vec<_> = (0..20).map(|_| store.append(vec![waiter.next(1)])).collect();
    for appending in appends {
        let refused = block_on(appending.kept).unwrap_err();
        assert_eq!(refused.error, AppendError::Misplaced(ExecutionId(1)));
        assert_eq!(refused.records.len(), 1);
    }
}

#[test]
fn keys_are_found_by_exactly_their_prefix() {
    let folder = Folder::new();
    let store = folder.open();
    let keys = ["a", "a%", "a%b", "a_", "ab", "A%", "a\u{10ffff}", "b", "%", ""];
    let document = |key: &str| Document { key: key.into(), text: Some(key.into()) };
    block_on(store.write(keys.iter().map(|key| document(key)).collect())).unwrap();
    for prefix in keys {
        let mut expected: Vec<_> = keys.iter().filter(|key| key.starts_with(prefix)).collect();
        expected.sort();
        let expected: Vec<_> = expected.into_iter().map(|key| document(key)).collect();
        assert_eq!(store.documents(prefix).unwrap(), expected, "{prefix}");
    }
}

#[test]
fn a_file_becomes_smaller_after_much_is_deleted() {
    let folder = Folder::new();
    let store = folder.open();
    for nth in 0..40 {
        begin(&store, nth, 1_000_000).unwrap();
    }
    let kept = store.read(ExecutionId(39)).unwrap();
    drop(store);
    let size = || std::fs::metadata(folder.path()).unwrap().len();
    let before = size();
    let store = folder.open();
    block_on(store.delete((0..39).map(ExecutionId).collect())).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while size() > before / 5 {
        assert!(Instant::now() < deadline, "of {before} bytes there are {}", size());
        sleep(Duration::from_millis(20));
    }
    assert_eq!(store.read(ExecutionId(39)).unwrap(), kept);
}

#[test]
fn appends_go_on_while_many_executions_are_deleted() {
    let folder = Folder::new();
    let store = folder.open();
    let count = 6000;
    let many = (0..count).map(|nth| Waiter::begin(nth, "run", payload(10)).1);
    let many = store.append(many.collect());
    // The writer is busy: all that follows waits together.
    let deleted = store.delete((0..count).map(ExecutionId).collect());
    let (_, record) = Waiter::begin(count, "run", payload(10));
    append(&store, vec![record]).unwrap();
    // What was asked for later has been answered earlier.
    assert_eq!(store.list(&Query::newest(Subject::All, 2)).unwrap().len(), 2);
    block_on(many.kept).unwrap();
    block_on(deleted).unwrap();
    let [left] = &store.list(&Query::newest(Subject::All, 2)).unwrap()[..] else {
        panic!("one is left")
    };
    assert_eq!(left.execution, ExecutionId(count));
    assert_eq!(store.verify().unwrap(), []);
}

#[test]
fn what_was_asked_for_is_done_when_the_store_is_closed() {
    let folder = Folder::new();
    let store = folder.open();
    let many = (0..500).map(|nth| Waiter::begin(nth, "run", payload(10)).1);
    drop(store.append(many.collect()));
    drop(store.delete((0..499).map(ExecutionId).collect()));
    drop(store);
    assert_eq!(folder.open().open_executions().count(), 1);
}

#[test]
fn after_an_error_that_does_not_pass_nothing_is_written_until_the_store_is_opened_anew() {
    let folder = three_chunks();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'live'";
    let connection = Connection::open(folder.path()).unwrap();
    let page: u32 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    let place = u64::from(page - 1) * 8192;
    drop(connection);
    let file = File::options().read(true).write(true).open(folder.path()).unwrap();
    let mut before = vec![0; 8192];
    file.read_exact_at(&mut before, place).unwrap();
    file.write_all_at(&[0xa5; 8192], place).unwrap();
    let store = folder.open();
    let (_, record) = Waiter::begin(2, "run", payload(10));
    let refused = block_on(store.append(vec![record]).kept).unwrap_err();
    assert_eq!(refused.error, AppendError::Broken("database disk image is malformed".into()));
    // Even if it could be written again.
    file.write_all_at(&before, place).unwrap();
    let again = block_on(store.append(refused.records).kept).unwrap_err();
    assert_eq!(again.error, refused.error);
    assert_eq!(block_on(store.delete(vec![ExecutionId(1)])), Err(refused.error.clone()));
    let document = Document { key: "key".into(), text: None };
    assert_eq!(block_on(store.write(vec![document])), Err(refused.error));
    drop(store);
    let store = folder.open();
    append(&store, again.records).unwrap();
    assert_eq!(store.verify().unwrap(), []);
}

#[test]
fn a_closed_store_is_one_whole_file() {
    let folder = Folder::new();
    let store = folder.open();
    begin(&store, 1, 10).unwrap_or_else(|error| panic!("{error}"));
    // Whoever has read has left a connection behind that may not write.
    let events = store.read(ExecutionId(1)).unwrap();
    drop(store);
    let log = folder.path().with_extension("db-wal");
    assert!(!log.exists(), "the log has been moved into the file");
    let copy = Folder::new();
    std::fs::copy(folder.path(), copy.path()).unwrap();
    assert_eq!(copy.open().read(ExecutionId(1)), Ok(events));
}
