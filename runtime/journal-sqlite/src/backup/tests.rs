use std::fs;

use stepwell_journal::{Damage, ExecutionId, Journal, ReadError};

use super::{BackupError, RestoreError};
use crate::fixture::{Folder, begin, go_on};
use crate::{Fault, OpenError, Options, Sqlite};

#[test]
fn a_backup_is_a_store_of_one_moment() {
    let folder = Folder::new();
    let store = folder.open();
    let mut waiter = begin(&store, 1, 50_000).unwrap();
    let path = folder.0.path().join("copy.db");
    store.backup(&path).unwrap();
    let at_that_moment = store.read(ExecutionId(1)).unwrap();
    go_on(&store, 1, &mut waiter);
    let again = store.backup(&path).unwrap_err();
    assert!(matches!(again, BackupError::Exists { .. }), "{again:?}");
    let copy = Sqlite::open(&path, &Options::default()).unwrap();
    assert_eq!(copy.read(ExecutionId(1)).unwrap(), at_that_moment);
    assert_eq!(copy.open_executions().count(), 1);
    assert_eq!(store.read(ExecutionId(1)).unwrap().len(), at_that_moment.len() + 6);
}

/// A backup of two executions, and where it is.
fn backup() -> (Folder, std::path::PathBuf) {
    let folder = Folder::new();
    let store = folder.open();
    let mut waiter = begin(&store, 1, 100).unwrap();
    go_on(&store, 1, &mut waiter);
    begin(&store, 2, 30_000).unwrap();
    let path = folder.0.path().join("backup.db");
    store.backup(&path).unwrap();
    (folder, path)
}

#[test]
fn a_backup_becomes_a_store_again() {
    let (folder, backup) = backup();
    let original = folder.open();
    let restored = folder.0.path().join("restored.db");
    Sqlite::restore(&backup, &restored).unwrap();
    let store = Sqlite::open(&restored, &Options::default()).unwrap();
    for execution in [ExecutionId(1), ExecutionId(2)] {
        assert_eq!(store.load(execution), original.load(execution));
    }
    assert_eq!(store.verify().unwrap(), []);
    assert!(backup.exists());
    let again = Sqlite::restore(&backup, &restored).unwrap_err();
    assert!(matches!(again, RestoreError::Exists { .. }), "{again:?}");
    let again = Sqlite::restore(&backup, &folder.path()).unwrap_err();
    assert!(matches!(again, RestoreError::Exists { .. }), "{again:?}");
}

#[test]
fn nothing_is_left_beside_a_backup_or_a_store() {
    let (folder, backup) = backup();
    Sqlite::verify_of(&backup).unwrap();
    Sqlite::restore(&backup, &folder.0.path().join("restored.db")).unwrap();
    let names = fs::read_dir(folder.0.path()).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let expected = ["backup.db", "restored.db", "restored.db.lock", "store.db", "store.db.lock"];
    assert_eq!(names, expected);
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let folder = Folder::new();
    let (from, to) = (folder.0.path().join("from"), folder.path());
    let refusal = || Sqlite::restore(&from, &to).unwrap_err();
    let refused = refusal();
    assert!(matches!(refused, RestoreError::Absent { .. }), "{refused:?}");
    for other in ["", "text, and nothing but text"] {
        fs::write(&from, other.repeat(50)).unwrap();
        let refused = refusal();
        let is_foreign = matches!(refused, RestoreError::Refused(OpenError::Foreign { .. }));
        assert!(is_foreign, "{refused:?}");
    }
    let (other, backup) = backup();
    drop(other.open());
    rusqlite::Connection::open(&backup).unwrap().execute_batch("PRAGMA user_version = 9").unwrap();
    let refused = Sqlite::restore(&backup, &to).unwrap_err();
    let is_newer = matches!(refused, RestoreError::Refused(OpenError::Newer { found: 9, .. }));
    assert!(is_newer, "{refused:?}");
    assert!(!to.exists());
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let (folder, backup) = backup();
    rusqlite::Connection::open(&backup)
        .unwrap()
        .execute_batch("UPDATE chunk SET data = zeroblob(9) WHERE no = 2")
        .unwrap();
    let to = folder.0.path().join("restored.db");
    let refused = Sqlite::restore(&backup, &to).unwrap_err();
    let RestoreError::Damaged { faults, .. } = &refused else { panic!("{refused:?}") };
    let damage = Damage::Checksum { first_event: 3 };
    let fault = ReadError::Damaged { execution: ExecutionId(1), damage };
    assert_eq!(*faults, [Fault::Journal(fault)]);
    assert_eq!(
        refused.to_string(),
        format!(
            "the backup `{}` is damaged; take another one. the journal of execution 1 is damaged: \
             the bytes from event 3 on do not have the checksum that they were written with",
            backup.display()
        )
    );
    assert!(!folder.0.path().join("restored.db.partial").exists());
    assert!(!to.exists());
}
