//! The thread that makes guests give way.
//!
//! Every tick raises the engine's epoch; a guest that sees a later epoch than the one it started
//! in yields to the runtime, which may then run other work or end the call. While nothing runs
//! the thread is parked, so an idle host wakes nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;

use wasmtime::Engine;

/// How long a guest may hold a thread before it has to give way. Waking costs 25 microseconds of
/// processor time on a small machine: half a percent of a core with this tick, and five times as
/// much with one of a millisecond.
const TICK: Duration = Duration::from_millis(5);
/// The thread parks after so many ticks without a call: waking it costs a system call, which the
/// next call would pay.
const IDLE_TICKS_MAX: u32 = 200;

#[derive(Debug)]
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    handle: Thread,
    join: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    calls: AtomicUsize,
    is_parked: AtomicBool,
    is_stopped: AtomicBool,
}

impl Ticker {
    pub(crate) fn start(engine: Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        let join = thread::Builder::new()
            .name("stepwell-ticker".to_owned())
            .spawn(move || of_thread.run(&engine))?;
        Ok(Self { shared, handle: join.thread().clone(), join: Some(join) })
    }

    /// Keeps the epoch moving until the guard is dropped.
    pub(crate) fn guard(&self) -> TickerGuard<'_> {
        // With the same order in `park`, at least one side sees what the other has written: either
        // the thread sees this call, or this call sees that the thread is parked.
        self.shared.calls.fetch_add(1, Ordering::SeqCst);
        if self.shared.is_parked.load(Ordering::SeqCst) {
            self.handle.unpark();
        }
        TickerGuard(&self.shared)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::SeqCst);
        self.handle.unpark();
        if let Some(join) = self.join.take() {
            join.join().expect("the ticker does not panic");
        }
    }
}

#[derive(Debug)]
pub(crate) struct TickerGuard<'a>(&'a Shared);

impl Drop for TickerGuard<'_> {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    fn run(&self, engine: &Engine) {
        let mut idle_ticks = 0;
        while !self.is_stopped.load(Ordering::SeqCst) {
            // An unpark ends the sleep early, which costs one early tick and nothing else.
            thread::park_timeout(TICK);
            engine.increment_epoch();
            idle_ticks = if self.calls.load(Ordering::Relaxed) == 0 { idle_ticks + 1 } else { 0 };
            if idle_ticks == IDLE_TICKS_MAX {
                self.park();
                idle_ticks = 0;
            }
        }
    }

    fn park(&self) {
        self.is_parked.store(true, Ordering::SeqCst);
        if self.calls.load(Ordering::SeqCst) == 0 && !self.is_stopped.load(Ordering::SeqCst) {
            thread::park();
        }
        self.is_parked.store(false, Ordering::SeqCst);
    }
}
