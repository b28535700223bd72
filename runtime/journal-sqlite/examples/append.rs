//! How fast records of about 1 KiB become durable, for 1, 64 and 1,000 who append at once, beside a
//! plain file that is given the same bytes and synced by the same kind of writer.
//!
//! `cargo run --release -p stepwell-journal-sqlite --example append [FOLDER [SECONDS]]`
//!
//! Both are measured in turn, three times; what is compared is the ratio within a turn, since the
//! speed of a disk and of its neighbours changes between turns.
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use stepwell_journal::behaviour::{Waiter, birth};
use stepwell_journal::{Birth, ExecutionId, Journal, Record, codec};
use stepwell_journal_sqlite::{Options, Sqlite};
use stepwell_value::{Payload, Value};
use tokio::sync::{mpsc, oneshot};

const TURNS: usize = 3;

/// How often an execution is appended to before the next one starts.
const ROUNDS: usize = 500;

/// Something that makes records durable.
enum Sink {
    Store(Sqlite),
    Plain(mpsc::UnboundedSender<(Vec<u8>, oneshot::Sender<()>)>),
}

/// What one measurement came to.
#[derive(Clone, Copy)]
struct Figures {
    per_second: f64,
    p50_us: u128,
    p99_us: u128,
    mean_bytes: u64,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let seconds: f64 = arguments.next().map_or(Ok(1.5), |text| text.parse())?;
    let folder = tempfile::tempdir_in(folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    println!(
        "{:>9} {:>32} {:>32} {:>7}",
        "producers", "plain: /s p50 p99 (us)", "SQLite: /s p50 p99 (us)", "ratio"
    );
    for producers in [1, 64, 1000] {
        let mut ratios = Vec::new();
        for turn in 0..TURNS {
            let path = folder.path().join(format!("{producers}-{turn}"));
            let time = Duration::from_secs_f64(seconds);
            let plain = runtime.block_on(measure(plain(&path)?, producers, time))?;
            let store = Sqlite::open(path.with_extension("db"), &Options::default())?;
            let store = runtime.block_on(measure(Sink::Store(store), producers, time))?;
            let ratio = store.per_second / plain.per_second;
            println!("{producers:>9} {} {} {ratio:>7.2}", plain.line(), store.line());
            ratios.push((ratio, store.mean_bytes));
        }
        ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (median, bytes) = ratios[TURNS / 2];
        println!("{producers:>9} median ratio {median:.2}, records of {bytes} bytes\n");
    }
    Ok(())
}

impl Figures {
    fn line(&self) -> String {
        format!("{:>16.0} {:>7} {:>7}", self.per_second, self.p50_us, self.p99_us)
    }
}

/// A file to which one thread appends all that waits, and then syncs it.
fn plain(path: &Path) -> Result<Sink> {
    let mut file = File::create(path)?;
    let (sender, mut waiting) = mpsc::unbounded_channel::<(Vec<u8>, oneshot::Sender<()>)>();
    std::thread::spawn(move || -> std::io::Result<()> {
        while let Some(first) = waiting.blocking_recv() {
            let (mut bytes, mut replies) = (first.0, vec![first.1]);
            while let Ok((more, reply)) = waiting.try_recv() {
                bytes.extend(more);
                replies.push(reply);
            }
            file.write_all(&bytes)?;
            file.sync_data()?;
            // A producer whose time is over does not listen.
            for reply in replies {
                let _gone = reply.send(());
            }
        }
        Ok(())
    });
    Ok(Sink::Plain(sender))
}

async fn measure(sink: Sink, producers: u64, time: Duration) -> Result<Figures> {
    let sink = Arc::new(sink);
    let bytes = Arc::new(AtomicU64::new(0));
    let (start, birth) = (Instant::now(), birth());
    let producer = |nth| {
        let (sink, bytes) = (Arc::clone(&sink), Arc::clone(&bytes));
        let executions = (nth..).step_by(usize::try_from(producers).unwrap_or(1));
        tokio::spawn(produce(sink, executions, birth.clone(), start + time, bytes))
    };
    let tasks: Vec<_> = (0..producers).map(producer).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let elapsed = start.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(0, Duration::as_micros);
    let count = times.len() as u64;
    Ok(Figures {
        per_second: f64::from(u32::try_from(count)?) / elapsed,
        p50_us: at(50),
        p99_us: at(99),
        mean_bytes: bytes.load(Ordering::Relaxed) / count.max(1),
    })
}

/// Appends until the time is over, and tells how long each append took.
async fn produce(
    sink: Arc<Sink>,
    executions: impl Iterator<Item = u64>,
    birth: Birth,
    end: Instant,
    bytes: Arc<AtomicU64>,
) -> Result<Vec<Duration>> {
    let input = Payload::from(Value::String("x".repeat(950).into()));
    let mut times = Vec::new();
    for execution in executions {
        let (mut waiter, first) = Waiter::start(&format!("run-{execution}"), input.clone());
        let mut birth = Some(birth.clone());
        let mut batch = Some(first);
        for _ in 0..ROUNDS {
            let batch = batch.take().unwrap_or_else(|| waiter.go_on());
            let birth = birth.take();
            let record = Record { execution: ExecutionId(execution), birth, batch };
            let began = Instant::now();
            if began >= end {
                return Ok(times);
            }
            bytes.fetch_add(append(&sink, record).await?, Ordering::Relaxed);
            times.push(began.elapsed());
        }
    }
    Ok(times)
}

/// Gives how large the record is.
async fn append(sink: &Sink, record: Record) -> Result<u64> {
    let encoded = codec::encode(record.batch.events()).bytes;
    let size = encoded.len() as u64;
    match sink {
        Sink::Store(store) => drop(store.append(vec![record]).await?),
        Sink::Plain(sender) => {
            let (reply, answer) = oneshot::channel();
            sender.send((encoded, reply)).ok().context("the writer has ended")?;
            answer.await?;
        }
    }
    Ok(size)
}
