//! What lists of executions have.

use stepwell_kernel::{Failure, Identity, Outcome, TaskId};

use super::{Backend, Waiter, begin, birth, identity, ids, input, keep, list, load};
use crate::{Birth, ExecutionId, Journal, Parent, Query, Record, Redrives, Status, Subject};

pub fn lists_have_the_newest_first<B: Backend>(backend: &B) {
    let journal = backend.create();
    let (mut waiter, events) = begin(&journal, 4);
    begin(&journal, 5);
    let ended = keep(&journal, vec![waiter.end(4)]);
    let journal = backend.reopen(journal);
    let [newer, older] = &list(&journal, &Query::newest(Subject::All, 9))[..] else {
        panic!("there are two executions");
    };
    assert_eq!((newer.execution, newer.status()), (ExecutionId(5), Status::Running));
    assert_eq!((older.execution, older.status()), (ExecutionId(4), Status::Aborted));
    assert_eq!(older.revision, Some(birth().revision.digest()));
    assert_eq!(newer.ending, None);
    let opening = &older.opening;
    assert_eq!((&*opening.arn, &*opening.name), ("arn:execution:run-4", "run-4"));
    assert_eq!(opening.machine_arn.as_deref(), Some("arn:machine"));
    assert_eq!((&opening.version_arn, &opening.alias_arn), (&None, &None));
    assert_eq!(opening.started_at, events[0].at);
    assert_eq!(older.redrives, Redrives::default());
    let ending = older.ending.as_ref().expect("it has ended");
    let failure = Failure::new("Stopped", "by the test");
    assert_eq!(ending.outcome, Outcome::Aborted { failure });
    assert_eq!(Some(ending.ended_at), ended.last().map(|event| event.at));
}

pub fn lists_are_filtered_and_paged<B: Backend>(backend: &B) {
    let journal = backend.create();
    for nth in 0..10 {
        let (mut waiter, _) = begin(&journal, nth);
        if nth.is_multiple_of(2) {
            keep(&journal, vec![waiter.end(nth)]);
        }
    }
    let journal = backend.reopen(journal);
    let machine = || Subject::Machine("arn:machine".into());
    let page = |status, before: Option<u64>, subject| {
        let before = before.map(ExecutionId);
        ids(&journal, &Query { status, before, ..Query::newest(subject, 3) })
    };
    assert_eq!(page(None, None, machine()), [9, 8, 7]);
    assert_eq!(page(None, Some(7), machine()), [6, 5, 4]);
    assert_eq!(page(Some(Status::Aborted), None, machine()), [8, 6, 4]);
    assert_eq!(page(Some(Status::Aborted), Some(4), machine()), [2, 0]);
    assert_eq!(page(Some(Status::Running), Some(8), Subject::All), [7, 5, 3]);
    assert_eq!(page(Some(Status::Failed), None, machine()), [0; 0]);
    assert_eq!(page(None, None, Subject::Machine("arn:other".into())), [0; 0]);
    assert_eq!(page(None, None, Subject::Arn("arn:execution:run-6".into())), [6]);
    assert_eq!(page(None, None, Subject::One(ExecutionId(3))), [3]);
}

/// Starts an execution that is ended if its number is even.
fn route(journal: &impl Journal, nth: u64, version: Option<&str>, alias: Option<&str>) {
    let (version_arn, alias_arn) = (version.map(Into::into), alias.map(Into::into));
    let identity = Identity { version_arn, alias_arn, ..identity(&format!("run-{nth}")) };
    let (mut waiter, record) = Waiter::begin_as(nth, identity, input());
    keep(journal, vec![record]);
    if nth.is_multiple_of(2) {
        keep(journal, vec![waiter.end(nth)]);
    }
}

pub fn executions_are_found_by_how_they_were_started<B: Backend>(backend: &B) {
    let journal = backend.create();
    let (first, second, alias) = ("arn:machine:1", "arn:machine:2", "arn:machine:prod");
    for nth in (0..12).step_by(4) {
        route(&journal, nth, None, None);
        route(&journal, nth + 1, Some(first), None);
        route(&journal, nth + 2, Some(first), Some(alias));
        route(&journal, nth + 3, Some(second), Some(alias));
    }
    let journal = backend.reopen(journal);
    let page = |subject, status, before: Option<u64>| {
        let before = before.map(ExecutionId);
        ids(&journal, &Query { status, before, ..Query::newest(subject, 4) })
    };
    let (of_first, of_second) = (Subject::Version(first.into()), Subject::Version(second.into()));
    let of_alias = Subject::Alias(alias.into());
    assert_eq!(page(of_first.clone(), None, None), [10, 9, 6, 5]);
    assert_eq!(page(of_first.clone(), None, Some(5)), [2, 1]);
    assert_eq!(page(of_first, Some(Status::Running), Some(9)), [5, 1]);
    assert_eq!(page(of_second, None, None), [11, 7, 3]);
    assert_eq!(page(of_alias.clone(), None, Some(10)), [7, 6, 3, 2]);
    assert_eq!(page(of_alias, Some(Status::Aborted), None), [10, 6, 2]);
    assert_eq!(page(Subject::Machine("arn:machine".into()), None, None), [11, 10, 9, 8]);
    // Neither is what the others are.
    assert_eq!(page(Subject::Version(alias.into()), None, None), [0; 0]);
    assert_eq!(page(Subject::Alias(first.into()), None, None), [0; 0]);
    assert_eq!(page(Subject::Machine(first.into()), None, None), [0; 0]);
    let found = list(&journal, &Query::newest(Subject::One(ExecutionId(2)), 1));
    let opening = &found[0].opening;
    assert_eq!(opening.machine_arn.as_deref(), Some("arn:machine"));
    assert_eq!(opening.version_arn.as_deref(), Some(first));
    assert_eq!(opening.alias_arn.as_deref(), Some(alias));
}

pub fn redriven_executions_are_told_apart<B: Backend>(backend: &B) {
    let journal = backend.create();
    let mut last_at = None;
    for nth in 0..8 {
        let (version_arn, alias_arn) = (Some("arn:machine:1".into()), Some("arn:prod".into()));
        let identity = Identity { version_arn, alias_arn, ..identity(&format!("run-{nth}")) };
        let (mut waiter, record) = Waiter::begin_as(nth, identity, input());
        let parent = Parent { execution: ExecutionId(99), task: TaskId(0) };
        let birth = Some(Birth { parent: Some(parent), ..birth() });
        keep(&journal, vec![Record { birth, ..record }]);
        for _ in 0..nth % 3 {
            keep(&journal, vec![waiter.end(nth)]);
            last_at = keep(&journal, vec![waiter.redrive(nth)]).first().map(|event| event.at);
            keep(&journal, vec![waiter.next(nth)]);
        }
        if nth < 4 {
            keep(&journal, vec![waiter.end(nth)]);
        }
    }
    let journal = backend.reopen(journal);
    let page = |subject, redriven, status, before: Option<u64>| {
        let (redriven, before) = (Some(redriven), before.map(ExecutionId));
        ids(&journal, &Query { status, redriven, before, ..Query::newest(subject, 3) })
    };
    let subjects = [
        Subject::All,
        Subject::Machine("arn:machine".into()),
        Subject::Version("arn:machine:1".into()),
        Subject::Alias("arn:prod".into()),
        Subject::Children(ExecutionId(99)),
    ];
    for subject in subjects {
        assert_eq!(page(subject.clone(), true, None, None), [7, 5, 4]);
        assert_eq!(page(subject.clone(), true, None, Some(4)), [2, 1]);
        assert_eq!(page(subject.clone(), true, Some(Status::Aborted), None), [2, 1]);
        assert_eq!(page(subject.clone(), true, Some(Status::Running), None), [7, 5, 4]);
        assert_eq!(page(subject.clone(), false, None, None), [6, 3, 0]);
        assert_eq!(page(subject, false, Some(Status::Running), None), [6]);
    }
    assert_eq!(page(Subject::Arn("arn:execution:run-5".into()), true, None, None), [5]);
    assert_eq!(page(Subject::Arn("arn:execution:run-5".into()), false, None, None), [0; 0]);
    let all = list(&journal, &Query::newest(Subject::All, 9));
    let counts: Vec<u32> = all.iter().rev().map(|summary| summary.redrives.count).collect();
    assert_eq!(counts, [0, 1, 2, 0, 1, 2, 0, 1]);
    assert_eq!((all[0].redrives.last_at, all[1].redrives.last_at), (last_at, None));
    assert!(last_at.is_some());
}

pub fn map_runs_and_children_are_found_by_their_parent<B: Backend>(backend: &B) {
    let journal = backend.create();
    begin(&journal, 1);
    let parent = Parent { execution: ExecutionId(1), task: TaskId(6) };
    for (nth, task) in [(2, 6), (3, 7)] {
        let parent = Some(Parent { task: TaskId(task), ..parent });
        let (_, record) = Waiter::begin(nth, "child", input());
        keep(&journal, vec![Record { birth: Some(Birth { parent, ..birth() }), ..record }]);
    }
    let journal = backend.reopen(journal);
    let children = list(&journal, &Query::newest(Subject::Children(ExecutionId(1)), 9));
    assert_eq!(children.len(), 2);
    assert_eq!((children[1].execution, children[1].parent), (ExecutionId(2), Some(parent)));
    assert_eq!(ids(&journal, &Query::newest(Subject::ChildrenOf(parent), 9)), [2]);
    let kept = load(&journal, 2).expect("it is there");
    assert_eq!(kept.birth.expect("it has one").parent, Some(parent));
}
