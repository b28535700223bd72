//! The loops of a process, as the engine has them, without anything that waits.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use anyhow::{Result, bail, ensure};
use stepwell_asl::Timestamp;
use stepwell_engine::{
    Action, Around, Command, Deed, Effect, JournalShelf, Pipeline, Policy, Scheduler, Settled,
    Taken, Turn, What,
};
use stepwell_journal::{ExecutionId, Journal, Parent, Query, Subject};
use stepwell_kernel::{Committed, Failure, Input, Outcome, TaskCall, TaskId, Token};
use stepwell_value::{Payload, Str};

use crate::chance::Tokens;
use crate::journal::SlowJournal;
use crate::run::{Errand, Simulation};
use crate::workflows;

/// What a command comes to.
type Answer = Result<(), Taken>;

/// Everything that is gone after a crash.
#[derive(Debug)]
pub(crate) struct Process {
    pub loops: Vec<Loop>,
    pub next_execution: u64,
    /// The names under which somebody is starting an execution.
    pub names: BTreeSet<Str>,
    pub offers: BTreeMap<Str, VecDeque<Offer>>,
}

#[derive(Debug)]
pub(crate) struct Loop {
    pub scheduler: Scheduler,
    pub pipeline: Pipeline,
    shelf: JournalShelf,
    tokens: Tokens,
    pub inbox: VecDeque<Message>,
    told: BTreeMap<ExecutionId, Vec<(u64, Told, Answer)>>,
    watching: BTreeMap<ExecutionId, Vec<Parent>>,
    pub running: BTreeSet<(ExecutionId, TaskId)>,
    offers: BTreeMap<(ExecutionId, TaskId), Str>,
    pub children: BTreeMap<(ExecutionId, TaskId), ExecutionId>,
    pub sent: BTreeMap<(ExecutionId, TaskId), ExecutionId>,
    pub is_woken: bool,
    pub is_retrying: bool,
}

/// The work of an activity.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub execution: ExecutionId,
    pub task: TaskId,
    pub token: Token,
    pub input: Payload,
}

#[derive(Debug)]
pub(crate) enum Message {
    Command(Command),
    Ask(Command, u64),
    Start(Command, Told),
    Link { parent: Parent, child: ExecutionId },
    Watch(ExecutionId, Parent),
}

#[derive(Debug)]
pub(crate) enum Told {
    Asker { question: u64, claimed: Option<Str> },
    Parent { parent: Parent, execution_arn: Str, at: Timestamp },
}

impl Process {
    pub(crate) fn new(
        journal: &Arc<SlowJournal>,
        policy: &Policy,
        count: usize,
        seed: u64,
    ) -> Self {
        let mut loops: Vec<_> =
            (0..count).map(|nth| Loop::new(journal, policy, seed ^ nth as u64)).collect();
        for open in journal.open_executions().flatten() {
            loops[nth_loop(open.execution, count)].scheduler.inherit(open);
        }
        let next_execution = journal.next_id().map_or(0, |id| id.0);
        Self { loops, next_execution, names: BTreeSet::new(), offers: BTreeMap::new() }
    }

    pub(crate) fn draw_execution(&mut self) -> ExecutionId {
        self.next_execution += 1;
        ExecutionId(self.next_execution - 1)
    }

    pub(crate) fn of(&mut self, execution: ExecutionId) -> &mut Loop {
        let count = self.loops.len();
        &mut self.loops[nth_loop(execution, count)]
    }
}

pub(crate) fn nth_loop(execution: ExecutionId, count: usize) -> usize {
    usize::try_from(execution.0 % count as u64).unwrap_or(0)
}

impl Loop {
    fn new(journal: &Arc<SlowJournal>, policy: &Policy, seed: u64) -> Self {
        let journal: Arc<dyn Journal> = Arc::<SlowJournal>::clone(journal);
        Self {
            scheduler: Scheduler::new(policy.clone()),
            pipeline: Pipeline::new(Arc::clone(&journal)),
            shelf: JournalShelf::new(journal, None),
            tokens: Tokens::new(seed),
            inbox: VecDeque::new(),
            told: BTreeMap::new(),
            watching: BTreeMap::new(),
            running: BTreeSet::new(),
            offers: BTreeMap::new(),
            children: BTreeMap::new(),
            sent: BTreeMap::new(),
            is_woken: true,
            is_retrying: false,
        }
    }

    /// Whether there is something to do now.
    pub(crate) fn wants_turn(&self, now: Timestamp) -> bool {
        if self.is_woken {
            return true;
        }
        let is_due = self.scheduler.next_tick().is_some_and(|due| due <= now);
        !self.pipeline.is_full() && (is_due || !self.inbox.is_empty())
    }

    /// Appends what is held, because nothing will follow it.
    pub(crate) fn write_all(&mut self) {
        let mut turn = Turn::default();
        self.scheduler.write_all(&mut turn);
        self.pipeline.append(turn.records);
    }

    /// Whether nothing is remembered of anybody.
    pub(crate) fn leftover(&self) -> Option<&'static str> {
        let leftovers = [
            (!self.scheduler.is_empty(), "executions"),
            (self.scheduler.next_tick().is_some(), "timers"),
            (!self.pipeline.is_empty(), "records"),
            (!self.told.is_empty(), "askers"),
            (!self.watching.is_empty(), "watchers"),
            (!self.running.is_empty(), "running tasks"),
            (!self.offers.is_empty(), "offers"),
            (!self.children.is_empty(), "children"),
            (!self.sent.is_empty(), "children that were sent"),
        ];
        leftovers.into_iter().find_map(|(is_left, what)| is_left.then_some(what))
    }

    fn decide<T>(
        &mut self,
        now: Timestamp,
        decide: impl FnOnce(&mut Scheduler, &mut Around<'_>) -> T,
    ) -> T {
        let effect = |call: &TaskCall| -> Effect { workflows::effect(&call.call.function) };
        let (chance, shelf) = (&mut self.tokens, &mut self.shelf);
        decide(&mut self.scheduler, &mut Around { now, chance, shelf, effect: &effect })
    }
}

impl Simulation {
    /// Decides about some of what has arrived, and performs what follows from what is kept.
    pub(crate) fn turn(&mut self, nth: usize) -> Result<()> {
        let now = self.now();
        let is_everything = !self.dice.is_one_in(3);
        let looped = &mut self.process.loops[nth];
        looped.is_woken = false;
        if looped.pipeline.retry_after().is_some() {
            looped.is_retrying = false;
            looped.pipeline.retry();
        }
        if !looped.pipeline.is_full() {
            let count = looped.inbox.len();
            let count = if is_everything { count } else { self.dice.position(count + 1) };
            let messages: Vec<_> = looped.inbox.drain(..count).collect();
            let mut turn = Turn::default();
            for message in messages {
                self.accept(nth, message, &mut turn)?;
            }
            let looped = &mut self.process.loops[nth];
            looped.decide(now, |scheduler, around| scheduler.tick(around, &mut turn));
            if !turn.records.is_empty() && self.pass("before an append") {
                return Ok(());
            }
            self.note(|| describe(nth, &turn));
            self.process.loops[nth].pipeline.append(turn.records);
            for action in turn.ahead {
                self.perform(nth, action)?;
            }
        }
        self.settle_all(nth)
    }

    /// Lets a loop that decides nothing more keep what it has decided.
    pub(crate) fn close_on(&mut self, nth: usize) -> Result<()> {
        let looped = &mut self.process.loops[nth];
        if looped.pipeline.retry_after().is_some() {
            looped.pipeline.retry();
        }
        self.settle_all(nth)
    }

    fn settle_all(&mut self, nth: usize) -> Result<()> {
        let mut context = Context::from_waker(Waker::noop());
        while !self.is_down
            && let Poll::Ready(settled) =
                self.process.loops[nth].pipeline.poll_settled(&mut context)
        {
            match settled {
                Settled::Kept(kept) => {
                    for (execution, committed) in kept {
                        self.follow_up(nth, execution, committed)?;
                    }
                }
                Settled::Stalled(_) => self.note(|| format!("loop {nth} is stalled")),
                Settled::Lost(execution) => bail!("the journal refuses execution {execution}"),
                Settled::Broken(reason) => bail!("the journal is broken: {reason}"),
            }
        }
        let looped = &mut self.process.loops[nth];
        let lost = looped.scheduler.take_lost();
        ensure!(lost.is_empty(), "the executions {lost:?} were lost");
        if let Some(pause) = looped.pipeline.retry_after()
            && !std::mem::replace(&mut looped.is_retrying, true)
        {
            let pause = u64::try_from(pause.as_millis())?;
            self.later(pause, Errand::Retry(nth));
        }
        Ok(())
    }

    fn accept(&mut self, nth: usize, message: Message, turn: &mut Turn) -> Result<()> {
        let now = self.now();
        let looped = &mut self.process.loops[nth];
        match message {
            Message::Command(command) => {
                looped.forget(&command);
                looped.decide(now, |scheduler, around| {
                    scheduler.handle(command, false, around, turn)
                });
            }
            Message::Ask(command, question) => {
                let told = Told::Asker { question, claimed: None };
                self.hand_over(nth, command, told, turn)?;
            }
            Message::Start(command, told) => self.hand_over(nth, command, told, turn)?,
            Message::Link { parent: Parent { execution, task }, child } => {
                if looped.scheduler.waits_for(execution, task) {
                    looped.children.insert((execution, task), child);
                } else {
                    self.send(Command::input(child, Input::Stop { failure: Failure::default() }));
                }
            }
            Message::Watch(execution, watcher) => self.watch(nth, execution, watcher)?,
        }
        Ok(())
    }

    fn hand_over(
        &mut self,
        nth: usize,
        command: Command,
        told: Told,
        turn: &mut Turn,
    ) -> Result<()> {
        let (now, execution) = (self.now(), command.execution);
        let looped = &mut self.process.loops[nth];
        let taken =
            looped.decide(now, |scheduler, around| scheduler.handle(command, true, around, turn));
        let answer = if matches!(taken, Taken::Until(_)) { Ok(()) } else { Err(taken) };
        match looped.scheduler.tell_after(execution, taken) {
            Some(until) => {
                looped.told.entry(execution).or_default().push((until, told, answer));
                self.tell(nth, execution)
            }
            None => self.tell_now(told, answer),
        }
    }

    fn tell_now(&mut self, told: Told, answer: Answer) -> Result<()> {
        match told {
            Told::Asker { question, claimed } => {
                self.release(claimed.as_ref());
                self.answer(question, answer)?;
            }
            Told::Parent { parent, execution_arn, at } => {
                self.release(Some(&execution_arn));
                if answer.is_ok() {
                    self.send(Command::child_started(parent, execution_arn, at));
                }
            }
        }
        Ok(())
    }

    fn watch(&mut self, nth: usize, execution: ExecutionId, watcher: Parent) -> Result<()> {
        let looped = &mut self.process.loops[nth];
        let known = if looped.scheduler.contains(execution) {
            Vec::new()
        } else {
            self.journal.list(&Query::newest(Subject::One(execution), 1))?
        };
        match known.into_iter().next().and_then(|summary| summary.ending) {
            Some(ending) => self.send(Command::child_ended(watcher, ending.outcome)),
            None => looped.watching.entry(execution).or_default().push(watcher),
        }
        Ok(())
    }

    fn follow_up(
        &mut self,
        nth: usize,
        execution: ExecutionId,
        mut committed: Committed,
    ) -> Result<()> {
        if self.pass("before what follows") {
            return Ok(());
        }
        let scheduler = &mut self.process.loops[nth].scheduler;
        let mut actions = scheduler.committed(execution, &mut committed);
        let end = actions.pop_if(|action| matches!(action.deed, Deed::End { .. }));
        for action in actions {
            self.perform(nth, action)?;
        }
        self.tell(nth, execution)?;
        end.map_or(Ok(()), |end| self.perform(nth, end))
    }

    fn tell(&mut self, nth: usize, execution: ExecutionId) -> Result<()> {
        let looped = &mut self.process.loops[nth];
        let kept = looped.scheduler.kept(execution);
        let Some(told) = looped.told.get_mut(&execution) else { return Ok(()) };
        let due = told.extract_if(.., |(until, ..)| kept.is_none_or(|kept| *until <= kept));
        let due: Vec<_> = due.map(|(_, told, answer)| (told, answer)).collect();
        if told.is_empty() {
            looped.told.remove(&execution);
        }
        due.into_iter().try_for_each(|(told, answer)| self.tell_now(told, answer))
    }

    fn perform(&mut self, nth: usize, action: Action) -> Result<()> {
        if self.pass("before a deed") {
            return Ok(());
        }
        let Action { execution, deed } = action;
        match deed {
            Deed::RunTask { call, is_ahead, .. } => self.run_task(execution, &call, is_ahead)?,
            // Nothing is started with a test case.
            Deed::Rehearse { otherwise: deed, .. } => {
                self.perform(nth, Action { execution, deed: *deed })?;
            }
            Deed::StopTask { task } => self.stop_task(nth, execution, task),
            Deed::StartChild { program, task, child, is_again } => {
                self.start_child(Parent { execution, task }, program, child, is_again)?;
            }
            Deed::RedriveChild { program, task, child, count } => {
                self.redrive_child(Parent { execution, task }, program, child, count)?;
            }
            Deed::TellEnd { parent, outcome } => self.send(Command::child_ended(parent, outcome)),
            Deed::StartExecution { task, call, is_again } => {
                let parent = Parent { execution, task };
                self.soon(Errand::StartExecution { parent, call, is_again });
            }
            Deed::OfferActivity { task, activity, token, input } => {
                let key = (execution, task);
                self.process.loops[nth].offers.insert(key, Str::clone(&activity));
                let offers = self.process.offers.entry(Str::clone(&activity)).or_default();
                offers.push_back(Offer { execution, task, token, input });
                self.soon(Errand::Work(activity));
            }
            Deed::ReadItems { from, .. } => self.soon(Errand::ReadItems { execution, from }),
            Deed::WriteResults { .. } => self.soon(Errand::WriteResults { execution }),
            Deed::End { ending, parent } => self.end(nth, execution, &ending.outcome, parent),
        }
        Ok(())
    }

    fn end(&mut self, nth: usize, id: ExecutionId, outcome: &Outcome, parent: Option<Parent>) {
        self.note(|| format!("execution {id} has ended: {outcome:?}"));
        if let Some(parent) = parent {
            self.send(Command::child_ended(parent, outcome.clone()));
        }
        for watcher in self.process.loops[nth].watching.remove(&id).unwrap_or_default() {
            self.soon(Errand::Send(Command::child_ended(watcher, outcome.clone())));
        }
    }

    fn stop_task(&mut self, nth: usize, execution: ExecutionId, task: TaskId) {
        let looped = &mut self.process.loops[nth];
        looped.running.remove(&(execution, task));
        if let Some(activity) = looped.offers.remove(&(execution, task))
            && let Some(offers) = self.process.offers.get_mut(&activity)
        {
            offers.retain(|offer| (offer.execution, offer.task) != (execution, task));
        }
        if let Some(child) = looped.children.remove(&(execution, task)) {
            self.send(Command::input(child, Input::Stop { failure: Failure::default() }));
        }
    }

    /// Somebody else may start an execution of that name.
    fn release(&mut self, claimed: Option<&Str>) {
        if let Some(name) = claimed {
            self.process.names.remove(name);
        }
    }

    pub(crate) fn send(&mut self, command: Command) {
        self.give(command.execution, Message::Command(command));
    }

    pub(crate) fn give(&mut self, execution: ExecutionId, message: Message) {
        self.process.of(execution).inbox.push_back(message);
    }
}

impl Loop {
    /// Forgets what runs for a command that says that it runs no longer.
    fn forget(&mut self, command: &Command) {
        let execution = command.execution;
        match &command.what {
            What::Input(Input::TaskReported { task, .. }) => {
                self.running.remove(&(execution, *task));
            }
            What::Input(Input::ChildEnded { task, .. }) => {
                self.children.remove(&(execution, *task));
                self.sent.remove(&(execution, *task));
            }
            _ => {}
        }
    }
}

fn describe(nth: usize, turn: &Turn) -> String {
    let facts = turn.records.iter().map(|record| {
        let facts = record.batch.events().iter().map(|event| {
            let fact = format!("{:?}", event.fact);
            fact.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
        });
        format!("{}: {}", record.execution, facts.collect::<Vec<_>>().join(" "))
    });
    format!("loop {nth} decides [{}]", facts.collect::<Vec<_>>().join("; "))
}
