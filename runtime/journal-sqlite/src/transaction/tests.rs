use rusqlite::Connection;
use stepwell_journal::behaviour::Waiter;
use stepwell_journal::{ExecutionId, Query, Redrives, Status, Subject};
use stepwell_value::Payload;

use super::{Refusal, Tables};
use crate::chunk::Chunk;
use crate::reader::list::list;
use crate::{Options, open, pack, reader};

const ONCE: Option<Redrives> = Some(Redrives { count: 1, last_at: None });

/// A store in memory.
fn store() -> Connection {
    open::writer(":memory:".as_ref(), &Options::default()).unwrap()
}

fn status(connection: &Connection) -> Status {
    list(connection, &Query::newest(Subject::All, 1)).unwrap()[0].status()
}

#[test]
fn an_ended_execution_goes_on_with_what_opens_it_again() {
    let connection = store();
    let mut tables = Tables::new(&connection);
    let (mut waiter, first) = Waiter::begin(1, "run", Payload::parse("1").unwrap());
    tables.append(&Chunk::of(&first)).unwrap();
    let on = Chunk::of(&waiter.next(1));
    tables.append(&on).unwrap();
    let (batch, after) = (waiter.go_on(), waiter.go_on());
    let end = Chunk::of(&waiter.end(1));
    tables.append(&end).unwrap();
    assert_eq!(status(&connection), Status::Aborted);
    assert_eq!(reader::open(&connection, None, 9).unwrap(), []);

    let again = waiter.record(1, batch);
    let refused = tables.append(&Chunk::of(&again)).unwrap_err();
    assert!(matches!(refused, Refusal::Misplaced(ExecutionId(1))), "{refused:?}");
    let again = Chunk { redrives: ONCE, ..Chunk::of(&again) };
    tables.append(&again).unwrap();
    assert_eq!(status(&connection), Status::Running);
    let open = reader::open(&connection, None, 9).unwrap();
    assert_eq!((open[0].execution, open[0].standing), (ExecutionId(1), again.standing));
    let events = reader::events(&connection, ExecutionId(1)).unwrap();
    assert_eq!(events.len() as u64, again.next_event());
    // One that runs is not opened.
    let next = Chunk::of(&waiter.record(1, after));
    let refused = tables.append(&Chunk { redrives: ONCE, ..next }).unwrap_err();
    assert!(matches!(refused, Refusal::Misplaced(ExecutionId(1))), "{refused:?}");
}

#[test]
fn a_packed_execution_goes_on_and_one_that_went_on_is_not_packed_as_it_was() {
    let connection = store();
    let mut tables = Tables::new(&connection);
    let (mut waiter, first) = Waiter::begin(1, "run", Payload::parse("1").unwrap());
    tables.append(&Chunk::of(&first)).unwrap();
    tables.append(&Chunk::of(&waiter.next(1))).unwrap();
    let batch = waiter.go_on();
    tables.append(&Chunk::of(&waiter.end(1))).unwrap();
    let before = reader::events(&connection, ExecutionId(1)).unwrap();
    let pack = || pack::packed(&connection, 9).unwrap().pop().unwrap();
    let (packed, late) = (pack(), pack());
    tables.pack(&packed).unwrap();
    assert_eq!(reader::rows(&connection, ExecutionId(1)).unwrap().len(), 1);
    assert_eq!(reader::events(&connection, ExecutionId(1)).unwrap(), before);
    assert!(pack::packed(&connection, 9).unwrap().is_empty());

    let again = Chunk { redrives: ONCE, ..Chunk::of(&waiter.record(1, batch)) };
    tables.append(&again).unwrap();
    let after = reader::events(&connection, ExecutionId(1)).unwrap();
    assert_eq!(after[..before.len()], before);
    tables.pack(&late).unwrap();
    assert_eq!(reader::events(&connection, ExecutionId(1)).unwrap(), after);
    assert!(pack::packed(&connection, 9).unwrap().is_empty());
}
