use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use stepwell_asl::{Definition, Timestamp};
use stepwell_journal::{ExecutionId, Journal, Memory, Record};
use stepwell_kernel::{Entropy, Failure, Identity, Limits, Outcome, TaskId};
use stepwell_value::Payload;

use super::{Action, Command, Scheduler};

struct Zeros;

impl Entropy for Zeros {
    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// A scheduler with its journal, and no world.
struct Desk {
    scheduler: Scheduler,
    journal: Memory,
}

impl Desk {
    fn new(limits: Limits) -> Self {
        Self { scheduler: Scheduler::new(limits), journal: Memory::new() }
    }

    fn handle(&mut self, command: Command, seconds: i64) -> Vec<Action> {
        let record = self.scheduler.handle(command, at(seconds), &mut Zeros);
        self.commit(record.into_iter().collect())
    }

    fn tick(&mut self, seconds: i64) -> Vec<Action> {
        let records = self.scheduler.tick(at(seconds), &mut Zeros);
        self.commit(records)
    }

    fn commit(&mut self, records: Vec<Record>) -> Vec<Action> {
        let appended =
            pin!(self.journal.append(records)).poll(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(Ok(committed)) = appended else { panic!("memory answers at once") };
        let committed = committed.into_iter();
        let follow = |(id, mut committed)| self.scheduler.committed(id, &mut committed);
        committed.flat_map(follow).collect()
    }

    fn start(&mut self, id: u64, state: &str) -> Vec<Action> {
        let text = format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#);
        let identity = Identity {
            execution_arn: "e".into(),
            execution_name: "e".into(),
            state_machine_arn: "m".into(),
            state_machine_name: "m".into(),
            role_arn: "r".into(),
        };
        let definition = Arc::new(Definition::parse(&text).unwrap());
        let (execution, input) = (ExecutionId(id), Payload::parse("{}").unwrap());
        self.handle(Command::Start { execution, definition, identity, input, parent: None }, 0)
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_millis(seconds * 1000)
}

fn reported(task: u32, outcome: Result<Payload, Failure>) -> Command {
    Command::TaskReported { execution: ExecutionId(1), task: TaskId(task), outcome }
}

const FLAKY: &str = r#"{"Type":"Task","Resource":"t","End":true,
    "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":5}]}"#;

#[test]
fn a_retry_is_due_when_its_pause_is_over() {
    let mut desk = Desk::new(Limits::default());
    let started = desk.start(1, FLAKY);
    assert!(matches!(&started[..], [Action::RunTask { call, .. }] if call.task == TaskId(0)));
    desk.handle(reported(0, Err(Failure::named("Busy"))), 10);
    assert_eq!(desk.scheduler.next_tick(), Some(at(15)));
    assert!(desk.tick(14).is_empty());
    let retried = desk.tick(15);
    assert!(matches!(&retried[..], [Action::RunTask { call, .. }] if call.attempt == 1));
    assert_eq!(desk.scheduler.next_tick(), None);
}

#[test]
fn what_one_turn_begins_and_ends_is_stopped_before_the_end_is_announced() {
    let mut desk = Desk::new(Limits::default());
    desk.start(2, FLAKY);
    let (execution, task) = (ExecutionId(2), TaskId(0));
    let busy = Command::TaskReported { execution, task, outcome: Err(Failure::named("Busy")) };
    let begun = desk.scheduler.handle(busy, at(1), &mut Zeros);
    let retried = desk.scheduler.tick(at(6), &mut Zeros);
    let stop = Command::Stop { execution, failure: Failure::default() };
    let stopped = desk.scheduler.handle(stop, at(6), &mut Zeros);
    let actions = desk.commit(begun.into_iter().chain(retried).chain(stopped).collect());
    let kinds = actions.iter().map(|action| match action {
        Action::RunTask { .. } => "run",
        Action::StopTask { .. } => "stop",
        Action::Ended { .. } => "ended",
        _ => "other",
    });
    assert_eq!(kinds.collect::<Vec<_>>(), ["stop", "run", "stop", "ended"]);
}

#[test]
fn an_ended_execution_is_announced_once_and_gone() {
    let mut desk = Desk::new(Limits::default());
    desk.start(1, FLAKY);
    let output = Payload::parse("7").unwrap();
    let ended = desk.handle(reported(0, Ok(output.clone())), 1);
    let [Action::StopTask { .. }, Action::Ended { outcome, .. }] = &ended[..] else {
        panic!("{ended:?}")
    };
    assert_eq!(*outcome, Outcome::Succeeded { output: output.clone() });
    assert!(desk.scheduler.is_empty());
    let late = desk.scheduler.handle(reported(0, Ok(output)), at(2), &mut Zeros);
    assert!(late.is_none(), "a second report changes nothing");
}

#[test]
fn stopping_withdraws_what_was_owed() {
    let mut desk = Desk::new(Limits::default());
    desk.start(1, FLAKY);
    let failure = Failure::named("Enough");
    let stopped =
        desk.handle(Command::Stop { execution: ExecutionId(1), failure: failure.clone() }, 1);
    let [Action::StopTask { task, .. }, Action::Ended { outcome, .. }] = &stopped[..] else {
        panic!("{stopped:?}")
    };
    assert_eq!((*task, outcome), (TaskId(0), &Outcome::Aborted { failure }));
}

#[test]
fn a_long_loop_lets_others_have_their_turn() {
    let limits = Limits { decisions_per_step: 10, history_events_max: 200, ..Limits::default() };
    let mut desk = Desk::new(limits);
    let spinning = r#"{"Type":"Choice","Default":"S","Choices":[
        {"Variable":"$.enough","IsPresent":true,"Next":"Done"}]},"Done":{"Type":"Succeed"}"#;
    assert!(desk.start(1, spinning).is_empty(), "the first step ends before the loop does");
    let other = desk.start(2, r#"{"Type":"Succeed"}"#);
    assert!(matches!(&other[..], [Action::Ended { execution: ExecutionId(2), .. }]));
    let mut turns = 0;
    while desk.scheduler.contains(ExecutionId(1)) {
        assert_eq!(desk.scheduler.next_tick(), Some(Timestamp::default()), "there is more to do");
        desk.tick(0);
        turns += 1;
    }
    assert!(turns > 5, "the loop ran until its history was full, in {turns} turns");
}

struct Broken;

impl Entropy for Broken {
    fn next_u64(&mut self) -> u64 {
        panic!("the generator is broken")
    }
}

#[test]
fn a_panic_costs_one_execution_and_says_which() {
    let mut desk = Desk::new(Limits::default());
    desk.start(1, FLAKY);
    let asks = r#"{"Type":"Wait","Seconds":5,"Next":"Ask"},"Ask":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"t"}}"#;
    desk.start(2, asks);
    let records = desk.scheduler.tick(at(5), &mut Broken);
    assert!(records.is_empty(), "what panicked decided nothing");
    assert_eq!(desk.scheduler.take_lost(), [ExecutionId(2)]);
    assert_eq!(desk.scheduler.take_lost(), []);
    let ended = desk.handle(reported(0, Ok(Payload::parse("7").unwrap())), 6);
    assert!(matches!(&ended[..], [_, Action::Ended { execution: ExecutionId(1), .. }]));
}
