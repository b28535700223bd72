use std::fs::File;
use std::os::unix::fs::FileExt as _;

use stepwell_journal::behaviour::birth;
use stepwell_journal::{Damage, ExecutionId, Journal, ReadError};

use super::Fault;
use crate::fixture::{Folder, begin, three_chunks};

fn faults_after(tampering: &str) -> Vec<Fault> {
    let folder = three_chunks();
    begin(&folder.open(), 2, 10).unwrap();
    assert_eq!(folder.open().verify().unwrap(), []);
    folder.tamper(tampering);
    folder.open().verify().unwrap()
}

fn damaged(execution: u64, damage: Damage) -> Fault {
    Fault::Journal(ReadError::Damaged { execution: ExecutionId(execution), damage })
}

#[test]
fn a_check_tells_all_that_is_damaged() {
    let checksum = |execution| damaged(execution, Damage::Checksum { first_event: 0 });
    assert_eq!(
        faults_after("UPDATE chunk SET crc32 = crc32 + 1 WHERE no <> 2"),
        [checksum(1), checksum(2)]
    );
    assert_eq!(
        faults_after("DELETE FROM chunk WHERE no = 2"),
        [damaged(1, Damage::Missing { found: 3 })]
    );
    let digest = birth().revision.digest();
    assert_eq!(
        faults_after("UPDATE definition SET text = text || ' '"),
        [Fault::Definition(digest)]
    );
    assert_eq!(faults_after("DELETE FROM execution WHERE id = 2"), [Fault::Torn(ExecutionId(2))]);
    assert_eq!(faults_after("UPDATE store SET next_id = 2"), [Fault::Torn(ExecutionId(2))]);
    assert_eq!(
        faults_after("DELETE FROM live WHERE id = 1"),
        [Fault::Torn(ExecutionId(1)), damaged(1, Damage::Missing { found: 15 })]
    );
}

/// Overwrites one page of the chunks, at the place that the pages of the execution have.
#[test]
fn a_page_that_is_not_what_was_written_is_told_with_its_execution() {
    let folder = Folder::new();
    let store = folder.open();
    for nth in 0..20 {
        begin(&store, nth, 20_000).unwrap();
    }
    drop(store);
    let file = File::options().read(true).write(true).open(folder.path()).unwrap();
    let size = file.metadata().unwrap().len();
    let mut found = 0;
    for page in (1..size / 8192).step_by(7) {
        let mut before = vec![0; 8192];
        file.read_exact_at(&mut before, page * 8192).unwrap();
        file.write_all_at(&[0xa5; 8192], page * 8192).unwrap();
        if let Ok(store) = folder.try_open(&crate::Options::default()) {
            let bad = (0..20).filter(|nth| match store.read(ExecutionId(*nth)) {
                Ok(events) => {
                    assert_eq!(events.len(), 3);
                    false
                }
                Err(ReadError::Damaged { execution, .. }) => {
                    assert_eq!(execution, ExecutionId(*nth));
                    true
                }
                Err(other) => panic!("{other}"),
            });
            let bad = bad.count();
            let faults = store.verify().unwrap();
            assert!(bad == 0 || !faults.is_empty());
            found += bad;
        }
        file.write_all_at(&before, page * 8192).unwrap();
    }
    assert!(found >= 5, "{found} journals were met");
    assert_eq!(folder.open().verify().unwrap(), []);
}
