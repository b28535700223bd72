//! Runs inputs, in a process of its own: whoever started it learns from what it leaves behind.
//!
//! Every input is written to a file before it runs. So even if the process dies of it (a stack that
//! overflows, memory that is refused), the input is known.

use std::fs::{self, File};
use std::io::{Seek as _, Write as _};
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::memory;
use crate::target::Target;

/// What tokio's workers have, and the main thread of no system has less.
const STACK_BYTES: usize = 2 << 20;
/// How long one input may take. Machines that run the tests are shared and slow, and a debug build
/// is ten times as slow; nothing should take a hundredth of this.
const INPUT_TIME_MAX: Duration = Duration::from_secs(5);

/// What a worker is asked to do.
#[derive(Debug)]
pub(crate) struct Work {
    pub target: &'static Target,
    pub what: What,
    /// Where the worker writes what it runs.
    pub running: PathBuf,
}

#[derive(Debug)]
pub(crate) enum What {
    /// These inputs, each once.
    Files(Vec<PathBuf>),
    /// Inputs made from a seed, from one iteration on.
    Generated { seed: u64, first: u64, until: Until },
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    Iteration(u64),
    Time(Duration),
}

/// How the worker's process ends, besides dying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Everything held.
    Fine = 0,
    /// Something does not hold, or the code panicked.
    Wrong = 10,
    /// An input takes too long.
    TooLong = 11,
}

/// Works until something is wrong or everything is done; what is wrong goes to standard error.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "it is read by its supervisor")]
pub(crate) fn work(work: Work) -> Result<Ending> {
    let last_panic = Arc::new(Mutex::new(String::new()));
    let hook_panic = Arc::clone(&last_panic);
    panic::set_hook(Box::new(move |info| {
        *hook_panic.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string();
    }));
    let clock = Arc::new(Clock { start: Instant::now(), input_started_ms: AtomicU64::new(0) });
    let worker_clock = Arc::clone(&clock);
    let (sender, receiver) = mpsc::channel();
    let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        let done = Loop::new(&work, &worker_clock, &last_panic).and_then(|mut it| it.run(&work));
        // The receiver waits for as long as the process lives.
        drop(sender.send(done));
    });
    drop(thread.context("cannot start a thread")?);
    loop {
        match receiver.recv_timeout(Duration::from_millis(50)) {
            Ok(done) => {
                let done = done?;
                let ms = clock.start.elapsed().as_millis();
                println!("{} {ms} {}", done.executions, done.peak_bytes);
                return Ok(match done.wrong {
                    None => Ending::Fine,
                    Some(message) => {
                        eprintln!("{message}");
                        Ending::Wrong
                    }
                });
            }
            Err(mpsc::RecvTimeoutError::Timeout) if clock.is_too_long() => {
                eprintln!("takes more than {} seconds", INPUT_TIME_MAX.as_secs());
                return Ok(Ending::TooLong);
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => anyhow::bail!("the loop itself panicked"),
        }
    }
}

/// Read by the watching thread, set by the working one.
struct Clock {
    start: Instant,
    /// 0 while no input runs.
    input_started_ms: AtomicU64,
}

impl Clock {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
    }

    fn is_too_long(&self) -> bool {
        let started = self.input_started_ms.load(Ordering::Relaxed);
        started != 0
            && self.now_ms().saturating_sub(started) > INPUT_TIME_MAX.as_secs().saturating_mul(1000)
    }
}

struct Loop<'w> {
    corpus: Corpus,
    running: File,
    clock: &'w Clock,
    last_panic: &'w Mutex<String>,
    executions: u64,
    peak_bytes: usize,
}

struct Done {
    executions: u64,
    /// The most that an input held at once.
    peak_bytes: usize,
    /// What the last input showed.
    wrong: Option<String>,
}

impl<'w> Loop<'w> {
    fn new(work: &Work, clock: &'w Clock, last_panic: &'w Mutex<String>) -> Result<Self> {
        let path = &work.running;
        let running = File::create(path).with_context(|| path.display().to_string())?;
        let corpus = Corpus::read(work.target)?;
        Ok(Self { corpus, running, clock, last_panic, executions: 0, peak_bytes: 0 })
    }

    fn run(&mut self, work: &Work) -> Result<Done> {
        match &work.what {
            What::Files(files) => {
                for (nth, path) in (0..).zip(files) {
                    let input = read_input(path)?;
                    if let Err(wrong) = self.execute(work.target, nth, &input)? {
                        return Ok(self.done(Some(wrong)));
                    }
                }
            }
            What::Generated { seed, first, until } => {
                for iteration in *first.. {
                    if self.is_over(*until, iteration) {
                        break;
                    }
                    let mut chance = Chance::new(*seed, iteration);
                    let input = (work.target.generate)(&mut chance, &self.corpus);
                    if let Err(wrong) = self.execute(work.target, iteration, &input)? {
                        return Ok(self.done(Some(wrong)));
                    }
                }
            }
        }
        Ok(self.done(None))
    }

    fn done(&self, wrong: Option<String>) -> Done {
        Done { executions: self.executions, peak_bytes: self.peak_bytes, wrong }
    }

    fn is_over(&self, until: Until, iteration: u64) -> bool {
        match until {
            Until::Iteration(end) => iteration >= end,
            Until::Time(time) => self.clock.start.elapsed() >= time,
        }
    }

    fn execute(
        &mut self,
        target: &Target,
        iteration: u64,
        input: &str,
    ) -> Result<Result<(), String>> {
        self.running.rewind()?;
        // The length tells where an input ends that is shorter than the one before.
        write!(self.running, "{iteration} {}\n{input}", input.len())?;
        self.executions += 1;
        self.clock.input_started_ms.store(self.clock.now_ms(), Ordering::Relaxed);
        let check = || panic::catch_unwind(|| (target.check)(input));
        let (result, peak_bytes) = memory::bounded((target.bytes_max)(input.len()), check);
        self.peak_bytes = self.peak_bytes.max(peak_bytes);
        self.clock.input_started_ms.store(0, Ordering::Relaxed);
        Ok(match result {
            Ok(Ok(())) => Ok(()),
            Ok(Err(wrong)) => Err(wrong),
            Err(_) => {
                Err(self.last_panic.lock().unwrap_or_else(PoisonError::into_inner).to_owned())
            }
        })
    }
}

pub(crate) fn read_input(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The last input that a worker ran, with its iteration.
pub(crate) fn last_input(running: &Path) -> Result<(u64, String)> {
    let text = fs::read(running).with_context(|| format!("cannot read {}", running.display()))?;
    let text = String::from_utf8_lossy(&text);
    let (head, rest) = text.split_once('\n').context("the worker has run nothing")?;
    let (iteration, length) = head.split_once(' ').context("the worker has run nothing")?;
    let length: usize = length.parse()?;
    let input = rest.get(..length).context("the worker did not write the whole input")?;
    Ok((iteration.parse()?, input.to_owned()))
}
