//! One run: virtual time, faults, and what happens next.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use stepwell_asl::Timestamp;
use stepwell_engine::{Command, Policy};
use stepwell_journal::{ExecutionId, Journal, Parent};
use stepwell_kernel::{ExecutionCall, Failure, Limits, TaskId};
use stepwell_value::{Payload, Str};

use crate::callers::{Call, Started};
use crate::chance::Dice;
use crate::checks::Finished;
use crate::journal::SlowJournal;
use crate::loops::{Loop, Message, Process};
use crate::workflows::{ALL, Workflow};

/// Friday, the second of January 2026, at noon.
const START_MILLIS: i64 = 1_767_355_200_000;

/// How long faults go on, in virtual milliseconds.
const CHAOS_MILLIS: u64 = 60_000;

/// Nothing takes as long as that: what has not ended by then never will.
const STUCK_MILLIS: u64 = 40 * 24 * 3_600_000;

const STEPS_MAX: usize = 300_000;

/// How often the journal is asked when a process is closed.
const CLOSING_MAX: usize = 10_000;

/// What every workflow is started with.
const INPUT: &str = r#"{"n":1,"items":[{"n":1},{"n":2},{"n":3},{"n":4},{"n":5}]}"#;

/// What is to be simulated.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub workflows: Vec<&'static Workflow>,
    pub is_chaotic: bool,
    pub crash: Option<CrashAt>,
    pub is_verbose: bool,
}

/// When the process ends.
#[derive(Clone, Copy, Debug)]
pub struct CrashAt {
    /// How many things have happened by then.
    pub point: u64,
    /// Whether what was in the journal's line is kept.
    pub is_line_kept: bool,
}

impl Plan {
    /// Some workflows under everything that can go wrong.
    pub fn chaotic(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let count = 1 + dice.below(7);
        let roots: Vec<&Workflow> = ALL.iter().filter(|one| one.name != "endless").collect();
        let workflows = (0..count).map(|_| roots[dice.position(roots.len())]).collect();
        Self { workflows, is_chaotic: true, ..Self::calm(seed, roots[0]) }
    }

    /// One workflow where nothing goes wrong.
    pub fn calm(seed: u64, workflow: &'static Workflow) -> Self {
        Self { seed, workflows: vec![workflow], is_chaotic: false, crash: None, is_verbose: false }
    }
}

/// Something that happens at its time.
#[derive(Debug)]
pub(crate) enum Errand {
    Send(Command),
    StartExecution {
        parent: Parent,
        call: ExecutionCall,
        is_again: bool,
    },
    Link {
        parent: Parent,
        child: ExecutionId,
    },
    Work(Str),
    ReadItems {
        execution: ExecutionId,
        from: u64,
    },
    WriteResults {
        execution: ExecutionId,
    },
    TaskDone {
        execution: ExecutionId,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    },
    Retry(usize),
    Call(Call),
    Crash,
    /// The process ends when everything that it has decided is kept.
    Close,
    /// Executions cannot be loaded for a while.
    Unreadable(bool),
    /// The clock on the wall is set forward or back, by milliseconds.
    Jump(i64),
}

/// What could happen now.
#[derive(Clone, Copy)]
enum Choice {
    Errand,
    Write,
    Answer,
    Turn(usize),
}

/// A run under way.
#[derive(Debug)]
pub struct Simulation {
    pub(crate) dice: Dice,
    pub(crate) plan: Plan,
    pub(crate) policy: Policy,
    pub(crate) journal: Arc<SlowJournal>,
    pub(crate) process: Process,
    pub(crate) started: Vec<Started>,
    /// Questions that were asked and not answered.
    pub(crate) asked: BTreeMap<u64, Call>,
    pub(crate) starting: BTreeMap<u64, ExecutionId>,
    pub(crate) questions: u64,
    /// How often each task has run, by its idempotency key.
    pub(crate) performed: BTreeMap<String, u32>,
    /// Tasks that nobody knows how far they came.
    pub(crate) interrupted: BTreeSet<(ExecutionId, TaskId)>,
    /// The process is about to end.
    pub(crate) is_down: bool,
    agenda: BTreeMap<(u64, u64), (Option<u64>, Errand)>,
    sent: u64,
    elapsed: u64,
    skew: i64,
    epoch: u64,
    loops: usize,
    /// When the journal writes next.
    journal_at: u64,
    pub(crate) points: u64,
    /// When something should have ended.
    stuck_at: u64,
    pub(crate) orphans: usize,
}

impl Simulation {
    /// Runs a plan to its end. The error says what does not hold.
    pub fn run(plan: Plan) -> Result<Finished> {
        let mut simulation = Self::new(plan)?;
        for _ in 0..STEPS_MAX {
            if simulation.is_down {
                simulation.restart()?;
            }
            if !simulation.step()? {
                return simulation.finish();
            }
            if simulation.elapsed > simulation.stuck_at {
                bail!("nothing ends any more: {}", simulation.open());
            }
        }
        bail!("it is not over after {STEPS_MAX} steps: {}", simulation.open())
    }

    fn new(plan: Plan) -> Result<Self> {
        let mut dice = Dice::new(plan.seed ^ 0x5eed);
        let decisions_per_step = match dice.below(3) {
            0 if plan.is_chaotic => 1 + u32::try_from(dice.below(5))?,
            _ => 1_000,
        };
        let limits = Limits { decisions_per_step, ..Limits::default() };
        let policy = Policy { limits, is_lasting: true };
        let loops = 1 + dice.position(3);
        let journal = Arc::new(SlowJournal::default());
        let input = Payload::parse(INPUT)?;
        let started = plan.workflows.iter().map(|workflow| Started {
            workflow,
            input: input.clone(),
            execution: None,
            is_disturbed: false,
        });
        let mut simulation = Self {
            process: Process::new(&journal, &policy, loops, plan.seed),
            started: started.collect(),
            asked: BTreeMap::new(),
            starting: BTreeMap::new(),
            questions: 0,
            performed: BTreeMap::new(),
            interrupted: BTreeSet::new(),
            is_down: false,
            agenda: BTreeMap::new(),
            sent: 0,
            elapsed: 0,
            skew: 0,
            epoch: 0,
            journal_at: 0,
            points: 0,
            stuck_at: STUCK_MILLIS,
            orphans: 0,
            dice,
            plan,
            policy,
            journal,
            loops,
        };
        simulation.prepare();
        Ok(simulation)
    }

    fn prepare(&mut self) {
        for nth in 0..self.started.len() {
            let at = if self.plan.is_chaotic { self.dice.below(20_000) } else { 0 };
            self.outside(at, Errand::Call(Call::Start(nth)));
            if self.plan.is_chaotic && self.dice.is_one_in(6) {
                let copies = 1 + self.dice.below(2);
                let at = at + self.dice.below(20_000);
                for _ in 0..copies {
                    self.outside(at, Errand::Call(Call::Stop(nth)));
                }
            }
        }
        if self.plan.is_chaotic {
            for _ in 0..self.dice.below(6) {
                let at = self.dice.below(CHAOS_MILLIS);
                let end = if self.dice.is_one_in(4) { Errand::Close } else { Errand::Crash };
                self.outside(at, end);
            }
            if self.dice.is_one_in(4) {
                let at = self.dice.below(CHAOS_MILLIS);
                self.outside(at, Errand::Unreadable(true));
                let until = at + self.dice.below(20_000);
                self.outside(until, Errand::Unreadable(false));
            }
            for _ in 0..self.dice.below(3) {
                let at = self.dice.below(CHAOS_MILLIS);
                let span = [1_000, 60_000, 7_200_000][self.dice.position(3)];
                let jump = i64::try_from(self.dice.below(span)).unwrap_or(0);
                let jump = if self.dice.is_one_in(2) { jump } else { -jump };
                self.outside(at, Errand::Jump(jump));
            }
        }
    }

    /// Lets one thing happen, or time pass. Nothing is left to happen if the answer is no.
    fn step(&mut self) -> Result<bool> {
        let mut choices = Vec::new();
        if self.agenda.first_key_value().is_some_and(|((at, _), _)| *at <= self.elapsed) {
            choices.push(Choice::Errand);
        }
        let (writes, answers) = self.journal.pending();
        if writes > 0 && self.journal_at <= self.elapsed {
            choices.push(Choice::Write);
        }
        if answers > 0 {
            choices.push(Choice::Answer);
        }
        let now = self.now();
        let loops = self.process.loops.iter().enumerate();
        choices.extend(
            loops.filter(|(_, looped)| looped.wants_turn(now)).map(|(nth, _)| Choice::Turn(nth)),
        );
        if choices.is_empty() {
            return Ok(self.wait(writes > 0));
        }
        match choices[self.dice.position(choices.len())] {
            Choice::Errand => self.run_errand()?,
            Choice::Write => self.write(),
            Choice::Answer => {
                self.journal.answer_next();
                self.process.loops.iter_mut().for_each(|looped| looped.is_woken = true);
            }
            Choice::Turn(nth) => self.turn(nth)?,
        }
        Ok(true)
    }

    /// Nothing happens until something is due.
    fn wait(&mut self, is_writing: bool) -> bool {
        let errand = self.agenda.first_key_value().map(|((at, _), _)| *at);
        let journal = is_writing.then_some(self.journal_at);
        let open = self.process.loops.iter().filter(|looped| !looped.pipeline.is_full());
        let ticks = open.filter_map(|looped| looped.scheduler.next_tick());
        let ticks = ticks
            .map(|due| u64::try_from(due.unix_millis() - START_MILLIS - self.skew).unwrap_or(0));
        let Some(next) = ticks.chain(errand).chain(journal).min() else { return false };
        self.elapsed = next.max(self.elapsed);
        true
    }

    fn run_errand(&mut self) -> Result<()> {
        let Some((_, (epoch, errand))) = self.agenda.pop_first() else { return Ok(()) };
        if epoch.is_some_and(|epoch| epoch != self.epoch) {
            return Ok(());
        }
        match errand {
            Errand::Send(command) => self.send(command),
            Errand::StartExecution { parent, call, is_again } => {
                self.start_execution(parent, call, is_again)?;
            }
            Errand::Link { parent, child } => {
                self.give(parent.execution, Message::Link { parent, child });
            }
            Errand::Work(activity) => self.work(&activity)?,
            Errand::ReadItems { execution, from } => self.read_items(execution, from)?,
            Errand::WriteResults { execution } => self.write_results(execution)?,
            Errand::TaskDone { execution, task, outcome } => {
                self.task_done(execution, task, outcome);
            }
            Errand::Retry(nth) => self.process.loops[nth].is_woken = true,
            Errand::Call(call) => self.call(call)?,
            Errand::Crash => self.is_down = true,
            Errand::Close => self.close()?,
            Errand::Unreadable(is_unreadable) => {
                self.note(|| format!("executions can be loaded: {}", !is_unreadable));
                self.journal.set_unreadable(is_unreadable);
            }
            Errand::Jump(millis) => {
                self.note(|| format!("the clock jumps by {millis} ms"));
                self.skew += millis;
            }
        }
        Ok(())
    }

    fn write(&mut self) {
        if self.pass("before a write") {
            return;
        }
        if self.is_chaotic() && self.dice.is_one_in(12) {
            self.journal.refuse_next();
        } else {
            self.journal.write_next();
        }
        let latency = match self.dice.below(8) {
            _ if !self.is_chaotic() => 0,
            0..=3 => 0,
            4..=6 => self.dice.below(60),
            _ => self.dice.below(4_000),
        };
        self.journal_at = self.elapsed + latency;
        self.pass("after a write");
    }

    /// The process ends without a word, and another one begins on what is kept.
    fn restart(&mut self) -> Result<()> {
        let (waiting, _) = self.journal.pending();
        let written = match self.plan.crash {
            Some(crash) if crash.is_line_kept => waiting,
            Some(_) => 0,
            None => self.dice.position(waiting + 1),
        };
        self.note(|| format!("crash; {written} of {waiting} appends were written"));
        self.is_down = false;
        self.journal.crash(written);
        self.epoch += 1;
        if self.plan.is_chaotic {
            self.elapsed += self.dice.below(10_000);
        }
        self.note_interrupted()?;
        let seed = self.dice.draw();
        self.process = Process::new(&self.journal, &self.policy, self.loops, seed);
        self.orphans += self.stop_orphans()?;
        self.ask_again();
        Ok(())
    }

    /// Everything that is decided is kept, and nothing more is decided.
    fn close(&mut self) -> Result<()> {
        self.note(|| "the process is closed".into());
        self.process.loops.iter_mut().for_each(Loop::write_all);
        for _ in 0..CLOSING_MAX {
            if self.process.loops.iter().all(|looped| looped.pipeline.is_empty()) {
                self.is_down = true;
                return Ok(());
            }
            self.journal.write_next();
            self.journal.answer_next();
            for nth in 0..self.process.loops.len() {
                self.close_on(nth)?;
            }
        }
        bail!("the process cannot be closed")
    }

    fn open(&self) -> String {
        let open = self.journal.open_executions().flatten().take(5).map(|open| {
            let events = self.journal.read(open.execution).unwrap_or_default();
            let last: Vec<_> = events.iter().rev().take(3).map(|event| &event.fact).collect();
            format!("execution {} after {last:?}", open.execution)
        });
        open.collect::<Vec<_>>().join("; ")
    }
}

impl Simulation {
    /// The clock on the wall.
    pub(crate) fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.elapsed).unwrap_or(0);
        Timestamp::from_unix_millis(START_MILLIS + elapsed + self.skew)
    }

    pub(crate) fn has_crashed(&self) -> bool {
        self.epoch > 0
    }

    pub(crate) fn is_chaotic(&self) -> bool {
        self.plan.is_chaotic && self.elapsed < CHAOS_MILLIS
    }

    /// One more thing is about to happen. The answer is whether the process has ended before it.
    pub(crate) fn pass(&mut self, what: &str) -> bool {
        if self.is_down {
            return true;
        }
        self.points += 1;
        if self.plan.crash.is_some_and(|crash| crash.point == self.points) {
            self.note(|| format!("the process ends {what}"));
            self.is_down = true;
        }
        self.is_down
    }

    pub(crate) fn a_while(&mut self) -> u64 {
        match self.dice.below(4) {
            _ if !self.plan.is_chaotic => 10,
            0 => 0,
            1 | 2 => self.dice.below(200),
            _ => self.dice.below(5_000),
        }
    }

    /// At once or a little later, if the process still lives.
    pub(crate) fn soon(&mut self, errand: Errand) {
        let pause = if self.dice.is_one_in(2) { 0 } else { self.a_while() };
        self.later(pause, errand);
    }

    pub(crate) fn later(&mut self, pause: u64, errand: Errand) {
        self.put(pause, Some(self.epoch), errand);
    }

    /// Whatever becomes of the process.
    pub(crate) fn outside(&mut self, pause: u64, errand: Errand) {
        self.put(pause, None, errand);
    }

    fn put(&mut self, pause: u64, epoch: Option<u64>, errand: Errand) {
        self.agenda.insert((self.elapsed + pause, self.sent), (epoch, errand));
        self.sent += 1;
    }

    #[expect(clippy::print_stdout, reason = "tells what happens to whoever looks into one seed")]
    pub(crate) fn note(&self, text: impl FnOnce() -> String) {
        if self.plan.is_verbose {
            println!("{:>10} {}", format!("{:?}", Duration::from_millis(self.elapsed)), text());
        }
    }
}

impl Started {
    pub(crate) fn id(&self) -> Result<ExecutionId> {
        self.execution
            .with_context(|| format!("the start of {} was never answered", self.workflow.name))
    }
}
