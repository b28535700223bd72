use std::task::{Context, Poll, Waker};

use stepwell_asl::Timestamp;
use stepwell_journal::{ExecutionId, Journal, Memory, Open, Record, Standing};
use stepwell_kernel::{
    Entropy, Execution, Failure, Identity, Input, Limits, Outcome, TaskCall, TaskId,
};
use stepwell_value::Payload;

use super::{
    Action, Around, Chance, Command, Deed, Loaded, Policy, Scheduler, Shelf, Taken, Turn,
    Unreadable, What,
};
use crate::program::Program;
use crate::tasks::Effect;

struct Zeros;

impl Entropy for Zeros {
    fn next_u64(&mut self) -> u64 {
        0
    }
}

impl Chance for Zeros {
    fn turn_to(&mut self, _execution: ExecutionId) {}
}

impl Shelf for &Memory {
    fn load(&mut self, execution: ExecutionId) -> Result<Option<Loaded>, Unreadable> {
        let Some(kept) = Journal::load(*self, execution).unwrap() else { return Ok(None) };
        let birth = kept.birth.unwrap();
        let program = Program::parse(&**birth.revision.text()).unwrap();
        let execution = Execution::replay(&kept.events).unwrap();
        let events = kept.events.len() as u64;
        Ok(Some(Loaded { program, execution, parent: birth.parent, events }))
    }
}

/// What a task can do, by its name.
fn effect(call: &TaskCall) -> Effect {
    match &*call.call.function {
        "pure" => Effect::None,
        "idempotent" => Effect::Repeatable,
        _ => Effect::Once,
    }
}

/// A scheduler with its journal, and no world.
struct Desk {
    scheduler: Scheduler,
    journal: Memory,
}

impl Desk {
    fn new(limits: Limits) -> Self {
        Self::of(Policy { limits, is_lasting: false }, Memory::new())
    }

    fn lasting() -> Self {
        Self::of(Policy { limits: Limits::default(), is_lasting: true }, Memory::new())
    }

    fn of(policy: Policy, journal: Memory) -> Self {
        Self { scheduler: Scheduler::new(policy), journal }
    }

    fn decide(
        &mut self,
        seconds: i64,
        decide: impl FnOnce(&mut Scheduler, &mut Around<'_>, &mut Turn),
    ) -> Turn {
        self.decide_with(seconds, &mut Zeros, decide)
    }

    fn decide_with(
        &mut self,
        seconds: i64,
        chance: &mut dyn Chance,
        decide: impl FnOnce(&mut Scheduler, &mut Around<'_>, &mut Turn),
    ) -> Turn {
        let mut turn = Turn::default();
        let shelf = &mut &self.journal;
        let mut around = Around { now: at(seconds), chance, shelf, effect: &effect };
        decide(&mut self.scheduler, &mut around, &mut turn);
        turn
    }

    fn handle(&mut self, command: Command, seconds: i64) -> Vec<Action> {
        let turn = self.decide(seconds, |scheduler, around, turn| {
            scheduler.handle(command, false, around, turn);
        });
        self.finish(turn)
    }

    fn tick(&mut self, seconds: i64) -> Vec<Action> {
        let turn = self.decide(seconds, Scheduler::tick);
        self.finish(turn)
    }

    /// What is done ahead, then what follows from the records.
    fn finish(&mut self, turn: Turn) -> Vec<Action> {
        let mut actions = turn.ahead;
        actions.extend(self.commit(turn.records));
        actions
    }

    fn commit(&mut self, records: Vec<Record>) -> Vec<Action> {
        let mut appending = self.journal.append(records);
        let appended = appending.kept.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(Ok(committed)) = appended else { panic!("memory answers at once") };
        let committed = committed.into_iter();
        let follow = |(id, mut committed)| self.scheduler.committed(id, &mut committed);
        committed.flat_map(follow).collect()
    }

    fn start(&mut self, id: u64, state: &str) -> Vec<Action> {
        self.handle(start(id, state), 0)
    }

    /// A later process on the same journal.
    fn crash(self) -> Self {
        let mut later = Self::of(self.scheduler.policy, self.journal);
        let open: Vec<Open> = later.journal.open_executions().map(Result::unwrap).collect();
        for open in open {
            later.scheduler.inherit(open);
        }
        later
    }

    fn events(&self, id: u64) -> usize {
        self.journal.read(ExecutionId(id)).unwrap().len()
    }
}

fn start(id: u64, state: &str) -> Command {
    let text = format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#);
    let identity = Identity {
        execution_arn: "e".into(),
        execution_name: "e".into(),
        state_machine_arn: "m".into(),
        state_machine_name: "m".into(),
        role_arn: "r".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    };
    let program = Program::parse(text).unwrap();
    let (execution, input) = (ExecutionId(id), Payload::parse("{}").unwrap());
    Command { execution, what: What::Start { program, identity, input, parent: None } }
}

fn kinds(actions: &[Action]) -> Vec<&'static str> {
    let kind = |action: &Action| match &action.deed {
        Deed::RunTask { is_ahead: true, .. } => "run ahead",
        Deed::RunTask { .. } => "run",
        Deed::StopTask { .. } => "stop",
        Deed::End { .. } => "end",
        _ => "other",
    };
    actions.iter().map(kind).collect()
}

/// How long an execution may run, in seconds.
const YEAR: i64 = 365 * 24 * 3600;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_millis(seconds * 1000)
}

fn reported(task: u32, outcome: Result<Payload, Failure>) -> Command {
    Command::reported(ExecutionId(1), TaskId(task), outcome)
}

const FLAKY: &str = r#"{"Type":"Task","Resource":"t","End":true,
    "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":5}]}"#;

#[test]
fn a_retry_is_due_when_its_pause_is_over() {
    let mut desk = Desk::new(Limits::default());
    assert_eq!(kinds(&desk.start(1, FLAKY)), ["run"]);
    desk.handle(reported(0, Err(Failure::named("Busy"))), 10);
    assert_eq!(desk.scheduler.next_tick(), Some(at(15)));
    assert!(desk.tick(14).is_empty());
    let retried = desk.tick(15);
    assert!(matches!(&retried[..],
        [Action { deed: Deed::RunTask { call, .. }, .. }] if call.attempt == 1));
    assert_eq!(desk.scheduler.next_tick(), Some(at(YEAR)));
}

#[test]
fn what_one_turn_begins_and_ends_is_stopped_before_the_end_is_announced() {
    let mut desk = Desk::new(Limits::default());
    desk.start(1, FLAKY);
    let busy = reported(0, Err(Failure::named("Busy")));
    let mut records = Vec::new();
    let stop = Input::Stop { failure: Failure::default() };
    let stop = Command::input(ExecutionId(1), stop);
    records.extend(
        desk.decide(1, |scheduler, around, turn| {
            scheduler.handle(busy, false, around, turn);
        })
        .records,
    );
    records.extend(desk.decide(6, Scheduler::tick).records);
    records.extend(
        desk.decide(6, |scheduler, around, turn| {
            scheduler.handle(stop, false, around, turn);
        })
        .records,
    );
    assert_eq!(kinds(&desk.commit(records)), ["stop", "run", "stop", "end"]);
}

#[test]
fn an_ended_execution_is_announced_once_and_gone() {
    let mut desk = Desk::new(Limits::default());
    desk.start(1, FLAKY);
    let output = Payload::parse("7").unwrap();
    let ended = desk.handle(reported(0, Ok(output.clone())), 1);
    let [_, Action { deed: Deed::End { ending, .. }, .. }] = &ended[..] else {
        panic!("{ended:?}")
    };
    assert_eq!(ending.outcome, Outcome::Succeeded { output: output.clone() });
    assert!(desk.scheduler.is_empty());
    let mut taken = None;
    desk.decide(2, |scheduler, around, turn| {
        taken = Some(scheduler.handle(reported(0, Ok(output)), true, around, turn));
    });
    assert_eq!(taken, Some(Taken::Stale), "a second report changes nothing");
    assert!(desk.scheduler.is_empty(), "and takes no room");
}

#[test]
fn a_refusal_is_told_when_what_it_speaks_of_is_kept() {
    let mut desk = Desk::lasting();
    desk.start(1, FLAKY);
    let handle = |desk: &mut Desk, command| {
        let mut taken = None;
        let turn = desk.decide(1, |scheduler, around, turn| {
            taken = Some(scheduler.handle(command, true, around, turn));
        });
        let until = desk.scheduler.tell_after(ExecutionId(1), taken.unwrap());
        (taken.unwrap(), until, turn)
    };
    let stop = || Command::input(ExecutionId(1), Input::Stop { failure: Failure::default() });
    let (_, until, first) = handle(&mut desk, stop());
    let (taken, second_until, second) = handle(&mut desk, stop());
    assert_eq!((taken, second_until), (Taken::Stale, until), "a crash may undo the first one yet");
    assert!(second.records.is_empty());
    desk.finish(first);
    let (taken, until, _) = handle(&mut desk, stop());
    assert_eq!((taken, until), (Taken::Stale, None));
}

#[test]
fn stopping_withdraws_what_was_owed() {
    let mut desk = Desk::new(Limits::default());
    desk.start(1, FLAKY);
    let failure = Failure::named("Enough");
    let input = Input::Stop { failure: failure.clone() };
    let stopped = desk.handle(Command::input(ExecutionId(1), input), 1);
    assert_eq!(kinds(&stopped), ["stop", "end"]);
    let Deed::End { ending, .. } = &stopped[1].deed else { unreachable!() };
    assert_eq!(ending.outcome, Outcome::Aborted { failure });
}

#[test]
fn a_long_loop_lets_others_have_their_turn() {
    let limits = Limits { decisions_per_step: 10, history_events_max: 200, ..Limits::default() };
    let mut desk = Desk::new(limits);
    let spinning = r#"{"Type":"Choice","Default":"S","Choices":[
        {"Variable":"$.enough","IsPresent":true,"Next":"Done"}]},"Done":{"Type":"Succeed"}"#;
    assert!(desk.start(1, spinning).is_empty(), "the first step ends before the loop does");
    assert_eq!(kinds(&desk.start(2, r#"{"Type":"Succeed"}"#)), ["end"]);
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

impl Chance for Broken {
    fn turn_to(&mut self, _execution: ExecutionId) {}
}

#[test]
fn a_panic_costs_one_execution_and_says_which() {
    let mut desk = Desk::new(Limits::default());
    desk.start(1, FLAKY);
    let asks = r#"{"Type":"Wait","Seconds":5,"Next":"Ask"},"Ask":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"t"}}"#;
    desk.start(2, asks);
    let turn = desk.decide_with(5, &mut Broken, Scheduler::tick);
    assert!(turn.records.is_empty(), "what panicked decided nothing");
    assert_eq!(desk.scheduler.take_lost(), [ExecutionId(2)]);
    assert_eq!(desk.scheduler.take_lost(), []);
    let ended = desk.handle(reported(0, Ok(Payload::parse("7").unwrap())), 6);
    assert_eq!(kinds(&ended), ["stop", "end"]);
}

/// Two tasks of those names, one after the other.
fn chain(first: &str, second: &str) -> String {
    format!(
        r#"{{"Type":"Task","Resource":"{first}","Next":"T"}},
        "T":{{"Type":"Task","Resource":"{second}","End":true}}"#
    )
}

/// A task of the first execution has given 7.
fn done(task: u32) -> Command {
    reported(task, Ok(Payload::parse("7").unwrap()))
}

#[test]
fn a_task_that_can_touch_nothing_runs_before_its_record_is_kept_and_costs_none() {
    let mut desk = Desk::lasting();
    let begin = start(1, &chain("pure", "pure"));
    let turn = desk.decide(0, |scheduler, around, turn| {
        scheduler.handle(begin, false, around, turn);
    });
    assert_eq!(turn.records.len(), 1, "a start is kept at once");
    assert_eq!(kinds(&turn.ahead), ["run ahead"]);
    assert_eq!(kinds(&desk.commit(turn.records)), [""; 0], "it is not run again");
    let turn = desk.decide(0, |scheduler, around, turn| {
        scheduler.handle(done(0), false, around, turn);
    });
    assert_eq!((turn.records.len(), kinds(&turn.ahead)), (0, vec!["run ahead"]));
    let turn = desk.decide(0, |scheduler, around, turn| {
        scheduler.handle(done(1), false, around, turn);
    });
    assert_eq!(turn.records.len(), 1, "what was held goes with the end");
    assert_eq!(kinds(&desk.commit(turn.records)), ["stop", "stop", "end"]);
    assert!(desk.scheduler.is_empty());
}

#[test]
fn a_task_with_an_effect_never_runs_before_its_record_is_kept() {
    for task in ["once", "idempotent"] {
        let mut desk = Desk::lasting();
        desk.start(1, &chain("pure", task));
        let turn = desk.decide(0, |scheduler, around, turn| {
            scheduler.handle(done(0), false, around, turn);
        });
        assert_eq!((turn.records.len(), kinds(&turn.ahead)), (1, vec![]), "{task}");
        assert_eq!(kinds(&desk.commit(turn.records)), ["stop", "run"], "{task}");
    }
}

#[test]
fn what_is_held_is_written_after_a_while_or_when_somebody_waits() {
    let mut desk = Desk::lasting();
    desk.start(1, &chain("pure", "pure"));
    let before = desk.events(1);
    desk.handle(done(0), 10);
    assert_eq!(desk.events(1), before);
    assert_eq!(desk.scheduler.next_tick(), Some(at(10).saturating_add(super::HOLD_MAX)));
    desk.tick(11);
    assert!(desk.events(1) > before);
    assert_eq!(desk.scheduler.next_tick(), Some(at(YEAR)));
}

#[test]
fn after_a_crash_a_task_with_an_effect_has_failed_and_others_run_again() {
    let retry = r#"{"Type":"Task","Resource":"once","End":true,
        "Retry":[{"ErrorEquals":["Task.Interrupted"],"IntervalSeconds":5}]}"#;
    let mut desk = Desk::lasting();
    desk.start(1, retry);
    desk.start(2, &chain("idempotent", "pure"));
    desk.start(3, &chain("pure", "pure"));
    let mut desk = desk.crash();
    assert_eq!(kinds(&desk.tick(1)), ["run", "run"]);
    assert_eq!(kinds(&desk.tick(6)), ["stop", "run"], "the retry runs it anew");
}

#[test]
fn who_only_waits_is_loaded_when_it_is_woken() {
    let mut desk = Desk::lasting();
    let wait = r#"{"Type":"Wait","Seconds":60,"End":true}"#;
    let count = super::IDLE_MAX as u64 + 10;
    for id in 0..count {
        desk.start(id, wait);
        desk.tick(1);
    }
    assert_eq!(desk.scheduler.executions.len(), super::IDLE_MAX);
    let mut desk = desk.crash();
    assert_eq!(desk.tick(59).len(), 0);
    assert!(desk.scheduler.is_empty(), "nothing is read before its time");
    let mut ended = 0;
    while desk.scheduler.next_tick().is_some_and(|due| due <= at(60)) {
        ended += desk.tick(60).len();
    }
    assert_eq!(ended as u64, count);
    assert!(desk.scheduler.is_empty());
    let open = desk.journal.open_executions().count();
    assert_eq!(open, 0);
}

/// A shelf that cannot be read.
struct Closed;

impl Shelf for Closed {
    fn load(&mut self, _execution: ExecutionId) -> Result<Option<Loaded>, Unreadable> {
        Err(Unreadable::ForNow)
    }
}

#[test]
fn who_cannot_be_read_now_is_looked_for_again() {
    let mut desk = Desk::lasting();
    desk.start(1, r#"{"Type":"Wait","Seconds":60,"End":true}"#);
    desk.start(2, &chain("idempotent", "pure"));
    let mut desk = desk.crash();
    for seconds in [1, 60] {
        let mut turn = Turn::default();
        let (now, shelf) = (at(seconds), &mut Closed);
        let mut around = Around { now, chance: &mut Zeros, shelf, effect: &effect };
        desk.scheduler.tick(&mut around, &mut turn);
        assert_eq!(turn.ahead.len(), 0);
        assert_eq!(desk.scheduler.next_tick(), Some(at(seconds + 1)), "and not before");
    }
    assert_eq!(kinds(&desk.tick(61)), ["run", "end"]);
}

#[test]
fn a_damaged_execution_is_left_alone() {
    let mut desk = Desk::lasting();
    let (execution, is_owed) = (ExecutionId(9), true);
    let standing = Standing { wake_at: Some(at(5)), is_owed };
    desk.scheduler.inherit(Open { execution, standing });
    assert!(desk.tick(5).is_empty(), "it is not known");
    assert_eq!(desk.scheduler.next_tick(), None);
}
