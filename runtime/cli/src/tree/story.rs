//! The fold: which state an event belongs to.
//!
//! The history is flat. That an event lies inside a branch or an iteration shows only in what it
//! follows from, so every event is filed under the state that its predecessor leads to. A history
//! that was cut short, or that another writer laid out, gives a poorer story and never a panic.

use stepwell::{Failure, StateType, Timestamp};

use super::moment::{Moment, What};

/// An execution as states within lines of control, both in arenas.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub steps: Vec<Step>,
    /// The first is the execution's own.
    pub lines: Vec<Line>,
    /// None while the execution runs.
    pub ending: Option<Ending>,
    pub began: Timestamp,
    /// When the last event happened.
    pub ended: Timestamp,
}

/// One visit of a state.
#[derive(Debug)]
pub(crate) struct Step {
    pub name: String,
    pub kind: StateType,
    pub line: usize,
    pub status: Status,
    pub entered: Timestamp,
    pub left: Option<Timestamp>,
    /// How often the task was scheduled, or the branches or iterations were started.
    pub attempts: u32,
    /// What the last attempt that failed has failed with.
    pub failure: Option<Failure>,
    /// A Map's number of items.
    pub length: Option<u32>,
    /// The branches or iterations of the last attempt.
    pub children: Vec<usize>,
    last_attempt_failed: bool,
    fork_ended: bool,
}

/// A line of control.
#[derive(Debug)]
pub(crate) struct Line {
    /// The Parallel or Map state around it.
    pub parent: Option<usize>,
    pub place: Place,
    pub steps: Vec<usize>,
    pub began: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Root,
    /// Counted from 0 in the order in which they begin.
    Branch(usize),
    Iteration(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Running,
    Succeeded,
    /// It failed, and a catcher went on.
    Caught,
    Failed,
    Stopped,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ending {
    Succeeded,
    Failed(Failure),
    TimedOut(Failure),
    Aborted(Failure),
}

/// Where an event was filed.
#[derive(Clone, Copy, Debug)]
struct Filed {
    step: Option<usize>,
    /// In which a state would be entered that follows from the event.
    line: usize,
}

impl Filed {
    /// Under the execution itself.
    const ROOT: Self = Self { step: None, line: 0 };
}

#[derive(Default)]
struct Folding {
    story: Story,
    /// By event, with whether it began the branches of a Parallel state.
    filed: Vec<(Filed, bool)>,
}

impl Story {
    pub(crate) fn of<'h, E>(history: &'h [E]) -> Self
    where
        Moment: From<&'h E>,
    {
        let mut folding = Folding::default();
        let began = Timestamp::default();
        let root = Line { parent: None, place: Place::Root, steps: Vec::new(), began };
        folding.story.lines.push(root);
        for event in history {
            folding.take(Moment::from(event));
        }
        folding.close_what_is_open();
        folding.story
    }

    /// The innermost states that were stopped or still run, in the order of their entering.
    pub(crate) fn cut_short(&self) -> impl Iterator<Item = &Step> {
        let is_cut = |step: &Step| matches!(step.status, Status::Stopped | Status::Running);
        let has_cut_inside = move |step: &Step| {
            let mut inside = step.children.iter().flat_map(|line| &self.lines[*line].steps);
            inside.any(|inner| is_cut(&self.steps[*inner]))
        };
        self.steps.iter().filter(move |step| is_cut(step) && !has_cut_inside(step))
    }

    /// How a line went: as its last state, or failed if any of its states did.
    pub(crate) fn line_status(&self, line: &Line) -> Status {
        let statuses = || line.steps.iter().map(|step| self.steps[*step].status);
        if statuses().any(|status| status == Status::Failed) {
            return Status::Failed;
        }
        match statuses().next_back() {
            Some(Status::Caught) => Status::Succeeded,
            Some(status) => status,
            None if self.ending.is_some() => Status::Stopped,
            None => Status::Running,
        }
    }

    pub(crate) fn line_ended(&self, line: &Line) -> Timestamp {
        let last = line.steps.last().map_or(line.began, |step| self.step_ended(&self.steps[*step]));
        last.max(line.began)
    }

    pub(crate) fn step_ended(&self, step: &Step) -> Timestamp {
        step.left.unwrap_or(self.ended)
    }
}

impl Folding {
    fn take(&mut self, moment: Moment) {
        if self.filed.is_empty() {
            self.story.began = moment.at;
            self.story.lines[0].began = moment.at;
        }
        self.story.ended = moment.at;
        let forks = moment.what == What::ParallelStarted;
        let filed = self.fold(moment);
        self.filed.push((filed, forks));
    }

    fn abort(&mut self, previous: u64, at: Timestamp, state: StateType) -> Filed {
        self.update(
            previous,
            |step| step.kind == state && step.is_open(),
            |step| {
                step.close(Status::Stopped, at);
            },
        )
    }

    fn fold(&mut self, Moment { previous, at, what }: Moment) -> Filed {
        match what {
            What::ExecutionStarted => Filed::ROOT,
            What::ExecutionRedriven => {
                self.story.ending = None;
                Filed::ROOT
            }
            What::ExecutionEnded(Ending::Failed(failure)) => {
                self.fail_execution(previous, at, failure)
            }
            What::ExecutionEnded(ending) => self.end(ending),
            What::StateEntered { kind, name } => self.enter(previous, at, kind, &name),
            What::StateExited { name } => self.exit(previous, at, &name),
            What::StateAborted { kind } => self.abort(previous, at, kind),
            What::EvaluationFailed { name, failure } => {
                self.fail_evaluation(previous, &name, failure)
            }
            What::TaskScheduled => self.update(previous, Step::is_open_task, Step::attempt),
            What::TaskWentOn => self.update(previous, Step::is_open_task, |_| {}),
            What::TaskFailed { failure } => {
                self.update(previous, Step::is_open_task, |step| step.fail_attempt(Some(failure)))
            }
            What::ParallelStarted => self.start_fork(previous, at, None),
            What::MapStarted { length } => self.start_fork(previous, at, Some(length)),
            What::MapRunStarted => self.update(previous, Step::is_open_fork, Step::start_map_run),
            What::MapRunSucceeded => self.update(previous, Step::is_open_fork, |_| {}),
            What::MapRunFailed { failure } => {
                self.update(previous, Step::is_open_fork, |step| step.fail_attempt(Some(failure)))
            }
            What::ForkSucceeded => {
                self.update(previous, Step::is_open_fork, |step| step.fork_ended = true)
            }
            What::ForkFailed => self.fail_child(previous, at, Step::is_open_fork, |step| {
                step.fork_ended = true;
                step.fail_attempt(None);
            }),
            What::IterationStarted { name, index } => {
                self.start_iteration(previous, at, &name, index)
            }
            What::IterationFailed { name } => {
                self.fail_child(previous, at, |step| step.is_open_map(&name), |_| {})
            }
            What::IterationEnded { name } => {
                self.update(previous, |step| step.is_open_map(&name), |_| {})
            }
            What::Unknown => self.filed(previous),
        }
    }

    /// Ends the execution, with the state that it failed in.
    fn fail_execution(&mut self, previous: u64, at: Timestamp, failure: Failure) -> Filed {
        if let Some(step) = self.find(previous, Step::is_open) {
            let step = &mut self.story.steps[step];
            step.failure = Some(failure.clone());
            step.close(Status::Failed, at);
        }
        self.end(Ending::Failed(failure))
    }

    fn enter(&mut self, previous: u64, at: Timestamp, kind: StateType, name: &str) -> Filed {
        let before = self.filed(previous);
        let line = match before.step {
            Some(parent) if self.forks(previous) => {
                let place = Place::Branch(self.story.steps[parent].children.len());
                self.add_line(parent, place, at)
            }
            _ => before.line,
        };
        let step = self.story.steps.len();
        self.story.steps.push(Step::new(name, kind, line, at));
        self.story.lines[line].steps.push(step);
        Filed { step: Some(step), line }
    }

    fn exit(&mut self, previous: u64, at: Timestamp, name: &str) -> Filed {
        self.update(
            previous,
            |step| step.is_open() && step.name == name,
            |step| {
                let status =
                    if step.last_attempt_failed { Status::Caught } else { Status::Succeeded };
                step.close(status, at);
            },
        )
    }

    /// The event points at what came before the state, so the state is found by its name.
    fn fail_evaluation(&mut self, previous: u64, name: &str, failure: Failure) -> Filed {
        let before = self.filed(previous);
        let steps = &mut self.story.steps;
        let is_meant = |step: &Step| step.is_open() && step.name == name;
        let found = steps
            .iter()
            .rposition(|step| is_meant(step) && step.line == before.line)
            .or_else(|| steps.iter().rposition(is_meant));
        let Some(step) = found else { return before };
        steps[step].fail_attempt(Some(failure));
        Filed { step: Some(step), line: steps[step].line }
    }

    fn start_fork(&mut self, previous: u64, at: Timestamp, length: Option<u32>) -> Filed {
        // What another attempt follows from is what ended the one before.
        self.fail_child(previous, at, Step::is_open_fork, |step| {
            step.attempt();
            step.length = length;
            step.children.clear();
        })
    }

    fn start_iteration(&mut self, previous: u64, at: Timestamp, name: &str, index: u32) -> Filed {
        let Some(parent) = self.find(previous, |step| step.is_open_map(name)) else {
            return self.filed(previous);
        };
        let line = self.add_line(parent, Place::Iteration(index), at);
        Filed { step: Some(parent), line }
    }

    fn add_line(&mut self, parent: usize, place: Place, began: Timestamp) -> usize {
        let line = self.story.lines.len();
        self.story.lines.push(Line { parent: Some(parent), place, steps: Vec::new(), began });
        self.story.steps[parent].children.push(line);
        line
    }

    /// Files what a failed child leads to under the state around it. The child's own state has
    /// failed for good then.
    fn fail_child(
        &mut self,
        previous: u64,
        at: Timestamp,
        is_around: impl Fn(&Step) -> bool,
        change: impl FnOnce(&mut Step),
    ) -> Filed {
        let inner = self.filed(previous).step;
        let filed = self.update(previous, is_around, change);
        if inner != filed.step
            && let Some(inner) = inner
        {
            // Its state may have been announced as aborted before.
            let at = self.story.steps[inner].left.unwrap_or(at);
            self.story.steps[inner].close(Status::Failed, at);
        }
        filed
    }

    fn end(&mut self, ending: Ending) -> Filed {
        self.story.ending = Some(ending);
        Filed::ROOT
    }

    fn close_what_is_open(&mut self) {
        let Story { ending, ended, steps, .. } = &mut self.story;
        let Some(ending) = ending else { return };
        for step in steps.iter_mut().filter(|step| step.is_open()) {
            let failed = matches!(ending, Ending::Failed(_)) && step.last_attempt_failed;
            step.close(if failed { Status::Failed } else { Status::Stopped }, *ended);
        }
    }

    /// Changes the state that the event belongs to, and files the event under it.
    fn update(
        &mut self,
        previous: u64,
        is_meant: impl Fn(&Step) -> bool,
        change: impl FnOnce(&mut Step),
    ) -> Filed {
        let Some(step) = self.find(previous, is_meant) else { return self.filed(previous) };
        change(&mut self.story.steps[step]);
        Filed { step: Some(step), line: self.story.steps[step].line }
    }

    /// The state of the event before, or the innermost one around it that is meant.
    fn find(&self, previous: u64, is_meant: impl Fn(&Step) -> bool) -> Option<usize> {
        let mut candidate = self.filed(previous).step;
        while let Some(step) = candidate {
            if is_meant(&self.story.steps[step]) {
                return Some(step);
            }
            candidate = self.story.lines[self.story.steps[step].line].parent;
        }
        None
    }

    fn filed(&self, id: u64) -> Filed {
        let filed = position(id).and_then(|position| self.filed.get(position));
        filed.map_or(Filed::ROOT, |(filed, _)| *filed)
    }

    fn forks(&self, id: u64) -> bool {
        position(id).and_then(|position| self.filed.get(position)).is_some_and(|(_, forks)| *forks)
    }
}

fn position(id: u64) -> Option<usize> {
    usize::try_from(id.checked_sub(1)?).ok()
}

impl Step {
    fn new(name: &str, kind: StateType, line: usize, entered: Timestamp) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            line,
            status: Status::Running,
            entered,
            left: None,
            attempts: 0,
            failure: None,
            length: None,
            children: Vec::new(),
            last_attempt_failed: false,
            fork_ended: false,
        }
    }

    fn is_open(&self) -> bool {
        self.left.is_none()
    }

    fn is_open_task(&self) -> bool {
        self.is_open() && self.kind == StateType::Task
    }

    fn is_open_fork(&self) -> bool {
        let is_fork = matches!(self.kind, StateType::Parallel | StateType::Map);
        self.is_open() && is_fork && !self.fork_ended
    }

    fn is_open_map(&self, name: &str) -> bool {
        self.is_open() && self.kind == StateType::Map && self.name == name
    }

    fn attempt(&mut self) {
        self.attempts += 1;
        self.last_attempt_failed = false;
    }

    /// A map run that reads its items had counted none of them when its state started.
    fn start_map_run(&mut self) {
        self.length = self.length.filter(|length| *length > 0);
    }

    fn fail_attempt(&mut self, failure: Option<Failure>) {
        self.last_attempt_failed = true;
        self.failure = failure;
    }

    fn close(&mut self, status: Status, at: Timestamp) {
        self.status = status;
        self.left = Some(at);
    }
}
