use stepwell_value::{Payload, Str};

use super::Memory;
use crate::behaviour::{Backend, Waiter, append, block_on, identity};
use crate::{ExecutionId, Journal, Query, Record, Subject};

struct InMemory;

impl Backend for InMemory {
    type Journal = Memory;

    fn create(&self) -> Memory {
        Memory::new()
    }

    fn reopen(&self, journal: Memory) -> Memory {
        journal
    }
}

crate::behaviours!(InMemory);

/// An execution of some kilobytes, from its start on.
fn begin(journal: &Memory, execution: u64) -> Waiter {
    let input = Payload::parse(format!("{:?}", "x".repeat(4_000))).unwrap();
    let (waiter, record) = Waiter::begin(execution, &format!("run-{execution}"), input);
    keep(journal, record);
    waiter
}

fn keep(journal: &Memory, record: Record) {
    append(journal, vec![record]).unwrap();
}

fn kept(journal: &Memory) -> Vec<u64> {
    let all = journal.list(&Query::newest(Subject::All, usize::MAX)).unwrap();
    all.iter().map(|summary| summary.execution.0).collect()
}

#[test]
fn the_oldest_of_those_that_have_ended_make_room() {
    let journal = Memory::of_size(40_000);
    begin(&journal, 0);
    for execution in 1..=9 {
        let record = begin(&journal, execution).end(execution);
        keep(&journal, record);
    }
    assert_eq!(kept(&journal), [9, 8, 7, 6, 5, 4, 3, 0]);
    assert_eq!(journal.read(ExecutionId(2)).unwrap(), []);
    let gone =
        journal.list(&Query::newest(Subject::Arn(identity("run-2").execution_arn), 1)).unwrap();
    assert_eq!(gone, []);
    assert_eq!(journal.read(ExecutionId(3)).unwrap().len(), 4);
}

#[test]
fn the_last_one_to_end_is_kept_whatever_its_size() {
    let journal = Memory::of_size(1);
    for execution in 0..3 {
        let record = begin(&journal, execution).end(execution);
        keep(&journal, record);
        assert_eq!(kept(&journal), [execution]);
    }
}

#[test]
fn whoever_has_the_same_arn_is_found_until_it_is_gone() {
    let journal = Memory::new();
    for execution in [3, 5, 8, 9] {
        let (mut waiter, record) = Waiter::begin(execution, "run", Payload::parse("{}").unwrap());
        keep(&journal, record);
        keep(&journal, waiter.end(execution));
    }
    let arn = identity("run").execution_arn;
    let found = || {
        let query = Query::newest(Subject::Arn(Str::clone(&arn)), usize::MAX);
        let found = journal.list(&query).unwrap();
        found.iter().map(|summary| summary.execution.0).collect::<Vec<_>>()
    };
    for (gone, left) in [(7, &[9, 8, 5, 3][..]), (5, &[9, 8, 3]), (9, &[8, 3]), (3, &[8]), (8, &[])]
    {
        block_on(journal.delete(vec![ExecutionId(gone)])).unwrap();
        assert_eq!(found(), left, "without {gone}");
    }
}
