//! Plays a case in virtual time, with the kernel alone.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use stepwell_asl::{Definition, Timestamp};
use stepwell_buckets::{Reader, Store, write};
use stepwell_engine::{ItemResult, ReadRequest, WriteRequest};
use stepwell_kernel::{
    Child, Entropy, Env, Event, Execution, Failure, HistoryEvent, Identity, Input, Limits,
    MapRunCall, Obligation, TaskCall, TaskId, history,
};

use crate::case::Case;
use crate::tasks::{no_such_function, request_id};

/// Friday, the second of January 2026, at noon.
pub(crate) const START: i64 = 1_767_355_200_000;

/// How many inputs a case may need.
const INPUTS_MAX: usize = 100_000;

/// When the history of an execution was recorded that still ran.
pub(crate) const RECORDED_AFTER: Duration = Duration::from_secs(2);

/// The public history of the case, as far as it was recorded.
pub(crate) fn play(case: &Case) -> Result<Vec<HistoryEvent>> {
    let definition = Definition::parse(&case.definition).map_err(|diagnostics| {
        let first = diagnostics.first().map(ToString::to_string);
        anyhow!("the definition is refused: {}", first.unwrap_or_default())
    })?;
    let definition = Arc::new(definition);
    let start = Timestamp::from_unix_millis(START);
    let end = case.expected.status.is_null().then(|| start.saturating_add(RECORDED_AFTER));
    let mut player = Player {
        definition: Arc::clone(&definition),
        store: Arc::new(case.objects.clone()),
        world: World { case, now: start, arrivals: BTreeMap::new(), sent: 0, called: 0 },
        lives: vec![Life::default()],
        limits: Limits::default(),
        dice: Dice(0),
    };
    player.deliver(FIRST, Input::Start { identity: identity(case), input: case.input.clone() });
    for _ in 0..INPUTS_MAX {
        match player.next_input(end) {
            Some((life, input)) => player.deliver(life, input),
            None => return Ok(history(&definition, &player.lives[FIRST].journal)),
        }
    }
    bail!("the execution is not over after {INPUTS_MAX} inputs")
}

fn identity(case: &Case) -> Identity {
    const EXECUTION: &str = "11111111-2222-4333-8444-555555555555";
    const RUN: &str = "66666666-7777-4888-8999-aaaaaaaaaaaa";
    let arn = |rest: String| format!("arn:aws:states:us-east-1:000000000000:{rest}");
    let machine = &case.machine_name;
    let execution_arn = if case.is_express {
        arn(format!("express:{machine}:{EXECUTION}:{RUN}"))
    } else {
        arn(format!("execution:{machine}:{EXECUTION}"))
    };
    Identity {
        execution_arn: execution_arn.into(),
        execution_name: EXECUTION.into(),
        state_machine_arn: arn(format!("stateMachine:{machine}")).into(),
        state_machine_name: machine.as_str().into(),
        role_arn: "arn:aws:iam::000000000000:role/sfn-role".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

/// The execution that the case is about. Those of its map runs come after it.
const FIRST: usize = 0;

struct Player<'c> {
    definition: Arc<Definition>,
    store: Arc<dyn Store>,
    world: World<'c>,
    lives: Vec<Life>,
    limits: Limits,
    dice: Dice,
}

/// One execution.
#[derive(Default)]
struct Life {
    execution: Execution,
    journal: Vec<Event>,
    /// The task of another execution that waits for its end, until that has been told.
    parent: Option<(usize, TaskId)>,
    children: BTreeMap<TaskId, usize>,
}

impl Player<'_> {
    /// What comes next, until nothing more can come or the end has come. An answer that arrives at
    /// the very moment of a deadline is in time.
    fn next_input(&mut self, end: Option<Timestamp>) -> Option<(usize, Input)> {
        if self.lives[FIRST].execution.outcome().is_some() {
            return None;
        }
        if let Some(life) = self.lives.iter().position(|life| life.execution.wants_to_continue()) {
            return Some((life, Input::Continue));
        }
        let lives = self.lives.iter().enumerate();
        let wakes_at = lives.filter_map(|(at, life)| Some((life.execution.wake_at()?, at))).min();
        let arrives_at = self.world.arrivals.first_key_value().map(|((at, _), _)| *at);
        let next_at = wakes_at.map(|(at, _)| at).into_iter().chain(arrives_at).min()?;
        if end.is_some_and(|end| next_at > end) {
            return None;
        }
        self.world.now = self.world.now.max(next_at);
        if arrives_at == Some(next_at) {
            return self.world.arrivals.pop_first().map(|(_, arrival)| arrival);
        }
        wakes_at.map(|(_, life)| (life, Input::Wake))
    }

    /// A report that comes too late changes nothing.
    fn deliver(&mut self, at: usize, input: Input) {
        let life = &mut self.lives[at];
        let env = Env { now: self.world.now, entropy: &mut self.dice, limits: &self.limits };
        let Ok(batch) = life.execution.handle(&self.definition, input, env) else { return };
        let journal = &mut life.journal;
        let Ok(committed) = batch.commit(|events| {
            journal.extend_from_slice(events);
            Ok::<_, Infallible>(())
        });
        for task in &committed.closed {
            if let Some(child) = life.children.remove(task) {
                self.world.send(child, Input::Stop { failure: Failure::default() });
            }
        }
        if let Some(outcome) = life.execution.outcome().cloned()
            && let Some((parent, task)) = life.parent.take()
        {
            self.world.send(parent, Input::ChildEnded { task, outcome });
        }
        for obligation in committed.obligations {
            self.perform(at, obligation);
        }
    }

    fn perform(&mut self, at: usize, obligation: Obligation) {
        match obligation {
            Obligation::RunTask(call) => self.world.run(at, &call),
            Obligation::StartChild { task, child } => {
                let id = self.lives.len();
                self.lives.push(Life { parent: Some((at, task)), ..Life::default() });
                self.lives[at].children.insert(task, id);
                self.world.send(id, start(child));
            }
            Obligation::ReadItems { run, from } => self.read_items(at, run, from),
            Obligation::WriteResults { run } => self.write_results(at, run),
            // Nobody asks for a redrive.
            Obligation::RedriveChild { .. } => {}
            // Nobody works, and there are no other machines.
            Obligation::OfferActivity { .. } => {}
            // No case of this suite is started with a test case.
            Obligation::Rehearse { owed, .. } => self.perform(at, *owed),
            Obligation::StartExecution { task, call } => {
                let outcome =
                    Err(Failure::no_such_machine(&call.state_machine_arn, &request_id(0)));
                self.world.send(at, Input::TaskReported { task, outcome });
            }
            Obligation::AwaitToken { .. } | Obligation::WakeAt(_) | Obligation::Continue => {}
        }
    }
}

impl Player<'_> {
    fn read_items(&mut self, at: usize, run: Arc<MapRunCall>, from: u64) {
        let request = ReadRequest { run, definition: Arc::clone(&self.definition), from };
        let store = Arc::clone(&self.store);
        let reader = Reader::open(store, request.mode(), &request.run, from);
        let outcome = reader.and_then(|mut reader| reader.piece());
        self.world.send(at, Input::ItemsRead { from, outcome });
    }

    fn write_results(&mut self, at: usize, run: Arc<MapRunCall>) {
        let results = ItemResult::of_journal(&self.lives[at].journal);
        let definition = Arc::clone(&self.definition);
        let request = WriteRequest { run, definition, results };
        let outcome = write(&self.store, request.mode(), &request.run, &request.results);
        self.world.send(at, Input::ResultsWritten { outcome });
    }
}

fn start(child: Child) -> Input {
    match child {
        Child::MapRun { identity, call } => Input::StartMapRun { identity, call },
        Child::Item(item) => Input::StartItem {
            identity: item.identity.clone(),
            machine: item.machine,
            input: item.input.clone(),
        },
    }
}

struct World<'c> {
    case: &'c Case,
    now: Timestamp,
    /// What will arrive and for whom, by time and then in the order in which it was sent off.
    arrivals: BTreeMap<(Timestamp, u64), (usize, Input)>,
    sent: u64,
    called: u64,
}

impl World<'_> {
    fn run(&mut self, life: usize, task: &TaskCall) {
        self.called += 1;
        let name = function_name(&task.call.function);
        let (pause, outcome) = match self.case.functions.get(name) {
            Some(behaviour) => behaviour.answer(&task.call.input, self.called),
            None => (Duration::ZERO, Err(no_such_function(name, self.called))),
        };
        let at = self.now.saturating_add(pause);
        self.send_at(at, life, Input::TaskReported { task: task.task, outcome });
    }

    fn send(&mut self, life: usize, input: Input) {
        self.send_at(self.now, life, input);
    }

    fn send_at(&mut self, at: Timestamp, life: usize, input: Input) {
        self.arrivals.insert((at, self.sent), (life, input));
        self.sent += 1;
    }
}

/// The name in an ARN, without the version behind it, or the text itself.
pub(crate) fn function_name(function: &str) -> &str {
    let name = function.split_once(":function:").map_or(function, |(_, name)| name);
    name.split_once(':').map_or(name, |(name, _)| name)
}

/// Chance that is the same in every run.
pub(crate) struct Dice(pub u64);

impl Entropy for Dice {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(1);
        // Steps of the golden ratio: different every time, and spread evenly.
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

#[cfg(test)]
mod tests;
