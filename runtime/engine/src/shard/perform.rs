//! Doing what follows from a record.

use std::sync::atomic::Ordering;

use stepwell_journal::{Ending, ExecutionId};
use stepwell_kernel::{Failure, Input, TaskId, error_name};

use super::{Message, Shard};
use crate::activities::{ActivityWork, Offer};
use crate::items::{ItemResult, ReadRequest, WriteRequest};
use crate::mocks::MockQuestion;
use crate::scheduler::{Action, Command, Deed};
use crate::tasks::{Effect, interrupted};

impl Shard {
    pub(super) fn perform(&mut self, action: Action) {
        let Action { execution, deed } = action;
        match deed {
            Deed::RunTask { definition, call, is_ahead } => {
                self.run_task(execution, definition, call, is_ahead);
            }
            Deed::Rehearse { definition, invocation, otherwise, is_again } => {
                let question = MockQuestion::of(&invocation, &definition);
                match (self.world.mocks.mocked(&question), otherwise.task()) {
                    (Some(outcome), Some(task)) => {
                        let mocked = Input::TaskMocked { task, outcome };
                        self.carried.push_back(Command::input(execution, mocked));
                    }
                    _ => self.perform_or_give_up(execution, *otherwise, is_again),
                }
            }
            Deed::StopTask { task } => self.stop_task(execution, task),
            Deed::StartChild { program, task, child, is_again } => {
                self.start_child((execution, task), program, child, is_again);
            }
            Deed::RedriveChild { program, task, child, count } => {
                self.redrive_child((execution, task), program, child, count);
            }
            Deed::TellEnd { parent, outcome } => self.post(Command::child_ended(parent, outcome)),
            Deed::StartExecution { task, call, is_again } => {
                self.start_execution((execution, task), call, is_again);
            }
            Deed::OfferActivity { task, activity, token, input } => {
                let work = ActivityWork { token, input };
                let offer = Offer { execution, task, work };
                let place = self.world.activities.offer(&activity, offer);
                self.offers.insert((execution, task), (activity, place));
            }
            Deed::ReadItems { definition, run, from } => {
                let answer = self.world.items.read(ReadRequest { run, definition, from });
                self.answer(execution, answer, move |outcome| {
                    Command::items_read(execution, from, outcome)
                });
            }
            Deed::WriteResults { definition, run } => {
                let command =
                    move |outcome| Command::input(execution, Input::ResultsWritten { outcome });
                match self.results(execution) {
                    Ok(results) => {
                        let request = WriteRequest { run, definition, results };
                        let answer = self.world.items.write(request);
                        self.answer(execution, answer, command);
                    }
                    Err(failure) => self.carried.push_back(command(Err(failure))),
                }
            }
            Deed::End { ending, parent } => {
                self.world.gauges.open.fetch_sub(1, Ordering::Relaxed);
                if let Some(parent) = parent {
                    self.post(Command::child_ended(parent, ending.outcome.clone()));
                }
                self.announce(execution, &ending);
            }
        }
    }

    /// Does what no test case makes up. The scheduler did not know that when the execution was left
    /// in the middle, so it is here that a task is given up which must not run twice.
    fn perform_or_give_up(&mut self, execution: ExecutionId, deed: Deed, is_again: bool) {
        match deed {
            Deed::RunTask { call, .. } if is_again && (self.effect)(&call) == Effect::Once => {
                let task = call.task;
                self.carried.push_back(Command::reported(execution, task, Err(interrupted())));
            }
            deed => self.perform(Action { execution, deed }),
        }
    }

    fn announce(&mut self, execution: ExecutionId, ending: &Ending) {
        for watcher in self.watching.remove(&execution).unwrap_or_default() {
            // Whoever started the execution may not care how it ends.
            let _unheard = watcher.send(ending.clone());
        }
    }

    fn results(&self, execution: ExecutionId) -> Result<Vec<ItemResult>, Failure> {
        let events = self.world.journal.read(execution);
        let events = events
            .map_err(|error| Failure::new(error_name::RESULT_WRITER_FAILED, error.to_string()))?;
        Ok(ItemResult::of_journal(&events))
    }

    fn stop_task(&mut self, execution: ExecutionId, task: TaskId) {
        if let Some(running) = self.running.remove(&(execution, task)) {
            running.abort();
        }
        self.due.withdraw(execution, task);
        if let Some((activity, place)) = self.offers.remove(&(execution, task)) {
            self.world.activities.withdraw(&activity, place);
        }
        if let Some(child) = self.children.remove(&(execution, task)) {
            let failure = Failure::default();
            self.post(Command::input(child, Input::Stop { failure }));
        }
    }

    /// Waits for an answer beside the loop, and hands it over as a command.
    fn answer<T: Send + 'static>(
        &self,
        execution: ExecutionId,
        answer: impl Future<Output = T> + Send + 'static,
        command: impl FnOnce(T) -> Command + Send + 'static,
    ) {
        let Some(inbox) = self.inbox(execution) else { return };
        // Weak: what is never answered does not keep an engine alive that nobody uses.
        let inbox = inbox.downgrade();
        tokio::spawn(async move {
            let command = command(answer.await);
            if let Some(inbox) = inbox.upgrade() {
                let _gone = inbox.send(Message::Command(command)).await;
            }
        });
    }
}
