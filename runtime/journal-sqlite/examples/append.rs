//! How fast records of about 1 KiB become durable, for 1, 256 and 1,000 who append at once, beside a
//! plain file that is given the same bytes and synced by the same kind of writer.
//!
//! `cargo run --release -p stepwell-journal-sqlite --example append [FOLDER [SECONDS]]`
//!
//! Both are measured in turn, five times; what is compared is the ratio within a turn, since the
//! speed of a disk and of its neighbours changes between turns. `CPU` is what the writing thread takes
//! for one record, where the system tells (in microseconds).
#![expect(clippy::print_stdout, reason = "it prints its figures")]

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use stepwell_journal::behaviour::Waiter;
use stepwell_journal::{Journal, Record, codec};
use stepwell_journal_sqlite::{Options, Sqlite};
use stepwell_value::{Payload, Value};
use tokio::sync::{mpsc, oneshot};

const TURNS: usize = 5;

/// The name of the thread that writes.
const WRITER: &str = "journal";

/// How often an execution is appended to before the next one starts.
const ROUNDS: usize = 20;

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
    writer_us: f64,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let seconds: f64 = arguments.next().map_or(Ok(1.5), |text| text.parse())?;
    let folder = tempfile::tempdir_in(folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    println!(
        "{:>9} {:>36} {:>36} {:>7}",
        "producers", "plain: /s p50 p99 (us) CPU", "SQLite: /s p50 p99 (us) CPU", "ratio"
    );
    for producers in [1, 256, 1000] {
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
        let Self { per_second, p50_us, p99_us, writer_us, .. } = self;
        format!("{per_second:>14.0} {p50_us:>7} {p99_us:>7} {writer_us:>5.1}")
    }
}

/// A file to which one thread appends all that waits, and then syncs it.
fn plain(path: &Path) -> Result<Sink> {
    let mut file = File::create(path)?;
    let (sender, mut waiting) = mpsc::unbounded_channel::<(Vec<u8>, oneshot::Sender<()>)>();
    let write = move || -> std::io::Result<()> {
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
    };
    std::thread::Builder::new().name(WRITER.into()).spawn(write)?;
    Ok(Sink::Plain(sender))
}

/// What the writing threads have run for, in all, as long as one of them is there.
fn writer_time() -> Result<Duration> {
    let mut sum = Duration::ZERO;
    for task in std::fs::read_dir("/proc/self/task").into_iter().flatten() {
        let task = task?.path();
        if std::fs::read_to_string(task.join("comm"))?.trim_end() == WRITER {
            let text = std::fs::read_to_string(task.join("schedstat"))?;
            let nanos = text.split(' ').next().context("it begins with the time")?;
            sum += Duration::from_nanos(nanos.parse()?);
        }
    }
    Ok(sum)
}

async fn measure(sink: Sink, producers: u64, time: Duration) -> Result<Figures> {
    let sink = Arc::new(sink);
    let worked_before = writer_time()?;
    let bytes = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let producer = |nth| {
        let (sink, bytes) = (Arc::clone(&sink), Arc::clone(&bytes));
        let executions = (nth..).step_by(usize::try_from(producers).unwrap_or(1));
        tokio::spawn(produce(sink, executions, start + time, bytes))
    };
    let tasks: Vec<_> = (0..producers).map(producer).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let elapsed = start.elapsed().as_secs_f64();
    let worked = writer_time()?.saturating_sub(worked_before);
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(0, Duration::as_micros);
    let count = times.len() as u64;
    Ok(Figures {
        per_second: f64::from(u32::try_from(count)?) / elapsed,
        p50_us: at(50),
        p99_us: at(99),
        mean_bytes: bytes.load(Ordering::Relaxed) / count.max(1),
        writer_us: worked.as_secs_f64() * 1e6 / f64::from(u32::try_from(count)?),
    })
}

/// A little less than 1 KiB, half of it as hard to compress as an id.
fn input() -> Payload {
    let mut state = 1_u64;
    let mut text = String::new();
    while text.len() < 950 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let id = format!("{:016x}", state ^ (state >> 29));
        text.extend(["order ", &id, " has been paid for; "]);
    }
    Payload::from(Value::String(text.into()))
}

/// Appends until the time is over, and tells how long each append took.
async fn produce(
    sink: Arc<Sink>,
    executions: impl Iterator<Item = u64>,
    end: Instant,
    bytes: Arc<AtomicU64>,
) -> Result<Vec<Duration>> {
    let input = input();
    let mut times = Vec::new();
    for execution in executions {
        let (mut waiter, first) =
            Waiter::begin(execution, &format!("run-{execution}"), input.clone());
        let mut first = Some(first);
        for _ in 0..ROUNDS {
            let record = first.take().unwrap_or_else(|| waiter.next(execution));
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
        Sink::Store(store) => {
            let kept = store.append(vec![record]).kept.await;
            kept.map_err(|refused| refused.error)?;
        }
        Sink::Plain(sender) => {
            let (reply, answer) = oneshot::channel();
            sender.send((encoded, reply)).ok().context("the writer has ended")?;
            answer.await?;
        }
    }
    Ok(size)
}
