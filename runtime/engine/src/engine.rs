//! The engine as its user sees it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use stepwell_asl::{Definition, Timestamp};
use stepwell_journal::{
    Document, Ending, ExecutionId, Journal, Query, ReadError, Subject, Summary,
};
use stepwell_kernel::{
    Event, Execution, Failure, HistoryEvent, Identity, Input, Limits, NotRedrivable, Outcome,
    Tolerance, history,
};
use stepwell_value::{Payload, Str};
use tokio::sync::{mpsc, oneshot};

use crate::activities::ActivityWork;
use crate::names::Claim;
use crate::program::Program;
use crate::scheduler::{Command, Taken, TokenReport, What};
use crate::shard::{Message, Told, World, beginning_of, newest, shard_of, wall_clock};
use crate::tokens::Address;

/// Runs executions, over all cores of the tokio runtime in which it was started.
///
/// What has been decided is kept in a journal before anybody can notice it; an engine that is started
/// on the same journal goes on with everything that was left in the middle.
///
/// Cloning shares it. When the last clone and the last [`Handle`] are gone, its loops end.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

/// An engine as whoever does not keep it alive knows it.
#[derive(Clone, Debug)]
pub struct WeakEngine {
    shared: Weak<Shared>,
}

pub(crate) struct Shared {
    pub(crate) world: World,
    pub(crate) loops: Vec<mpsc::Sender<Message>>,
    pub(crate) open_max: u64,
    pub(crate) tasks_max: u64,
    pub(crate) redrive_window: Duration,
    pub(crate) limits: Limits,
}

/// What all loops count together.
#[derive(Debug, Default)]
pub(crate) struct Gauges {
    pub(crate) next_execution: AtomicU64,
    /// Executions that have started and not ended.
    pub(crate) open: AtomicU64,
    /// Tasks that run, or that wait for room to run.
    pub(crate) running: AtomicU64,
    /// Loops that cannot keep anything at the moment.
    pub(crate) stalled: AtomicU64,
}

/// Sees the events of every execution, right after they are kept. It is called from the loops, so
/// it must not take long.
pub type Observer = Arc<dyn Fn(ExecutionId, &[Event]) + Send + Sync>;

/// An execution that was started.
#[derive(Debug)]
pub struct Handle {
    pub execution: ExecutionId,
    engine: Engine,
    started: Option<oneshot::Receiver<Result<Timestamp, Taken>>>,
    started_at: Option<Timestamp>,
    ended: oneshot::Receiver<Ending>,
    claim: Option<Claim>,
    is_new: bool,
}

/// What is to be executed, by whom and on what.
#[derive(Clone, Debug)]
pub struct Start {
    pub program: Program,
    pub identity: Identity,
    pub input: Payload,
}

/// Why an execution was not started.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
pub enum StartError {
    #[error("the engine has been stopped")]
    Stopped,
    #[error("there is too much to do already; try again in a moment")]
    Busy,
    #[error(
        "nothing can be kept at the moment, so nothing is started; see whether the disk is full"
    )]
    Unavailable,
    #[error("there are {0} open executions, and there may not be more")]
    TooManyOpen(u64),
    #[error("there is an execution `{}` already", .0.opening.arn)]
    AlreadyExists(Box<Summary>),
    #[error(transparent)]
    Journal(#[from] ReadError),
}

/// The execution went on without an outcome: the engine was stopped, or failed at this execution.
/// What its journal holds is intact.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the execution is no longer driven: the engine was stopped, or made a mistake with it")]
pub struct Lost;

/// Why a command to an execution had no effect.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CommandError {
    #[error("there is no such execution")]
    Unknown,
    /// It came late or twice, or does not apply to the execution as it is.
    #[error("the execution does not take that any more")]
    Stale,
    #[error("the engine has been stopped, or cannot go on with the execution")]
    Stopped,
}

/// Why an execution was not redriven.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum RedriveError {
    #[error("there is no such execution")]
    Unknown,
    #[error(transparent)]
    Not(#[from] NotRedrivable),
    /// In the service's words.
    #[error("Execution exceeded the redrivable period")]
    TooLate,
    #[error("there are {0} open executions, and there may not be more")]
    TooManyOpen(u64),
    #[error("the engine has been stopped, or cannot go on with the execution")]
    Stopped,
    #[error(transparent)]
    Journal(#[from] ReadError),
}

/// Why a report with a token was not taken.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum TokenError {
    #[error("that is no token of a task")]
    Malformed,
    #[error("the token was given out by another store")]
    Foreign,
    #[error("no task was ever given this token, or it is no longer known")]
    Unknown,
    #[error("the task of this token has ended")]
    Ended,
    #[error("the engine has been stopped, or cannot go on with the execution")]
    Stopped,
}

impl WeakEngine {
    /// The engine, unless nobody has it any more.
    pub fn upgrade(&self) -> Option<Engine> {
        Some(Engine { shared: self.shared.upgrade()? })
    }
}

impl Engine {
    /// The engine for somebody that it may know itself.
    pub fn downgrade(&self) -> WeakEngine {
        WeakEngine { shared: Arc::downgrade(&self.shared) }
    }

    /// Starts an execution. It is refused rather than kept waiting when there is too much to do.
    /// It is on its way when the call returns, and kept once [`Handle::started`] says so.
    pub fn start(&self, start: Start) -> Result<Handle, StartError> {
        self.begin(start, None)
    }

    /// Starts an execution under a name that somebody chose. As the service has it, asking for one
    /// again while it runs with the same input, and with the same test case, gives that one.
    pub async fn start_named(&self, start: Start) -> Result<Handle, StartError> {
        let world = &self.shared.world;
        let arn = &start.identity.execution_arn;
        let claim = world.names.claim(arn).await;
        let Some(known) = newest(&*world.journal, arn)? else {
            return self.begin(start, Some(claim));
        };
        let is_the_same = |(identity, input): (Arc<Identity>, Payload)| {
            input == start.input && identity.test_case == start.identity.test_case
        };
        let began = beginning_of(&*world.journal, known.execution);
        if known.ending.is_none() && began.is_some_and(is_the_same) {
            Ok(self.watch(known.execution).await)
        } else {
            Err(StartError::AlreadyExists(Box::new(known)))
        }
    }

    fn begin(&self, start: Start, claim: Option<Claim>) -> Result<Handle, StartError> {
        let Gauges { open, stalled, running, .. } = &*self.shared.world.gauges;
        if running.load(Ordering::Relaxed) >= self.shared.tasks_max {
            return Err(StartError::Busy);
        }
        if stalled.load(Ordering::Relaxed) > 0 {
            return Err(StartError::Unavailable);
        }
        let open_max = self.shared.open_max;
        if open.load(Ordering::Relaxed) >= open_max {
            return Err(StartError::TooManyOpen(open_max));
        }
        let execution = self.shared.world.next_execution();
        let ((told, started), (announced, ended)) = (oneshot::channel(), oneshot::channel());
        let Start { program, identity, input } = start;
        let what = What::Start { program, identity, input, parent: None };
        let command = Command { execution, what };
        let message =
            Message::Start { command, started: Told::Asker(told), ended: Some(announced) };
        self.inbox(execution).try_send(message).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StartError::Busy,
            mpsc::error::TrySendError::Closed(_) => StartError::Stopped,
        })?;
        let (engine, started) = (self.clone(), Some(started));
        Ok(Handle { execution, engine, started, started_at: None, ended, claim, is_new: true })
    }

    /// Follows an execution that was started before.
    pub async fn watch(&self, execution: ExecutionId) -> Handle {
        let (watcher, ended) = oneshot::channel();
        // If the loop is gone, waiting for the end says so.
        if let Ok(room) = self.inbox(execution).reserve().await {
            room.send(Message::Watch(execution, watcher));
        }
        let (engine, started, claim) = (self.clone(), None, None);
        Handle { execution, engine, started, started_at: None, ended, claim, is_new: false }
    }

    /// Ends an execution from outside; stale if it has ended.
    pub async fn stop(&self, execution: ExecutionId, failure: Failure) -> Result<(), CommandError> {
        self.command(execution, Input::Stop { failure }).await
    }

    /// Lets an execution that ended without success go on where it stood (AWS `RedriveExecution`).
    pub async fn redrive(&self, execution: ExecutionId) -> Result<(), RedriveError> {
        self.redrivability(execution)?;
        let Gauges { open, .. } = &*self.shared.world.gauges;
        if open.load(Ordering::Relaxed) >= self.shared.open_max {
            return Err(RedriveError::TooManyOpen(self.shared.open_max));
        }
        match self.command(execution, Input::Redrive).await {
            Ok(()) => Ok(()),
            Err(CommandError::Unknown) => Err(RedriveError::Unknown),
            // Somebody else was quicker.
            Err(CommandError::Stale) => Err(NotRedrivable::Running.into()),
            Err(CommandError::Stopped) => Err(RedriveError::Stopped),
        }
    }

    /// Whether an execution could be redriven now, and why not.
    pub fn redrivability(&self, execution: ExecutionId) -> Result<(), RedriveError> {
        let events = self.events(execution)?;
        let Some(ending) = Ending::of(&events) else {
            let is_unknown = events.is_empty();
            return Err(if is_unknown {
                RedriveError::Unknown
            } else {
                NotRedrivable::Running.into()
            });
        };
        if wall_clock().saturating_since(ending.ended_at) > self.shared.redrive_window {
            return Err(RedriveError::TooLate);
        }
        let replayed = Execution::replay(&events).map_err(|_corrupt| RedriveError::Stopped)?;
        Ok(replayed.redrivability(&self.shared.limits)?)
    }

    /// Changes the bounds of a map run; stale if it has ended.
    pub async fn update_map_run(
        &self,
        execution: ExecutionId,
        max_concurrency: u32,
        tolerance: Tolerance,
    ) -> Result<(), CommandError> {
        self.command(execution, Input::UpdateMapRun { max_concurrency, tolerance }).await
    }

    /// Reports the outcome of the task to which a token was given.
    pub async fn report_token(
        &self,
        token: &str,
        outcome: Result<Payload, Failure>,
    ) -> Result<(), TokenError> {
        self.token(token, TokenReport::Outcome(outcome)).await
    }

    /// Restarts the heartbeat clock of the task to which a token was given.
    pub async fn heartbeat_token(&self, token: &str) -> Result<(), TokenError> {
        self.token(token, TokenReport::Heartbeat).await
    }

    async fn token(&self, token: &str, report: TokenReport) -> Result<(), TokenError> {
        let Address { store, execution, task } =
            Address::parse(token).ok_or(TokenError::Malformed)?;
        if store != self.shared.world.store {
            return Err(TokenError::Foreign);
        }
        let what = What::Token { task, token: token.into(), report };
        match self.ask(Command { execution, what }).await {
            Ok(()) => Ok(()),
            Err(CommandError::Unknown) => Err(TokenError::Unknown),
            Err(CommandError::Stale) => Err(TokenError::Ended),
            Err(CommandError::Stopped) => Err(TokenError::Stopped),
        }
    }

    /// Takes the work that has waited longest for a worker of that activity, as soon as there is
    /// any. Whoever does not want to wait on drops the future; then the work stays where it is.
    pub async fn take_activity(
        &self,
        activity: &str,
        worker: Option<Str>,
    ) -> Result<ActivityWork, Lost> {
        loop {
            let claim = self.shared.world.activities.claim(activity).await;
            let (execution, task) = (claim.offer().execution, claim.offer().task);
            let input = Input::ActivityStarted { task, worker: worker.clone() };
            match self.command(execution, input).await {
                Ok(()) => return Ok(claim.keep()),
                // Nobody waits for this work any more.
                Err(CommandError::Stale | CommandError::Unknown) => drop(claim.keep()),
                Err(CommandError::Stopped) => return Err(Lost),
            }
        }
    }

    /// Every event of an execution so far; none of one that is not known.
    pub fn events(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError> {
        self.shared.world.journal.read(execution)
    }

    /// An execution's public history so far.
    pub fn history(
        &self,
        execution: ExecutionId,
        definition: &Definition,
    ) -> Result<Vec<HistoryEvent>, ReadError> {
        Ok(history(definition, &self.events(execution)?))
    }

    /// The executions that a query has, the newest first.
    pub fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        self.shared.world.journal.list(query)
    }

    /// The executions that an execution has started: its map runs, or a map run's items, in the
    /// order in which they were started.
    pub fn children(&self, execution: ExecutionId) -> Result<Vec<ExecutionId>, ReadError> {
        let query = Query::newest(Subject::Children(execution), usize::MAX);
        let children = self.list(&query)?;
        Ok(children.into_iter().rev().map(|child| child.execution).collect())
    }

    /// Where everything is kept.
    pub fn journal(&self) -> &Arc<dyn Journal> {
        &self.shared.world.journal
    }

    /// Writes documents beside the executions.
    pub async fn write(
        &self,
        documents: Vec<Document>,
    ) -> Result<(), stepwell_journal::AppendError> {
        self.shared.world.journal.write(documents).await
    }

    /// Drops what is kept of an execution that has ended, and of those that it has started.
    pub async fn forget(&self, execution: ExecutionId) {
        let mut doomed = vec![execution];
        let mut looked_at = 0;
        while let Some(execution) = doomed.get(looked_at).copied() {
            looked_at += 1;
            doomed.extend(self.children(execution).unwrap_or_default());
        }
        // What cannot be deleted now is deleted when it is too old.
        let _unavailable = self.shared.world.journal.delete(doomed).await;
    }

    /// Why executions do not get on at the moment; nothing if they do.
    pub fn unreadiness(&self) -> Option<&'static str> {
        if self.is_closed() {
            return Some("the engine has been stopped");
        }
        let is_stalled = self.shared.world.gauges.stalled.load(Ordering::Relaxed) > 0;
        is_stalled.then_some("nothing can be kept at the moment; see whether the disk is full")
    }

    /// Whether the loops have ended.
    pub fn is_closed(&self) -> bool {
        self.shared.loops.iter().all(mpsc::Sender::is_closed)
    }

    /// Ends the loops when everything that is decided is kept. Tasks that run have so much time to
    /// end; the next engine on the same journal goes on with the rest.
    pub async fn close(&self, patience: Duration) {
        let mut closed = Vec::new();
        for inbox in &self.shared.loops {
            let (sender, receiver) = oneshot::channel();
            if inbox.send(Message::Close(patience, sender)).await.is_ok() {
                closed.push(receiver);
            }
        }
        for loop_ in closed {
            // A loop that was gone already has nothing more to keep.
            let _gone = loop_.await;
        }
    }

    async fn command(&self, execution: ExecutionId, input: Input) -> Result<(), CommandError> {
        self.ask(Command::input(execution, input)).await
    }

    async fn ask(&self, command: Command) -> Result<(), CommandError> {
        let (asker, answer) = oneshot::channel();
        let execution = command.execution;
        // Room first: a future that waits for it with the message is as large as two messages.
        let room = self.inbox(execution).reserve().await;
        room.map_err(|_closed| CommandError::Stopped)?.send(Message::Ask(command, asker));
        match answer.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(Taken::Unknown)) => Err(CommandError::Unknown),
            Ok(Err(Taken::Stale)) => Err(CommandError::Stale),
            Ok(Err(Taken::Lost | Taken::Until(_))) | Err(_) => Err(CommandError::Stopped),
        }
    }

    fn inbox(&self, execution: ExecutionId) -> &mpsc::Sender<Message> {
        let loops = &self.shared.loops;
        &loops[shard_of(execution, loops.len())]
    }
}

impl Handle {
    /// Whether the call that gave it has started the execution.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Waits until the execution's start is kept.
    pub async fn started(&mut self) -> Result<(), Lost> {
        if let Some(started) = self.started.take() {
            let at = started.await.map_err(|_dropped| Lost)?.map_err(|_taken| Lost)?;
            self.started_at = Some(at);
        }
        self.claim = None;
        Ok(())
    }

    /// When the execution started, if this call has started it and its start is kept.
    pub fn started_at(&self) -> Option<Timestamp> {
        self.started_at
    }

    /// Waits for the execution's end.
    pub async fn ended(&mut self) -> Result<Ending, Lost> {
        (&mut self.ended).await.map_err(|_dropped| Lost)
    }

    /// How the execution ends, as soon as it does.
    pub async fn outcome(&mut self) -> Result<Outcome, Lost> {
        Ok(self.ended().await?.outcome)
    }

    pub async fn stop(&self, failure: Failure) {
        // It has ended already, or there is nobody who could drive it on.
        let _stale = self.engine.stop(self.execution, failure).await;
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("loops", &self.loops.len()).finish_non_exhaustive()
    }
}
