//! Running tasks: on the loop itself where a hop would cost more, and beside it.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use stepwell_asl::Definition;
use stepwell_journal::ExecutionId;
use stepwell_kernel::{Failure, Input, TaskCall, TaskId};
use stepwell_value::Payload;
use tokio::sync::mpsc;

use super::{Message, Shard};
use crate::scheduler::Command;
use crate::tasks::{Heartbeat, TaskRequest};

/// A task that has been asked for.
pub(super) struct DueTask {
    pub execution: ExecutionId,
    pub task: TaskId,
    future: Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>>,
}

/// The tasks that a turn has asked for, and how long they take lately.
#[derive(Default)]
pub(super) struct DueTasks {
    asked_for: VecDeque<DueTask>,
    /// What running a task on the loop costs, as a moving average.
    cost: Duration,
}

/// A task that costs no more is not worth a hop to another thread.
const QUICK: Duration = Duration::from_micros(50);

/// For so long one turn runs tasks itself while there are others.
const TURN_SHARE: Duration = Duration::from_millis(1);

impl DueTasks {
    /// Forgets a task that nobody waits for any more.
    pub(super) fn withdraw(&mut self, execution: ExecutionId, task: TaskId) {
        self.asked_for.retain(|due| (due.execution, due.task) != (execution, task));
    }

    fn note(&mut self, took: Duration) {
        self.cost = (self.cost * 7 + took) / 8;
    }
}

impl Shard {
    /// Takes a task on, for the end of the turn.
    pub(super) fn run_task(
        &mut self,
        execution: ExecutionId,
        definition: Arc<Definition>,
        call: TaskCall,
        is_ahead: bool,
    ) {
        let task = call.task;
        let heartbeat = heartbeat(self.inbox(execution), execution, task);
        let request = TaskRequest { call, definition, is_ahead, heartbeat };
        let future = self.world.tasks.run(request);
        self.due.asked_for.push_back(DueTask { execution, task, future });
    }

    /// Runs the tasks of a turn: the last one here, as far as it goes without waiting, and the
    /// others beside this loop, unless tasks are so quick lately that they are done here sooner.
    pub(super) fn run_due_tasks(&mut self) {
        let mut spent = Duration::ZERO;
        while let Some(mut due) = self.due.asked_for.pop_front() {
            let is_last = self.due.asked_for.is_empty();
            let is_quick = self.due.cost <= QUICK && spent < TURN_SHARE;
            if !(is_last || is_quick) {
                self.run_beside(due);
                continue;
            }
            let began = Instant::now();
            match due.poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(outcome) => {
                    let DueTask { execution, task, .. } = due;
                    self.carried.push_back(Command::reported(execution, task, outcome));
                }
                // The runtime polls it again at once, with a waker that counts.
                Poll::Pending => self.run_beside(due),
            }
            let took = began.elapsed();
            spent += took;
            self.due.note(took);
        }
    }

    fn run_beside(&mut self, due: DueTask) {
        let (execution, task, mut due) = (due.execution, due.task, due);
        // Weak: a task that never ends does not keep an engine alive that nobody uses.
        let Some(reports) = self.inbox(execution).map(|inbox| inbox.downgrade()) else { return };
        let handle = tokio::spawn(async move {
            let outcome = std::future::poll_fn(|context| due.poll(context)).await;
            let report = Command::reported(execution, task, outcome);
            if let Some(reports) = reports.upgrade() {
                // The loop is gone only when the engine is, and then nobody waits for the report.
                let _gone = reports.send(Message::Command(report)).await;
            }
        });
        self.running.insert((execution, task), handle.abort_handle());
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
    reports: Option<mpsc::Sender<Message>>,
    execution: ExecutionId,
    task: TaskId,
) -> Heartbeat {
    let reports = reports.map(|reports| reports.downgrade());
    Heartbeat(Arc::new(move || {
        if let Some(reports) = reports.as_ref().and_then(mpsc::WeakSender::upgrade) {
            let beat = Command::input(execution, Input::Heartbeat { task });
            let _dropped = reports.try_send(Message::Command(beat));
        }
    }))
}
