//! Stores of every version that ever was are still read.

use rusqlite::Connection;
use stepwell_journal::{ExecutionId, Journal, Query, Redrives, Status, Subject};
use stepwell_kernel::Execution;

use super::{APPLICATION_ID, MIGRATIONS, version};
use crate::Sqlite;
use crate::fixture::{Folder, begin};

/// What the programs of the versions before this one wrote.
const ROWS: &[&str] = &[include_str!("tests/0001.sql")];

/// A store of an earlier version.
fn store_of(version: usize) -> Folder {
    let folder = Folder::new();
    let layout = "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;".to_owned();
    let numbers =
        format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version};");
    let tables = MIGRATIONS[..version].concat();
    folder.tamper(&[layout, tables, ROWS[version - 1].to_owned(), numbers].join("\n"));
    folder
}

#[test]
fn every_version_before_this_one_has_a_store() {
    assert_eq!(ROWS.len() + 1, MIGRATIONS.len());
}

#[test]
fn a_store_of_an_earlier_version_is_brought_to_this_one() {
    for before in 1..MIGRATIONS.len() {
        let folder = store_of(before);
        assert_eq!(Sqlite::verify_of(&folder.path()).unwrap(), []);
        let store = folder.open();
        assert_eq!(store.verify().unwrap(), []);
        let found = store.list(&Query::newest(Subject::All, 9)).unwrap();
        let found: Vec<_> = found.iter().map(|one| (&*one.opening.name, one.status())).collect();
        assert_eq!(
            found,
            [("runs", Status::Running), ("routed", Status::Running), ("plain", Status::Aborted)]
        );
        for nth in 0..3 {
            Execution::replay(&store.read(ExecutionId(nth)).unwrap()).unwrap();
        }
        assert_eq!(&*store.documents("").unwrap()[0].key, "machine/machine");
        begin(&store, 3, 10).unwrap();
        drop(store);
        let connection = Connection::open(folder.path()).unwrap();
        let found = connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
        assert_eq!(found.unwrap(), version());
        let rows = connection.query_row("SELECT count(*) FROM executions", [], |row| row.get(0));
        assert_eq!(rows, Ok(4));
        drop(connection);
        assert_eq!(folder.open().list(&Query::newest(Subject::All, 9)).unwrap().len(), 4);
    }
}

/// Such rows do not tell, and a list does not read events.
#[test]
fn what_the_first_version_did_not_note_is_taken_as_not_so() {
    let folder = store_of(1);
    let store = folder.open();
    let routed = &store.list(&Query::newest(Subject::One(ExecutionId(1)), 1)).unwrap()[0];
    assert_eq!(routed.opening.machine_arn.as_deref(), Some("arn:machine"));
    assert_eq!((&routed.opening.version_arn, &routed.opening.alias_arn), (&None, &None));
    assert_eq!(routed.redrives, Redrives::default());
    let never = Query { redriven: Some(false), ..Query::newest(Subject::All, 9) };
    assert_eq!(store.list(&never).unwrap().len(), 3);
    let of_version = Query::newest(Subject::Version("arn:machine:1".into()), 9);
    assert_eq!(store.list(&of_version).unwrap(), []);
}
