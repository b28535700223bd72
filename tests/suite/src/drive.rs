//! Running a case in virtual time.
//!
//! All drivers are the same loop. What they differ in is what they do to the execution between two
//! inputs; the histories must not show it.

use std::collections::BTreeMap;
use std::time::Duration;

use stepwell_asl::{Definition, Timestamp};
use stepwell_kernel::{
    Call, Committed, Entropy, Env, Event, Execution, Failure, Identity, Input, Limits, Obligation,
    TaskCall, TaskId,
};
use stepwell_value::Payload;

use crate::script::{Outcome, Script, Step};

/// What happens between two inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// Nothing.
    Kernel,
    /// The execution is dropped and replayed from its journal.
    Crash,
    /// Every step may take a single decision, so that each one has to be continued.
    Step,
}

impl Driver {
    pub const ALL: [Self; 3] = [Self::Kernel, Self::Crash, Self::Step];

    pub fn name(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::Crash => "kernel+crash",
            Self::Step => "kernel+step",
        }
    }
}

/// When every case begins.
pub const START: Timestamp = Timestamp::EPOCH;

/// Draws the same numbers every time.
struct Counter(u64);

impl Entropy for Counter {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        self.0
    }
}

struct World<'d> {
    definition: &'d Definition,
    driver: Driver,
    limits: Limits,
    script: Script,
    entropy: Counter,
    now: Timestamp,
    execution: Execution,
    journal: Vec<Event>,
    /// What will be reported, by when; equal times keep their order.
    reports: BTreeMap<(Timestamp, usize), Input>,
    reported: usize,
    /// Calls that the kernel has asked for and not yet let go.
    owed: BTreeMap<TaskId, usize>,
}

/// Runs to the end, or to where nothing can happen any more, and gives the journal.
pub fn run(
    definition: &Definition,
    driver: Driver,
    limits: Limits,
    script: Script,
    input: Payload,
    stop_after: Option<Duration>,
) -> Vec<Event> {
    let limits = match driver {
        Driver::Step => Limits { decisions_per_step: 1, ..limits },
        Driver::Kernel | Driver::Crash => limits,
    };
    let mut world = World {
        definition,
        driver,
        limits,
        script,
        entropy: Counter(1),
        now: START,
        execution: Execution::default(),
        journal: Vec::new(),
        reports: BTreeMap::new(),
        reported: 0,
        owed: BTreeMap::new(),
    };
    world.report(Duration::ZERO, Input::Start { identity: identity(), input });
    if let Some(after) = stop_after {
        world.report(after, Input::Stop { failure: Failure::new("Stopped", "from outside") });
    }
    while let Some(input) = world.next_input() {
        world.handle(input);
    }
    world.journal
}

impl World<'_> {
    /// The next thing to happen: what is to be continued, then whatever comes first.
    fn next_input(&mut self) -> Option<Input> {
        if self.execution.outcome().is_some() {
            return None;
        }
        if self.execution.wants_to_continue() {
            return Some(Input::Continue);
        }
        let wake = self.execution.wake_at();
        let report = self.reports.first_key_value().map(|((at, _), _)| *at);
        match (wake, report) {
            (None, None) => None,
            (Some(wake), report) if report.is_none_or(|report| wake < report) => {
                self.now = self.now.max(wake);
                Some(Input::Wake)
            }
            _ => {
                let ((at, _), input) = self.reports.pop_first()?;
                self.now = self.now.max(at);
                Some(input)
            }
        }
    }

    fn handle(&mut self, input: Input) {
        if self.driver == Driver::Crash {
            let replayed = Execution::replay(&self.journal).expect("the kernel wrote the journal");
            assert_eq!(replayed, self.execution, "the state is the fold of the journal");
            self.execution = replayed;
        }
        let env = Env { now: self.now, entropy: &mut self.entropy, limits: &self.limits };
        let Ok(batch) = self.execution.handle(self.definition, input, env) else { return };
        let journal = &mut self.journal;
        let committed = batch.commit(|events| {
            journal.extend_from_slice(events);
            Ok::<_, std::convert::Infallible>(())
        });
        let Ok(committed) = committed;
        self.perform(committed);
        let fold = Execution::replay(&self.journal).expect("the kernel wrote the journal");
        assert_eq!(fold, self.execution, "the state is the fold of the journal");
        self.check_what_is_owed();
    }

    fn perform(&mut self, committed: Committed) {
        for task in committed.closed {
            self.owed.remove(&task);
        }
        for obligation in committed.obligations {
            match obligation {
                Obligation::RunTask(task) => self.call(&task),
                Obligation::AwaitToken { .. } | Obligation::WakeAt(_) | Obligation::Continue => {}
            }
        }
    }

    fn call(&mut self, task: &TaskCall) {
        *self.owed.entry(task.task).or_default() += 1;
        let step = self.script.call(&task.call.function);
        self.schedule(task.task, &task.call, &step, false);
        let state = &self.definition.state(task.state).name;
        let token = task.call.token().and_then(|_| self.script.token(state));
        if let Some(step) = token {
            self.schedule(task.task, &task.call, &step, true);
        }
    }

    /// What was given as differences adds up to what the state says is owed.
    fn check_what_is_owed(&self) {
        let running =
            self.execution.obligations().into_iter().filter_map(|obligation| match obligation {
                Obligation::RunTask(task) => Some(task.task),
                Obligation::AwaitToken { task, .. } => Some(task),
                Obligation::WakeAt(_) | Obligation::Continue => None,
            });
        let running: std::collections::BTreeSet<_> = running.collect();
        let owed: std::collections::BTreeSet<_> = self.owed.keys().copied().collect();
        assert_eq!(owed, running, "differences add up to the whole");
        assert!(self.owed.values().all(|times| *times == 1), "no task is asked for twice");
    }

    fn schedule(&mut self, task: TaskId, call: &Call, step: &Step, is_token: bool) {
        for beat in &step.beats {
            self.report(*beat, Input::Heartbeat { task });
        }
        let outcome = match &step.outcome {
            Outcome::Echo => Ok(call.input.clone()),
            Outcome::Succeed(output) => Ok(output.clone()),
            Outcome::Fail(failure) => Err(failure.clone()),
            Outcome::Hang => return,
        };
        self.report(
            step.after,
            if is_token {
                Input::TokenReported { task, outcome }
            } else {
                Input::TaskReported { task, outcome }
            },
        );
    }

    fn report(&mut self, after: Duration, input: Input) {
        self.reported += 1;
        self.reports.insert((self.now.saturating_add(after), self.reported), input);
    }
}

fn identity() -> Identity {
    Identity {
        execution_arn: "arn:aws:states:us-east-1:000000000000:execution:example:one".into(),
        execution_name: "one".into(),
        state_machine_arn: "arn:aws:states:us-east-1:000000000000:stateMachine:example".into(),
        state_machine_name: "example".into(),
        role_arn: "arn:aws:iam::000000000000:role/example".into(),
    }
}
