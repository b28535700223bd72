//! Looks at every execution that a store holds, and compares it with what was heard and seen.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use stepwell_asl::Timestamp;
use stepwell_engine::{Effect, Program};
use stepwell_journal::{ExecutionId, Journal, Query, Subject, Summary};
use stepwell_journal_sqlite::Sqlite;
use stepwell_kernel::{Event, Execution, Outcome, history};
use stepwell_value::Str;

use crate::director::Director;
use crate::names;
use crate::report::Findings;
use crate::workloads::{Ended, Workload};

use calls::Calls;

mod calls;

/// What a scenario knows to be otherwise.
#[derive(Debug, Default)]
pub(crate) struct Excused {
    /// Executions, by their ARNs, of which the store has lost something.
    pub forgetful: BTreeSet<String>,
    /// Executions that cannot be read.
    pub damaged: BTreeSet<ExecutionId>,
}

struct Check<'a> {
    store: &'a Sqlite,
    excused: &'a Excused,
    ends: &'a [Timestamp],
    programs: BTreeMap<stepwell_journal::Digest, Program>,
    calls: Calls,
    outcomes: BTreeMap<&'static str, u64>,
    arns: BTreeMap<String, ExecutionId>,
    /// Which execution was started for which task of which other.
    children: BTreeMap<(ExecutionId, u32), ExecutionId>,
    wrong: Vec<String>,
}

/// How many executions are listed at once.
const PAGE: usize = 500;

/// Looks at everything, and adds what it finds.
pub(crate) fn check(
    director: &Director,
    store: &Sqlite,
    excused: &Excused,
    findings: &mut Findings,
) -> Result<()> {
    let mut check = Check {
        store,
        excused,
        ends: &director.ends,
        programs: BTreeMap::new(),
        calls: Calls::default(),
        outcomes: BTreeMap::new(),
        arns: BTreeMap::new(),
        children: BTreeMap::new(),
        wrong: Vec::new(),
    };
    let mut before = None;
    loop {
        let page = store.list(&Query { before, ..Query::newest(Subject::All, PAGE) })?;
        let Some(last) = page.last() else { break };
        before = Some(last.execution);
        for summary in &page {
            check.execution(summary);
        }
    }
    let lost = check.lost(&director.started);
    let seen = director.witness.seen();
    let effects = check.calls.compare(&seen.keys, &excused.forgetful, &mut check.wrong);
    findings.add("executions acknowledged", director.started.len());
    findings.add("executions kept, with children", check.arns.len());
    for (outcome, count) in &check.outcomes {
        findings.add(outcome, count);
    }
    findings.add("acknowledged and lost", lost);
    findings.add("effects seen", effects.seen);
    findings.add("`Once` effects seen twice", effects.twice);
    findings.add("`Once` tasks interrupted, effect seen", effects.interrupted_after);
    findings.add("`Once` tasks interrupted, effect not seen", effects.interrupted_before);
    findings.add("`Repeatable` effects seen again", effects.repeated);
    findings.wrong.append(&mut check.wrong);
    Ok(())
}

impl Check<'_> {
    fn complain(&mut self, summary: &Summary, wrong: impl std::fmt::Display) {
        let (execution, name) = (summary.execution, &summary.opening.name);
        self.wrong.push(format!("execution {execution} `{name}`: {wrong}"));
    }

    fn lost(&mut self, started: &BTreeSet<String>) -> usize {
        let arns = started.iter().map(|name| names::execution_arn(name));
        let lost = arns.filter(|arn| !self.arns.contains_key(arn));
        let lost: Vec<_> = lost.filter(|arn| !self.excused.forgetful.contains(arn)).collect();
        let told = lost.iter().map(|arn| format!("`{arn}` was acknowledged and is lost"));
        self.wrong.extend(told);
        lost.len()
    }

    fn execution(&mut self, summary: &Summary) {
        let arn = summary.opening.arn.to_string();
        if let Some(other) = self.arns.insert(arn, summary.execution) {
            self.complain(summary, format!("execution {other} has its ARN too"));
        }
        if let Some(parent) = summary.parent {
            let of = (parent.execution, parent.task.0);
            if let Some(other) = self.children.insert(of, summary.execution) {
                self.complain(summary, format!("execution {other} was started for {of:?} too"));
            }
        }
        if self.excused.damaged.contains(&summary.execution) {
            return;
        }
        let events = match self.store.read(summary.execution) {
            Ok(events) => events,
            Err(error) => return self.complain(summary, error),
        };
        let outcome = summary.ending.as_ref().map(|ending| &ending.outcome);
        match Execution::replay(&events) {
            Err(corrupt) => self.complain(summary, corrupt),
            Ok(replayed) if replayed.outcome() != outcome => {
                self.complain(summary, "its journal ends otherwise than the list says");
            }
            Ok(_) => {}
        }
        self.history(summary, &events);
        match outcome {
            Some(outcome) => self.outcome(summary, outcome),
            None => self.complain(summary, "it has not ended"),
        }
    }

    fn program(&mut self, summary: &Summary) -> Option<Program> {
        let digest = summary.revision?;
        if let Some(program) = self.programs.get(&digest) {
            return Some(program.clone());
        }
        let revision = self.store.revision(digest).ok()??;
        let program = Program::parse(Str::clone(revision.text())).ok()?;
        self.programs.insert(digest, program.clone());
        Some(program)
    }

    /// The public history has numbers without gaps, and each event follows an earlier one. A map run
    /// has none.
    fn history(&mut self, summary: &Summary, events: &[Event]) {
        let Some(program) = self.program(summary) else {
            return self.complain(summary, "its definition is not there");
        };
        if summary.opening.machine_arn.is_none() {
            return;
        }
        let public = history(program.definition(), events);
        let is_dense = (1..).zip(&public).all(|(id, event)| event.id == id);
        let is_causal = public.iter().all(|event| event.previous < event.id);
        if !is_dense || !is_causal || public.is_empty() {
            self.complain(summary, "its public history has gaps");
        }
        let arn = &summary.opening.arn;
        for wrong in self.calls.read(arn, program.definition(), events, self.ends) {
            self.complain(summary, wrong);
        }
    }

    fn outcome(&mut self, summary: &Summary, outcome: &Outcome) {
        let counted = match outcome {
            Outcome::Succeeded { .. } => "of them succeeded",
            Outcome::Failed { .. } => "of them failed, interrupted",
            Outcome::TimedOut { .. } => "of them timed out",
            Outcome::Aborted { .. } => "of them stopped",
        };
        *self.outcomes.entry(counted).or_default() += 1;
        let name = &*summary.opening.name;
        // The items of map runs are looked at by what their parents gave.
        let Some(workload) = Workload::find(names::workload(name)) else { return };
        let Some(value) = names::value(name) else { return };
        if !(workload.check)(&Ended { name, value, outcome }) {
            self.complain(summary, format!("it came to {outcome:?}"));
        }
    }
}

/// What the witness knows of a task's calls.
pub(crate) fn is_witnessed(function: &str) -> Option<Effect> {
    let is_witnessed = matches!(function, "effect" | "repeat" | "flaky" | "stubborn" | "hand-out");
    is_witnessed.then(|| crate::workloads::effect(function))
}
