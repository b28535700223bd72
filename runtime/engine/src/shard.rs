//! The loop around a scheduler.
//!
//! Each turn takes everything that has arrived, lets the scheduler decide, and appends all records
//! together; then it goes on to the next turn without waiting for them. What follows from a record
//! is performed when the journal has kept it.

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use stepwell_asl::Timestamp;
use stepwell_journal::{Ending, ExecutionId, Journal, Open, Parent, Query, Subject, Summary};
use stepwell_kernel::{Committed, Failure, Input, TaskCall, TaskId};
use stepwell_value::Str;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use crate::activities::{Activities, Place};
use crate::engine::{Gauges, Observer};
use crate::items::Items;
use crate::machines::Machines;
use crate::mocks::Mocks;
use crate::names::{Claim, Names};
use crate::pipeline::{Pipeline, Settled};
use crate::scheduler::{Action, Around, Command, Deed, Policy, Scheduler, Taken, Turn, What};
use crate::tasks::{Effect, Tasks};
use crate::tokens::{Random, StoreId};
use crate::trouble::{Trouble, Troubles};

use due::DueTasks;

pub use shelf::JournalShelf;

pub(crate) use children::{beginning_of, newest};

mod children;
mod due;
mod perform;
mod shelf;

/// How many messages one turn takes, so that the first of them does not wait too long.
const TURN_MESSAGES_MAX: usize = 256;

/// The longest sleep: a clock that is set back or forward is noticed by then.
const SLEEP_MAX: Duration = Duration::from_mins(1);

/// So many executions are watched before it is looked whether somebody still watches them.
const WATCHING_MIN: usize = 1024;

/// How long to wait for another loop to make room.
const OUTBOX_PAUSE: Duration = Duration::from_millis(1);

/// What a loop touches outside of itself.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) tasks: Arc<dyn Tasks>,
    pub(crate) items: Arc<dyn Items>,
    pub(crate) machines: Arc<dyn Machines>,
    pub(crate) mocks: Arc<dyn Mocks>,
    pub(crate) activities: Arc<Activities>,
    pub(crate) names: Arc<Names>,
    pub(crate) gauges: Arc<Gauges>,
    pub(crate) observer: Option<Observer>,
    pub(crate) troubles: Option<Troubles>,
    pub(crate) store: StoreId,
    /// The inboxes of all loops, in the order of their numbers.
    pub(crate) loops: Arc<[mpsc::WeakSender<Message>]>,
}

/// What a loop is sent.
#[derive(Debug)]
pub(crate) enum Message {
    Command(Command),
    /// The sender is answered once the command's effect is kept.
    Ask(Command, oneshot::Sender<Answer>),
    /// The sender is answered once the start is kept, and when the execution has ended.
    Start {
        command: Command,
        started: Told,
        ended: Option<oneshot::Sender<Ending>>,
    },
    /// Does what could not be done before, if it is still wanted.
    Perform(Action),
    /// A task of an execution waits for that one, which has been sent its start.
    Link {
        parent: Parent,
        child: ExecutionId,
    },
    /// The sender is told how the execution ends.
    Watch(ExecutionId, oneshot::Sender<Ending>),
    /// Ends the loop. Tasks that run have so much time to end.
    Close(Duration, oneshot::Sender<()>),
}

/// What a command comes to: when it had its effect, or why it had none.
pub(crate) type Answer = Result<Timestamp, Taken>;

/// Who is told when something is kept.
#[derive(Debug)]
pub(crate) enum Told {
    Asker(oneshot::Sender<Answer>),
    /// The task that asked for an execution of another machine.
    Parent {
        parent: Parent,
        execution_arn: Str,
        at: Timestamp,
        _claim: Claim,
    },
}

pub(crate) struct Shard {
    world: World,
    scheduler: Scheduler,
    pipeline: Pipeline,
    random: Random,
    shelf: JournalShelf,
    effect: Box<dyn Fn(&TaskCall) -> Effect + Send + Sync>,
    /// Who is told when so many events of an execution are kept.
    told: HashMap<ExecutionId, Vec<(u64, Told, Answer)>>,
    /// Who is told how an execution ends.
    watching: HashMap<ExecutionId, Vec<oneshot::Sender<Ending>>>,
    /// How many executions are watched before those are dropped that nobody watches any more.
    watching_max: usize,
    running: HashMap<(ExecutionId, TaskId), AbortHandle>,
    /// How many of them all have been told of.
    running_counted: u64,
    /// The activities that tasks of this loop wait for.
    offers: HashMap<(ExecutionId, TaskId), (Str, Place)>,
    /// Executions that those of this loop have started and still wait for.
    children: HashMap<(ExecutionId, TaskId), ExecutionId>,
    /// Children whose start was sent from here and that have not ended, kept yet or not.
    sent: HashMap<(ExecutionId, TaskId), ExecutionId>,
    due: DueTasks,
    /// What the loop has to tell itself.
    carried: VecDeque<Command>,
    /// What other loops have no room for yet.
    outbox: VecDeque<Command>,
    closing: Option<Closing>,
    is_stalled: bool,
}

/// The loop is to end, at that time at the latest.
struct Closing {
    deadline: tokio::time::Instant,
    closed: oneshot::Sender<()>,
}

/// The journal is broken: the loop ends.
struct Stopped;

/// Why a loop goes on.
enum Woken {
    Settled(Settled),
    Messages,
    Time,
    /// Nobody can send a message any more.
    Deserted,
}

impl Shard {
    pub(crate) fn new(world: World, policy: Policy, inherited: Vec<Open>) -> Self {
        let mut scheduler = Scheduler::new(policy);
        for open in inherited {
            scheduler.inherit(open);
        }
        let tasks = Arc::clone(&world.tasks);
        Self {
            effect: Box::new(move |call| tasks.effect(call)),
            scheduler,
            pipeline: Pipeline::new(Arc::clone(&world.journal)),
            random: Random::new(world.store),
            shelf: JournalShelf::new(Arc::clone(&world.journal), world.troubles.clone()),
            told: HashMap::new(),
            watching: HashMap::new(),
            watching_max: WATCHING_MIN,
            running: HashMap::new(),
            running_counted: 0,
            offers: HashMap::new(),
            children: HashMap::new(),
            sent: HashMap::new(),
            due: DueTasks::default(),
            carried: VecDeque::new(),
            outbox: VecDeque::new(),
            closing: None,
            is_stalled: false,
            world,
        }
    }

    /// Runs until nobody can send a message any more, or until it is closed.
    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<Message>) {
        let mut messages = Vec::with_capacity(TURN_MESSAGES_MAX);
        loop {
            match self.wait(&mut inbox, &mut messages).await {
                Woken::Deserted => break,
                Woken::Settled(settled) => {
                    if self.settle(settled).is_err() {
                        break;
                    }
                }
                Woken::Messages | Woken::Time => {}
            }
            if self.turn(&mut messages).is_err() || self.is_closed() {
                break;
            }
        }
        for task in self.running.into_values() {
            task.abort();
        }
        if let Some(Closing { closed, .. }) = self.closing {
            // Whoever asked may not care any more.
            let _gone = closed.send(());
        }
    }

    /// Waits for something to do. A loop that has something to tell itself does not wait: what has
    /// arrived by now takes part in its turn.
    async fn wait(
        &mut self,
        inbox: &mut mpsc::Receiver<Message>,
        messages: &mut Vec<Message>,
    ) -> Woken {
        if !self.carried.is_empty() && !self.pipeline.is_full() {
            // A chain of tasks that never wait lets others on this thread have their turn.
            tokio::task::coop::consume_budget().await;
            while messages.len() < TURN_MESSAGES_MAX
                && let Ok(message) = inbox.try_recv()
            {
                messages.push(message);
            }
            return Woken::Messages;
        }
        let pause = self.pause();
        let takes_messages = !self.pipeline.is_full();
        let settled = poll_fn(|context| self.pipeline.poll_settled(context));
        tokio::select! {
            biased;
            settled = settled => Woken::Settled(settled),
            count = inbox.recv_many(messages, TURN_MESSAGES_MAX), if takes_messages => {
                if count == 0 { Woken::Deserted } else { Woken::Messages }
            }
            () = tokio::time::sleep(pause) => Woken::Time,
        }
    }

    /// How long there is nothing to do by itself.
    fn pause(&self) -> Duration {
        if let Some(retry) = self.pipeline.retry_after() {
            return retry;
        }
        let next_tick = self.scheduler.next_tick().filter(|_| !self.pipeline.is_full());
        let tick = next_tick.map(|due| due.saturating_since(wall_clock()));
        let closing = self.closing.as_ref();
        let closing = closing
            .map(|closing| closing.deadline.duration_since(tokio::time::Instant::now()))
            .filter(|_| self.pipeline.is_empty());
        let sending = (!self.outbox.is_empty()).then_some(OUTBOX_PAUSE);
        tick.into_iter().chain(closing).chain(sending).min().unwrap_or(SLEEP_MAX).min(SLEEP_MAX)
    }

    /// Decides about everything that has arrived.
    fn turn(&mut self, messages: &mut Vec<Message>) -> Result<(), Stopped> {
        if self.pipeline.retry_after().is_some() {
            self.pipeline.retry();
        }
        if !self.pipeline.is_full() {
            let mut turn = Turn::default();
            let now = wall_clock();
            for command in std::mem::take(&mut self.carried) {
                self.hand_over(command, false, now, &mut turn);
            }
            for message in messages.drain(..) {
                self.accept(message, now, &mut turn);
            }
            let (scheduler, mut around) = self.around(now);
            scheduler.tick(&mut around, &mut turn);
            if self.closing.is_some() {
                self.scheduler.write_all(&mut turn);
            }
            self.pipeline.append(turn.records);
            for action in turn.ahead {
                self.perform(action);
            }
        }
        while let Poll::Ready(settled) =
            self.pipeline.poll_settled(&mut Context::from_waker(Waker::noop()))
        {
            self.settle(settled)?;
        }
        self.run_due_tasks();
        self.count_running();
        self.send_outbox();
        self.report_lost();
        Ok(())
    }

    fn around(&mut self, now: Timestamp) -> (&mut Scheduler, Around<'_>) {
        let (chance, shelf, effect) = (&mut self.random, &mut self.shelf, &*self.effect);
        (&mut self.scheduler, Around { now, chance, shelf, effect })
    }

    fn hand_over(
        &mut self,
        command: Command,
        is_awaited: bool,
        now: Timestamp,
        turn: &mut Turn,
    ) -> Taken {
        let (scheduler, mut around) = self.around(now);
        let is_redrive =
            matches!(command.what, What::Input(Input::Redrive) | What::RedriveChild { .. });
        let taken = scheduler.handle(command, is_awaited, &mut around, turn);
        if is_redrive && taken.is_effect() {
            self.world.gauges.open.fetch_add(1, Ordering::Relaxed);
        }
        taken
    }

    fn accept(&mut self, message: Message, now: Timestamp, turn: &mut Turn) {
        match message {
            Message::Command(command) => {
                self.note(&command);
                self.hand_over(command, false, now, turn);
            }
            Message::Ask(command, asker) => {
                let execution = command.execution;
                let taken = self.hand_over(command, true, now, turn);
                self.tell_when_kept(execution, taken, now, Told::Asker(asker));
            }
            Message::Start { command, started, ended } => {
                let execution = command.execution;
                if let Some(ended) = ended {
                    self.add_watcher(execution, ended);
                }
                self.world.gauges.open.fetch_add(1, Ordering::Relaxed);
                let taken = self.hand_over(command, true, now, turn);
                self.tell_when_kept(execution, taken, now, started);
            }
            Message::Link { parent, child } => self.link(parent, child),
            Message::Perform(action) => {
                let task = action.deed.task();
                if task.is_none_or(|task| self.scheduler.waits_for(action.execution, task)) {
                    self.perform(action);
                }
            }
            Message::Watch(execution, watcher) => self.watch(execution, watcher),
            Message::Close(patience, closed) => {
                let deadline = tokio::time::Instant::now() + patience;
                self.closing = Some(Closing { deadline, closed });
            }
        }
    }

    /// A task has a child now. It may have been given up while the child was on its way.
    fn link(&mut self, parent: Parent, child: ExecutionId) {
        let Parent { execution, task } = parent;
        if self.scheduler.waits_for(execution, task) {
            self.children.insert((execution, task), child);
        } else {
            self.post(Command::input(child, Input::Stop { failure: Failure::default() }));
        }
    }

    /// Forgets what runs for a command that says that it runs no longer.
    fn note(&mut self, command: &Command) {
        let execution = command.execution;
        match &command.what {
            What::Input(Input::TaskReported { task, .. }) => {
                self.running.remove(&(execution, *task));
            }
            What::Input(Input::ChildEnded { task, .. }) => {
                self.children.remove(&(execution, *task));
                self.sent.remove(&(execution, *task));
            }
            What::StartChild { .. } => {
                self.world.gauges.open.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }

    fn tell_when_kept(&mut self, execution: ExecutionId, taken: Taken, now: Timestamp, told: Told) {
        let answer = if taken.is_effect() { Ok(now) } else { Err(taken) };
        match self.scheduler.tell_after(execution, taken) {
            Some(until) => {
                self.told.entry(execution).or_default().push((until, told, answer));
                // Nothing may have had to be kept.
                self.tell(execution);
            }
            None => self.tell_now(told, answer),
        }
    }

    fn tell_now(&mut self, told: Told, answer: Answer) {
        match (told, answer) {
            // Whoever asked may not care any more.
            (Told::Asker(asker), answer) => drop(asker.send(answer)),
            (Told::Parent { parent, execution_arn, at, .. }, Ok(_)) => {
                self.post(Command::child_started(parent, execution_arn, at));
            }
            (Told::Parent { .. }, Err(_)) => {}
        }
    }

    fn watch(&mut self, execution: ExecutionId, watcher: oneshot::Sender<Ending>) {
        if self.scheduler.contains(execution) {
            return self.add_watcher(execution, watcher);
        }
        match self.world.journal.list(&Query::newest(Subject::One(execution), 1)) {
            Ok(found) => match found.into_iter().next() {
                Some(Summary { ending: Some(ending), .. }) => drop(watcher.send(ending)),
                Some(_open) => self.add_watcher(execution, watcher),
                // Its end will not be told of any more.
                None => drop(watcher),
            },
            // One that cannot be read now is told of when it ends.
            Err(_unreadable) => self.add_watcher(execution, watcher),
        }
    }

    /// Those who have stopped watching are dropped whenever there are twice as many as there were
    /// after the last time, so that an execution that waits for a year keeps none of them.
    fn add_watcher(&mut self, execution: ExecutionId, watcher: oneshot::Sender<Ending>) {
        if self.watching.len() >= self.watching_max {
            self.watching.retain(|_, watchers| {
                watchers.retain(|watcher| !watcher.is_closed());
                !watchers.is_empty()
            });
            self.watching_max = WATCHING_MIN.max(self.watching.len() * 2);
        }
        self.watching.entry(execution).or_default().push(watcher);
    }

    /// Performs what follows from an append.
    fn settle(&mut self, settled: Settled) -> Result<(), Stopped> {
        match settled {
            Settled::Kept(kept) => {
                if std::mem::take(&mut self.is_stalled) {
                    self.set_stalled(false);
                    self.complain(&Trouble::Recovered);
                }
                for (execution, committed) in kept {
                    self.follow_up(execution, committed);
                }
            }
            Settled::Lost(execution) => self.scheduler.lose(execution),
            Settled::Stalled(reason) => {
                if !std::mem::replace(&mut self.is_stalled, true) {
                    self.set_stalled(true);
                    self.complain(&Trouble::Stalled(reason));
                }
            }
            Settled::Broken(reason) => {
                self.set_stalled(true);
                self.complain(&Trouble::Broken(reason));
                return Err(Stopped);
            }
        }
        Ok(())
    }

    /// Performs what a committed record made due. Whoever is told that something is kept, and an
    /// observer, may act on it at once, and has seen everything when the end is announced.
    fn follow_up(&mut self, execution: ExecutionId, mut committed: Committed) {
        let mut actions = self.scheduler.committed(execution, &mut committed);
        let end = actions.pop_if(|action| matches!(action.deed, Deed::End { .. }));
        for action in actions {
            self.perform(action);
        }
        self.tell(execution);
        if let Some(observer) = &self.world.observer {
            observer(execution, &committed.events);
        }
        if let Some(end) = end {
            self.perform(end);
        }
    }

    fn tell(&mut self, execution: ExecutionId) {
        let Some(told) = self.told.get_mut(&execution) else { return };
        let kept = self.scheduler.kept(execution);
        let is_kept = |until: u64| kept.is_none_or(|kept| until <= kept);
        let due = told.extract_if(.., |(until, ..)| is_kept(*until));
        let due: Vec<_> = due.map(|(_, told, answer)| (told, answer)).collect();
        if told.is_empty() {
            self.told.remove(&execution);
        }
        for (told, answer) in due {
            self.tell_now(told, answer);
        }
    }

    /// Whoever waits for a lost execution learns of it when its sender is dropped.
    fn report_lost(&mut self) {
        for execution in self.scheduler.take_lost() {
            self.told.remove(&execution);
            self.watching.remove(&execution);
            self.complain(&Trouble::Lost(execution));
        }
    }

    fn complain(&self, trouble: &Trouble) {
        if let Some(troubles) = &self.world.troubles {
            troubles(trouble);
        }
    }

    /// Lets everybody know how many tasks run or wait for room to run.
    fn count_running(&mut self) {
        let (now, before) = (self.running.len() as u64, self.running_counted);
        let count = &self.world.gauges.running;
        if now > before {
            count.fetch_add(now - before, Ordering::Relaxed);
        } else {
            count.fetch_sub(before - now, Ordering::Relaxed);
        }
        self.running_counted = now;
    }

    fn set_stalled(&self, is_stalled: bool) {
        let count = &self.world.gauges.stalled;
        if is_stalled {
            count.fetch_add(1, Ordering::Relaxed);
        } else {
            count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn is_closed(&self) -> bool {
        let Some(closing) = &self.closing else { return false };
        let is_over = closing.deadline <= tokio::time::Instant::now();
        let is_quiet = self.running.is_empty() && self.carried.is_empty();
        self.pipeline.is_empty() && (is_over || is_quiet)
    }

    fn inbox(&self, execution: ExecutionId) -> Option<mpsc::Sender<Message>> {
        let loops = &self.world.loops;
        loops[shard_of(execution, loops.len())].upgrade()
    }

    /// Sends a command to the loop of an execution. A loop never waits for another one: they could
    /// come to wait for each other. What one cannot take now stays here, in its order.
    fn post(&mut self, command: Command) {
        self.outbox.push_back(command);
        if self.outbox.len() == 1 {
            self.send_outbox();
        }
    }

    fn send_outbox(&mut self) {
        while let Some(command) = self.outbox.pop_front() {
            // The loop is gone only when the engine is, and then nobody waits for the command.
            let Some(inbox) = self.inbox(command.execution) else { continue };
            if let Err(mpsc::error::TrySendError::Full(Message::Command(command))) =
                inbox.try_send(Message::Command(command))
            {
                return self.outbox.push_front(command);
            }
        }
    }
}

/// Which of so many loops an execution belongs to.
pub(crate) fn shard_of(execution: ExecutionId, shards: usize) -> usize {
    usize::try_from(execution.0 % shards as u64).expect("the remainder is a position")
}

pub(crate) fn wall_clock() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let since_epoch = since_epoch.unwrap_or_default();
    Timestamp::from_unix_millis(0).saturating_add(since_epoch)
}
