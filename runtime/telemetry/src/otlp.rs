//! Sends spans to a collector: OTLP over HTTP, as JSON.
//!
//! A thread sends, a number of spans at a time, and gives more of them a moment to come. A collector
//! that is busy or away is asked again, with growing pauses; meanwhile spans wait in a bounded queue.
//! What does not fit is dropped, and so is what a collector refuses or does not take for too long.
//! Each loss is complained of once.
//!
//! A collector is named by its address, with `https` or `http`. The certificates that count are
//! those that the system trusts.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::Span;
use crate::queue::{Queue, Taken};

use collector::{Answer, Collector};

mod collector;
mod encode;

/// How many spans may wait, unless somebody says otherwise.
pub const QUEUE_SPANS: usize = 16_384;

/// How many spans are sent at once.
const BATCH_SPANS: usize = 512;

/// How long spans wait for others.
const GATHERING: Duration = Duration::from_millis(500);

/// Pauses between attempts double from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LAST_PAUSE: Duration = Duration::from_secs(16);

pub struct Settings {
    /// The collector's address, without the path for traces.
    pub endpoint: String,
    /// What is sent with every request, such as a key.
    pub headers: Vec<(String, String)>,
    /// Whose spans these are: `service.name`.
    pub service: String,
    pub queue_spans: usize,
    /// Is told of every loss, by the thread that sends.
    pub complain: Box<dyn Fn(&Loss) + Send>,
}

/// Spans that are dropped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{spans} spans are lost: {reason}")]
pub struct Loss {
    pub spans: u64,
    pub reason: String,
}

pub struct Exporter {
    queue: Arc<Queue<Span>>,
    worker: Option<JoinHandle<()>>,
}

impl Exporter {
    /// Nothing is sent before there are spans; a collector may come later.
    pub fn start(settings: Settings) -> io::Result<Self> {
        let queue = Arc::new(Queue::new(settings.queue_spans));
        let taken_from = Arc::clone(&queue);
        let name = thread::Builder::new().name("stepwell-spans".into());
        let worker = name.spawn(move || {
            let collector = Collector::new(&settings);
            let mut worker = Worker { settings, collector, queue: taken_from, is_hopeless: false };
            while let Some(taken) = worker.queue.take(GATHERING) {
                worker.send(taken);
            }
        })?;
        Ok(Self { queue, worker: Some(worker) })
    }

    /// Takes spans and does not wait.
    pub fn send(&self, spans: Vec<Span>) {
        self.queue.push(spans.into_iter().map(|span| (span, 1)));
    }
}

/// Sends what is left, but tries nothing twice.
impl Drop for Exporter {
    fn drop(&mut self) {
        self.queue.close();
        let ended = self.worker.take().map(JoinHandle::join);
        // A worker that has panicked has said so on standard error.
        drop(ended);
    }
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter").finish_non_exhaustive()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers may hold a secret.
        f.debug_struct("Settings").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

struct Worker {
    settings: Settings,
    collector: Collector,
    queue: Arc<Queue<Span>>,
    /// There is no time left and the collector does not answer.
    is_hopeless: bool,
}

impl Worker {
    fn send(&mut self, Taken { items, dropped }: Taken<Span>) {
        for spans in items.chunks(BATCH_SPANS) {
            let body = encode::request(&self.settings.service, spans);
            if let Err(reason) = self.deliver(&body) {
                self.complain(spans.len() as u64, reason);
            }
        }
        if dropped > 0 {
            self.complain(dropped, "too many were waiting for the collector".into());
        }
    }

    fn deliver(&mut self, body: &[u8]) -> Result<(), String> {
        if self.is_hopeless {
            return Err("the collector could not be reached before the end".into());
        }
        let mut pause = FIRST_PAUSE;
        loop {
            let (reason, asked) = match self.collector.post(body) {
                Answer::Taken => return Ok(()),
                Answer::Refused(reason) => return Err(reason),
                Answer::Later { reason, after } => (reason, after),
            };
            if pause > LAST_PAUSE {
                return Err(reason);
            }
            if !self.queue.pause(asked.map_or(pause, |asked| asked.min(LAST_PAUSE))) {
                self.is_hopeless = true;
                return Err(reason);
            }
            pause *= 2;
        }
    }

    fn complain(&self, spans: u64, reason: String) {
        (self.settings.complain)(&Loss { spans, reason });
    }
}

#[cfg(test)]
mod tests;
