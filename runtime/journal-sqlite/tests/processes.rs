//! Processes that are killed while they append, and processes that want the same file.
//!
//! `STEPWELL_KILLS` says how many are killed, and `STEPWELL_SEED` when.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use stepwell_journal::behaviour::{Waiter, append};
use stepwell_journal::{ExecutionId, Journal, Record};
use stepwell_journal_sqlite::{OpenError, Options, Sqlite};
use stepwell_kernel::Event;
use stepwell_value::Payload;

/// Says which store a child appends to.
const STORE: &str = "STEPWELL_TEST_STORE";

const THREADS: u64 = 6;

/// After so many rounds an execution is stopped.
const ROUNDS: usize = 7;

fn main() -> Result<()> {
    if let Some(store) = std::env::var_os(STORE) {
        return append_for_ever(Path::new(&store));
    }
    let trial = |name: &str, test: fn() -> Result<()>| {
        let run = move || test().map_err(|error| Failed::from(format!("{error:?}")));
        Trial::test(name, run)
    };
    let trials = vec![
        trial("a_killed_process_loses_nothing_that_was_acknowledged", kills),
        trial("a_second_process_is_told_who_has_the_store", second_process),
        trial("a_store_that_may_not_be_written_is_told", read_only),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

fn number(variable: &str) -> Result<Option<u64>> {
    let text = std::env::var(variable).ok();
    text.map(|text| text.parse().context("it is a number")).transpose()
}

fn payload(execution: u64) -> Payload {
    let size = 10 + usize::try_from(execution % 50).unwrap_or(0) * 100;
    Payload::from(stepwell_value::Value::String("x".repeat(size).into()))
}

fn start(execution: u64) -> (Waiter, Record) {
    Waiter::begin(execution, &format!("run-{execution}"), payload(execution))
}

fn next(execution: u64, round: usize, waiter: &mut Waiter) -> Record {
    if round == ROUNDS { waiter.end(execution) } else { waiter.next(execution) }
}

/// The child: appends in several threads and says what was acknowledged.
fn append_for_ever(store: &Path) -> Result<()> {
    let store = Sqlite::open(store, &Options::default())?;
    let first = store.next_id()?.0;
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || {
                let ended = append_many(store, first + thread);
                complain(&ended);
            });
        }
    });
    bail!("the child is to be killed")
}

#[expect(clippy::print_stderr, reason = "the child's only other way out is read by its parent")]
fn complain(ended: &Result<()>) {
    eprintln!("{ended:?}");
}

/// Appends one execution after the other; its end is a failure.
fn append_many(store: &Sqlite, first: u64) -> Result<()> {
    (0..).try_for_each(|nth| append_one(store, first + nth * THREADS))
}

fn append_one(store: &Sqlite, execution: u64) -> Result<()> {
    let (mut waiter, record) = start(execution);
    let mut record = Some(record);
    for round in 0..=ROUNDS {
        let record = record.take().unwrap_or_else(|| next(execution, round, &mut waiter));
        append(store, vec![record])?;
        let mut line = format!("{execution} {round}");
        line.push('\n');
        std::io::stdout().lock().write_all(line.as_bytes())?;
    }
    Ok(())
}

fn child(store: &Path) -> Result<Child> {
    let program = std::env::current_exe()?;
    Ok(Command::new(program).env(STORE, store).stdout(Stdio::piped()).spawn()?)
}

fn kills() -> Result<()> {
    let kills = number("STEPWELL_KILLS")?.unwrap_or(24);
    let mut seed = number("STEPWELL_SEED")?.unwrap_or_else(|| u64::from(std::process::id()));
    let folder = tempfile::tempdir()?;
    let store = folder.path().join("store.db");
    let mut acknowledged = BTreeMap::new();
    for kill in 0..kills {
        let at = format!("kill {kill}, STEPWELL_SEED={seed}");
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let lines = usize::try_from((seed >> 33) % 150).unwrap_or(0);
        acknowledged.extend(run_and_kill(&store, lines).context(at.clone())?);
        check(&store, &acknowledged).context(at)?;
    }
    ensure!(acknowledged.len() as u64 > kills, "hardly anything was appended");
    Ok(())
}

/// Lets a child append until it has said so many lines, and kills it. Gives the last round that was
/// acknowledged of each execution.
fn run_and_kill(store: &Path, lines: usize) -> Result<BTreeMap<u64, usize>> {
    let mut child = child(store)?;
    let output = child.stdout.take().context("the child has an output")?;
    let mut acknowledged = BTreeMap::new();
    for (nth, line) in BufReader::new(output).lines().enumerate() {
        if nth == lines {
            child.kill()?;
        }
        // What it had said before it died is still in the pipe.
        let line = line?;
        if let Some((execution, round)) = line.split_once(' ') {
            acknowledged.insert(execution.parse()?, round.parse()?);
        }
    }
    let status = child.wait()?;
    ensure!(status.code().is_none(), "the child ended by itself with {status}");
    Ok(acknowledged)
}

/// Every acknowledged record is there, and every record is whole.
fn check(store: &Path, acknowledged: &BTreeMap<u64, usize>) -> Result<()> {
    let store = Sqlite::open(store, &Options::default())?;
    let end = store.next_id()?.0;
    let last = acknowledged.keys().next_back().copied();
    ensure!(last.is_none_or(|last| last < end), "execution {last:?} has a number that is free");
    let mut running = Vec::new();
    for execution in 0..end {
        let events = store.read(ExecutionId(execution))?;
        let ends = expected(execution);
        let rounds = ends.iter().position(|expected| *expected == events);
        let is_there = match (rounds, acknowledged.get(&execution)) {
            (Some(round), Some(acknowledged)) => round >= *acknowledged,
            (Some(_), None) => true,
            (None, None) => events.is_empty(),
            (None, Some(_)) => false,
        };
        ensure!(is_there, "of {execution} {} events are there", events.len());
        running.extend(rounds.filter(|round| *round < ROUNDS).map(|_| execution));
    }
    let open: Result<Vec<u64>, _> =
        store.open_executions().map(|open| open.map(|open| open.execution.0)).collect();
    ensure!(open? == running, "other executions run than have not ended");
    Ok(())
}

/// The journal of an execution as it is after each of its rounds.
fn expected(execution: u64) -> Vec<Vec<Event>> {
    let (mut waiter, record) = start(execution);
    let mut events = record.batch.events().to_vec();
    let mut journals = vec![events.clone()];
    for round in 1..=ROUNDS {
        events.extend_from_slice(next(execution, round, &mut waiter).batch.events());
        journals.push(events.clone());
    }
    journals
}

fn second_process() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = folder.path().join("store.db");
    let mut child = child(&store)?;
    let output = child.stdout.take().context("the child has an output")?;
    let mut lines = BufReader::new(output).lines();
    lines.next().context("the child has appended")??;
    let refused = Sqlite::open(&store, &Options::default());
    child.kill()?;
    lines.for_each(drop);
    let holder = child.id();
    child.wait()?;
    match refused {
        Err(OpenError::InUse { by, .. }) => ensure!(by == Some(holder), "{by:?} has it"),
        other => bail!("two processes have it: {other:?}"),
    }
    // The system has taken the lock back.
    Sqlite::open(&store, &Options::default())?;
    Ok(())
}

fn read_only() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = folder.path().join("store.db");
    drop(Sqlite::open(&store, &Options::default())?);
    let lock = folder.path().join("store.db.lock");
    // First the file alone, then everything.
    for (file, others) in [(0o444, 0o777), (0o444, 0o555)] {
        fs::set_permissions(&store, Permissions::from_mode(file))?;
        fs::set_permissions(&lock, Permissions::from_mode(others & 0o666))?;
        fs::set_permissions(folder.path(), Permissions::from_mode(others))?;
        let mut child = Command::new(std::env::current_exe()?);
        child.env(STORE, &store).stdout(Stdio::null());
        if fs::metadata(folder.path())?.uid() == 0 {
            // Root may write everything; nobody may not.
            child.uid(65_534);
        }
        let output = child.output()?;
        let message = String::from_utf8(output.stderr)?;
        let expected = format!("the store `{}` cannot be written", store.display());
        ensure!(message.contains(&expected), "it said: {message}");
    }
    Ok(fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?)
}
