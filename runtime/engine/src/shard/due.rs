//! Running tasks: the last one of a turn on the loop itself, the others beside it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

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

impl Shard {
    /// Takes a task on. The one before it goes to the runtime, to run beside this loop.
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
        if let Some(before) = self.last_task.replace(DueTask { execution, task, future }) {
            self.run_beside(before);
        }
    }

    /// Runs the last task of a turn as far as it goes without waiting. A task that is done by then
    /// has cost no hop to another thread; one that is not goes on beside this loop.
    pub(super) fn run_last_task(&mut self) {
        let Some(mut due) = self.last_task.take() else { return };
        match due.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => {
                let DueTask { execution, task, .. } = due;
                self.carried.push_back(Command::reported(execution, task, outcome));
            }
            // The runtime polls it again at once, with a waker that counts.
            Poll::Pending => self.run_beside(due),
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
