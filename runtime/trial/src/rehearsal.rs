//! Plays one case to its end: the kernel alone, in virtual time.
//!
//! Waits, pauses and timeouts pass at once. Chance is the same in every run, so a case always goes
//! the same way. What the world owes the execution is made up by the case's mocks; the rest is
//! handed to whoever runs real tasks, or is played with another workflow of the folder.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use stepwell_asl::{Definition, MachineType, StateIdx, Timestamp};
use stepwell_kernel::{
    Entropy, Env, Event, Execution, Fact, Failure, FrameId, Identity, Input, Limits, MapRunFact,
    Outcome, TaskId, Turn, Turns,
};
use stepwell_value::Str;

use crate::document::Problem;
use crate::folder::Folder;
use crate::props::Props;
use crate::test_file::Case;
use crate::{Invocations, RealTasks, TestCase};

mod perform;
mod stuck;

/// A workflow that is played.
#[derive(Debug)]
pub(crate) struct Program {
    pub name: Str,
    pub definition: Arc<Definition>,
}

/// All that a case is played with.
pub(crate) struct Stage<'s> {
    pub program: Arc<Program>,
    pub machine_type: MachineType,
    pub folder: &'s Folder,
    pub case: &'s Case,
    pub config: Option<&'s TestCase>,
    pub props: Props,
    pub real: &'s dyn RealTasks,
}

/// What happened.
#[derive(Debug)]
pub(crate) struct Performance {
    /// A problem if the case could not be played to the end of its execution.
    pub end: Result<Outcome, Problem>,
    /// How long it took in virtual time.
    pub took: Duration,
    pub record: Record,
}

/// What was seen of the workflow under test.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// Every state that was entered, in order; in the executions of map runs too.
    pub path: Vec<StateIdx>,
    pub turns: Vec<Turn>,
    /// The mocks that were asked.
    pub used: BTreeSet<Str>,
}

/// How many inputs and events a case may need. An execution has bounds of its own; these are for
/// one without them, and for many together.
const INPUTS_MAX: usize = 100_000;
const EVENTS_MAX: usize = 100_000;

/// How long an execution may take (AWS quota "Maximum execution time": one year).
const TIME_MAX: Duration = Duration::from_hours(365 * 24);

/// The execution that the case is about. Those that come of it are behind it.
const FIRST: usize = 0;

pub(crate) fn rehearse(stage: &Stage<'_>) -> Performance {
    let mut rehearsal = Rehearsal::new(stage);
    let end = rehearsal.play();
    let took = rehearsal.now.saturating_since(stage.case.starts_at);
    Performance { end, took, record: rehearsal.record }
}

struct Rehearsal<'s> {
    stage: &'s Stage<'s>,
    limits: Limits,
    now: Timestamp,
    lives: Vec<Life>,
    /// Executions that have more to decide. Follows from `lives`.
    ready: BTreeSet<usize>,
    /// Executions that have to be woken, and when. Follows from `lives`.
    alarms: BTreeSet<(Timestamp, usize)>,
    /// What will arrive and for whom, by time and then in the order in which it was sent off.
    arrivals: BTreeMap<(Timestamp, u64), (usize, Input)>,
    sent: u64,
    events: usize,
    invocations: Invocations,
    dice: Dice,
    record: Record,
}

/// One execution and what is known of it.
struct Life {
    program: Arc<Program>,
    execution: Execution,
    /// What its map run has done; nothing of other executions.
    map_run: Vec<Event>,
    /// The task of another execution that waits for its end, until that has been told.
    parent: Option<(usize, TaskId)>,
    children: BTreeMap<TaskId, usize>,
    states: BTreeMap<FrameId, StateIdx>,
    /// The state of each task that was scheduled.
    tasks: BTreeMap<TaskId, StateIdx>,
}

impl Life {
    fn new(program: Arc<Program>, parent: Option<(usize, TaskId)>) -> Self {
        Self {
            program,
            execution: Execution::default(),
            map_run: Vec::new(),
            parent,
            children: BTreeMap::new(),
            states: BTreeMap::new(),
            tasks: BTreeMap::new(),
        }
    }

    fn state_name(&self, state: StateIdx) -> Str {
        Str::clone(&self.program.definition.state(state).name)
    }

    /// The state that a task belongs to.
    fn state_of(&self, task: TaskId) -> Str {
        self.tasks.get(&task).map_or_else(|| Str::from("?"), |state| self.state_name(*state))
    }
}

impl<'s> Rehearsal<'s> {
    fn new(stage: &'s Stage<'s>) -> Self {
        let limits = match stage.machine_type {
            // An execution that waits for ever is to be told from one that has timed out.
            MachineType::Standard => {
                Limits { execution_duration_max: Duration::MAX, ..Limits::default() }
            }
            MachineType::Express => Limits::express(),
        };
        Self {
            stage,
            limits,
            now: stage.case.starts_at,
            lives: vec![Life::new(Arc::clone(&stage.program), None)],
            ready: BTreeSet::new(),
            alarms: BTreeSet::new(),
            arrivals: BTreeMap::new(),
            sent: 0,
            events: 0,
            invocations: Invocations::default(),
            dice: Dice(0),
            record: Record::default(),
        }
    }

    fn play(&mut self) -> Result<Outcome, Problem> {
        let identity = identity(&self.stage.program.name, "test");
        let input = self.stage.case.input.clone();
        self.deliver(FIRST, Input::Start { identity, input })?;
        for _ in 0..INPUTS_MAX {
            if let Some(outcome) = self.lives[FIRST].execution.outcome() {
                return Ok(outcome.clone());
            }
            let (life, input) = self.next_input()?;
            self.deliver(life, input)?;
        }
        Err(self.endless(format_args!("{INPUTS_MAX} steps")))
    }

    /// What comes next. An answer that arrives at the very moment of a deadline is in time.
    fn next_input(&mut self) -> Result<(usize, Input), Problem> {
        if let Some(life) = self.ready.first() {
            return Ok((*life, Input::Continue));
        }
        let wakes_at = self.alarms.first().copied();
        let arrives_at = self.arrivals.first_key_value().map(|((at, _), _)| *at);
        let next_at = wakes_at.map(|(at, _)| at).into_iter().chain(arrives_at).min();
        let next_at = next_at.ok_or_else(|| self.stuck())?;
        self.now = self.now.max(next_at);
        if self.now.saturating_since(self.stage.case.starts_at) > TIME_MAX {
            return Err(self.problem("the execution takes longer than a year, which is the most"));
        }
        match (wakes_at, arrives_at) {
            (Some((at, life)), arrival) if arrival.is_none_or(|arrival| at < arrival) => {
                Ok((life, Input::Wake))
            }
            _ => {
                let first = self.arrivals.pop_first().map(|(_, arrival)| arrival);
                first.ok_or_else(|| self.stuck())
            }
        }
    }

    /// A report that comes too late changes nothing.
    fn deliver(&mut self, nth: usize, input: Input) -> Result<(), Problem> {
        let life = &mut self.lives[nth];
        let woken_at = life.execution.wake_at();
        let program = Arc::clone(&life.program);
        let turns = Turns::default();
        let env = Env { now: self.now, entropy: &mut self.dice, limits: &self.limits };
        let handled = life.execution.handle_watched(&program.definition, input, env, &turns);
        let Ok(batch) = handled else { return Ok(()) };
        let Ok(committed) = batch.commit(|_| Ok::<_, Infallible>(()));
        self.look_again(nth, woken_at);
        self.events += committed.events.len();
        if self.events > EVENTS_MAX {
            return Err(self.endless(format_args!("{EVENTS_MAX} events")));
        }
        if Arc::ptr_eq(&program, &self.stage.program) {
            self.record.turns.extend(turns.into_inner());
        }
        for event in &committed.events {
            self.note(nth, event);
        }
        for task in &committed.closed {
            if let Some(child) = self.lives[nth].children.remove(task) {
                self.lives[child].parent = None;
                self.send(child, Input::Stop { failure: Failure::default() });
            }
        }
        self.tell_end(nth);
        committed.obligations.into_iter().try_for_each(|owed| self.perform(nth, owed))
    }

    /// Notes whether an execution goes on by itself, and when it has to be woken.
    fn look_again(&mut self, nth: usize, woken_at: Option<Timestamp>) {
        let execution = &self.lives[nth].execution;
        if execution.wants_to_continue() {
            self.ready.insert(nth);
        } else {
            self.ready.remove(&nth);
        }
        if let Some(at) = woken_at {
            self.alarms.remove(&(at, nth));
        }
        self.alarms.extend(execution.wake_at().map(|at| (at, nth)));
    }

    fn tell_end(&mut self, nth: usize) {
        let life = &mut self.lives[nth];
        let Some(outcome) = life.execution.outcome().cloned() else { return };
        if let Some((parent, task)) = life.parent.take() {
            self.lives[parent].children.remove(&task);
            self.send(parent, Input::ChildEnded { task, outcome });
        }
    }

    fn note(&mut self, nth: usize, event: &Event) {
        let life = &mut self.lives[nth];
        match &event.fact {
            Fact::StateEntered { frame, state, .. } => {
                life.states.insert(*frame, *state);
                if Arc::ptr_eq(&life.program, &self.stage.program) {
                    self.record.path.push(*state);
                }
            }
            Fact::TaskScheduled { frame, task, .. } | Fact::MapRunStarted { frame, task, .. } => {
                if let Some(state) = life.states.get(frame) {
                    life.tasks.insert(*task, *state);
                }
            }
            Fact::MapRun(MapRunFact::ItemStarted { .. } | MapRunFact::ItemEnded { .. }) => {
                life.map_run.push(event.clone());
            }
            _ => {}
        }
    }

    fn send(&mut self, life: usize, input: Input) {
        self.send_after(Duration::ZERO, life, input);
    }

    fn send_after(&mut self, after: Duration, life: usize, input: Input) {
        let at = self.now.saturating_add(after);
        self.arrivals.insert((at, self.sent), (life, input));
        self.sent += 1;
    }

    fn problem(&self, message: impl std::fmt::Display) -> Problem {
        self.stage.case.place.problem(message)
    }

    fn endless(&self, what: std::fmt::Arguments<'_>) -> Problem {
        self.problem(format_args!(
            "the case is not over after {what}; is there a loop without end?"
        ))
    }
}

fn identity(machine: &str, execution: &str) -> Identity {
    let arn = |kind: &str, name: &str| {
        Str::from(format!("arn:aws:states:us-east-1:123456789012:{kind}:{name}"))
    };
    Identity {
        execution_arn: arn("execution", &format!("{machine}:{execution}")),
        execution_name: execution.into(),
        state_machine_arn: arn("stateMachine", machine),
        state_machine_name: machine.into(),
        role_arn: "arn:aws:iam::123456789012:role/test".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

/// Chance that is the same in every run.
struct Dice(u64);

impl Entropy for Dice {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(1);
        // Steps of the golden ratio: different every time, and spread evenly.
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}
