//! The runtime: an engine on the store, until it is killed.
//!
//! It says on its output what it has done, and takes on its input what the director wants of it.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use stepwell_asl::Timestamp;
use stepwell_engine::{Engine, Program, Start, Trouble};
use stepwell_journal::{ExecutionId, Query, Subject};
use stepwell_journal_sqlite::{Options, Sqlite};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::{names, workloads};

mod commands;
mod machines;
mod tasks;
mod worker;

/// How many executions may be open before no more are started: of those that wait to be stopped or
/// redriven some always are.
const OPEN_MAX: usize = 400;

/// How long between two starts.
const START_PAUSE: Duration = Duration::from_millis(4);

/// What the director wants of this run.
pub(crate) struct Settings {
    pub store: PathBuf,
    pub socket: PathBuf,
    pub run: u32,
    pub pages_max: Option<u32>,
    /// Whether new executions are started.
    pub is_starting: bool,
}

impl Settings {
    pub(crate) fn arguments(&self) -> Vec<String> {
        let path = |path: &PathBuf| path.to_string_lossy().into_owned();
        let pages = self.pages_max.map_or_else(|| "-".to_owned(), |pages| pages.to_string());
        let starts = self.is_starting.to_string();
        vec![path(&self.store), path(&self.socket), self.run.to_string(), pages, starts]
    }

    fn parse(arguments: &[String]) -> Result<Self> {
        let [store, socket, run, pages_max, is_starting] = arguments else {
            bail!("the runtime is started by the director alone")
        };
        Ok(Self {
            store: store.into(),
            socket: socket.into(),
            run: run.parse()?,
            pages_max: if pages_max == "-" { None } else { Some(pages_max.parse()?) },
            is_starting: is_starting.parse()?,
        })
    }
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let settings = Settings::parse(arguments)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(drive(settings))?;
    runtime.shutdown_background();
    Ok(())
}

async fn drive(settings: Settings) -> Result<()> {
    let options = Options { pages_max: settings.pages_max };
    let journal = Arc::new(Sqlite::open(&settings.store, &options)?);
    let tasks = tasks::Witnessed { socket: settings.socket.clone() };
    let engine = Engine::builder(Arc::new(tasks))
        .journal(Arc::<Sqlite>::clone(&journal))
        .machines(Arc::new(machines::Children::new()))
        .troubles(Arc::new(complain))
        .shards(2)
        .start()?;
    say("ready");
    for _ in 0..4 {
        tokio::spawn(worker::work(engine.clone()));
    }
    let is_starting = Arc::new(AtomicBool::new(settings.is_starting));
    let starts = start_for_ever(engine.clone(), settings.run, Arc::clone(&is_starting));
    let starts = tokio::spawn(starts);
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        match line.as_str() {
            "drain" => is_starting.store(false, Ordering::Relaxed),
            "close" => break,
            _ => drop(tokio::spawn(commands::obey(engine.clone(), line))),
        }
    }
    starts.abort();
    engine.close(Duration::from_millis(200)).await;
    say("closed");
    Ok(())
}

/// A line that is not said whole was not said: whoever is killed may be in the middle of one.
pub(crate) fn say(line: &str) {
    let line = format!("{line}\n");
    // The director is gone only when it has stopped this run already.
    let _unheard = std::io::stdout().lock().write_all(line.as_bytes());
}

fn complain(trouble: &Trouble) {
    let kind = match trouble {
        Trouble::Stalled(_) => "stalled",
        Trouble::Recovered => "recovered",
        Trouble::Unreadable(_) => "unreadable",
        Trouble::Corrupt { .. } => "corrupt",
        Trouble::Lost(_) => "lost",
        Trouble::Broken(_) => "broken",
    };
    say(&format!("trouble {kind} {trouble}"));
}

async fn start_for_ever(engine: Engine, run: u32, is_starting: Arc<AtomicBool>) -> Result<()> {
    let programs: Vec<_> =
        workloads::ALL.iter().map(|workload| (workload.name, workload.program())).collect();
    let mut pause = tokio::time::interval(START_PAUSE);
    for (nth, (workload, program)) in (run..).zip(programs.iter().cycle().skip(run as usize % 7)) {
        pause.tick().await;
        while !is_starting.load(Ordering::Relaxed) || is_full(&engine) {
            tokio::time::sleep(START_PAUSE * 10).await;
        }
        let name = names::name(workload, run, nth);
        tokio::spawn(start(engine.clone(), program.clone(), name));
    }
    bail!("there are no more numbers")
}

fn is_full(engine: &Engine) -> bool {
    let open = engine.journal().open_executions().take(OPEN_MAX);
    open.count() == OPEN_MAX
}

/// Every second execution is started under a name that nobody else can be given.
async fn start(engine: Engine, program: Program, name: String) {
    let is_named = names::value(&name).is_some_and(|value| value % 2 == 0);
    let input = workloads::input(&name, now());
    let start = Start { program, identity: names::identity(&name), input };
    let started = if is_named { engine.start_named(start).await } else { engine.start(start) };
    match started {
        Ok(mut handle) => match handle.started().await {
            Ok(()) => say(&format!("started {name}")),
            Err(lost) => say(&format!("refused {lost}")),
        },
        Err(refused) => say(&format!("refused {refused}")),
    }
}

pub(crate) fn now() -> Timestamp {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp::from_unix_millis(0).saturating_add(since_epoch.unwrap_or_default())
}

/// What an execution is known by to the engine.
pub(crate) fn find(engine: &Engine, name: &str) -> Result<Option<ExecutionId>> {
    let arn = names::execution_arn(name);
    let found = engine.list(&Query::newest(Subject::Arn(arn.into()), 1));
    let found = found.context("the store cannot be read")?;
    Ok(found.into_iter().next().map(|summary| summary.execution))
}
