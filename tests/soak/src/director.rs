//! The director: starts the runtime, does to it what a scenario asks for, and remembers all it heard.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use stepwell_asl::Timestamp;
use tempfile::TempDir;

use crate::errands::{Errand, Errands};
use crate::names;
use crate::process::{Process, Said};
use crate::runtime::{Settings, now};
use crate::witness::Witness;

/// How long an answer may take while nothing is killed.
const PATIENCE: Duration = Duration::from_mins(2);

/// How long the director listens before it looks for errands.
const PAUSE: Duration = Duration::from_millis(10);

pub(crate) struct Director {
    pub folder: TempDir,
    pub chance: StdRng,
    pub witness: Witness,
    pub errands: Errands,
    /// The executions of which the runtime has said that they are kept.
    pub started: BTreeSet<String>,
    /// When a runtime was gone: by a kill or by itself.
    pub ends: Vec<Timestamp>,
    pub recoveries: Vec<Duration>,
    /// The largest log that a runtime left behind.
    pub log_bytes: u64,
    /// Starts that were refused, by the reason.
    pub refused: BTreeMap<String, u64>,
    /// What the runtimes complained of, by its kind.
    pub troubles: BTreeMap<String, Vec<String>>,
    pub wrong: Vec<String>,
    pub pages_max: Option<u32>,
    /// Whether tokens are kept back instead of being reported.
    pub keeps_tokens: bool,
    run: u32,
    /// What the last question for open executions was answered.
    open: Option<String>,
}

/// The number of the question for open executions: errands have others.
const OPEN: u64 = 0;

impl Director {
    pub(crate) fn new(seed: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let witness = Witness::listen(folder.path())?;
        Ok(Self {
            folder,
            chance: StdRng::seed_from_u64(seed),
            witness,
            errands: Errands::default(),
            started: BTreeSet::new(),
            ends: Vec::new(),
            recoveries: Vec::new(),
            log_bytes: 0,
            refused: BTreeMap::new(),
            troubles: BTreeMap::new(),
            wrong: Vec::new(),
            pages_max: None,
            keeps_tokens: false,
            run: 0,
            open: None,
        })
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    pub(crate) fn launch(&mut self, is_starting: bool) -> Result<Process> {
        self.run += 1;
        let settings = Settings {
            store: self.store(),
            socket: self.witness.socket.clone(),
            run: self.run,
            pages_max: self.pages_max,
            is_starting,
        };
        let mut process = Process::start(&settings).with_context(|| format!("run {}", self.run))?;
        self.recoveries.push(process.recovery);
        for line in std::mem::take(&mut process.early) {
            self.hear(&line);
        }
        Ok(process)
    }

    /// Listens for so long, and sees to errands.
    pub(crate) fn play(&mut self, process: &mut Process, time: Duration) -> Result<()> {
        self.play_until(process, time, |_| false).map(drop)
    }

    /// Listens until something is so, and says whether it was within that time.
    pub(crate) fn play_until(
        &mut self,
        process: &mut Process,
        time: Duration,
        is_so: impl Fn(&Self) -> bool,
    ) -> Result<bool> {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match process.listen(left.min(PAUSE)) {
                Said::Line(line) => self.hear(&line),
                Said::Nothing => {}
                Said::Gone => bail!("run {} ended by itself", self.run),
            }
            self.collect_tokens();
            for line in self.errands.due() {
                process.tell(&line);
            }
            if is_so(self) {
                return Ok(true);
            }
            if left.is_zero() {
                return Ok(false);
            }
        }
    }

    fn collect_tokens(&mut self) {
        if self.keeps_tokens {
            return;
        }
        let tokens = std::mem::take(&mut self.witness.seen().tokens);
        for token in tokens {
            self.errands.plan(Errand::Token(token), &mut self.chance);
        }
    }

    pub(crate) fn kill(&mut self, process: Process) -> Result<()> {
        let heard = process.kill()?;
        self.end(&heard);
        Ok(())
    }

    /// Lets the runtime end by itself.
    pub(crate) fn close(&mut self, process: Process) -> Result<()> {
        let heard = process.close().with_context(|| format!("run {}", self.run))?;
        self.end(&heard);
        Ok(())
    }

    fn end(&mut self, heard: &[String]) {
        self.ends.push(now());
        let log = std::fs::metadata(self.folder.path().join("store.db-wal"));
        self.log_bytes = self.log_bytes.max(log.map_or(0, |log| log.len()));
        for line in heard {
            self.hear(line);
        }
        self.errands.cut_off();
    }

    fn hear(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "started" => {
                self.started.insert(rest.to_owned());
                self.errands.meet(rest, &mut self.chance);
                if names::value(rest).is_some_and(|value| value % 50 == 0) {
                    self.errands.plan(Errand::Again(rest.to_owned()), &mut self.chance);
                }
            }
            "refused" => *self.refused.entry(rest.to_owned()).or_default() += 1,
            "trouble" => {
                let (kind, text) = rest.split_once(' ').unwrap_or((rest, ""));
                self.troubles.entry(kind.to_owned()).or_default().push(text.to_owned());
            }
            "answer" => self.answer(rest),
            "closed" => {}
            _ => self.wrong.push(format!("run {} said: {line}", self.run)),
        }
    }

    fn answer(&mut self, rest: &str) {
        let (number, answer) = rest.split_once(' ').unwrap_or((rest, ""));
        match number.parse() {
            Ok(OPEN) => self.open = Some(answer.to_owned()),
            Ok(number) => {
                let wrong = self.errands.answer(number, answer, &mut self.chance);
                self.wrong.extend(wrong.map(|wrong| format!("run {}: {wrong}", self.run)));
            }
            Err(_) => self.wrong.push(format!("run {} answered: {rest}", self.run)),
        }
    }

    /// Lets the runtime go on without new starts until no more than so many executions are open.
    /// What is still open after a long time is wrong.
    pub(crate) fn drain(&mut self, process: &mut Process, open_max: usize) -> Result<()> {
        process.tell("drain");
        let end = Instant::now() + PATIENCE;
        loop {
            self.open = None;
            process.tell(&format!("{OPEN} open"));
            self.play_until(process, PATIENCE, |director| director.open.is_some())?;
            let open = self.open.take().context("the runtime does not answer")?;
            let (count, names) = open.split_once(' ').unwrap_or((&open, ""));
            // Some were started whose start nobody heard of.
            names.split_whitespace().for_each(|name| self.errands.meet(name, &mut self.chance));
            if count.parse::<usize>()? <= open_max && self.errands.is_empty() {
                return Ok(());
            }
            if Instant::now() > end {
                let left = self.errands.describe();
                self.wrong.push(format!("{count} executions are still open: {names}; {left}"));
                return Ok(());
            }
            self.play(process, PAUSE * 20)?;
        }
    }
}
