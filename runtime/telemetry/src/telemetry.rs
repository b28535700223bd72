//! What the engine's observer calls: from events to logs, spans and metrics.

use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stepwell_asl::Definition;
use stepwell_catalog::{Logging, Tracing};
use stepwell_kernel::{Event, Fact, Identity};
use stepwell_value::Str;

use crate::{LogSink, Metrics, Span};

use life::Life;

mod life;

/// Takes the spans that have ended. It is called from the engine's loops and must not wait.
pub type SpanSink = Arc<dyn Fn(Vec<Span>) + Send + Sync>;

/// Where things go. What has no outlet is not made.
#[derive(Clone, Default)]
pub struct Outlets {
    pub logs: Option<Arc<LogSink>>,
    pub spans: Option<SpanSink>,
    pub metrics: Option<Arc<Metrics>>,
}

/// What an execution belongs to.
#[derive(Clone, Debug)]
pub struct Subject {
    pub definition: Arc<Definition>,
    pub logging: Logging,
    pub tracing: Tracing,
    /// The `X-Amzn-Trace-Id` that the execution was started with.
    pub trace_header: Option<Str>,
}

/// What can be found out about an execution. It is asked when the execution is seen for the first
/// time, by the loop that saw it.
pub trait Source {
    /// None for an execution of which nothing is known: it is only counted.
    fn subject(&self, identity: &Arc<Identity>) -> Option<Subject>;

    /// All events of the execution that are kept, those included that are being observed. Asked of
    /// an execution that is first seen in its middle. None if they cannot be read: nothing is told
    /// of the execution then.
    fn journal(&self) -> Option<Vec<Event>>;
}

/// Watches executions, each by a key of the caller's.
///
/// An execution is remembered from its first events to its last. The number of those that are
/// remembered is bounded: one of which nothing has been seen for long is forgotten, and built anew
/// from its journal when it moves again. So is one that was started by another process.
///
/// Calls for different executions may come from several threads; those for one must not overlap.
pub struct Telemetry {
    outlets: Outlets,
    /// Each lock is for some of the executions, and held only to take one out and to put it back.
    stripes: Vec<Mutex<Lives>>,
}

/// Enough that the loops of an engine rarely meet.
const STRIPES: usize = 16;

impl Telemetry {
    /// How many executions are remembered, unless somebody says otherwise.
    pub const LIVES_MAX: usize = 16_384;

    pub fn new(outlets: Outlets, lives_max: usize) -> Self {
        let generations = 2 * STRIPES;
        let generation_max = lives_max.div_ceil(generations).max(1);
        let lives = || Mutex::new(Lives { generation_max, ..Lives::default() });
        Self { outlets, stripes: (0..STRIPES).map(|_| lives()).collect() }
    }

    /// Tells of an execution's next events.
    ///
    /// A mistake in what is made of them must not stop the execution: after a panic nothing more is
    /// told of it.
    pub fn observe(&self, key: u64, events: &[Event], source: &impl Source) {
        let Some(first) = events.first() else { return };
        // Map runs have no history.
        if matches!(first.fact, Fact::MapRun(_)) {
            return;
        }
        let life = self.stripe(key).take(key);
        let told = catch_unwind(AssertUnwindSafe(|| {
            let life = life.unwrap_or_else(|| Life::begin(&self.outlets, events, source));
            life.tell(&self.outlets, events)
        }));
        let is_over = events.last().is_some_and(|event| event.fact.ends_execution());
        if !is_over {
            self.stripe(key).put(key, told.unwrap_or(Life::Unknown));
        }
    }

    fn stripe(&self, key: u64) -> MutexGuard<'_, Lives> {
        let nth = usize::try_from(key % STRIPES as u64).expect("there are few stripes");
        self.stripes[nth].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").finish_non_exhaustive()
    }
}

impl fmt::Debug for Outlets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outlets")
            .field("logs", &self.logs)
            .field("spans", &self.spans.is_some())
            .field("metrics", &self.metrics.is_some())
            .finish()
    }
}

/// The executions that are remembered. When the young are as many as a generation may be, they
/// become the old ones, and the former old ones are forgotten.
#[derive(Default)]
struct Lives {
    young: HashMap<u64, Life>,
    old: HashMap<u64, Life>,
    generation_max: usize,
}

impl Lives {
    fn take(&mut self, key: u64) -> Option<Life> {
        self.young.remove(&key).or_else(|| self.old.remove(&key))
    }

    fn put(&mut self, key: u64, life: Life) {
        if self.young.len() >= self.generation_max {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, life);
    }
}

#[cfg(test)]
mod tests;
