//! How the parts are put together.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use stepwell_asl::MachineType;
use stepwell_buckets::{Buckets, Directory};
use stepwell_catalog::Site;
use stepwell_engine::{Engine, EngineBuilder, Items, Observer, Tasks, Troubles, WeakEngine};
use stepwell_host::{Host, HostBuilder, LogSink};
use stepwell_journal::{Journal, Memory};
use stepwell_journal_sqlite::{Options, Sqlite};
use stepwell_kernel::Limits;
use stepwell_telemetry::{Outlets, Telemetry};
use stepwell_trial::MockConfig;

use crate::deployed::Deployed;
use crate::execution::{ACCOUNT, REGION, Stepwell};
use crate::host_tasks::HostTasks;
use crate::library::{Library, LibraryError};
use crate::telling::Teller;
use crate::test_case::TestCases;

/// Gathers what a [`Stepwell`] is made of.
#[derive(Default)]
pub struct Builder {
    registry: Option<PathBuf>,
    cache: Option<PathBuf>,
    buckets: Option<PathBuf>,
    tasks: Option<Arc<dyn Tasks>>,
    logs: Option<Arc<dyn LogSink>>,
    observer: Option<Observer>,
    outlets: Option<Outlets>,
    troubles: Option<Troubles>,
    test_cases: Option<TestCases>,
    store: Option<PathBuf>,
    retention: Option<Duration>,
    express_retention: Option<Duration>,
    express_bytes_max: Option<usize>,
    limits: Limits,
    open_max: Option<u64>,
    tasks_max: Option<u64>,
}

/// How long Express executions are kept after their end.
const EXPRESS_RETENTION: Duration = Duration::from_mins(5);

/// How much of them is kept.
const EXPRESS_BYTES_MAX: usize = 64 << 20;

/// Why the parts do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("there is nothing to run tasks with: give a registry directory, or tasks of your own")]
    NoTasks,
    #[error("cannot open the directory of buckets {}", directory.display())]
    Buckets { directory: PathBuf, source: io::Error },
    #[error(transparent)]
    Host(#[from] stepwell_host::BuildError),
    #[error(transparent)]
    Store(#[from] stepwell_journal_sqlite::OpenError),
    #[error("the store cannot be read")]
    Unreadable(#[from] stepwell_journal::ReadError),
    #[error("the machines of the store cannot be read")]
    Library(#[from] LibraryError),
}

impl Builder {
    /// The directory in which components are found by name.
    #[must_use]
    pub fn registry(self, directory: impl Into<PathBuf>) -> Self {
        Self { registry: Some(directory.into()), ..self }
    }

    /// Where compiled components are kept from one start to the next. Without it each start
    /// compiles them anew.
    #[must_use]
    pub fn cache_dir(self, directory: impl Into<PathBuf>) -> Self {
        Self { cache: Some(directory.into()), ..self }
    }

    /// The directory of the buckets from which Distributed Maps read items and to which they write
    /// results: the bucket `b` is the directory `b` in it. Without it such a map fails.
    #[must_use]
    pub fn buckets(self, directory: impl Into<PathBuf>) -> Self {
        Self { buckets: Some(directory.into()), ..self }
    }

    /// The file in which executions are kept, so that they survive whatever happens to the process.
    /// It is created if it is not there. Without it they live in memory.
    #[must_use]
    pub fn store(self, file: impl Into<PathBuf>) -> Self {
        Self { store: Some(file.into()), ..self }
    }

    /// How long executions are kept after their end; for ever by default.
    #[must_use]
    pub fn retention(self, retention: Duration) -> Self {
        Self { retention: Some(retention), ..self }
    }

    /// How long Express executions are kept after their end; five minutes by default.
    #[must_use]
    pub fn express_retention(self, retention: Duration) -> Self {
        Self { express_retention: Some(retention), ..self }
    }

    /// About how many bytes of Express executions are kept after their end: the oldest ones go
    /// first; 64 MiB by default.
    #[must_use]
    pub fn express_bytes_max(self, bytes_max: usize) -> Self {
        Self { express_bytes_max: Some(bytes_max), ..self }
    }

    /// Who is told what is wrong and no caller hears of, such as a disk that is full.
    #[must_use]
    pub fn troubles(self, troubles: Troubles) -> Self {
        Self { troubles: Some(troubles), ..self }
    }

    /// Runs tasks with something else than a registry.
    #[must_use]
    pub fn tasks(self, tasks: Arc<dyn Tasks>) -> Self {
        Self { tasks: Some(tasks), ..self }
    }

    /// The test cases with which executions may be started: `stateMachineArn#CASE`.
    #[must_use]
    pub fn mocks(self, mocks: MockConfig) -> Self {
        Self { test_cases: Some(TestCases(Arc::new(mocks))), ..self }
    }

    /// Takes what tasks print and log.
    #[must_use]
    pub fn logs(self, logs: Arc<dyn LogSink>) -> Self {
        Self { logs: Some(logs), ..self }
    }

    /// Sees the events of every execution right after they are kept.
    #[must_use]
    pub fn observer(self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Where logs, spans and metrics go. A machine's own configuration says whether it logs and
    /// traces; everything is counted.
    #[must_use]
    pub fn telemetry(self, outlets: Outlets) -> Self {
        Self { outlets: Some(outlets), ..self }
    }

    /// What an execution may use; AWS's quotas by default.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// How many executions may be open before others are refused; the engine's own bound by
    /// default. Standard and Express executions are counted apart.
    #[must_use]
    pub fn open_max(self, open_max: u64) -> Self {
        Self { open_max: Some(open_max), ..self }
    }

    /// How many tasks may run, or wait for room to run, before executions are refused; counted
    /// likewise.
    #[must_use]
    pub fn tasks_max(self, tasks_max: u64) -> Self {
        Self { tasks_max: Some(tasks_max), ..self }
    }

    /// Starts the engine in the current tokio runtime.
    pub fn build(self) -> Result<Stepwell, BuildError> {
        let buckets = self.buckets.map(open_buckets).transpose()?;
        let (tasks, host) = tasks(self.tasks, self.registry, self.cache, self.logs)?;
        let items = buckets.map(|buckets| -> Arc<dyn Items> { Arc::new(buckets) });
        let store = self.store.map(|file| Sqlite::open(file, &Options::default())).transpose()?;
        let store = store.map(Arc::new);
        let telemetry =
            self.outlets.map(|outlets| Arc::new(Telemetry::new(outlets, Telemetry::LIVES_MAX)));
        let engine = |limits, teller: &Option<Teller>| {
            let engine = Engine::builder(Arc::clone(&tasks)).limits(limits);
            let engine = items.iter().cloned().fold(engine, EngineBuilder::items);
            let mocks = self.test_cases.iter().cloned().map(Arc::new);
            let engine = mocks.fold(engine, |engine, mocks| engine.mocks(mocks));
            let observer = match teller {
                Some(teller) => Some(teller.observer(self.observer.clone())),
                None => self.observer.clone(),
            };
            let engine = observer.into_iter().fold(engine, EngineBuilder::observer);
            let engine = self.troubles.iter().cloned().fold(engine, EngineBuilder::troubles);
            let engine = self.open_max.into_iter().fold(engine, EngineBuilder::open_max);
            self.tasks_max.into_iter().fold(engine, EngineBuilder::tasks_max)
        };
        let express_teller = telemetry.as_ref().map(Teller::express);
        let standard_teller = telemetry.as_ref().map(Teller::standard);
        let express = engine(Limits::express(), &express_teller);
        let express = express.retention(self.express_retention.unwrap_or(EXPRESS_RETENTION));
        let express_bytes_max = self.express_bytes_max.unwrap_or(EXPRESS_BYTES_MAX);
        let express = express.journal_in_memory(Arc::new(Memory::of_size(express_bytes_max)));
        let journal: Arc<dyn Journal> = match &store {
            Some(store) => Arc::<Sqlite>::clone(store),
            None => Arc::new(Memory::new()),
        };
        let library = Library::open(Arc::clone(&journal), site(), self.test_cases.clone())?;
        let [standards, expresses]: [Arc<OnceLock<WeakEngine>>; 2] = Default::default();
        let deployed = |own, other: &Arc<_>| {
            Arc::new(Deployed { library: library.clone(), own, other: Arc::clone(other) })
        };
        let express = express.machines(deployed(MachineType::Express, &standards)).start()?;
        // Before executions of the other engine go on that want to start some of this one.
        expresses.get_or_init(|| express.downgrade());
        if let Some(teller) = &express_teller {
            teller.settle(&library, express.journal());
        }
        if let Some(teller) = &standard_teller {
            teller.settle(&library, &journal);
        }
        let standard = engine(self.limits, &standard_teller);
        let standard = standard.machines(deployed(MachineType::Standard, &expresses));
        let standard = match &store {
            Some(_) => standard.journal(journal),
            None => standard.journal_in_memory(journal),
        };
        let standard = self.retention.into_iter().fold(standard, EngineBuilder::retention);
        let standard = standard.start()?;
        standards.get_or_init(|| standard.downgrade());
        let stepwell = Stepwell { standard, express, tasks, library, store, host };
        stepwell.go_on_deleting();
        Ok(stepwell)
    }
}

/// Tasks of the caller's own, or else those of a registry.
fn tasks(
    own: Option<Arc<dyn Tasks>>,
    registry: Option<PathBuf>,
    cache: Option<PathBuf>,
    logs: Option<Arc<dyn LogSink>>,
) -> Result<(Arc<dyn Tasks>, Option<Host>), BuildError> {
    if let Some(own) = own {
        return Ok((own, None));
    }
    let builder = Host::builder(registry.ok_or(BuildError::NoTasks)?);
    let builder = cache.into_iter().fold(builder, HostBuilder::cache_dir);
    let host = logs.into_iter().fold(builder, HostBuilder::logs).build()?;
    Ok((Arc::new(HostTasks::new(host.clone())), Some(host)))
}

/// Where there is no cloud.
fn site() -> Site {
    Site { partition: "aws".into(), region: REGION.into(), account: ACCOUNT.into() }
}

fn open_buckets(directory: PathBuf) -> Result<Buckets, BuildError> {
    let opened = Directory::open(&directory);
    let opened = opened.map_err(|source| BuildError::Buckets { directory, source })?;
    Ok(Buckets::new(Arc::new(opened)))
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("registry", &self.registry)
            .field("cache", &self.cache)
            .field("buckets", &self.buckets)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
