//! What must hold when everything is over.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context, Result, anyhow, ensure};
use stepwell_engine::{Command, Effect, Program, is_orphan};
use stepwell_journal::{Ending, ExecutionId, Journal, Query, Subject, Summary};
use stepwell_kernel::{Event, Execution, Fact, Failure, Input, Obligation, Outcome, history};

use crate::run::Simulation;
use crate::workflows::{self, Workflow};

/// How everything ended.
#[derive(Debug)]
pub struct Finished {
    pub runs: Vec<Run>,
    /// How many things have happened before which the process could have ended.
    pub points: u64,
    pub executions: usize,
    /// How many tasks have failed because nobody knew how far they came.
    pub interruptions: usize,
    /// Executions that went on alone when a crash had come between their parent's end and theirs.
    pub orphans: usize,
    pub is_crashed: bool,
}

/// How one execution ended that was started from outside.
#[derive(Debug)]
pub struct Run {
    pub workflow: &'static Workflow,
    pub outcome: Outcome,
    /// The public history, without numbers and times.
    pub history: Vec<String>,
    /// Whether a task of it, or of an execution that it started, was interrupted.
    pub is_interrupted: bool,
    /// Whether it was stopped or redriven from outside.
    pub is_disturbed: bool,
}

impl Simulation {
    /// Tasks that may have run in part must fail by that, once.
    pub(crate) fn note_interrupted(&mut self) -> Result<()> {
        for open in self.journal.open_executions() {
            let execution = open?.execution;
            let replayed = Execution::replay(&self.journal.read(execution)?)?;
            for owed in replayed.obligations() {
                if let Obligation::RunTask(call) = owed
                    && workflows::effect(&call.call.function) == Effect::Once
                {
                    self.interrupted.insert((execution, call.task));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<Finished> {
        self.check_memory()?;
        let summaries = self.journal.list(&Query::newest(Subject::All, usize::MAX))?;
        check_kin(&summaries)?;
        let mut interruptions = 0;
        let mut programs = BTreeMap::new();
        for summary in &summaries {
            let events = self.journal.read(summary.execution)?;
            ensure!(summary.ending.is_some(), "execution {} has not ended", summary.execution);
            check_journal(&events).with_context(|| format!("execution {}", summary.execution))?;
            interruptions += events.iter().filter(|event| is_interruption(&event.fact)).count();
            if summary.opening.machine_arn.is_some() {
                self.history(summary.execution, &events, &mut programs)?;
            }
        }
        let expected = self.interrupted.len();
        ensure!(
            interruptions == expected,
            "{interruptions} tasks were interrupted, and {expected} should have been: {:?}",
            self.interrupted
        );
        let runs = self.runs(&summaries, &mut programs)?;
        let executions = summaries.len();
        let (points, orphans, is_crashed) = (self.points, self.orphans, self.has_crashed());
        Ok(Finished { runs, points, executions, interruptions, orphans, is_crashed })
    }

    /// Stops the children whose task was given up right before a crash, as an engine does that
    /// starts.
    pub(crate) fn stop_orphans(&mut self) -> Result<usize> {
        let mut orphans = Vec::new();
        for (execution, parent) in self.journal.open_children(None, usize::MAX)? {
            if is_orphan(&self.journal.read(parent.execution)?, parent.task) {
                orphans.push(execution);
            }
        }
        for orphan in &orphans {
            self.send(Command::input(*orphan, Input::Stop { failure: Failure::default() }));
        }
        Ok(orphans.len())
    }

    fn check_memory(&self) -> Result<()> {
        for (nth, looped) in self.process.loops.iter().enumerate() {
            if let Some(leftover) = looped.leftover() {
                return Err(anyhow!("loop {nth} remembers {leftover}: {looped:?}"));
            }
        }
        ensure!(self.process.names.is_empty(), "names are claimed: {:?}", self.process.names);
        let is_quiet = self.process.offers.values().all(VecDeque::is_empty);
        ensure!(is_quiet, "offers are left: {:?}", self.process.offers);
        ensure!(self.asked.is_empty(), "nobody has answered {:?}", self.asked);
        Ok(())
    }

    /// The public history without numbers and times.
    fn history(
        &self,
        execution: ExecutionId,
        events: &[Event],
        programs: &mut BTreeMap<String, Program>,
    ) -> Result<Vec<String>> {
        let kept = self.journal.load(execution)?.context("it is kept")?;
        let text = kept.birth.context("it has a definition")?.revision.text().to_string();
        if !programs.contains_key(&text) {
            let program = Program::parse(text.clone()).map_err(|wrong| anyhow!("{wrong:?}"))?;
            programs.insert(text.clone(), program);
        }
        let history = history(programs[&text].definition(), events);
        for (nth, event) in history.iter().enumerate() {
            ensure!(event.id == nth as u64 + 1, "event {} of {execution} is the {nth}th", event.id);
            ensure!(
                event.previous < event.id,
                "event {} of {execution} follows a later one",
                event.id
            );
        }
        Ok(history.iter().map(|event| scrubbed(&format!("{:?}", event.detail))).collect())
    }

    fn runs(
        &self,
        summaries: &[Summary],
        programs: &mut BTreeMap<String, Program>,
    ) -> Result<Vec<Run>> {
        let mut runs = Vec::new();
        for started in &self.started {
            let execution = started.id()?;
            let events = self.journal.read(execution)?;
            let ending = Ending::of(&events).context("an acknowledged execution has not ended")?;
            let is_interrupted = self.is_interrupted(execution, summaries);
            runs.push(Run {
                workflow: started.workflow,
                outcome: ending.outcome,
                history: self.history(execution, &events, programs)?,
                is_interrupted,
                is_disturbed: started.is_disturbed,
            });
        }
        Ok(runs)
    }

    fn is_interrupted(&self, execution: ExecutionId, summaries: &[Summary]) -> bool {
        let is_child =
            |other: &&Summary| other.parent.is_some_and(|parent| parent.execution == execution);
        self.interrupted.iter().any(|(of, _)| *of == execution)
            || summaries
                .iter()
                .filter(is_child)
                .any(|child| self.is_interrupted(child.execution, summaries))
    }
}

/// Nothing was started twice.
fn check_kin(summaries: &[Summary]) -> Result<()> {
    let (mut arns, mut tasks) = (BTreeSet::new(), BTreeSet::new());
    for summary in summaries {
        let arn = &summary.opening.arn;
        ensure!(arns.insert(arn), "{arn} was started twice");
        if let Some(parent) = summary.parent {
            let task = (parent.execution, parent.task);
            ensure!(tasks.insert(task), "the child of {task:?} was started twice");
        }
    }
    Ok(())
}

/// A text without moments, tokens and drawn names: those are other ones in every run.
fn scrubbed(text: &str) -> String {
    let text = text.replace("nanos: ", "nanos:");
    let (mut clean, mut run) = (String::new(), String::new());
    for letter in text.chars().chain([' ']) {
        if letter.is_ascii_hexdigit() || letter == '-' {
            run.push(letter);
            continue;
        }
        let is_moment = run.len() >= 10 || clean.ends_with("nanos:");
        clean.push_str(if is_moment { "*" } else { &run });
        clean.push(letter);
        run.clear();
    }
    clean
}

/// A journal replays, and goes on behind an end only with a redrive.
fn check_journal(events: &[Event]) -> Result<()> {
    Execution::replay(events)?;
    for pair in events.windows(2) {
        let goes_on = !pair[0].fact.ends_execution() || pair[1].fact.reopens_execution();
        ensure!(goes_on, "{:?} follows its end", pair[1].fact);
    }
    Ok(())
}

fn is_interruption(fact: &Fact) -> bool {
    matches!(fact, Fact::TaskFailed { failure, .. }
        if failure.error.as_deref() == Some("Task.Interrupted"))
}
