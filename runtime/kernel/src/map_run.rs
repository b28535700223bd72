//! A map run: the execution that looks after the executions of a Distributed Map.
//!
//! The Map state starts one, and waits for its end. The run takes items, as many at a time as its
//! reader gives, starts an execution for each of them or for each batch, counts how they end, and
//! ends itself. It is an [`Execution`](crate::Execution) like any other, with a journal of its own:
//! what it keeps does not grow with the items that succeed, unless it has to hand on their results.
//! Those that do not succeed are kept for a redrive.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use stepwell_asl::{MachineIdx, StateIdx, Timestamp};
use stepwell_value::{Payload, Str, Value};

use crate::event::{Event, Fact, TaskId};
use crate::evolve::Illegal;
use crate::execution::{Outcome, Redrives};
use crate::frame::{Activity, Visit};
use crate::{Failure, Identity, error_name};

mod decide;
mod redrive;

/// What a Map state asks of its run. Everything that depends on the state's data is computed.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRunCall {
    pub map_run_arn: Str,
    pub state: StateIdx,
    /// The state's raw input, and what it works on.
    pub raw_input: Payload,
    pub input: Payload,
    pub entered_at: Timestamp,
    pub entered_event: u64,
    /// The context object as the state sees it, for `ItemSelector`.
    pub context: Payload,
    /// The variables that the state sees, an object.
    pub variables: Payload,
    pub items: ItemsFrom,
    pub max_concurrency: u32,
    pub tolerance: Tolerance,
    pub batching: Option<Batching>,
    /// Where the results go instead of into the state's result: `Arguments` of the `ResultWriter`.
    pub writer: Option<Payload>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ItemsFrom {
    /// An array.
    Input(Payload),
    /// The state's `ItemReader`, with its `Arguments`.
    Reader { arguments: Payload, max_items: Option<u64> },
}

/// How many items may fail before the run does; without either bound, none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerance {
    pub count: Option<u32>,
    pub percentage: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Batching {
    pub items_max: Option<u64>,
    pub bytes_max: Option<u64>,
    pub batch_input: Option<Payload>,
}

/// A decision of a map run.
#[derive(Clone, Debug, PartialEq)]
pub enum MapRunFact {
    Started {
        /// The execution whose Map state it is.
        identity: Arc<Identity>,
        call: Arc<MapRunCall>,
    },
    /// The reader has given items, an array.
    ItemsRead {
        items: Payload,
        is_last: bool,
    },
    ItemStarted {
        task: TaskId,
        child: Arc<ItemChild>,
    },
    ItemEnded {
        task: TaskId,
        outcome: Outcome,
    },
    Updated {
        max_concurrency: u32,
        tolerance: Tolerance,
    },
    /// The run goes on after an end without success, with its executions that had not succeeded.
    Redriven {
        redrive_count: u32,
    },
    /// One of those goes on.
    ItemRedriven {
        task: TaskId,
    },
    /// Another execution takes the place of one that cannot go on by itself.
    ItemRestarted {
        task: TaskId,
        /// The task of the former one.
        former: TaskId,
        child: Arc<ItemChild>,
    },
}

/// The execution of one item or batch.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemChild {
    pub identity: Identity,
    pub machine: MachineIdx,
    pub input: Payload,
    /// How many items it has.
    pub items: u32,
}

/// How many there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub pending: u64,
    pub running: u64,
    pub succeeded: u64,
    pub failed: u64,
    pub timed_out: u64,
    pub aborted: u64,
    /// Those that a redrive of the run has yet to let go on.
    pub pending_redrive: u64,
}

impl Counts {
    pub fn total(&self) -> u64 {
        self.pending + self.running + self.succeeded + self.lost() + self.pending_redrive
    }

    /// Those that ended without success.
    fn lost(&self) -> u64 {
        self.failed + self.timed_out + self.aborted
    }

    fn end(&mut self, outcome: &Outcome, by: u64) {
        self.running -= by;
        *match outcome {
            Outcome::Succeeded { .. } => &mut self.succeeded,
            Outcome::Failed { .. } => &mut self.failed,
            Outcome::TimedOut { .. } => &mut self.timed_out,
            Outcome::Aborted { .. } => &mut self.aborted,
        } += by;
    }
}

/// A map run that has started and not ended.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRun {
    pub(crate) identity: Arc<Identity>,
    pub(crate) call: Arc<MapRunCall>,
    /// The state's visit, for the expressions that are evaluated item by item.
    visit: Visit,
    max_concurrency: u32,
    tolerance: Tolerance,
    /// Items that are read and not started.
    waiting: VecDeque<Value>,
    has_read_all: bool,
    /// How often the reader has answered.
    answers: u64,
    /// How many items have been started.
    started: u64,
    next_task: u32,
    pub(crate) open: BTreeMap<TaskId, Item>,
    /// Executions that have ended without success.
    lost: BTreeMap<TaskId, Item>,
    /// Of those, the ones that go on once there is room.
    to_redrive: BTreeMap<TaskId, Item>,
    items: Counts,
    executions: Counts,
    /// Results by the order of starting, unless they are written out.
    results: Vec<Option<Payload>>,
    /// Where among the results an execution has its own that took the place of another one.
    places: BTreeMap<TaskId, usize>,
    pub(crate) redrives: Redrives,
}

/// An execution of the run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub child: Arc<ItemChild>,
    /// How often it is to have been redriven.
    pub redrives: u32,
}

impl MapRun {
    pub fn arn(&self) -> &Str {
        &self.call.map_run_arn
    }

    pub fn max_concurrency(&self) -> u32 {
        self.max_concurrency
    }

    pub fn tolerance(&self) -> Tolerance {
        self.tolerance
    }

    pub fn item_counts(&self) -> Counts {
        self.items
    }

    pub fn execution_counts(&self) -> Counts {
        self.executions
    }

    pub(crate) fn start(event: &Event) -> Option<Self> {
        let Fact::MapRun(MapRunFact::Started { identity, call }) = &event.fact else {
            return None;
        };
        let visit = Visit {
            state: call.state,
            input: call.raw_input.clone(),
            entered_at: call.entered_at,
            entered_event: call.entered_event,
            attempt: 0,
            retries: Vec::new(),
            activity: Activity::Entered,
            kept: None,
        };
        let mut run = Self {
            identity: Arc::clone(identity),
            call: Arc::clone(call),
            visit,
            max_concurrency: call.max_concurrency,
            tolerance: call.tolerance,
            waiting: VecDeque::new(),
            has_read_all: false,
            answers: 0,
            started: 0,
            next_task: 0,
            open: BTreeMap::new(),
            lost: BTreeMap::new(),
            to_redrive: BTreeMap::new(),
            items: Counts::default(),
            executions: Counts::default(),
            results: Vec::new(),
            places: BTreeMap::new(),
            redrives: Redrives::default(),
        };
        if let ItemsFrom::Input(items) = &call.items {
            run.take_items(items, true);
        }
        Some(run)
    }

    pub(crate) fn evolve(&mut self, fact: &MapRunFact) -> Result<(), Illegal> {
        match fact {
            MapRunFact::Started { .. } | MapRunFact::Redriven { .. } => return Err(Illegal),
            MapRunFact::ItemsRead { items, is_last } => {
                if !self.wants_items() {
                    return Err(Illegal);
                }
                self.take_items(items, *is_last);
            }
            MapRunFact::ItemStarted { task, child } => self.start_item(*task, child)?,
            MapRunFact::ItemEnded { task, outcome } => self.end_item(*task, outcome)?,
            MapRunFact::ItemRedriven { task } => self.redrive_item(*task)?,
            MapRunFact::ItemRestarted { task, former, child } => {
                self.restart_item(*task, *former, child)?;
            }
            MapRunFact::Updated { max_concurrency, tolerance } => {
                self.max_concurrency = *max_concurrency;
                self.tolerance = *tolerance;
            }
        }
        Ok(())
    }

    fn take_items(&mut self, items: &Payload, is_last: bool) {
        let items = items.value().as_array().unwrap_or_default();
        let is_last = is_last || items.is_empty();
        self.items.pending += items.len() as u64;
        self.waiting.extend(items.iter().cloned());
        self.has_read_all = is_last;
        self.answers += 1;
    }

    fn start_item(&mut self, task: TaskId, child: &Arc<ItemChild>) -> Result<(), Illegal> {
        let count = child.items as usize;
        if task.0 != self.next_task || count == 0 || count > self.waiting.len() {
            return Err(Illegal);
        }
        self.next_task += 1;
        self.waiting.drain(..count);
        self.started += count as u64;
        self.items.pending -= count as u64;
        self.items.running += count as u64;
        self.executions.running += 1;
        self.open.insert(task, Item { child: Arc::clone(child), redrives: 0 });
        if self.keeps_results() {
            if task.0 as usize != self.results.len() {
                self.places.insert(task, self.results.len());
            }
            self.results.push(None);
        }
        Ok(())
    }

    fn end_item(&mut self, task: TaskId, outcome: &Outcome) -> Result<(), Illegal> {
        let item = self.open.remove(&task).ok_or(Illegal)?;
        self.items.end(outcome, u64::from(item.child.items));
        self.executions.end(outcome, 1);
        let Outcome::Succeeded { output } = outcome else {
            self.lost.insert(task, item);
            return Ok(());
        };
        let place = self.place(task);
        if let Some(result) = self.results.get_mut(place) {
            *result = Some(output.clone());
        }
        Ok(())
    }

    /// Where among the results an execution has its own.
    fn place(&self, task: TaskId) -> usize {
        self.places.get(&task).copied().unwrap_or(task.0 as usize)
    }

    fn keeps_results(&self) -> bool {
        self.call.writer.is_none()
    }

    /// What the run waits for besides its executions: equal before and after a step that changed
    /// nothing about it.
    pub(crate) fn errands(&self) -> (Option<u64>, bool) {
        (self.wants_items().then_some(self.answers), self.wants_results_written())
    }

    /// Whether the reader is to give more.
    pub(crate) fn wants_items(&self) -> bool {
        !self.has_read_all && self.waiting.is_empty()
    }

    /// Where the reader is to go on: the number of items that it has given.
    pub(crate) fn items_read(&self) -> u64 {
        self.started + self.waiting.len() as u64
    }

    pub(crate) fn wants_results_written(&self) -> bool {
        self.is_done() && !self.keeps_results()
    }

    fn is_done(&self) -> bool {
        let is_any_left = !(self.waiting.is_empty() && self.to_redrive.is_empty());
        self.has_read_all && !is_any_left && self.open.is_empty()
    }

    fn has_free_slot(&self) -> bool {
        let is_any_left = !(self.waiting.is_empty() && self.to_redrive.is_empty());
        is_any_left && self.open.len() < self.max_concurrency as usize
    }

    /// Whether there is something to decide without waiting for the world.
    pub(crate) fn is_ready(&self) -> bool {
        self.exceeds_tolerance() || self.has_free_slot() || (self.is_done() && self.keeps_results())
    }

    fn exceeds_tolerance(&self) -> bool {
        let lost = self.items.lost();
        // The share is known only once all items are.
        let total = self.has_read_all.then(|| self.items.total());
        let has_no_bound = self.tolerance == Tolerance::default();
        self.tolerance.is_exceeded(lost, total) || (has_no_bound && lost > 0)
    }
}

impl Tolerance {
    /// Whether more items are lost than a bound allows, out of all if it is known how many there are.
    #[expect(clippy::cast_precision_loss, reason = "a run has at most 100,000,000 items")]
    pub(crate) fn is_exceeded(&self, lost: u64, total: Option<u64>) -> bool {
        let too_many = self.count.is_some_and(|most| lost > u64::from(most));
        let too_large_a_share = self
            .percentage
            .zip(total)
            .is_some_and(|(most, total)| lost as f64 * 100.0 > most * total as f64);
        too_many || too_large_a_share
    }

    pub(crate) fn failure() -> Failure {
        let cause = "The specified tolerated failure threshold was exceeded";
        Failure::new(error_name::EXCEED_TOLERATED_FAILURE_THRESHOLD, cause)
    }
}
