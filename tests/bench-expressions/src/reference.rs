//! The reference implementation of JSONata, which runs on Node.
//!
//! It works in a process of its own, which takes its own times: `reference.js` says how.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result};

use crate::cases::Case;

pub(crate) const NAME: &str = "jsonata 2.0.6, Node";

/// A process that is asked one question at a time.
pub(crate) struct Reference(RefCell<Pipes>);

struct Pipes {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Clone, Copy)]
pub(crate) enum Phase {
    Parse,
    Evaluate,
    Whole,
}

/// Starts the process, which finds the implementation in the folder.
pub(crate) fn start(folder: &Path, cases: &[Case]) -> Result<Reference> {
    let of_case =
        |case: &Case| (case.name.clone(), serde_json::json!([case.expression, case.states]));
    let cases: serde_json::Map<_, _> = cases.iter().map(of_case).collect();
    let file = folder.join("cases.json");
    std::fs::write(&file, serde_json::to_vec(&cases)?).context("cannot write the cases")?;
    let mut process = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("reference.js"))
        .args([folder, &file])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run node")?;
    let questions = process.stdin.take().context("node has no standard input")?;
    let answers = BufReader::new(process.stdout.take().context("node has no standard output")?);
    Ok(Reference(RefCell::new(Pipes { process, questions, answers })))
}

impl Reference {
    /// The microseconds of one piece of work.
    pub(crate) fn measure(&self, case: &Case, phase: Phase) -> Result<f64> {
        let phase = match phase {
            Phase::Parse => "parse",
            Phase::Evaluate => "evaluate",
            Phase::Whole => "whole",
        };
        Ok(self.ask(phase, case)?.parse()?)
    }

    /// The result's text.
    pub(crate) fn result(&self, case: &Case) -> Result<String> {
        self.ask("result", case)
    }

    fn ask(&self, what: &str, case: &Case) -> Result<String> {
        let mut pipes = self.0.borrow_mut();
        writeln!(pipes.questions, "{}", serde_json::json!([what, case.name]))?;
        let mut answer = String::new();
        pipes.answers.read_line(&mut answer)?;
        anyhow::ensure!(!answer.is_empty(), "the reference ended at {}: {what}", case.name);
        Ok(answer.trim_end().to_owned())
    }
}

impl Drop for Pipes {
    fn drop(&mut self) {
        // It is only there for this program; one that has ended already is as good.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
