//! A runtime as the director has it: a process that is told lines and says lines.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::runtime::Settings;

/// The argument that makes this program the runtime.
pub(crate) const ROLE: &str = "--runtime";

/// How long a runtime may take to open its store, and to close it.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    /// How long it took from its start until its engine ran.
    pub recovery: Duration,
    /// What it said before that.
    pub early: Vec<String>,
}

pub(crate) enum Said {
    Line(String),
    Nothing,
    /// The process has ended.
    Gone,
}

impl Process {
    /// Starts a runtime, and waits until it is ready.
    pub(crate) fn start(settings: &Settings) -> Result<Self> {
        let began = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .arg(ROLE)
            .args(settings.arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().context("the runtime has an input")?;
        let output = child.stdout.take().context("the runtime has an output")?;
        let lines = listen(output)?;
        let (recovery, early) = (Duration::ZERO, Vec::new());
        let mut process = Self { child, input, lines, recovery, early };
        loop {
            match process.listen(PATIENCE.saturating_sub(began.elapsed())) {
                Said::Line(line) if line == "ready" => break,
                Said::Line(line) => process.early.push(line),
                Said::Nothing => bail!("the runtime is not ready after {PATIENCE:?}"),
                Said::Gone => bail!("the runtime ended by itself with {}", process.child.wait()?),
            }
        }
        process.recovery = began.elapsed();
        Ok(process)
    }

    pub(crate) fn listen(&self, patience: Duration) -> Said {
        match self.lines.recv_timeout(patience) {
            Ok(line) => Said::Line(line),
            Err(RecvTimeoutError::Timeout) => Said::Nothing,
            Err(RecvTimeoutError::Disconnected) => Said::Gone,
        }
    }

    /// Whether the runtime can still hear it.
    pub(crate) fn tell(&mut self, line: &str) -> bool {
        self.input.write_all(format!("{line}\n").as_bytes()).is_ok()
    }

    /// Kills the process. What it had said by then is still heard.
    pub(crate) fn kill(mut self) -> Result<Vec<String>> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(self.lines.iter().collect())
    }

    /// Lets the process end by itself.
    pub(crate) fn close(mut self) -> Result<Vec<String>> {
        self.tell("close");
        let began = Instant::now();
        let mut heard = Vec::new();
        loop {
            match self.listen(PATIENCE.saturating_sub(began.elapsed())) {
                Said::Line(line) => heard.push(line),
                Said::Nothing => bail!("the runtime has not ended after {PATIENCE:?}"),
                Said::Gone => break,
            }
        }
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the runtime ended with {status}");
        }
        Ok(heard)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already, unless the director could not go on.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// The whole lines of an output, until it ends.
fn listen(output: ChildStdout) -> Result<Receiver<String>> {
    let (sender, lines) = mpsc::channel();
    thread::Builder::new().name("lines".into()).spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        while output.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
            let Some(whole) = line.strip_suffix('\n') else { return };
            if sender.send(whole.to_owned()).is_err() {
                return;
            }
            line.clear();
        }
    })?;
    Ok(lines)
}
