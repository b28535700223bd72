//! Starting an engine.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use stepwell_journal::{Journal, Memory, Open, ReadError};
use stepwell_kernel::Limits;
use tokio::sync::mpsc;

use crate::engine::{Engine, Gauges, Observer, Shared};
use crate::items::{Items, Nowhere};
use crate::machines::{Machines, NoMachines};
use crate::mocks::{Mocks, NoMocks};
use crate::orphans;
use crate::retention;
use crate::scheduler::Policy;
use crate::shard::{Message, Shard, World, shard_of};
use crate::tasks::Tasks;
use crate::tokens::StoreId;
use crate::trouble::Troubles;

/// Commands that a loop may have waiting before whoever sends more has to wait.
const INBOX_COMMANDS_MAX: usize = 4096;

/// Open executions (AWS quota: 1,000,000).
const OPEN_MAX: u64 = 1_000_000;

/// Tasks that may run, or wait for room to run, before nothing more is started. Ours.
const TASKS_MAX: u64 = 20_000;

/// How long after its end an execution can be redriven (AWS: 14 days).
const REDRIVE_WINDOW: Duration = Duration::from_hours(14 * 24);

/// Gathers what an [`Engine`] is made of.
pub struct EngineBuilder {
    journal: Option<Arc<dyn Journal>>,
    is_lasting: bool,
    tasks: Arc<dyn Tasks>,
    items: Arc<dyn Items>,
    machines: Arc<dyn Machines>,
    mocks: Arc<dyn Mocks>,
    limits: Limits,
    open_max: u64,
    tasks_max: u64,
    retention: Option<Duration>,
    redrive_window: Duration,
    shards: usize,
    observer: Option<Observer>,
    troubles: Option<Troubles>,
}

impl Engine {
    pub fn builder(tasks: Arc<dyn Tasks>) -> EngineBuilder {
        let shards = std::thread::available_parallelism().map_or(1, usize::from);
        EngineBuilder {
            journal: None,
            is_lasting: false,
            tasks,
            items: Arc::new(Nowhere),
            machines: Arc::new(NoMachines),
            mocks: Arc::new(NoMocks),
            limits: Limits::default(),
            open_max: OPEN_MAX,
            tasks_max: TASKS_MAX,
            retention: None,
            redrive_window: REDRIVE_WINDOW,
            shards,
            observer: None,
            troubles: None,
        }
    }
}

impl EngineBuilder {
    /// Where executions are kept; in memory by default, as long as the engine lives.
    #[must_use]
    pub fn journal(self, journal: Arc<dyn Journal>) -> Self {
        Self { journal: Some(journal), is_lasting: true, ..self }
    }

    /// A journal that ends with the process: nothing is held back for a common record, and nothing
    /// leaves memory.
    #[must_use]
    pub fn journal_in_memory(self, journal: Arc<dyn Journal>) -> Self {
        Self { journal: Some(journal), is_lasting: false, ..self }
    }

    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// How many executions may be open at once; 1,000,000 by default.
    #[must_use]
    pub fn open_max(self, open_max: u64) -> Self {
        Self { open_max, ..self }
    }

    /// How many tasks may run, or wait for room to run, before executions are refused; 20,000 by
    /// default.
    #[must_use]
    pub fn tasks_max(self, tasks_max: u64) -> Self {
        Self { tasks_max, ..self }
    }

    /// How long an execution is kept after its end; for ever by default.
    #[must_use]
    pub fn retention(self, retention: Duration) -> Self {
        Self { retention: Some(retention), ..self }
    }

    /// How long after its end an execution can be redriven; 14 days by default.
    #[must_use]
    pub fn redrive_window(self, redrive_window: Duration) -> Self {
        Self { redrive_window, ..self }
    }

    /// How many loops share the executions; as many as cores by default.
    #[must_use]
    pub fn shards(self, shards: usize) -> Self {
        Self { shards: shards.max(1), ..self }
    }

    /// Where map runs read their items and write their results.
    #[must_use]
    pub fn items(self, items: Arc<dyn Items>) -> Self {
        Self { items, ..self }
    }

    /// Where tasks find the machines that they start executions of; nowhere by default.
    #[must_use]
    pub fn machines(self, machines: Arc<dyn Machines>) -> Self {
        Self { machines, ..self }
    }

    /// What makes up the tasks of executions that are started with a test case; without it they
    /// fail.
    #[must_use]
    pub fn mocks(self, mocks: Arc<dyn Mocks>) -> Self {
        Self { mocks, ..self }
    }

    #[must_use]
    pub fn observer(self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Who is told what is wrong and no caller hears of; nobody by default.
    #[must_use]
    pub fn troubles(self, troubles: Troubles) -> Self {
        Self { troubles: Some(troubles), ..self }
    }

    /// Starts the loops in the current tokio runtime. They go on with every execution that the
    /// journal has open, without reading more than they need at once.
    pub fn start(self) -> Result<Engine, ReadError> {
        let is_lasting = self.is_lasting;
        let journal = self.journal.unwrap_or_else(|| Arc::new(Memory::new()));
        let (store, document) = StoreId::of(&*journal)?;
        if let Some(document) = document {
            // Written before any record that comes after it. If it is not, the next start draws
            // another number, and the tokens of this one are not taken.
            drop(tokio::spawn(journal.write(vec![document])));
        }
        let open: Vec<Open> = journal.open_executions().collect::<Result<_, _>>()?;
        let next = journal.next_id()?;
        let gauges = Arc::new(Gauges {
            next_execution: AtomicU64::new(next.0),
            open: AtomicU64::new(open.len() as u64),
            running: AtomicU64::new(0),
            stalled: AtomicU64::new(0),
        });
        let (loops, inboxes): (Vec<_>, Vec<_>) =
            (0..self.shards).map(|_| mpsc::channel(INBOX_COMMANDS_MAX)).unzip();
        let world = World {
            journal,
            tasks: self.tasks,
            items: self.items,
            machines: self.machines,
            mocks: self.mocks,
            activities: Arc::default(),
            names: Arc::default(),
            gauges,
            observer: self.observer,
            troubles: self.troubles,
            store,
            // Weak, so that an engine that nobody uses any more can end.
            loops: loops.iter().map(mpsc::Sender::downgrade).collect(),
        };
        let policy = Policy { limits: self.limits.clone(), is_lasting };
        run_loops(&world, &policy, &open, inboxes);
        let Self { limits, open_max, tasks_max, redrive_window, .. } = self;
        let shared = Shared { world, loops, open_max, tasks_max, redrive_window, limits };
        let shared = Arc::new(shared);
        if !open.is_empty() {
            tokio::spawn(orphans::stop(Arc::downgrade(&shared), next));
        }
        if let Some(retention) = self.retention {
            tokio::spawn(retention::run(Arc::downgrade(&shared), retention));
        }
        Ok(Engine { shared })
    }
}

fn run_loops(world: &World, policy: &Policy, open: &[Open], inboxes: Vec<mpsc::Receiver<Message>>) {
    let count = inboxes.len();
    let mut inherited: Vec<Vec<Open>> = (0..count).map(|_| Vec::new()).collect();
    for open in open {
        inherited[shard_of(open.execution, count)].push(*open);
    }
    for (inbox, inherited) in inboxes.into_iter().zip(inherited) {
        let shard = Shard::new(world.clone(), policy.clone(), inherited);
        tokio::spawn(shard.run(inbox));
    }
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineBuilder").field("shards", &self.shards).finish_non_exhaustive()
    }
}
