//! The engine as its user sees it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stepwell_asl::Definition;
use stepwell_journal::{ExecutionId, Memory};
use stepwell_kernel::{
    Event, Failure, HistoryEvent, Identity, Limits, Outcome, TaskId, Token, history,
};
use stepwell_value::{Payload, Str};
use tokio::sync::{mpsc, oneshot};

use crate::Command;
use crate::activities::{Activities, ActivityWork};
use crate::items::{Items, Nowhere};
use crate::machines::{Machines, NoMachines};
use crate::shard::{self, Shard};
use crate::tasks::Tasks;

/// Commands that a loop may have waiting before whoever sends more has to wait.
const INBOX_COMMANDS_MAX: usize = 4096;

/// Runs executions in memory, over all cores of the tokio runtime in which it was started.
///
/// Cloning shares it. When the last clone and the last [`Handle`] are gone, its loops end.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) journal: Arc<Memory>,
    shards: Vec<mpsc::Sender<Message>>,
    next_execution: Arc<AtomicU64>,
    tokens: Arc<Tokens>,
    activities: Arc<Activities>,
    families: Arc<Families>,
}

/// Which executions were started by which, among those that are kept.
#[derive(Debug, Default)]
pub(crate) struct Families {
    // Shared by the loops, which start children, and by whoever forgets an execution.
    children: Mutex<BTreeMap<ExecutionId, Vec<ExecutionId>>>,
}

/// What a loop is sent.
#[derive(Debug)]
pub(crate) enum Message {
    /// The sender is told how the execution ends.
    Start(Command, oneshot::Sender<Outcome>),
    Command(Command),
}

/// The tokens on offer and the tasks that wait for them.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    // Shared by the loops, which offer and withdraw, and by whoever reports with a token.
    open: Mutex<HashMap<Token, (ExecutionId, TaskId)>>,
}

/// Sees the events of every execution, right after they are kept. It is called from the loops, so
/// it must not take long.
pub type Observer = Arc<dyn Fn(ExecutionId, &[Event]) + Send + Sync>;

pub struct EngineBuilder {
    tasks: Arc<dyn Tasks>,
    items: Arc<dyn Items>,
    machines: Arc<dyn Machines>,
    limits: Limits,
    shards: usize,
    observer: Option<Observer>,
}

/// An execution that was started.
#[derive(Debug)]
pub struct Handle {
    pub execution: ExecutionId,
    engine: Engine,
    outcome: oneshot::Receiver<Outcome>,
}

/// The engine is shutting down.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the engine has been stopped")]
pub struct StartError;

/// The execution went on without an outcome: the engine was stopped, or failed at this execution.
/// What its journal holds is intact.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the execution is no longer driven: the engine was stopped, or made a mistake with it")]
pub struct Lost;

/// Why a report with a token has no addressee.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum TokenError {
    #[error("no task waits for this token: it was never given out, or its task has ended")]
    Unknown,
    #[error("the engine has been stopped")]
    Stopped,
}

impl EngineBuilder {
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
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

    #[must_use]
    pub fn observer(self, observer: Observer) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Starts the loops in the current tokio runtime.
    pub fn start(self) -> Engine {
        let journal = Arc::new(Memory::new());
        let tokens = Arc::new(Tokens::default());
        let activities = Arc::new(Activities::default());
        let families = Arc::new(Families::default());
        let next_execution = Arc::new(AtomicU64::new(1));
        let (senders, inboxes): (Vec<_>, Vec<_>) =
            (0..self.shards).map(|_| mpsc::channel(INBOX_COMMANDS_MAX)).unzip();
        // Weak, so that an engine that nobody uses any more can end.
        let loops: Arc<[_]> = senders.iter().map(mpsc::Sender::downgrade).collect();
        for (sender, inbox) in senders.iter().zip(inboxes) {
            let shard = Shard::new(shard::World {
                journal: Arc::clone(&journal),
                tasks: Arc::clone(&self.tasks),
                items: Arc::clone(&self.items),
                machines: Arc::clone(&self.machines),
                activities: Arc::clone(&activities),
                tokens: Arc::clone(&tokens),
                families: Arc::clone(&families),
                next_execution: Arc::clone(&next_execution),
                observer: self.observer.clone(),
                reports: sender.downgrade(),
                loops: Arc::clone(&loops),
            });
            tokio::spawn(shard.run(inbox, self.limits.clone()));
        }
        let shared =
            Shared { journal, shards: senders, next_execution, tokens, activities, families };
        Engine { shared: Arc::new(shared) }
    }
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineBuilder").field("shards", &self.shards).finish_non_exhaustive()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("shards", &self.shards.len()).finish_non_exhaustive()
    }
}

impl Engine {
    pub fn builder(tasks: Arc<dyn Tasks>) -> EngineBuilder {
        let shards = std::thread::available_parallelism().map_or(1, usize::from);
        EngineBuilder {
            tasks,
            items: Arc::new(Nowhere),
            machines: Arc::new(NoMachines),
            limits: Limits::default(),
            shards,
            observer: None,
        }
    }

    /// Starts an execution. Waits while its loop has too much to do already.
    pub async fn start(
        &self,
        definition: Arc<Definition>,
        identity: Identity,
        input: Payload,
    ) -> Result<Handle, StartError> {
        let execution = ExecutionId(self.shared.next_execution.fetch_add(1, Ordering::Relaxed));
        let (sender, outcome) = oneshot::channel();
        let command = Command::Start { execution, definition, identity, input, parent: None };
        let sent = self.shard(execution).send(Message::Start(command, sender)).await;
        sent.map_err(|_closed| StartError)?;
        Ok(Handle { execution, engine: self.clone(), outcome })
    }

    /// Ends an execution from outside; nothing happens if it has ended.
    pub async fn stop(&self, execution: ExecutionId, failure: Failure) {
        // A loop that is gone has no execution left to stop.
        let _gone = self.command(execution, Command::Stop { execution, failure }).await;
    }

    /// Reports the outcome of the task to which a token was given.
    pub async fn report_token(
        &self,
        token: &str,
        outcome: Result<Payload, Failure>,
    ) -> Result<(), TokenError> {
        let (execution, task) = self.shared.tokens.find(token).ok_or(TokenError::Unknown)?;
        let command = Command::TokenReported { execution, task, outcome };
        self.command(execution, command).await.map_err(|_closed| TokenError::Stopped)
    }

    /// Takes the work that has waited longest for a worker of that activity, as soon as there is
    /// any. Whoever does not want to wait on drops the future; then the work stays where it is.
    pub async fn take_activity(
        &self,
        activity: &str,
        worker: Option<Str>,
    ) -> Result<ActivityWork, StartError> {
        let claim = self.shared.activities.claim(activity).await;
        let (execution, task) = (claim.offer().execution, claim.offer().task);
        let command = Command::ActivityStarted { execution, task, worker };
        self.command(execution, command).await.map_err(|_closed| StartError)?;
        Ok(claim.keep())
    }

    /// Restarts the heartbeat clock of the task to which a token was given.
    pub async fn heartbeat_token(&self, token: &str) -> Result<(), TokenError> {
        let (execution, task) = self.shared.tokens.find(token).ok_or(TokenError::Unknown)?;
        let command = Command::Heartbeat { execution, task };
        self.command(execution, command).await.map_err(|_closed| TokenError::Stopped)
    }

    /// Every event of an execution so far.
    pub fn events(&self, execution: ExecutionId) -> Vec<Event> {
        self.shared.journal.read(execution)
    }

    /// An execution's public history so far.
    pub fn history(&self, execution: ExecutionId, definition: &Definition) -> Vec<HistoryEvent> {
        history(definition, &self.events(execution))
    }

    /// The executions that an execution has started: its map runs, or a map run's items.
    pub fn children(&self, execution: ExecutionId) -> Vec<ExecutionId> {
        self.shared.families.lock().get(&execution).cloned().unwrap_or_default()
    }

    /// Drops what is kept of an execution that has ended, and of those that it has started.
    pub fn forget(&self, execution: ExecutionId) {
        let mut doomed = vec![execution];
        while let Some(execution) = doomed.pop() {
            doomed.extend(self.shared.families.lock().remove(&execution).unwrap_or_default());
            self.shared.journal.forget(execution);
        }
    }

    async fn command(
        &self,
        execution: ExecutionId,
        command: Command,
    ) -> Result<(), mpsc::error::SendError<Message>> {
        self.shard(execution).send(Message::Command(command)).await
    }

    fn shard(&self, execution: ExecutionId) -> &mpsc::Sender<Message> {
        let shards = &self.shared.shards;
        &shards[shard_of(execution, shards.len())]
    }
}

/// Which of so many loops an execution belongs to.
pub(crate) fn shard_of(execution: ExecutionId, shards: usize) -> usize {
    usize::try_from(execution.0 % shards as u64).expect("the remainder is a position")
}

impl Families {
    pub(crate) fn add(&self, parent: ExecutionId, child: ExecutionId) {
        self.lock().entry(parent).or_default().push(child);
    }

    /// A panic while the lock is held can only come from the allocator; the map is whole.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<ExecutionId, Vec<ExecutionId>>> {
        self.children.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handle {
    /// Waits for the execution's end.
    pub async fn outcome(&mut self) -> Result<Outcome, Lost> {
        (&mut self.outcome).await.map_err(|_dropped| Lost)
    }

    pub async fn stop(&self, failure: Failure) {
        self.engine.stop(self.execution, failure).await;
    }
}

impl Tokens {
    pub(crate) fn offer(&self, token: Token, execution: ExecutionId, task: TaskId) {
        self.lock().insert(token, (execution, task));
    }

    pub(crate) fn withdraw(&self, token: &Token) {
        self.lock().remove(token);
    }

    fn find(&self, token: &str) -> Option<(ExecutionId, TaskId)> {
        self.lock().get(token).copied()
    }

    /// A panic while the lock is held can only come from the allocator; the map is whole.
    fn lock(&self) -> MutexGuard<'_, HashMap<Token, (ExecutionId, TaskId)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
