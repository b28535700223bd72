//! The world in virtual time: it runs tasks by their script and has their answers arrive.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use stepwell_asl::{Definition, StateIdx, Timestamp};
use stepwell_kernel::{
    Call as TaskInput, Child, Entropy, Event, ExecutionCall, Fact, Failure, Input, Invocation,
    ItemsRead, MapRunFact, Obligation, Outcome, TaskCall, TaskId,
};
use stepwell_value::{Payload, Value};

use crate::script::{Action, Call, Script, Verb};

/// The request that is refused when there is no such machine.
const REQUEST: &str = "00000000-0000-4000-8000-000000000000";

pub(crate) struct World<'c> {
    pub now: Timestamp,
    definition: &'c Definition,
    script: &'c Script,
    /// What will arrive and for whom, by time and then in the order in which it was sent off.
    arrivals: BTreeMap<(Timestamp, u64), (LifeId, Input)>,
    sent: u64,
    /// What has arrived and is not taken yet.
    pub arriving: Option<(LifeId, Input)>,
    /// Tasks that were taken on.
    running: BTreeSet<(LifeId, TaskId)>,
    /// Executions of other machines that are to be stopped with the task that asked for them.
    awaited: BTreeSet<(LifeId, TaskId)>,
    /// Reads that were taken on, by the item from which they go on.
    reading: BTreeSet<(LifeId, u64)>,
    /// Executions whose results are being written.
    writing: BTreeSet<LifeId>,
    /// Executions that others have started.
    children: BTreeMap<(LifeId, TaskId), LifeId>,
    /// Of those, how often the ones count as redriven that were begun only by a redrive.
    late: BTreeMap<LifeId, u32>,
    born: usize,
}

/// One of the executions that a case brings forth, in the order of their birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LifeId(pub usize);

impl LifeId {
    /// The execution that the case is about.
    pub(crate) const FIRST: Self = Self(0);
}

/// An execution that another one has asked for.
pub(crate) struct Birth {
    pub id: LifeId,
    pub parent: (LifeId, TaskId),
    pub start: Input,
}

/// Who does what an action says.
#[derive(Clone, Copy)]
enum Actor {
    Task(TaskId),
    Token(TaskId),
    Execution(TaskId),
    Case(TaskId),
}

impl<'c> World<'c> {
    pub(crate) fn new(definition: &'c Definition, script: &'c Script, now: Timestamp) -> Self {
        let mut world = Self {
            now,
            definition,
            script,
            arrivals: BTreeMap::new(),
            sent: 0,
            arriving: None,
            running: BTreeSet::new(),
            awaited: BTreeSet::new(),
            reading: BTreeSet::new(),
            writing: BTreeSet::new(),
            children: BTreeMap::new(),
            late: BTreeMap::new(),
            born: 1,
        };
        let mut at = now;
        for Action { after, verb } in &script.execution {
            at = at.saturating_add(*after);
            match verb {
                Verb::Stop(failure) => {
                    world.send(at, LifeId::FIRST, Input::Stop { failure: failure.clone() });
                }
                Verb::Redrive => world.send(at, LifeId::FIRST, Input::Redrive),
                Verb::Succeed(_)
                | Verb::Echo
                | Verb::Fail(_)
                | Verb::Heartbeat
                | Verb::Take(_)
                | Verb::Hang => {}
            }
        }
        world
    }

    /// When the next arrival is.
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.arrivals.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn take_next(&mut self) -> Option<(LifeId, Input)> {
        let ((at, _), arrival) = self.arrivals.pop_first()?;
        self.now = at;
        self.arriving = Some(arrival.clone());
        Some(arrival)
    }

    /// Takes on what is owed. What is under way already is not begun again.
    pub(crate) fn perform(
        &mut self,
        life: LifeId,
        obligations: &[Obligation],
        journal: &[Event],
    ) -> Result<Vec<Birth>> {
        let mut births = Vec::new();
        for obligation in obligations {
            match obligation {
                Obligation::RunTask(call) if self.running.insert((life, call.task)) => {
                    self.run_task(life, call, journal)?;
                }
                Obligation::StartChild { task, child } if self.running.insert((life, *task)) => {
                    births.push(self.give_birth((life, *task), child));
                }
                Obligation::OfferActivity { task, activity, input, .. }
                    if self.running.insert((life, *task)) =>
                {
                    self.offer(life, *task, (activity, input), journal)?;
                }
                Obligation::StartExecution { task, call } if self.running.insert((life, *task)) => {
                    self.start_execution(life, *task, call, journal)?;
                }
                Obligation::Rehearse { invocation, owed } => {
                    if !self.rehearse(life, invocation, owed, journal)? {
                        births.extend(self.perform(life, std::slice::from_ref(owed), journal)?);
                    }
                }
                Obligation::ReadItems { run, from } if self.reading.insert((life, *from)) => {
                    self.read_items(life, run.state, *from, journal)?;
                }
                Obligation::WriteResults { run } if self.writing.insert(life) => {
                    self.write_results(life, run.state, journal)?;
                }
                // A child that was given up before it was asked for was never born.
                Obligation::RedriveChild { task, child, count }
                    if self.running.insert((life, *task)) =>
                {
                    let birth = self.give_birth((life, *task), child);
                    self.late.insert(birth.id, *count);
                    births.push(birth);
                }
                // The player knows how the child is.
                Obligation::RedriveChild { .. }
                | Obligation::RunTask(_)
                | Obligation::StartChild { .. }
                | Obligation::OfferActivity { .. }
                | Obligation::StartExecution { .. }
                | Obligation::ReadItems { .. }
                | Obligation::WriteResults { .. }
                | Obligation::AwaitToken { .. }
                | Obligation::WakeAt(_)
                | Obligation::Continue => {}
            }
        }
        Ok(births)
    }

    /// Stops an execution that nobody waits for any more.
    pub(crate) fn close(&mut self, life: LifeId, task: TaskId) {
        if self.awaited.remove(&(life, task)) {
            self.arrivals.retain(|_, (of, input)| {
                *of != life
                    || !matches!(input, Input::ChildEnded { task: other, .. } if *other == task)
            });
        }
        if let Some(child) = self.children.get(&(life, task)) {
            let stop = Input::Stop { failure: Failure::default() };
            self.send(self.now, *child, stop);
        }
    }

    /// The child that was started for a task.
    pub(crate) fn child(&self, life: LifeId, task: TaskId) -> Option<LifeId> {
        self.children.get(&(life, task)).copied()
    }

    /// How often a child counts as redriven that was begun late.
    pub(crate) fn late(&self, life: LifeId) -> u32 {
        self.late.get(&life).copied().unwrap_or(0)
    }

    /// Lets an execution go on that has ended, unless somebody is about to.
    pub(crate) fn redrive(&mut self, life: LifeId) {
        if !self.is_sent(life, |input| matches!(input, Input::Redrive)) {
            self.send(self.now, life, Input::Redrive);
        }
    }

    /// Tells an execution how its child has ended, unless it is about to be told.
    pub(crate) fn announce_once(&mut self, parent: (LifeId, TaskId), outcome: Outcome) {
        let (life, awaited) = parent;
        let is_end =
            |input: &Input| matches!(input, Input::ChildEnded { task, .. } if *task == awaited);
        if !self.is_sent(life, is_end) {
            self.announce(parent, outcome);
        }
    }

    fn is_sent(&self, life: LifeId, is_it: impl Fn(&Input) -> bool) -> bool {
        let mut sent = self.arrivals.values().chain(&self.arriving);
        sent.any(|(to, input)| *to == life && is_it(input))
    }

    /// What an execution that goes on has read and written before is not under way any more.
    pub(crate) fn reopen(&mut self, life: LifeId) {
        self.reading.retain(|(of, _)| *of != life);
        self.writing.remove(&life);
    }

    /// Tells an execution how its child has ended.
    pub(crate) fn announce(&mut self, (parent, task): (LifeId, TaskId), outcome: Outcome) {
        self.send(self.now, parent, Input::ChildEnded { task, outcome });
    }

    fn give_birth(&mut self, parent: (LifeId, TaskId), child: &Child) -> Birth {
        let id = LifeId(self.born);
        self.born += 1;
        self.children.insert(parent, id);
        let start = match child {
            Child::MapRun { identity, call } => {
                Input::StartMapRun { identity: Arc::clone(identity), call: Arc::clone(call) }
            }
            Child::Item(item) => Input::StartItem {
                identity: item.identity.clone(),
                machine: item.machine,
                input: item.input.clone(),
            },
        };
        Birth { id, parent, start }
    }

    fn read_items(
        &mut self,
        life: LifeId,
        state: StateIdx,
        from: u64,
        journal: &[Event],
    ) -> Result<()> {
        let name = &self.definition.state(state).name;
        let calls = self.script.items.get(&**name);
        let calls = calls.with_context(|| format!("there is no `items of {name}`"))?;
        let is_read =
            |event: &&Event| matches!(event.fact, Fact::MapRun(MapRunFact::ItemsRead { .. }));
        let nth = journal.iter().filter(is_read).count();
        let is_last = nth + 1 >= calls.len();
        for (at, outcome) in self.outcomes(nth_call(calls, nth)?) {
            let outcome = outcome.map(|items| ItemsRead { items, is_last });
            self.send(at, life, Input::ItemsRead { from, outcome });
        }
        Ok(())
    }

    fn write_results(&mut self, life: LifeId, state: StateIdx, journal: &[Event]) -> Result<()> {
        let name = &self.definition.state(state).name;
        let calls = self.script.results.get(&**name);
        let calls = calls.with_context(|| format!("there is no `results of {name}`"))?;
        let nth = journal.iter().filter(|event| event.fact.reopens_execution()).count();
        for (at, outcome) in self.outcomes(nth_call(calls, nth)?) {
            self.send(at, life, Input::ResultsWritten { outcome });
        }
        Ok(())
    }

    fn outcomes(&self, call: &Call) -> Vec<(Timestamp, Result<Payload, Failure>)> {
        let mut at = self.now;
        let mut outcomes = Vec::new();
        for Action { after, verb } in call {
            at = at.saturating_add(*after);
            match verb {
                Verb::Succeed(output) => outcomes.push((at, Ok(output.clone()))),
                Verb::Fail(failure) => outcomes.push((at, Err(failure.clone()))),
                Verb::Echo
                | Verb::Heartbeat
                | Verb::Take(_)
                | Verb::Hang
                | Verb::Stop(_)
                | Verb::Redrive => {}
            }
        }
        outcomes
    }

    fn run_task(&mut self, life: LifeId, task: &TaskCall, journal: &[Event]) -> Result<()> {
        let name = function_name(&task.call.function);
        let calls = self.script.tasks.get(name);
        let calls = calls.with_context(|| format!("no task is called `{name}`"))?;
        let nth = calls_before(journal, task.task, |_, call| function_name(&call.function) == name);
        self.act(life, Actor::Task(task.task), nth_call(calls, nth)?, &task.call.input);
        self.hand_on_token(life, task.task, &task.call.input, journal)
    }

    /// Has arrive what is made up for a call, if there is a line for its state.
    fn rehearse(
        &mut self,
        life: LifeId,
        invocation: &Invocation,
        owed: &Obligation,
        journal: &[Event],
    ) -> Result<bool> {
        let state = invocation.state;
        let calls = self.script.mocks.get(&*self.definition.state(state).name);
        let (Some(calls), Some(task)) = (calls, owed.task()) else { return Ok(false) };
        let before = calls_before(journal, task, |other, _| other == Some(state));
        let nth = usize::try_from(invocation.nth)?;
        ensure!(nth == before, "{before} calls of the state came before, not {nth}");
        if self.running.insert((life, task)) {
            self.act(life, Actor::Case(task), nth_call(calls, nth)?, &Payload::from(Value::Null));
        }
        Ok(true)
    }

    /// Without a line for it, an activity has no workers.
    fn offer(
        &mut self,
        life: LifeId,
        task: TaskId,
        (activity, input): (&str, &Payload),
        journal: &[Event],
    ) -> Result<()> {
        let name = function_name(activity);
        if let Some(calls) = self.script.activities.get(name) {
            let nth = calls_before(journal, task, |_, call| function_name(&call.function) == name);
            self.act(life, Actor::Token(task), nth_call(calls, nth)?, input);
        }
        Ok(())
    }

    /// Starts an execution of another machine; without a line for it there is no such machine.
    fn start_execution(
        &mut self,
        life: LifeId,
        task: TaskId,
        asked: &ExecutionCall,
        journal: &[Event],
    ) -> Result<()> {
        let machine = &asked.state_machine_arn;
        let name = function_name(machine);
        let Some(calls) = self.script.machines.get(name) else {
            let failure = Failure::no_such_machine(machine, REQUEST);
            self.send(self.now, life, Input::TaskReported { task, outcome: Err(failure) });
            return Ok(());
        };
        let arn = machine.replacen(":stateMachine:", ":execution:", 1);
        let execution_arn = format!("{arn}:{}", asked.name).into();
        self.send(self.now, life, Input::ExecutionStarted { task, execution_arn, at: self.now });
        if asked.is_awaited {
            self.awaited.insert((life, task));
            let nth = calls_before(journal, task, |_, call| function_name(&call.function) == name);
            self.act(life, Actor::Execution(task), nth_call(calls, nth)?, &asked.input);
        }
        self.hand_on_token(life, task, &asked.input, journal)
    }

    /// What somebody does with the token of a state, if it gave one away.
    fn hand_on_token(
        &mut self,
        life: LifeId,
        task: TaskId,
        input: &Payload,
        journal: &[Event],
    ) -> Result<()> {
        let Some((state, call)) = scheduled(journal, task) else { return Ok(()) };
        let name = &self.definition.state(state).name;
        if let (Some(calls), Some(_)) = (self.script.tokens.get(&**name), &call.token) {
            let nth = calls_before(journal, task, |other, _| other == Some(state));
            self.act(life, Actor::Token(task), nth_call(calls, nth)?, input);
        }
        Ok(())
    }

    fn act(&mut self, life: LifeId, actor: Actor, call: &Call, input: &Payload) {
        let mut at = self.now;
        for Action { after, verb } in call {
            at = at.saturating_add(*after);
            let outcome = match verb {
                Verb::Succeed(output) => Ok(output.clone()),
                Verb::Echo => Ok(input.clone()),
                Verb::Fail(failure) | Verb::Stop(failure) => Err(failure.clone()),
                Verb::Heartbeat => {
                    let task = actor.task();
                    self.send(at, life, Input::Heartbeat { task });
                    continue;
                }
                Verb::Take(worker) => {
                    let (task, worker) = (actor.task(), worker.clone());
                    self.send(at, life, Input::ActivityStarted { task, worker });
                    continue;
                }
                Verb::Hang | Verb::Redrive => continue,
            };
            let input = match actor {
                Actor::Task(task) => Input::TaskReported { task, outcome },
                Actor::Token(task) => Input::TokenReported { task, outcome },
                Actor::Case(task) => Input::TaskMocked { task, outcome },
                Actor::Execution(task) => {
                    let outcome = match outcome {
                        Ok(output) => Outcome::Succeeded { output },
                        Err(failure) if matches!(verb, Verb::Stop(_)) => {
                            Outcome::Aborted { failure }
                        }
                        Err(failure) => Outcome::Failed { failure },
                    };
                    Input::ChildEnded { task, outcome }
                }
            };
            self.send(at, life, input);
        }
    }

    fn send(&mut self, at: Timestamp, life: LifeId, input: Input) {
        self.arrivals.insert((at, self.sent), (life, input));
        self.sent += 1;
    }
}

/// The state that scheduled a task, and the task's call.
fn scheduled(journal: &[Event], task: TaskId) -> Option<(StateIdx, &TaskInput)> {
    let mut states = BTreeMap::new();
    for event in journal {
        match &event.fact {
            Fact::StateEntered { frame, state, .. } => {
                states.insert(*frame, *state);
            }
            Fact::TaskScheduled { frame, task: other, call } if *other == task => {
                return Some((*states.get(frame)?, call));
            }
            _ => {}
        }
    }
    None
}

impl Actor {
    fn task(self) -> TaskId {
        let (Self::Task(task) | Self::Token(task) | Self::Execution(task) | Self::Case(task)) =
            self;
        task
    }
}

/// How many such calls were scheduled before.
///
/// It is the journal that is asked, because a call that is scheduled and given up within one step
/// is never made, and what fits into a step differs from driver to driver.
fn calls_before(
    journal: &[Event],
    task: TaskId,
    is_such: impl Fn(Option<StateIdx>, &TaskInput) -> bool,
) -> usize {
    let mut states = BTreeMap::new();
    let mut count = 0;
    for event in journal {
        match &event.fact {
            Fact::StateEntered { frame, state, .. } => {
                states.insert(*frame, *state);
            }
            Fact::TaskScheduled { frame, task: other, call } if *other < task => {
                count += usize::from(is_such(states.get(frame).copied(), call));
            }
            _ => {}
        }
    }
    count
}

fn nth_call(calls: &[Call], nth: usize) -> Result<&Call> {
    calls.get(nth).or_else(|| calls.last()).context("a line has at least one call")
}

/// The name in an ARN, or the text itself.
pub(crate) fn function_name(function: &str) -> &str {
    let kinds = [":function:", ":activity:", ":stateMachine:"];
    let mut names = kinds.iter().filter_map(|kind| function.split_once(kind));
    names.next().map_or(function, |(_, name)| name)
}

/// Chance that is the same in every run. Each execution has its own, because the drivers come to
/// the executions in different orders.
pub(crate) struct Dice<'c> {
    fractions: &'c [f64],
    life: LifeId,
    drawn: u64,
}

impl<'c> Dice<'c> {
    pub(crate) fn new(fractions: &'c [f64], life: LifeId) -> Self {
        Self { fractions, life, drawn: 0 }
    }
}

impl Entropy for Dice<'_> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a fraction of one is scaled to the whole range"
    )]
    fn next_u64(&mut self) -> u64 {
        self.drawn += 1;
        if self.fractions.is_empty() {
            // Steps of the golden ratio: different every time, and spread evenly.
            let nth = ((self.life.0 as u64) << 32) | self.drawn;
            return nth.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        let nth = usize::try_from(self.drawn - 1).unwrap_or(0) % self.fractions.len();
        (self.fractions[nth] * 2_f64.powi(64)) as u64
    }
}

/// How long after the start, as the histories write it: `2s`, `0.5s`.
pub(crate) fn seconds_text(elapsed: Duration) -> String {
    format!("{}s", (elapsed.as_secs_f64() * 1000.0).round() / 1000.0)
}
