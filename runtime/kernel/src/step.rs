//! Deciding: one call of [`Execution::handle`].
//!
//! An input is accepted or found stale; then every frame that has something to decide is advanced,
//! until the world owes something or the step's budget is spent. Whatever is decided goes through
//! [`Step::emit`], the one place from which an execution changes.

use std::sync::Arc;
use std::time::Duration;

use stepwell_asl::{Definition, Kind, MachineIdx, State, StateIdx, Timestamp, Transition};
use stepwell_value::Payload;

use crate::context::{Scope, World};
use crate::event::{Event, Fact, FrameId};
use crate::evolve::Delta;
use crate::execution::{Ended, Execution, Rest, Running};
use crate::fault::Fault;
use crate::flow::Left;
use crate::frame::{Activity, Done, Origin, Phase, Visit};
use crate::map_run::{MapRun, MapRunFact};
use crate::{Batch, Env, Failure, Input, Obligation, Stale, Turns, error_name, flow};

pub(crate) mod bench;
mod choice;
mod distributed;
mod fork;
mod nested;
mod recover;
mod report;
mod task;
mod wait;

impl Execution {
    /// Takes an input, decides what follows, and gives it as a batch to persist.
    pub fn handle<'a>(
        &'a mut self,
        definition: &'a Definition,
        input: Input,
        env: Env<'a>,
    ) -> Result<Batch, Stale> {
        self.handle_within(definition, input, World::new(env))
    }

    /// As [`Execution::handle`], and notes which way the states go.
    pub fn handle_watched<'a>(
        &'a mut self,
        definition: &'a Definition,
        input: Input,
        env: Env<'a>,
        turns: &'a Turns,
    ) -> Result<Batch, Stale> {
        self.handle_within(definition, input, World::new(env).with_turns(turns))
    }

    fn handle_within<'a>(
        &'a mut self,
        definition: &'a Definition,
        input: Input,
        world: World<'a>,
    ) -> Result<Batch, Stale> {
        let woken_at = self.wake_at();
        let errands = self.map_run().map(MapRun::errands);
        let mut step = Step {
            definition,
            world,
            execution: self,
            events: Vec::new(),
            delta: Delta::default(),
        };
        step.accept(input)?;
        step.run();
        step.run_map();
        Ok(step.finish(woken_at, errands))
    }
}

/// What there is to decide about a state.
enum Todo {
    Begin,
    ExitWithResult(Payload),
    ExitWithInput,
    StartChild(u32),
    ResumeChild(FrameId, u32),
    ResumeMapRun { redrives: u32 },
    Gather,
    Recover { failure: Failure, origin: Origin },
    Fail(Failure),
}

impl Todo {
    fn of(activity: &Activity) -> Self {
        match activity {
            Activity::Entered => Self::Begin,
            Activity::Done(Done::Result(result)) => Self::ExitWithResult(result.clone()),
            Activity::Done(Done::Waited) => Self::ExitWithInput,
            Activity::Fork(fork) if fork.has_free_slot() => match fork.lost.first_key_value() {
                Some((index, (child, _))) => Self::ResumeChild(*child, *index),
                None => Self::StartChild(fork.started),
            },
            Activity::LostMapRun { redrives, .. } => Self::ResumeMapRun { redrives: *redrives },
            Activity::Fork(_) => Self::Gather,
            Activity::Failed { failure, origin } => {
                Self::Recover { failure: failure.clone(), origin: *origin }
            }
            Activity::ForkFailed { failure } => Self::Fail(failure.clone()),
            Activity::Task(_)
            | Activity::MapRun { .. }
            | Activity::Waiting { .. }
            | Activity::Backoff { .. } => {
                unreachable!("a frame that waits is not ready")
            }
        }
    }
}

pub(crate) struct Step<'a> {
    pub definition: &'a Definition,
    pub world: World<'a>,
    pub execution: &'a mut Execution,
    events: Vec<Event>,
    delta: Delta,
}

impl<'a> Step<'a> {
    fn accept(&mut self, input: Input) -> Result<(), Stale> {
        match (&*self.execution, input) {
            (Execution::Created, Input::Start { identity, input }) => {
                let (identity, deadline) = (Arc::new(identity), self.deadline(None));
                self.emit(Fact::ExecutionStarted { identity, input, deadline, machine: None });
                Ok(())
            }
            (Execution::Created, Input::StartItem { identity, machine, input }) => {
                let (identity, machine) = (Arc::new(identity), Some(machine));
                let deadline = self.deadline(machine);
                self.emit(Fact::ExecutionStarted { identity, input, deadline, machine });
                Ok(())
            }
            (Execution::Created, Input::StartMapRun { identity, call }) => {
                self.emit(Fact::MapRun(MapRunFact::Started { identity, call }));
                Ok(())
            }
            (Execution::Ended(_), Input::Redrive) => self.redrive(),
            (Execution::MapRun(_), input) => self.accept_for_map_run(input),
            (Execution::Running(_), Input::ChildEnded { task, outcome }) => {
                self.child_ended(task, outcome)
            }
            (Execution::Running(_), Input::TaskReported { task, outcome }) => {
                self.task_reported(task, outcome)
            }
            (Execution::Running(_), Input::TaskMocked { task, outcome }) => {
                self.task_mocked(task, outcome)
            }
            (Execution::Running(_), Input::ActivityStarted { task, worker }) => {
                self.activity_started(task, worker)
            }
            (Execution::Running(_), Input::ExecutionStarted { task, execution_arn, at }) => {
                self.execution_started(task, &execution_arn, at)
            }
            (Execution::Running(_), Input::TokenReported { task, outcome }) => {
                self.token_reported(task, outcome)
            }
            (Execution::Running(_), Input::Heartbeat { task }) => self.heartbeat(task),
            (Execution::Running(_), Input::Wake) => self.wake(),
            (Execution::Running(running), Input::Continue) if !running.ready.is_empty() => Ok(()),
            (Execution::Running(_), Input::Stop { failure }) => {
                self.emit(Fact::ExecutionAborted { failure });
                Ok(())
            }
            _ => Err(Stale),
        }
    }

    fn redrive(&mut self) -> Result<(), Stale> {
        self.execution.redrivability(self.world.limits).map_err(|_reason| Stale)?;
        let redrive_count = self.execution.redrive_count() + 1;
        let Execution::Ended(Ended { rest: Some(rest), .. }) = &*self.execution else {
            return Err(Stale);
        };
        let fact = match rest {
            Rest::Running(running) => {
                Fact::ExecutionRedriven { redrive_count, deadline: self.deadline(running.machine) }
            }
            Rest::MapRun(_) => Fact::MapRun(MapRunFact::Redriven { redrive_count }),
        };
        self.emit(fact);
        Ok(())
    }

    /// When an execution that begins now, through that machine or the definition's own, runs out
    /// of time. `TimeoutSeconds` is about the latter alone.
    fn deadline(&self, machine: Option<MachineIdx>) -> Option<Timestamp> {
        let own = if machine.is_none() { self.definition.timeout_seconds } else { None };
        let most = self.world.limits.execution_duration_max;
        let bound = (most != Duration::MAX).then_some(most);
        let shortest = own.map(Duration::from_secs).into_iter().chain(bound).min();
        shortest.map(|duration| self.world.now.saturating_add(duration))
    }

    /// Lets everything happen that was due by now.
    fn wake(&mut self) -> Result<(), Stale> {
        let now = self.world.now;
        let running = self.running();
        if running.deadline.is_some_and(|deadline| deadline <= now) {
            self.emit(Fact::ExecutionTimedOut { failure: Failure::named(error_name::TIMEOUT) });
            return Ok(());
        }
        let due_timers = running.timers.iter().take_while(|(due, _)| *due <= now);
        let due_frames: Vec<_> = due_timers.map(|(_, frame)| *frame).collect();
        if due_frames.is_empty() {
            return Err(Stale);
        }
        // Backwards, because it is the last one that goes on first.
        for frame in due_frames.into_iter().rev() {
            self.timer_elapsed(frame);
        }
        Ok(())
    }

    fn timer_elapsed(&mut self, frame: FrameId) {
        match &self.visit(frame).activity {
            Activity::Task(_) => {
                let failure = Failure::named(error_name::TIMEOUT);
                self.emit(Fact::TaskTimedOut { frame, failure });
            }
            Activity::Waiting { .. } => self.emit(Fact::WaitElapsed { frame }),
            Activity::Backoff { .. } => self.emit(Fact::RetryStarted { frame }),
            Activity::Entered
            | Activity::Done(_)
            | Activity::Fork(_)
            | Activity::MapRun { .. }
            | Activity::LostMapRun { .. }
            | Activity::Failed { .. }
            | Activity::ForkFailed { .. } => unreachable!("the frame has no timer"),
        }
    }

    /// Advances frames until nothing is left to decide or the budget is spent.
    fn run(&mut self) {
        for _ in 0..self.world.limits.decisions_per_step {
            self.check_room(Running::room_to_decide);
            let Execution::Running(running) = &*self.execution else { return };
            let Some(frame) = running.next_ready() else { break };
            self.advance(frame);
        }
        self.check_room(Running::room_to_wait);
    }

    /// Ends the execution if its history has no room for what may come next.
    fn check_room(&mut self, room: fn(&Running) -> Option<u64>) {
        let Execution::Running(running) = &*self.execution else { return };
        let most = self.world.limits.history_events_max;
        if room(running).is_some_and(|room| running.history_events + room > most) {
            let cause =
                format!("The execution reached the maximum number of history events ({most}).");
            let failure = Failure::new(error_name::RUNTIME, cause);
            self.emit(Fact::ExecutionFailed { failure });
        }
    }

    fn advance(&mut self, frame: FrameId) {
        match &self.running().frames[&frame].phase {
            Phase::Starting { input } => {
                let input = input.clone();
                let state = self.definition.machine(self.machine_of(frame)).start;
                self.emit(Fact::StateEntered { frame, state, input });
            }
            Phase::Exited { output, next: Some(state) } => {
                let (state, input) = (*state, output.clone());
                self.emit(Fact::StateEntered { frame, state, input });
            }
            Phase::Exited { output, next: None } => {
                let output = output.clone();
                self.emit(if frame == FrameId::ROOT {
                    Fact::ExecutionSucceeded { output }
                } else {
                    Fact::ChildSucceeded { frame, output }
                });
            }
            Phase::Inside(visit) => {
                let todo = Todo::of(&visit.activity);
                self.advance_visit(frame, todo);
            }
        }
    }

    fn advance_visit(&mut self, frame: FrameId, todo: Todo) {
        match todo {
            Todo::Begin => self.begin(frame),
            Todo::ExitWithResult(result) => self.exit_with_result(frame, &result),
            Todo::ExitWithInput => self.exit_with_input(frame),
            Todo::StartChild(index) => self.start_child(frame, index),
            Todo::ResumeChild(child, index) => {
                self.emit(Fact::ChildRedriven { frame: child, parent: frame, index });
            }
            Todo::ResumeMapRun { redrives } => {
                self.emit(Fact::MapRunRedriven { frame, redrive_count: redrives + 1 });
            }
            Todo::Gather => self.gather(frame),
            Todo::Recover { failure, origin } => self.recover(frame, &failure, origin),
            Todo::Fail(failure) => self.fail_frame(frame, failure),
        }
    }

    /// Begins the work of a state that was entered.
    fn begin(&mut self, frame: FrameId) {
        let state = self.state(frame);
        match &state.kind {
            Kind::Task(task) => self.schedule_task(frame, task),
            Kind::Pass(pass) => match (&pass.result, flow::enter(&self.scope(frame))) {
                (Some(result), Ok(_)) => self.exit_with_result(frame, result),
                (None, Ok(effective)) => self.exit_with_result(frame, &effective),
                (_, Err(fault)) => self.fail_state(frame, fault),
            },
            Kind::Choice(choice) => self.choose(frame, choice),
            Kind::Wait(wait) => self.begin_wait(frame, wait),
            Kind::Succeed => self.exit_with_input(frame),
            Kind::Fail(fail) => {
                let fault = self.declared_failure(frame, fail);
                self.fail_state(frame, fault);
            }
            Kind::Parallel(parallel) => self.begin_parallel(frame, parallel),
            Kind::Map(map) => self.begin_map(frame, map),
        }
    }

    /// Leaves a state with the result of its work.
    fn exit_with_result(&mut self, frame: FrameId, result: &Payload) {
        let next = self.successor(frame);
        let left = flow::leave(&self.scope(frame), result);
        self.exit(frame, left, next);
    }

    /// Leaves a state that only hands on its input.
    fn exit_with_input(&mut self, frame: FrameId) {
        match flow::enter(&self.scope(frame)) {
            Ok(effective) => self.exit_with_result(frame, &effective),
            Err(fault) => self.fail_state(frame, fault),
        }
    }

    fn exit(&mut self, frame: FrameId, left: Result<Left, Fault>, next: Option<StateIdx>) {
        match left {
            Ok(Left { output, assigned }) => {
                self.emit(Fact::StateExited { frame, output, assigned, next });
            }
            Err(fault) => self.fail_state(frame, fault),
        }
    }

    /// A state fails by itself.
    fn fail_state(&mut self, frame: FrameId, fault: Fault) {
        match fault {
            Fault::Silent(failure) => self.emit(Fact::StateFailed { frame, failure }),
            Fault::Evaluation { failure, location } => {
                let has_children =
                    matches!(self.state(frame).kind, Kind::Parallel(_) | Kind::Map(_));
                let is_before_the_end =
                    matches!(self.visit(frame).activity, Activity::Entered | Activity::Fork(_));
                let fails_children = has_children && is_before_the_end;
                self.emit(Fact::EvaluationFailed { frame, failure, location, fails_children });
            }
        }
    }

    /// What follows a state that succeeds; a Choice decides for itself.
    fn successor(&self, frame: FrameId) -> Option<StateIdx> {
        let transition = match &self.state(frame).kind {
            Kind::Task(task) => task.next,
            Kind::Pass(pass) => pass.next,
            Kind::Wait(wait) => wait.next,
            Kind::Parallel(parallel) => parallel.next,
            Kind::Map(map) => map.next,
            Kind::Succeed | Kind::Fail(_) | Kind::Choice(_) => Transition::End,
        };
        match transition {
            Transition::Next(state) => Some(state),
            Transition::End => None,
        }
    }

    /// Records an event and applies it: the only way in which an execution changes.
    pub(crate) fn emit(&mut self, fact: Fact) {
        let event = Event { at: self.world.now, fact };
        self.execution.evolve(&event, &mut self.delta).unwrap_or_else(|illegal| {
            panic!("a step emits only events that apply: {illegal:?}, {event:?}")
        });
        self.events.push(event);
    }

    fn finish(self, woken_at: Option<Timestamp>, errands: Option<(Option<u64>, bool)>) -> Batch {
        let mut opened = Vec::new();
        if let Execution::MapRun(run) = &*self.execution {
            for task in &self.delta.opened_children {
                run.push_child(*task, &mut opened);
            }
            if Some(run.errands()) != errands {
                opened.extend(run.errand_obligations());
            }
            opened.extend(run.is_ready().then_some(Obligation::Continue));
        }
        if let Execution::Running(running) = &*self.execution {
            for frame in &self.delta.opened {
                running.push_task_obligations(*frame, &mut opened);
            }
            opened.extend(running.common_obligations().filter(|obligation| {
                *obligation != woken_at.map_or(Obligation::Continue, Obligation::WakeAt)
                    || *obligation == Obligation::Continue
            }));
        }
        Batch { events: self.events, opened, closed: self.delta.closed }
    }

    fn running(&self) -> &Running {
        match &*self.execution {
            Execution::Running(running) => running,
            other => unreachable!("a step decides only while running, not in {other:?}"),
        }
    }

    fn visit(&self, frame: FrameId) -> &Visit {
        match &self.running().frames[&frame].phase {
            Phase::Inside(visit) => visit,
            phase => unreachable!("the frame is inside a state, not in {phase:?}"),
        }
    }

    /// Borrows from the definition rather than from the step, so callers can emit while holding it.
    fn state(&self, frame: FrameId) -> &'a State {
        self.definition.state(self.visit(frame).state)
    }

    fn scope(&self, frame: FrameId) -> Scope<'_> {
        let state = self.state(frame);
        Scope::new(self.running(), frame, self.visit(frame), state, &self.world)
    }

    /// The machine whose states a frame goes through.
    fn machine_of(&self, frame: FrameId) -> MachineIdx {
        let Some(parent) = self.running().frames[&frame].parent else {
            return self.running().machine.unwrap_or_else(|| self.definition.root());
        };
        match &self.state(parent.frame).kind {
            Kind::Parallel(parallel) => parallel.branches[parent.index as usize],
            Kind::Map(map) => map.processor,
            _ => unreachable!("only Parallel and Map states have children"),
        }
    }
}

impl Running {
    /// How many events the next decision may add, if there is one, with the failure of a full
    /// history behind it.
    ///
    /// A decision of one frame adds a few. One that stops all others adds two for each, its state's
    /// end and its own; otherwise each of them may report before the next decision.
    fn room_to_decide(&self) -> Option<u64> {
        let others = (self.frames.len() as u64).saturating_sub(1);
        (!self.ready.is_empty()).then_some(4 + 3 * others)
    }

    /// The same for the next input, if it is that which is waited for: a token that comes back
    /// early adds two events, and all tasks may time out at once.
    fn room_to_wait(&self) -> Option<u64> {
        self.ready.is_empty().then_some(2 + self.frames.len() as u64)
    }
}
