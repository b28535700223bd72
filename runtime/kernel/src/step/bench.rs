//! One state on the bench: entered, worked on until something comes of it, and never followed.
//!
//! A test goes through the same steps as an execution. It differs in three places: the state is
//! entered wherever it stands, a mock may take the place of its work, and the transition out of it
//! is the end.

use std::sync::Arc;
use std::time::Duration;

use stepwell_asl::{Completion, Definition, Kind, Map, MapMode, StateIdx, Task};
use stepwell_value::{Object, Payload};

use crate::context::World;
use crate::event::{Fact, FrameId, TaskId};
use crate::evolve::Delta;
use crate::execution::{Execution, Running};
use crate::fault::Fault;
use crate::frame::{Activity, Done, Frame, Origin, Phase, Visit};
use crate::inspect::{Mock, Probe};
use crate::{Configuration, Env, Failure, Identity, Input, Obligation, Stale, flow};

use super::{Step, task};

mod map_run;

/// How long a test may take (AWS: "The `TestState` API can run for up to five minutes").
const TEST_MAX: Duration = Duration::from_mins(5);

#[derive(Debug)]
pub(crate) struct Bench<'d> {
    definition: &'d Definition,
    execution: Execution,
    probe: Probe,
}

/// What is to come of the state's work, and where in its life.
pub(super) type Mocked<'m> = (&'m Mock, &'m Configuration);

/// How the state comes onto the bench.
#[derive(Debug)]
pub(crate) struct Entry<'d> {
    pub definition: &'d Definition,
    pub state: StateIdx,
    pub identity: Identity,
    pub input: Payload,
    pub variables: Object,
    /// How often the state has been tried again before.
    pub retries: u32,
}

/// What came of the state.
#[derive(Debug)]
pub(crate) enum Stop {
    Left { output: Payload, next: Option<StateIdx>, caught: Option<Failure> },
    Retried { failure: Failure, pause: Duration },
    Failed(Failure),
}

impl<'d> Bench<'d> {
    /// Enters the state. Nothing has come of it yet if it waits for the world.
    pub(crate) fn enter(
        entry: Entry<'d>,
        probe: Probe,
        mock: Option<Mocked<'_>>,
        mut env: Env<'_>,
    ) -> (Self, Option<Stop>) {
        let definition = entry.definition;
        probe.note_variables(&entry.variables);
        let mut bench = Self { definition, execution: Execution::default(), probe };
        let mut step = bench.step(&mut env);
        step.enter_alone(entry);
        let stop = step.work_alone(mock);
        bench.note_variables();
        (bench, stop)
    }

    /// Goes on with what the world reports.
    pub(crate) fn report(&mut self, input: Input, mut env: Env<'_>) -> Result<Option<Stop>, Stale> {
        let mut step = self.step(&mut env);
        step.accept(input)?;
        let stop = step.work_alone(None);
        self.note_variables();
        Ok(stop)
    }

    /// What the world owes the state.
    pub(crate) fn obligations(&self) -> Vec<Obligation> {
        self.execution.obligations()
    }

    pub(crate) fn into_probe(self) -> Probe {
        self.probe
    }

    fn step<'s>(&'s mut self, env: &'s mut Env<'_>) -> Step<'s> {
        let env = Env { now: env.now, entropy: &mut *env.entropy, limits: env.limits };
        Step {
            definition: self.definition,
            world: World::new(env).with_probe(&self.probe),
            execution: &mut self.execution,
            events: Vec::new(),
            delta: Delta::default(),
        }
    }

    /// Shows the variables of a state that has not failed for good: it may have set some.
    fn note_variables(&self) {
        if let Execution::Running(running) = &self.execution {
            self.probe.note_variables(&running.frames[&FrameId::ROOT].variables);
        }
    }
}

impl Step<'_> {
    fn enter_alone(&mut self, entry: Entry<'_>) {
        let Entry { state, identity, input, variables, retries, definition: _ } = entry;
        let deadline = Some(self.world.now.saturating_add(TEST_MAX));
        let identity = Arc::new(identity);
        self.emit(Fact::ExecutionStarted {
            identity,
            input: input.clone(),
            deadline,
            machine: None,
        });
        self.emit(Fact::StateEntered { frame: FrameId::ROOT, state, input });
        let retriers = self.recovery(FrameId::ROOT).map_or(0, |recovery| recovery.retry.len());
        self.root().variables = variables;
        let visit = self.root_visit();
        visit.attempt = retries;
        // Only the first retrier that covers a failure has a say, so it may be counted for all.
        visit.retries = vec![retries.into(); retriers];
    }

    fn work_alone(&mut self, mock: Option<Mocked<'_>>) -> Option<Stop> {
        let mut failure = None;
        loop {
            if let Some(stop) = self.stop(&mut failure) {
                return Some(stop);
            }
            self.running().next_ready()?;
            match (&self.visit(FrameId::ROOT).activity, mock) {
                (Activity::Entered, Some(mock)) => self.begin_mocked(mock),
                (Activity::Failed { failure: of, .. }, _) => {
                    failure = Some(of.clone());
                    self.advance(FrameId::ROOT);
                }
                _ => self.advance(FrameId::ROOT),
            }
        }
    }

    /// What has come of the state, if the last decision was about that.
    fn stop(&self, failure: &mut Option<Failure>) -> Option<Stop> {
        match &self.events.last()?.fact {
            Fact::StateExited { output, next, .. } => {
                Some(Stop::Left { output: output.clone(), next: *next, caught: failure.take() })
            }
            Fact::RetryScheduled { due, .. } => Some(Stop::Retried {
                failure: failure.take().expect("a retry follows a failure"),
                pause: due.saturating_since(self.world.now),
            }),
            Fact::ExecutionFailed { failure } | Fact::ExecutionTimedOut { failure } => {
                Some(Stop::Failed(failure.clone()))
            }
            _ => None,
        }
    }

    /// Does what a state does before its work, and lets the mock be what comes of the work.
    fn begin_mocked(&mut self, mocked: Mocked<'_>) {
        let frame = FrameId::ROOT;
        let (mock, _) = mocked;
        let (begun, origin) = match &self.state(frame).kind {
            Kind::Task(task) => (self.prepare_mocked(task), Origin::Task),
            Kind::Parallel(_) => (flow::enter(&self.scope(frame)).map(drop), Origin::Fork),
            Kind::Map(map) => match &map.mode {
                MapMode::Inline => (self.select_items(map), Origin::Fork),
                MapMode::Distributed(mode) => return self.mock_map_run(map, mode, mocked),
            },
            Kind::Pass(_) | Kind::Choice(_) | Kind::Wait(_) | Kind::Succeed | Kind::Fail(_) => {
                unreachable!("a mock is refused where there is no work")
            }
        };
        let outcome = begun.map(|()| match mock {
            Mock::Result { result, .. } => Activity::Done(Done::Result(result.clone())),
            Mock::Error(failure) => Activity::Failed { failure: failure.clone(), origin },
        });
        match outcome {
            // No journal is kept of a test, so the state may be put behind its work.
            Ok(activity) => self.root_visit().activity = activity,
            Err(fault) => self.fail_state(frame, fault),
        }
    }

    fn prepare_mocked(&mut self, task: &Task) -> Result<(), Fault> {
        let is_passed_on = task.resource.completion() == Completion::TaskToken;
        let id = TaskId(self.running().next_task);
        let token = is_passed_on.then(|| self.world.entropy().token(id));
        let scope = self.scope(FrameId::ROOT).with_token(token);
        task::prepare(&scope, task).map(drop)
    }

    /// Chooses the items, and what each iteration would be given.
    fn select_items(&mut self, map: &Map) -> Result<(), Fault> {
        let frame = FrameId::ROOT;
        let fact = self.map_started(frame, map)?;
        let Fact::MapStarted { length, .. } = fact else {
            unreachable!("a Map begins with its items")
        };
        self.emit(fact);
        if map.item_selector.is_some() {
            let selected = (0..length).map(|nth| self.child_input(frame, nth));
            let selected = selected.collect::<Result<Vec<_>, _>>()?;
            let scope = self.scope(frame);
            let selected = Payload::array(&selected).map_err(|_deep| scope.too_deep())?;
            scope.note(|seen| seen.after_item_selector = Some(selected));
        }
        Ok(())
    }

    fn root(&mut self) -> &mut Frame {
        let Execution::Running(Running { frames, .. }) = &mut *self.execution else {
            unreachable!("a test runs until something comes of it")
        };
        frames.get_mut(&FrameId::ROOT).expect("an execution has a root")
    }

    fn root_visit(&mut self) -> &mut Visit {
        match &mut self.root().phase {
            Phase::Inside(visit) => visit,
            phase => unreachable!("the tested state has been entered, not {phase:?}"),
        }
    }
}
