//! The loop around a scheduler.
//!
//! Each turn takes everything that has arrived, lets the scheduler decide, appends all records
//! together, and only then performs what follows from them.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use stepwell_asl::{Definition, Timestamp};
use stepwell_journal::{ExecutionId, Journal, Memory, Record};
use stepwell_kernel::{
    Child, Entropy, Event, ExecutionCall, Failure, Limits, Outcome, TaskCall, TaskId, Token,
};
use stepwell_value::{Payload, Str};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use crate::activities::{Activities, ActivityWork, Offer};
use crate::engine::{Families, Message, Observer, Tokens, shard_of};
use crate::items::{ItemResult, Items, ReadRequest, WriteRequest};
use crate::machines::Machines;
use crate::scheduler::{Action, Command, Scheduler};
use crate::tasks::{Heartbeat, TaskRequest, Tasks};

/// How many messages one turn takes, so that the first of them does not wait too long.
const TURN_MESSAGES_MAX: usize = 256;

/// The longest sleep: a clock that is set back or forward is noticed by then.
const SLEEP_MAX: Duration = Duration::from_mins(1);

/// What a loop touches outside of itself.
pub(crate) struct World {
    pub(crate) journal: Arc<Memory>,
    pub(crate) tasks: Arc<dyn Tasks>,
    pub(crate) items: Arc<dyn Items>,
    pub(crate) machines: Arc<dyn Machines>,
    pub(crate) activities: Arc<Activities>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) families: Arc<Families>,
    pub(crate) next_execution: Arc<AtomicU64>,
    pub(crate) observer: Option<Observer>,
    /// This loop's own inbox, and those of all loops.
    pub(crate) reports: mpsc::WeakSender<Message>,
    pub(crate) loops: Arc<[mpsc::WeakSender<Message>]>,
}

pub(crate) struct Shard {
    world: World,
    entropy: Random,
    waiting: HashMap<ExecutionId, oneshot::Sender<Outcome>>,
    running: HashMap<(ExecutionId, TaskId), AbortHandle>,
    tokens: HashMap<(ExecutionId, TaskId), Token>,
    /// The activities that tasks of this loop wait for.
    offers: HashMap<(ExecutionId, TaskId), Str>,
    /// Executions that those of this loop have started and still wait for.
    children: HashMap<(ExecutionId, TaskId), ExecutionId>,
    /// A task that is due and not yet under way: the last one of a turn is run by the loop itself.
    last_task: Option<DueTask>,
    /// What the loop has to tell itself.
    carried: Option<Command>,
}

struct DueTask {
    execution: ExecutionId,
    task: TaskId,
    future: Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>>,
}

/// A cryptographic generator, seeded by the operating system.
struct Random(StdRng);

impl Entropy for Random {
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

impl Shard {
    pub(crate) fn new(world: World) -> Self {
        Self {
            world,
            entropy: Random(StdRng::from_os_rng()),
            waiting: HashMap::new(),
            running: HashMap::new(),
            tokens: HashMap::new(),
            offers: HashMap::new(),
            children: HashMap::new(),
            last_task: None,
            carried: None,
        }
    }

    /// Runs until nobody can send a message any more.
    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<Message>, limits: Limits) {
        let mut scheduler = Scheduler::new(limits);
        let mut messages = Vec::with_capacity(TURN_MESSAGES_MAX);
        while receive(&mut inbox, &scheduler, self.carried.is_some(), &mut messages).await {
            let now = wall_clock();
            let mut records = Vec::new();
            if let Some(command) = self.carried.take() {
                records.extend(scheduler.handle(command, now, &mut self.entropy));
            }
            for message in messages.drain(..) {
                records.extend(self.accept(&mut scheduler, message, now));
            }
            records.extend(scheduler.tick(now, &mut self.entropy));
            self.commit(&mut scheduler, records).await;
            self.run_last_task();
            // Whoever waits for a lost execution learns of it when the sender is dropped.
            for execution in scheduler.take_lost() {
                self.waiting.remove(&execution);
            }
        }
        for task in self.running.into_values() {
            task.abort();
        }
    }

    fn accept(
        &mut self,
        scheduler: &mut Scheduler,
        message: Message,
        now: Timestamp,
    ) -> Option<Record> {
        let command = match message {
            Message::Command(command) => command,
            Message::Start(command, outcome) => {
                if let Command::Start { execution, .. } = &command {
                    self.waiting.insert(*execution, outcome);
                }
                command
            }
        };
        match &command {
            Command::TaskReported { execution, task, .. } => {
                self.running.remove(&(*execution, *task));
            }
            Command::ChildEnded { execution, task, .. } => {
                self.children.remove(&(*execution, *task));
            }
            _ => {}
        }
        scheduler.handle(command, now, &mut self.entropy)
    }

    /// Appends records and performs what follows from them.
    async fn commit(&mut self, scheduler: &mut Scheduler, records: Vec<Record>) {
        if records.is_empty() {
            return;
        }
        let executions: Vec<_> = records.iter().map(|record| record.execution).collect();
        match self.world.journal.append(records).await {
            Ok(committed) => {
                for (execution, mut committed) in committed {
                    let actions = scheduler.committed(execution, &mut committed);
                    self.follow_up(execution, &committed.events, actions);
                }
            }
            Err(_unavailable) => {
                for execution in executions {
                    scheduler.lose(execution);
                }
            }
        }
    }

    /// Performs what a committed record made due. An observer that sees a token scheduled may report
    /// with it at once, and has seen everything when the end is announced.
    fn follow_up(&mut self, execution: ExecutionId, events: &[Event], mut actions: Vec<Action>) {
        let ended = actions.pop_if(|action| matches!(action, Action::Ended { .. }));
        for action in actions {
            self.perform(action);
        }
        if let Some(observer) = &self.world.observer {
            observer(execution, events);
        }
        if let Some(ended) = ended {
            self.perform(ended);
        }
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::RunTask { execution, definition, call } => {
                self.run_task(execution, definition, call);
            }
            Action::StopTask { execution, task } => {
                if let Some(running) = self.running.remove(&(execution, task)) {
                    running.abort();
                }
                self.last_task.take_if(|due| (due.execution, due.task) == (execution, task));
                if let Some(token) = self.tokens.remove(&(execution, task)) {
                    self.world.tokens.withdraw(&token);
                }
                if let Some(activity) = self.offers.remove(&(execution, task)) {
                    self.world.activities.withdraw(&activity, execution, task);
                }
                if let Some(child) = self.children.remove(&(execution, task)) {
                    let failure = Failure::default();
                    self.post(child, Command::Stop { execution: child, failure });
                }
            }
            Action::StartChild { execution, definition, task, child } => {
                self.start_child((execution, task), definition, child);
            }
            Action::StartExecution { execution, task, call } => {
                self.start_execution((execution, task), call);
            }
            Action::OfferActivity { execution, task, activity, token, input } => {
                self.offers.insert((execution, task), Str::clone(&activity));
                let work = ActivityWork { token, input };
                self.world.activities.offer(&activity, Offer { execution, task, work });
            }
            Action::ReadItems { execution, definition, run, from } => {
                let answer = self.world.items.read(ReadRequest { run, definition, from });
                self.answer(answer, move |outcome| Command::ItemsRead { execution, from, outcome });
            }
            Action::WriteResults { execution, definition, run } => {
                let results = ItemResult::of_journal(&self.world.journal.read(execution));
                let request = WriteRequest { run, definition, results };
                let answer = self.world.items.write(request);
                self.answer(answer, move |outcome| Command::ResultsWritten { execution, outcome });
            }
            Action::OfferToken { execution, task, token } => {
                self.tokens.insert((execution, task), Token::clone(&token));
                self.world.tokens.offer(token, execution, task);
            }
            Action::Ended { execution, outcome, parent } => {
                if let Some((parent, task)) = parent {
                    let outcome = outcome.clone();
                    self.post(parent, Command::ChildEnded { execution: parent, task, outcome });
                }
                if let Some(waiting) = self.waiting.remove(&execution) {
                    // Whoever started the execution may not care how it ends.
                    let _unheard = waiting.send(outcome);
                }
            }
        }
    }

    fn start_child(
        &mut self,
        parent: (ExecutionId, TaskId),
        definition: Arc<Definition>,
        child: Child,
    ) {
        let execution = ExecutionId(self.world.next_execution.fetch_add(1, Ordering::Relaxed));
        self.world.families.add(parent.0, execution);
        self.children.insert(parent, execution);
        self.post(execution, Command::StartChild { execution, definition, parent, child });
    }

    fn start_execution(&mut self, (parent, task): (ExecutionId, TaskId), call: ExecutionCall) {
        let execution = ExecutionId(self.world.next_execution.fetch_add(1, Ordering::Relaxed));
        let admitted = match self.world.machines.admit(execution, &call) {
            Ok(admitted) => admitted,
            Err(failure) => {
                let outcome = Err(failure);
                let report = Command::TaskReported { execution: parent, task, outcome };
                return self.post(parent, report);
            }
        };
        if call.is_awaited {
            self.children.insert((parent, task), execution);
        }
        let execution_arn = Str::clone(&admitted.identity.execution_arn);
        let at = wall_clock();
        let told = Command::ExecutionStarted { execution: parent, task, execution_arn, at };
        let start = Command::Start {
            execution,
            definition: admitted.definition,
            identity: admitted.identity,
            input: call.input,
            parent: call.is_awaited.then_some((parent, task)),
        };
        // One after the other, because the end must not be told before the start.
        let Some(asking) = self.inbox(parent) else { return };
        match asking.try_send(Message::Command(told)) {
            Ok(()) => self.post(execution, start),
            // A loop is gone only when the engine is.
            Err(mpsc::error::TrySendError::Closed(_)) => {}
            Err(mpsc::error::TrySendError::Full(told)) => {
                let Some(inbox) = self.inbox(execution) else { return };
                tokio::spawn(async move {
                    if asking.send(told).await.is_ok() {
                        let _gone = inbox.send(Message::Command(start)).await;
                    }
                });
            }
        }
    }

    fn inbox(&self, execution: ExecutionId) -> Option<mpsc::Sender<Message>> {
        let loops = &self.world.loops;
        loops[shard_of(execution, loops.len())].upgrade()
    }

    /// Sends a command to the loop of an execution. A loop never waits for another one: they could
    /// come to wait for each other.
    fn post(&self, execution: ExecutionId, command: Command) {
        let Some(inbox) = self.inbox(execution) else { return };
        if let Err(mpsc::error::TrySendError::Full(message)) =
            inbox.try_send(Message::Command(command))
        {
            tokio::spawn(async move {
                // The loop is gone only when the engine is, and then nobody waits for the command.
                let _gone = inbox.send(message).await;
            });
        }
    }

    /// Waits for an answer beside the loop, and hands it over as a command.
    fn answer<T: Send + 'static>(
        &self,
        answer: impl Future<Output = T> + Send + 'static,
        command: impl FnOnce(T) -> Command + Send + 'static,
    ) {
        let Some(reports) = self.world.reports.upgrade() else { return };
        tokio::spawn(async move {
            let command = command(answer.await);
            let _gone = reports.send(Message::Command(command)).await;
        });
    }

    /// Takes a task on. The one before it goes to the runtime, to run beside this loop.
    fn run_task(&mut self, execution: ExecutionId, definition: Arc<Definition>, call: TaskCall) {
        let task = call.task;
        let heartbeat = heartbeat(self.world.reports.clone(), execution, task);
        let future = self.world.tasks.run(TaskRequest { call, definition, heartbeat });
        let due = DueTask { execution, task, future };
        if let Some(before) = self.last_task.replace(due) {
            self.run_beside(before);
        }
    }

    /// Runs the last task of a turn as far as it goes without waiting. A task that is done by then
    /// has cost no hop to another thread; one that is not goes on beside this loop.
    fn run_last_task(&mut self) {
        let Some(mut due) = self.last_task.take() else { return };
        match due.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => {
                let DueTask { execution, task, .. } = due;
                self.carried = Some(Command::TaskReported { execution, task, outcome });
            }
            // The runtime polls it again at once, with a waker that counts.
            Poll::Pending => self.run_beside(due),
        }
    }

    fn run_beside(&mut self, due: DueTask) {
        let (execution, task, mut due) = (due.execution, due.task, due);
        let Some(reports) = self.world.reports.upgrade() else { return };
        let handle = tokio::spawn(async move {
            let outcome = std::future::poll_fn(|context| due.poll(context)).await;
            let report = Command::TaskReported { execution, task, outcome };
            // The loop is gone only when the engine is, and then nobody waits for the report.
            let _gone = reports.send(Message::Command(report)).await;
        });
        self.running.insert((execution, task), handle.abort_handle());
    }
}

/// Waits for messages or for the next timer; false when there will be neither. A loop that has
/// something to tell itself does not wait: what has arrived by now takes part in its turn.
async fn receive(
    inbox: &mut mpsc::Receiver<Message>,
    scheduler: &Scheduler,
    has_carried: bool,
    messages: &mut Vec<Message>,
) -> bool {
    if has_carried {
        // A chain of tasks that never wait lets others on this thread have their turn.
        tokio::task::coop::consume_budget().await;
        while messages.len() < TURN_MESSAGES_MAX
            && let Ok(message) = inbox.try_recv()
        {
            messages.push(message);
        }
        return true;
    }
    let pause = scheduler.next_tick().map(|due| due.saturating_since(wall_clock()));
    let received = inbox.recv_many(messages, TURN_MESSAGES_MAX);
    match pause {
        None => received.await > 0,
        Some(pause) => {
            let timed = tokio::time::timeout(pause.min(SLEEP_MAX), received).await;
            // An engine that nobody holds any more ends, timers or not.
            timed.map_or(true, |count| count > 0)
        }
    }
}

impl DueTask {
    /// A panic is the task's own end, and nobody else's.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Payload, Failure>> {
        let polled = catch_unwind(AssertUnwindSafe(|| self.future.as_mut().poll(context)));
        polled.unwrap_or_else(|_panic| {
            let cause = "The code that runs the task panicked.";
            Poll::Ready(Err(Failure::new("Task.Panicked", cause)))
        })
    }
}

/// A sign of life that finds the inbox full is dropped: the next one says the same.
fn heartbeat(
    reports: mpsc::WeakSender<Message>,
    execution: ExecutionId,
    task: TaskId,
) -> Heartbeat {
    Heartbeat(Arc::new(move || {
        if let Some(reports) = reports.upgrade() {
            let beat = Message::Command(Command::Heartbeat { execution, task });
            let _dropped = reports.try_send(beat);
        }
    }))
}

fn wall_clock() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let since_epoch = since_epoch.unwrap_or_default();
    Timestamp::from_unix_millis(0).saturating_add(since_epoch)
}
