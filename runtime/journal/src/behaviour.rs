//! What every backend does, as tests that each of them runs: see [`behaviours!`](crate::behaviours).

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use stepwell_asl::Timestamp;
use stepwell_kernel::{Committed, Event, Execution, TaskId};
use stepwell_value::{Payload, Str};

use crate::{
    AppendError, Birth, Document, ExecutionId, Journal, Kept, Open, Parent, Query, Record, Refused,
    Revision, Standing, Subject, Summary,
};

pub use lists::{
    executions_are_found_by_how_they_were_started, lists_are_filtered_and_paged,
    lists_have_the_newest_first, map_runs_and_children_are_found_by_their_parent,
    redriven_executions_are_told_apart,
};
pub use waiter::{Waiter, birth, identity};

use waiter::MACHINE;

mod lists;
mod waiter;

/// A backend under test.
pub trait Backend {
    type Journal: Journal;

    /// A journal that holds nothing.
    fn create(&self) -> Self::Journal;

    /// What a later process finds. A backend that ends with its process gives the same back.
    fn reopen(&self, journal: Self::Journal) -> Self::Journal;
}

/// Makes a test of every behaviour; the expression gives a [`Backend`].
#[macro_export]
macro_rules! behaviours {
    ($backend:expr) => {
        $crate::behaviours! { $backend;
            what_was_appended_is_read_back,
            an_append_is_kept_whole_or_not_at_all,
            executions_grow_side_by_side,
            an_ended_execution_does_not_go_on,
            unknown_executions_are_empty,
            deleted_executions_are_gone,
            numbers_are_never_given_again,
            a_record_follows_what_is_kept,
            appends_may_be_on_their_way_together,
            open_executions_are_found_with_how_they_stand,
            an_execution_is_loaded_with_what_it_needs,
            documents_are_kept_by_name,
            ended_executions_are_found_by_when_they_ended,
            lists_have_the_newest_first,
            lists_are_filtered_and_paged,
            executions_are_found_by_how_they_were_started,
            redriven_executions_are_told_apart,
            map_runs_and_children_are_found_by_their_parent,
            open_children_are_found_page_by_page,
            definitions_are_kept_while_an_execution_has_them,
            appends_from_many_threads_all_stay,
        }
    };
    ($backend:expr; $($behaviour:ident,)*) => {$(
        #[test]
        fn $behaviour() {
            $crate::behaviour::$behaviour(&$backend);
        }
    )*};
}

/// Waits for a future on this thread.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

fn input() -> Payload {
    Payload::parse(r#" {"order": 1.50}"#).expect("it is JSON")
}

/// Appends what must be taken, and gives its events.
fn keep(journal: &impl Journal, records: Vec<Record>) -> Vec<Event> {
    let expected: Vec<_> =
        records.iter().map(|record| (record.execution, record.batch.events().to_vec())).collect();
    let committed = append(journal, records).expect("the records are kept");
    let kept = committed.into_iter().map(|(id, Committed { events, .. })| (id, events));
    let kept: Vec<_> = kept.collect();
    assert_eq!(kept, expected);
    kept.into_iter().flat_map(|(_, events)| events).collect()
}

/// Appends and waits for what comes of it.
pub fn append(
    journal: &impl Journal,
    records: Vec<Record>,
) -> Result<Vec<(ExecutionId, Committed)>, AppendError> {
    block_on(journal.append(records).kept).map_err(|refused| refused.error)
}

fn refused(journal: &impl Journal, records: Vec<Record>) -> AppendError {
    append(journal, records).expect_err("the records are refused")
}

/// Starts an execution and keeps its first record.
fn begin(journal: &impl Journal, execution: u64) -> (Waiter, Vec<Event>) {
    let (waiter, record) = Waiter::begin(execution, &format!("run-{execution}"), input());
    let events = keep(journal, vec![record]);
    (waiter, events)
}

fn read(journal: &impl Journal, execution: u64) -> Vec<Event> {
    journal.read(ExecutionId(execution)).expect("the journal can be read")
}

fn open(journal: &impl Journal) -> Vec<Open> {
    journal.open_executions().map(|open| open.expect("the journal is whole")).collect()
}

fn load(journal: &impl Journal, execution: u64) -> Option<Kept> {
    journal.load(ExecutionId(execution)).expect("the journal can be read")
}

fn list(journal: &impl Journal, query: &Query) -> Vec<Summary> {
    journal.list(query).expect("the journal can be read")
}

fn ids(journal: &impl Journal, query: &Query) -> Vec<u64> {
    list(journal, query).iter().map(|summary| summary.execution.0).collect()
}

pub fn what_was_appended_is_read_back<B: Backend>(backend: &B) {
    let journal = backend.create();
    let (mut waiter, mut events) = begin(&journal, 7);
    for _ in 0..5 {
        events.extend(keep(&journal, vec![waiter.next(7)]));
    }
    assert_eq!(read(&journal, 7), events);
    let journal = backend.reopen(journal);
    assert_eq!(read(&journal, 7), events);
    events.extend(keep(&journal, vec![waiter.next(7)]));
    assert_eq!(read(&journal, 7), events);
    let replayed = Execution::replay(&read(&journal, 7)).expect("the journal adds up");
    assert_eq!(&replayed, waiter.execution());
}

pub fn an_append_is_kept_whole_or_not_at_all<B: Backend>(backend: &B) {
    let journal = backend.create();
    let (mut waiter, events) = begin(&journal, 1);
    let (_, other) = Waiter::begin(2, "other", input());
    let (_, again) = Waiter::begin(1, "again", input());
    // There is an execution 1 already.
    let records = vec![waiter.next(1), other, again];
    let Refused { error, records } =
        block_on(journal.append(records).kept).expect_err("the third record has no place");
    assert_eq!(error, AppendError::Misplaced(ExecutionId(1)));
    assert_eq!(records.len(), 3);
    assert_eq!((&read(&journal, 1), read(&journal, 2)), (&events, vec![]));
    let journal = backend.reopen(journal);
    assert_eq!((read(&journal, 1), read(&journal, 2)), (events, vec![]));
    assert_eq!(ids(&journal, &Query::newest(Subject::All, 9)), [1]);
}

pub fn executions_grow_side_by_side<B: Backend>(backend: &B) {
    let journal = backend.create();
    let started: Vec<_> = (0..20).map(|nth| begin(&journal, nth)).collect();
    let (mut waiters, mut journals): (Vec<_>, Vec<_>) = started.into_iter().unzip();
    for _ in 0..3 {
        let records = (0..).zip(&mut waiters).map(|(nth, waiter)| waiter.next(nth));
        let records: Vec<Record> = records.collect();
        for (events, record) in journals.iter_mut().zip(&records) {
            events.extend_from_slice(record.batch.events());
        }
        keep(&journal, records);
    }
    // Twice the same one in one append, in the order of the records.
    let (one, two) = (waiters[3].next(3), waiters[3].next(3));
    journals[3].extend(keep(&journal, vec![one, two]));
    let journal = backend.reopen(journal);
    for (nth, events) in (0..).zip(&journals) {
        assert_eq!(read(&journal, nth), *events);
    }
}

pub fn an_ended_execution_does_not_go_on<B: Backend>(backend: &B) {
    let journal = backend.create();
    let (mut waiter, _) = begin(&journal, 1);
    let late = waiter.go_on();
    keep(&journal, vec![waiter.end(1)]);
    let late = waiter.record(1, late);
    assert_eq!(refused(&journal, vec![late]), AppendError::Misplaced(ExecutionId(1)));
    let (mut headless, _) = Waiter::start("headless", input());
    let error = refused(&journal, vec![headless.next(3)]);
    assert_eq!(error, AppendError::Misplaced(ExecutionId(3)));
}

pub fn a_record_follows_what_is_kept<B: Backend>(backend: &B) {
    let journal = backend.create();
    let (mut waiter, mut events) = begin(&journal, 1);
    let missing = waiter.next(1);
    let misplaced = AppendError::Misplaced(ExecutionId(1));
    let early = waiter.next(1);
    assert_eq!(refused(&journal, vec![early]), misplaced);
    let twice = Record { first_event: 0, ..waiter.next(1) };
    assert_eq!(refused(&journal, vec![twice]), misplaced);
    let journal = backend.reopen(journal);
    events.extend(keep(&journal, vec![missing]));
    assert_eq!(read(&journal, 1), events);
}

pub fn appends_may_be_on_their_way_together<B: Backend>(backend: &B) {
    let journal = backend.create();
    let (mut waiter, mut events) = begin(&journal, 1);
    let records: Vec<_> = (0..50).map(|_| waiter.next(1)).collect();
    for record in &records {
        events.extend_from_slice(record.batch.events());
    }
    let on_their_way: Vec<_> =
        records.into_iter().map(|record| journal.append(vec![record])).collect();
    // The last one is kept after all the others.
    for appending in on_their_way.into_iter().rev() {
        block_on(appending.kept).expect("the record is kept");
    }
    assert_eq!(read(&journal, 1), events);
}

pub fn unknown_executions_are_empty<B: Backend>(backend: &B) {
    let journal = backend.create();
    assert_eq!(read(&journal, 2), []);
    assert_eq!(list(&journal, &Query::newest(Subject::One(ExecutionId(2)), 1)), []);
    assert_eq!(open(&journal), []);
    let digest = Revision::new("unknown").digest();
    assert_eq!(journal.revision(digest).expect("the journal can be read"), None);
}

pub fn deleted_executions_are_gone<B: Backend>(backend: &B) {
    let journal = backend.create();
    let (mut waiter, _) = begin(&journal, 1);
    keep(&journal, vec![waiter.end(1)]);
    let (mut running, _) = begin(&journal, 2);
    let (_, stays) = begin(&journal, 3);
    let gone = vec![ExecutionId(1), ExecutionId(2), ExecutionId(9)];
    block_on(journal.delete(gone)).expect("they are deleted");
    let late = refused(&journal, vec![running.next(2)]);
    assert_eq!(late, AppendError::Misplaced(ExecutionId(2)));
    let journal = backend.reopen(journal);
    assert_eq!((read(&journal, 1), read(&journal, 2), read(&journal, 3)), (vec![], vec![], stays));
    assert_eq!(ids(&journal, &Query::newest(Subject::All, 9)), [3]);
    assert_eq!(open(&journal).len(), 1);
}

pub fn numbers_are_never_given_again<B: Backend>(backend: &B) {
    let journal = backend.create();
    let id = |journal: &B::Journal| journal.next_id().expect("the journal can be read").0;
    let empty = id(&journal);
    begin(&journal, empty);
    begin(&journal, empty + 5);
    assert_eq!(id(&journal), empty + 6);
    block_on(journal.delete(vec![ExecutionId(empty + 5)])).expect("it is deleted");
    let journal = backend.reopen(journal);
    assert_eq!(id(&journal), empty + 6);
}

pub fn open_executions_are_found_with_how_they_stand<B: Backend>(backend: &B) {
    let journal = backend.create();
    let mut expected = Vec::new();
    for nth in 0..600 {
        let (mut waiter, _) = begin(&journal, nth);
        if nth % 3 == 0 {
            keep(&journal, vec![waiter.end(nth)]);
            continue;
        }
        let is_owed = nth % 2 == 0;
        let standing = Standing { wake_at: waiter.execution.wake_at(), is_owed };
        keep(&journal, vec![Record { standing, ..waiter.next(nth) }]);
        expected.push(Open { execution: ExecutionId(nth), standing });
    }
    let journal = backend.reopen(journal);
    assert_eq!(open(&journal), expected);
}

pub fn an_execution_is_loaded_with_what_it_needs<B: Backend>(backend: &B) {
    let journal = backend.create();
    let (mut waiter, mut events) = begin(&journal, 1);
    events.extend(keep(&journal, vec![waiter.next(1)]));
    let (_, without) = Waiter::begin(2, "without", input());
    let others = keep(&journal, vec![Record { birth: None, ..without }]);
    let journal = backend.reopen(journal);
    let kept = Kept { execution: ExecutionId(1), birth: Some(birth()), events };
    assert_eq!(load(&journal, 1), Some(kept));
    let kept = Kept { execution: ExecutionId(2), birth: None, events: others };
    assert_eq!(load(&journal, 2), Some(kept));
    assert_eq!(load(&journal, 3), None);
}

pub fn documents_are_kept_by_name<B: Backend>(backend: &B) {
    let journal = backend.create();
    let document =
        |key: &str, text: Option<&str>| Document { key: key.into(), text: text.map(Into::into) };
    let write = |journal: &B::Journal, documents| {
        block_on(journal.write(documents)).expect("they are written");
    };
    let find =
        |journal: &B::Journal, prefix| journal.documents(prefix).expect("the journal can be read");
    let (one, two) = (document("m/one", Some("1")), document("m/two%", Some("2")));
    write(&journal, vec![two.clone(), one.clone(), document("n", Some("3"))]);
    assert_eq!(find(&journal, "m/"), [one, two.clone()]);
    write(&journal, vec![document("m/one", None), document("n", Some("4"))]);
    let journal = backend.reopen(journal);
    assert_eq!(find(&journal, ""), [two.clone(), document("n", Some("4"))]);
    assert_eq!(find(&journal, "m/two%"), [two]);
    assert_eq!(find(&journal, "o"), []);
}

pub fn ended_executions_are_found_by_when_they_ended<B: Backend>(backend: &B) {
    let journal = backend.create();
    let mut ends = Vec::new();
    // The later ones end first.
    for nth in 0..6 {
        let (mut waiter, _) = begin(&journal, nth);
        for _ in nth..6 {
            keep(&journal, vec![waiter.next(nth)]);
        }
        ends.push(keep(&journal, vec![waiter.end(nth)])[0].at);
    }
    begin(&journal, 6);
    let parent = Parent { execution: ExecutionId(6), task: TaskId(0) };
    let (mut child, record) = Waiter::begin(7, "child", input());
    let birth = Some(Birth { parent: Some(parent), ..birth() });
    keep(&journal, vec![Record { birth, ..record }]);
    keep(&journal, vec![child.end(7)]);
    let journal = backend.reopen(journal);
    let ended = |time, count_max| {
        let found = journal.ended_before(time, count_max).expect("the journal can be read");
        found.iter().map(|execution| execution.0).collect::<Vec<_>>()
    };
    assert_eq!(ended(ends[2], 9), [5, 4, 3]);
    assert_eq!(ended(ends[2], 2), [5, 4]);
    let late = Timestamp::from_unix_millis(4_000_000_000_000);
    assert_eq!(ended(late, 9), [5, 4, 3, 2, 1, 0]);
}

pub fn open_children_are_found_page_by_page<B: Backend>(backend: &B) {
    let journal = backend.create();
    let parent = |nth| Parent { execution: ExecutionId(0), task: TaskId(nth) };
    begin(&journal, 0);
    for nth in 1..=6 {
        let (mut waiter, record) = Waiter::begin(u64::from(nth), "child", input());
        let birth = Some(Birth { parent: Some(parent(nth)), ..birth() });
        keep(&journal, vec![Record { birth, ..record }]);
        if nth % 3 == 0 {
            keep(&journal, vec![waiter.end(u64::from(nth))]);
        }
    }
    let journal = backend.reopen(journal);
    let page = |after: Option<u64>| {
        let found = journal.open_children(after.map(ExecutionId), 3);
        found.expect("the journal can be read")
    };
    let child = |nth| (ExecutionId(u64::from(nth)), parent(nth));
    assert_eq!(page(None), [child(1), child(2), child(4)]);
    assert_eq!(page(Some(4)), [child(5)]);
    assert_eq!(page(Some(5)), []);
}

pub fn definitions_are_kept_while_an_execution_has_them<B: Backend>(backend: &B) {
    let journal = backend.create();
    begin(&journal, 1);
    begin(&journal, 2);
    let digest = birth().revision.digest();
    let text = |journal: &B::Journal| {
        let revision = journal.revision(digest).expect("the journal can be read");
        revision.map(|revision| Str::clone(revision.text()))
    };
    let journal = backend.reopen(journal);
    assert_eq!(text(&journal).as_deref(), Some(MACHINE));
    block_on(journal.delete(vec![ExecutionId(1)])).expect("it is deleted");
    assert_eq!(text(&journal).as_deref(), Some(MACHINE));
    block_on(journal.delete(vec![ExecutionId(2)])).expect("it is deleted");
    assert_eq!(text(&journal), None);
    begin(&journal, 3);
    assert_eq!(text(&journal).as_deref(), Some(MACHINE));
}

pub fn appends_from_many_threads_all_stay<B: Backend>(backend: &B) {
    let journal = backend.create();
    thread::scope(|scope| {
        for nth in 0..8 {
            let journal = &journal;
            scope.spawn(move || {
                let (mut waiter, _) = begin(journal, nth);
                for _ in 0..20 {
                    keep(journal, vec![waiter.next(nth)]);
                }
            });
        }
    });
    let journal = backend.reopen(journal);
    for nth in 0..8 {
        let events = read(&journal, nth);
        Execution::replay(&events).expect("the journal adds up");
        let (mut waiter, batch) = Waiter::start(&format!("run-{nth}"), input());
        let mut expected = batch.events().to_vec();
        for _ in 0..20 {
            expected.extend_from_slice(waiter.go_on().events());
        }
        assert_eq!(events, expected);
    }
}
