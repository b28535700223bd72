//! Plays a definition to its end in virtual time, and checks what must hold after every input.

use std::convert::Infallible;

use anyhow::{Context, Result, anyhow, bail, ensure};
use stepwell_asl::{Definition, Timestamp};
use stepwell_kernel::{
    Detail, Env, Event, Execution, HistoryEvent, Identity, Input, Limits, Outcome, Stale, history,
};
use stepwell_value::Payload;

use crate::owed::Owed;
use crate::script::Script;
use crate::world::{Dice, World};

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
        dice: Dice::new(&script.chance),
        execution: Execution::default(),
        journal: Vec::new(),
        owed: Owed::default(),
        stale: Vec::new(),
    };
    player.deliver(&Input::Start { identity: identity(), input })?;
    for _ in 0..INPUTS_MAX {
        match player.next_input() {
            Some(input) => player.deliver(&input)?,
            None => return player.finish(started_at),
        }
    }
    bail!("the case is not over after {INPUTS_MAX} inputs")
}

fn identity() -> Identity {
    let arn =
        |kind: &str, name: &str| format!("arn:aws:states:us-east-1:123456789012:{kind}:{name}");
    Identity {
        execution_arn: arn("execution", "example:run-1").into(),
        execution_name: "run-1".into(),
        state_machine_arn: arn("stateMachine", "example").into(),
        state_machine_name: "example".into(),
        role_arn: "arn:aws:iam::123456789012:role/example".into(),
    }
}

struct Player<'c> {
    definition: &'c Definition,
    limits: Limits,
    driver: Driver,
    world: World<'c>,
    dice: Dice<'c>,
    execution: Execution,
    journal: Vec<Event>,
    owed: Owed,
    stale: Vec<(Timestamp, Input)>,
}

impl Player<'_> {
    /// What comes next. An answer that arrives at the very moment of a deadline is in time.
    fn next_input(&mut self) -> Option<Input> {
        if self.owed.more {
            return Some(Input::Continue);
        }
        match (self.world.next_at(), self.owed.wake_at) {
            (arrival, Some(wake_at)) if arrival.is_none_or(|arrival| wake_at < arrival) => {
                self.world.now = self.world.now.max(wake_at);
                Some(Input::Wake)
            }
            _ => self.world.take_next(),
        }
    }

    fn deliver(&mut self, input: &Input) -> Result<()> {
        if self.driver == Driver::Crash {
            self.crash().with_context(|| format!("before {input:?}"))?;
        }
        if self.hand_over(input)?.is_err() {
            ensure!(
                !matches!(input, Input::Wake | Input::Continue),
                "{input:?} was owed, and stale"
            );
            self.stale.push((self.world.now, input.clone()));
            return Ok(());
        }
        let is_final = !matches!(input, Input::Wake | Input::Continue | Input::Heartbeat { .. });
        if is_final {
            ensure!(self.hand_over(input)?.is_err(), "{input:?} was taken twice");
        }
        self.check().with_context(|| format!("after {input:?}"))
    }

    /// Gives the execution an input and commits what follows. A stale input must leave no trace.
    fn hand_over(&mut self, input: &Input) -> Result<Result<(), Stale>> {
        let before = self.execution.clone();
        let env = Env { now: self.world.now, entropy: &mut self.dice, limits: &self.limits };
        let batch = match self.execution.handle(self.definition, input.clone(), env) {
            Ok(batch) => batch,
            Err(Stale) => {
                ensure!(self.execution == before, "the stale {input:?} left a trace");
                return Ok(Err(Stale));
            }
        };
        let journal = &mut self.journal;
        let committed = batch.commit(|events| {
            journal.extend_from_slice(events);
            Ok::<_, Infallible>(())
        })?;
        self.owed.advance(input, &committed);
        self.world.perform(&committed.obligations, &self.journal)?;
        Ok(Ok(()))
    }

    /// State is the fold of the journal, and differences add up.
    fn check(&mut self) -> Result<()> {
        let replayed = Execution::replay(&self.journal)?;
        if replayed != self.execution {
            return Err(anyhow!("replayed is {replayed:?}, but lived is {:?}", self.execution));
        }
        self.owed.check(&self.execution)
    }

    /// What happened, once nothing more can come.
    fn finish(self, started_at: Timestamp) -> Result<Played> {
        for end in 0..self.journal.len() {
            let prefix = Execution::replay(self.journal.iter().take(end))?;
            ensure!(prefix.outcome().is_none(), "the journal goes on after the end at {end}");
        }
        let history = history(self.definition, &self.journal);
        check_references(&history)?;
        let outcome = self.execution.outcome().cloned();
        Ok(Played { started_at, history, outcome, stale: self.stale })
    }

    /// Starts over from the journal, as after a crash.
    fn crash(&mut self) -> Result<()> {
        self.execution = Execution::replay(&self.journal)?;
        self.owed = Owed::all(&self.execution);
        self.world.perform(&self.execution.obligations(), &self.journal)
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
