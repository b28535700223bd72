//! The host: prepares tasks, remembers them, and runs calls with as many instances as there are.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use stepwell_value::Payload;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use wasmtime::Engine;

use crate::cache::{Cache, CacheProblem};
use crate::compile::Compiler;
use crate::context::Invocation;
use crate::logs::{LogSink, Silent};
use crate::outcome::Ending;
use crate::prepare::{Grants, PrepareError, Prepared};
use crate::registry::{Found, Stamp};
use crate::ticker::Ticker;
use crate::{Digest, Effect, Failure, Limits, Registry, TaskRef, call, engine, interfaces};

/// Lambda's default for the concurrent executions of an account.
const INSTANCES_MAX: u32 = 1000;
/// How long a task may be taken to be unchanged before the disk is asked again.
const RECHECK: Duration = Duration::from_millis(500);

/// Runs tasks from one registry. Clones share everything.
#[derive(Clone, Debug)]
pub struct Host(Arc<Inner>);

#[derive(Debug)]
pub struct HostBuilder {
    registry: PathBuf,
    cache: Option<PathBuf>,
    limits: Limits,
    logs: Arc<dyn LogSink>,
    instances_max: u32,
    recheck: Duration,
}

/// Why there is no host.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("cannot open the task registry {}", .path.display())]
    Registry { path: PathBuf, source: io::Error },
    #[error("cannot set up the sandbox for {instances_max} instances: {reason}")]
    Engine { instances_max: u32, reason: String },
    #[error("cannot start the sandbox's ticker")]
    Ticker { source: io::Error },
    #[error("`limits.{limit}` is {value}, but has to be above 0 and at most {max}")]
    Limits { limit: &'static str, value: usize, max: usize },
    #[error("the number of instances has to be above 0")]
    NoInstances,
}

struct Inner {
    registry: Registry,
    compiler: Compiler,
    cache_problem: Option<CacheProblem>,
    limits: Limits,
    logs: Arc<dyn LogSink>,
    instances: Semaphore,
    instances_max: u32,
    ticker: Ticker,
    recheck: Duration,
    built: Instant,
    /// All callers read here; one that has prepared a task writes.
    slots: RwLock<HashMap<TaskRef, Arc<Slot>>>,
}

/// A task that was prepared, and what the disk looked like at the time.
#[derive(Debug)]
struct Slot {
    prepared: Arc<Prepared>,
    stamp: Stamp,
    /// In milliseconds after the host was built.
    checked_ms: AtomicU64,
}

impl HostBuilder {
    /// Keeps compiled components in this directory. It is made if it is missing, and used only if
    /// it belongs to the user who runs the process and nobody else can write it; whether it is
    /// used tells [`Host::cache_problem`].
    #[must_use]
    pub fn cache_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.cache = Some(path.into());
        self
    }

    /// The limits of tasks whose manifest sets none.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Where the lines that tasks write go. Without this they are thrown away.
    #[must_use]
    pub fn logs(mut self, logs: Arc<dyn LogSink>) -> Self {
        self.logs = logs;
        self
    }

    /// How many calls run at once; further calls wait. Each takes address space, not memory.
    #[must_use]
    pub fn instances_max(mut self, instances_max: u32) -> Self {
        self.instances_max = instances_max;
        self
    }

    /// How long a task may be taken to be unchanged before the disk is asked again. Half a second
    /// unless set.
    #[must_use]
    pub fn recheck_after(mut self, recheck: Duration) -> Self {
        self.recheck = recheck;
        self
    }

    /// Opens the registry and sets up the sandbox.
    pub fn build(self) -> Result<Host, BuildError> {
        let Self { registry: path, cache, limits, logs, instances_max, recheck } = self;
        check_limits(&limits)?;
        if instances_max == 0 {
            return Err(BuildError::NoInstances);
        }
        let registry = match Registry::open(&path) {
            Ok(registry) => registry,
            Err(source) => return Err(BuildError::Registry { path, source }),
        };
        let setup = engine::new(instances_max)
            .and_then(|engine| interfaces::linker(&engine).map(|linker| (engine, linker)));
        let (engine, linker) = setup.map_err(|error| BuildError::Engine {
            instances_max,
            reason: error.root_cause().to_string(),
        })?;
        let (cache, cache_problem) = match cache.map(|path| Cache::open(&path, &engine)) {
            None => (None, None),
            Some(Ok(cache)) => (Some(cache), None),
            Some(Err(problem)) => (None, Some(problem)),
        };
        let ticker =
            Ticker::start(engine.clone()).map_err(|source| BuildError::Ticker { source })?;
        Ok(Host(Arc::new(Inner {
            registry,
            compiler: Compiler::new(engine, linker, cache),
            cache_problem,
            limits,
            logs,
            instances: Semaphore::new(instances_max as usize),
            instances_max,
            ticker,
            recheck,
            built: Instant::now(),
            slots: RwLock::default(),
        })))
    }
}

impl Host {
    pub fn builder(registry: impl Into<PathBuf>) -> HostBuilder {
        HostBuilder {
            registry: registry.into(),
            cache: None,
            limits: Limits::default(),
            logs: Arc::new(Silent),
            instances_max: INSTANCES_MAX,
            recheck: RECHECK,
        }
    }

    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// Why the cache directory that was asked for is not used. Tasks run without it all the same.
    pub fn cache_problem(&self) -> Option<&CacheProblem> {
        self.0.cache_problem.as_ref()
    }

    /// The engine that runs the tasks, for those who measure it against bare wasmtime. An instance
    /// that is made with it past this host takes room in the pool that the host counts on.
    pub fn engine(&self) -> &Engine {
        self.0.compiler.engine()
    }

    /// Finds a task and makes it ready to be called, unless it already is. Needs a tokio runtime.
    pub async fn prepare(&self, task: &TaskRef) -> Result<Arc<Prepared>, PrepareError> {
        if let Some(slot) = self.slot(task)
            && self.is_current(&slot).await
        {
            return Ok(Arc::clone(&slot.prepared));
        }
        let prepared = self.prepare_anew(task).await;
        let mut slots = self.0.slots.write().unwrap_or_else(PoisonError::into_inner);
        match prepared {
            Ok((prepared, stamp)) => {
                let checked_ms = AtomicU64::new(self.now_ms());
                let slot = Slot { prepared: Arc::clone(&prepared), stamp, checked_ms };
                slots.insert(task.clone(), Arc::new(slot));
                Ok(prepared)
            }
            Err(error) => {
                slots.remove(task);
                Err(error)
            }
        }
    }

    /// What running a task can do, as its manifest has it. The disk is asked about a task that was
    /// never prepared. None if there is no such task.
    pub fn effect(&self, task: &TaskRef) -> Option<Effect> {
        match self.slot(task) {
            Some(slot) => Some(slot.prepared.manifest().effect()),
            None => self.0.registry.find(task).ok().map(|found| found.manifest.effect()),
        }
    }

    /// Calls a task by reference. Needs a tokio runtime with timers. Dropping the future ends the
    /// call.
    pub async fn call(&self, task: &TaskRef, invocation: Invocation) -> Result<Payload, Failure> {
        match self.prepare(task).await {
            Ok(prepared) => self.call_prepared(&prepared, invocation).await,
            Err(error) => Err(Ending::Unprepared(error).into_failure(task.name())),
        }
    }

    /// Calls a task that was prepared. Needs a tokio runtime with timers. Dropping the future ends
    /// the call.
    pub async fn call_prepared(
        &self,
        prepared: &Arc<Prepared>,
        invocation: Invocation,
    ) -> Result<Payload, Failure> {
        let permits = prepared.permits().min(self.0.instances_max);
        let instances = self.0.instances.acquire_many(permits).await;
        let _instances = instances.expect("the semaphore is never closed");
        let _ticking = self.0.ticker.guard();
        let called = call::run(prepared, &self.0.logs, invocation).await;
        called.map_err(|ending| ending.into_failure(prepared.name()))
    }

    fn slot(&self, task: &TaskRef) -> Option<Arc<Slot>> {
        let slots = self.0.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.get(task).map(Arc::clone)
    }

    async fn is_current(&self, slot: &Arc<Slot>) -> bool {
        let now_ms = self.now_ms();
        let age_ms = now_ms.saturating_sub(slot.checked_ms.load(Ordering::Relaxed));
        if u128::from(age_ms) < self.0.recheck.as_millis() {
            return true;
        }
        let (registry, of_thread) = (self.0.registry.clone(), Arc::clone(slot));
        let is_current = blocking(move || of_thread.stamp.is_current(&registry)).await;
        if is_current {
            slot.checked_ms.store(now_ms, Ordering::Relaxed);
        }
        is_current
    }

    async fn prepare_anew(&self, task: &TaskRef) -> Result<(Arc<Prepared>, Stamp), PrepareError> {
        let (registry, task_of_thread) = (self.0.registry.clone(), task.clone());
        let (found, grants, bytes, digest) = blocking(move || {
            let found = registry.find(&task_of_thread)?;
            let capabilities = &found.manifest.capabilities;
            let grants = Grants::resolve(&found.name, capabilities, registry.path())?;
            let bytes = registry.read_component(&found.path)?;
            let digest = Digest::of(&bytes);
            Ok::<_, PrepareError>((found, grants, bytes, digest))
        })
        .await?;
        match self.0.compiler.compile(bytes, digest).await {
            Ok(compiled) => {
                let stamp = found.stamp.clone();
                let prepared = grants.into_prepared(found, digest, &self.0.limits, compiled);
                Ok((Arc::new(prepared), stamp))
            }
            Err(source) => {
                let Found { name: task, path, .. } = found;
                Err(PrepareError::Refused { task, path, source })
            }
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.built.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Runs what blocks on the disk on a thread that may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

fn check_limits(limits: &Limits) -> Result<(), BuildError> {
    let checks = [
        ("memory_bytes", limits.memory_bytes, crate::limits::MEMORY_BYTES_MAX),
        ("output_bytes", limits.output_bytes, crate::limits::OUTPUT_BYTES_MAX),
        ("log_bytes", limits.log_bytes, crate::limits::LOG_BYTES_MAX),
    ];
    match checks.into_iter().find(|(_, value, max)| !(1..=*max).contains(value)) {
        Some((limit, value, max)) => Err(BuildError::Limits { limit, value, max }),
        None => Ok(()),
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("registry", &self.registry)
            .field("compiler", &self.compiler)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for dyn LogSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dyn LogSink")
    }
}
