use stepwell_value::Payload;

use super::Memory;
use crate::behaviour::{Backend, Waiter, append};
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
    assert_eq!(kept(&journal), [9, 8, 7, 6, 0]);
    assert_eq!(journal.read(ExecutionId(5)).unwrap(), []);
    let gone = journal.list(&Query::newest(Subject::Arn("run-5".into()), 1)).unwrap();
    assert_eq!(gone, []);
    assert_eq!(journal.read(ExecutionId(6)).unwrap().len(), 4);
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
