//! Plays a definition to its end in virtual time, and checks what must hold after every input.

use std::convert::Infallible;

use anyhow::{Context, Result, anyhow, bail, ensure};
use stepwell_asl::{Definition, Timestamp};
use stepwell_kernel::{
    Detail, Env, Event, Execution, HistoryEvent, Identity, Input, Limits, Obligation, Outcome,
    Stale, TaskId, history,
};
use stepwell_value::Payload;

use crate::bounds;
use crate::owed::Owed;
use crate::script::Script;
use crate::world::{Birth, Dice, LifeId, World};

/// In which way a case is played. The history must not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    Kernel,
    /// Loses the execution before every input and replays it from its journal.
    Crash,
    /// Takes one decision at a time.
    Step,
}

impl Driver {
    pub const ALL: [Self; 3] = [Self::Kernel, Self::Crash, Self::Step];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::Crash => "kernel+crash",
            Self::Step => "kernel+step",
        }
    }
}

/// What happened.
#[derive(Debug)]
pub(crate) struct Played {
    pub started_at: Timestamp,
    pub history: Vec<HistoryEvent>,
    /// None if the execution waits for something that does not come.
    pub outcome: Option<Outcome>,
    /// Inputs that came too late or twice, and when.
    pub stale: Vec<(Timestamp, Input)>,
    /// Of every execution that the case brought forth, in the order of their birth.
    pub journals: Vec<Vec<Event>>,
}

/// How many inputs a case may need.
const INPUTS_MAX: usize = 100_000;

/// Friday, the second of January 2026, at noon.
const START_MILLIS: i64 = 1_767_355_200_000;

pub(crate) fn play(
    definition: &Definition,
    script: &Script,
    input: Payload,
    limits: &Limits,
    driver: Driver,
) -> Result<Played> {
    let started_at = Timestamp::from_unix_millis(START_MILLIS);
    let mut limits = limits.clone();
    if driver == Driver::Step {
        limits.decisions_per_step = 1;
    }
    let mut player = Player {
        definition,
        limits,
        driver,
        world: World::new(definition, script, started_at),
        chance: &script.chance,
        lives: vec![Life::new(LifeId::FIRST, None, &script.chance)],
        stale: Vec::new(),
    };
    let identity = identity(script);
    player.deliver(LifeId::FIRST, &Input::Start { identity, input })?;
    for _ in 0..INPUTS_MAX {
        match player.next_input() {
            Some((life, input)) => player.deliver(life, &input)?,
            None => return player.finish(started_at),
        }
    }
    bail!("the case is not over after {INPUTS_MAX} inputs")
}

fn identity(script: &Script) -> Identity {
    let arn =
        |kind: &str, name: &str| format!("arn:aws:states:us-east-1:123456789012:{kind}:{name}");
    Identity {
        execution_arn: arn("execution", "example:run-1").into(),
        execution_name: "run-1".into(),
        state_machine_arn: arn("stateMachine", "example").into(),
        state_machine_name: "example".into(),
        role_arn: "arn:aws:iam::123456789012:role/example".into(),
        version_arn: None,
        alias_arn: None,
        test_case: (!script.mocks.is_empty()).then(|| "Mocked".into()),
        trace_header: Some("Root=1-695b2c00-0123456789abcdef01234567;Sampled=1".into()),
    }
}

struct Player<'c> {
    definition: &'c Definition,
    limits: Limits,
    driver: Driver,
    world: World<'c>,
    chance: &'c [f64],
    /// The execution that the case is about, and those that came of it.
    lives: Vec<Life<'c>>,
    stale: Vec<(Timestamp, Input)>,
}

/// One execution and what is known of it.
struct Life<'c> {
    execution: Execution,
    journal: Vec<Event>,
    owed: Owed,
    dice: Dice<'c>,
    /// Who waits for its end.
    parent: Option<(LifeId, TaskId)>,
}

impl<'c> Life<'c> {
    fn new(id: LifeId, parent: Option<(LifeId, TaskId)>, chance: &'c [f64]) -> Self {
        Self {
            execution: Execution::default(),
            journal: Vec::new(),
            owed: Owed::default(),
            dice: Dice::new(chance, id),
            parent,
        }
    }
}

impl Player<'_> {
    /// What comes next. An answer that arrives at the very moment of a deadline is in time.
    fn next_input(&mut self) -> Option<(LifeId, Input)> {
        if let Some(life) = self.lives.iter().position(|life| life.owed.more) {
            return Some((LifeId(life), Input::Continue));
        }
        let alarms = self.lives.iter().enumerate();
        let alarms = alarms.filter_map(|(life, at)| Some((at.owed.wake_at?, LifeId(life))));
        match (self.world.next_at(), alarms.min()) {
            (arrival, Some((wake_at, life))) if arrival.is_none_or(|arrival| wake_at < arrival) => {
                self.world.now = self.world.now.max(wake_at);
                Some((life, Input::Wake))
            }
            _ => self.world.take_next(),
        }
    }

    fn deliver(&mut self, life: LifeId, input: &Input) -> Result<()> {
        if self.driver == Driver::Crash {
            self.crash().with_context(|| format!("before {input:?}"))?;
        }
        self.world.arriving = None;
        if self.hand_over(life, input)?.is_err() {
            ensure!(
                !matches!(input, Input::Wake | Input::Continue),
                "{input:?} was owed, and stale"
            );
            if life == LifeId::FIRST {
                self.stale.push((self.world.now, input.clone()));
            }
            return Ok(());
        }
        // One that fails again at once may be redriven again.
        let is_final = !matches!(
            input,
            Input::Wake | Input::Continue | Input::Heartbeat { .. } | Input::Redrive
        );
        if is_final {
            ensure!(self.hand_over(life, input)?.is_err(), "{input:?} was taken twice");
        }
        self.check(life).with_context(|| format!("after {input:?}"))
    }

    /// Gives an execution an input and commits what follows. A stale input must leave no trace.
    fn hand_over(&mut self, id: LifeId, input: &Input) -> Result<Result<(), Stale>> {
        let life = &mut self.lives[id.0];
        let before = life.execution.clone();
        let env = Env { now: self.world.now, entropy: &mut life.dice, limits: &self.limits };
        let batch = match life.execution.handle(self.definition, input.clone(), env) {
            Ok(batch) => batch,
            Err(Stale) => {
                ensure!(life.execution == before, "the stale {input:?} left a trace");
                return Ok(Err(Stale));
            }
        };
        let journal = &mut life.journal;
        let committed = batch.commit(|events| {
            journal.extend_from_slice(events);
            Ok::<_, Infallible>(())
        })?;
        life.owed.advance(input, &committed);
        if matches!(input, Input::Redrive) {
            self.world.reopen(id);
        }
        let births = self.world.perform(id, &committed.obligations, &life.journal)?;
        for task in &committed.closed {
            self.world.close(id, *task);
        }
        if let (Some(outcome), Some(parent)) = (life.execution.outcome(), life.parent) {
            self.world.announce(parent, outcome.clone());
        }
        self.raise(&births)?;
        self.redrive_children(id, &committed.obligations)?;
        Ok(Ok(()))
    }

    /// Lets children go on that have to, and tells how those ended that have gone on or cannot.
    fn redrive_children(&mut self, id: LifeId, obligations: &[Obligation]) -> Result<()> {
        for obligation in obligations {
            let Obligation::RedriveChild { task, count, .. } = obligation else { continue };
            let child = self.world.child(id, *task).context("a child is redriven that was born")?;
            let execution = &self.lives[child.0].execution;
            let Some(outcome) = execution.outcome() else { continue };
            let is_to_go_on = self.world.late(child) + execution.redrive_count() < *count;
            if is_to_go_on && execution.redrivability(&self.limits).is_ok() {
                self.world.redrive(child);
            } else {
                self.world.announce_once((id, *task), outcome.clone());
            }
        }
        Ok(())
    }

    fn raise(&mut self, births: &[Birth]) -> Result<()> {
        for Birth { id, parent, .. } in births {
            ensure!(id.0 == self.lives.len(), "executions are numbered by their birth");
            self.lives.push(Life::new(*id, Some(*parent), self.chance));
        }
        births.iter().try_for_each(|Birth { id, start, .. }| self.deliver(*id, start))
    }

    /// State is the fold of the journal, and differences add up.
    fn check(&mut self, id: LifeId) -> Result<()> {
        let life = &mut self.lives[id.0];
        let replayed = Execution::replay(&life.journal)?;
        if replayed != life.execution {
            return Err(anyhow!("replayed is {replayed:?}, but lived is {:?}", life.execution));
        }
        life.owed.check(&life.execution)
    }

    /// What happened, once nothing more can come.
    fn finish(self, started_at: Timestamp) -> Result<Played> {
        for Life { journal, .. } in &self.lives {
            for end in 0..journal.len() {
                let prefix = Execution::replay(journal.iter().take(end))?;
                let goes_on = prefix.outcome().is_none() || journal[end].fact.reopens_execution();
                ensure!(goes_on, "the journal goes on after the end at {end}");
            }
        }
        let first = self.lives.first().context("a case has an execution")?;
        let history = history(self.definition, &first.journal);
        check_references(&history)?;
        bounds::check(&first.journal, &history, &self.limits)?;
        let outcome = first.execution.outcome().cloned();
        let journals = self.lives.into_iter().map(|life| life.journal).collect();
        Ok(Played { started_at, history, outcome, stale: self.stale, journals })
    }

    /// Everything starts over from its journal, as after a crash.
    fn crash(&mut self) -> Result<()> {
        for (id, life) in self.lives.iter_mut().enumerate() {
            if life.journal.is_empty() {
                continue;
            }
            life.execution = Execution::replay(&life.journal)?;
            life.owed = Owed::all(&life.execution);
            let owed = life.execution.obligations();
            let births = self.world.perform(LifeId(id), &owed, &life.journal)?;
            ensure!(births.is_empty(), "a child was owed and had not been started");
        }
        for id in (0..self.lives.len()).map(LifeId) {
            let owed = self.lives[id.0].execution.obligations();
            self.redrive_children(id, &owed)?;
        }
        Ok(())
    }
}

/// Causes name the event by which a state was entered; the kernel counts events that only the
/// history has.
fn check_references(history: &[HistoryEvent]) -> Result<()> {
    let failures = history.iter().filter_map(|event| match &event.detail {
        Detail::ExecutionFailed { failure } => failure.cause.as_deref(),
        _ => None,
    });
    for cause in failures {
        let Some((state, rest)) = cause
            .strip_prefix("An error occurred while executing the state '")
            .and_then(|rest| rest.split_once("' (entered at the event id #"))
        else {
            continue;
        };
        let id: u64 = rest.split(')').next().unwrap_or_default().parse()?;
        let entered = history.iter().find(|event| event.id == id).map(|event| &event.detail);
        let is_entry =
            matches!(entered, Some(Detail::StateEntered { name, .. }) if **name == *state);
        ensure!(is_entry, "`{state}` was not entered by event {id}, which is {entered:?}");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
