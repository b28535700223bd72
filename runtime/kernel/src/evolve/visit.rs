//! Applying what happens to a stay in a state.

use std::sync::Arc;

use stepwell_asl::Timestamp;

use crate::Failure;
use crate::event::Fact;
use crate::frame::{Activity, Done, Fork, ForkKind, Origin, TaskActivity, TaskStage, Visit};

use super::Illegal;

impl Visit {
    pub(super) fn may_exit(&self) -> bool {
        match &self.activity {
            Activity::Entered
            | Activity::Done(_)
            | Activity::Failed { origin: Origin::State | Origin::Task | Origin::Silence, .. }
            | Activity::ForkFailed { .. } => true,
            Activity::Task(_)
            | Activity::Waiting { .. }
            | Activity::Fork(_)
            | Activity::MapRun { .. }
            | Activity::LostMapRun { .. }
            | Activity::Failed { origin: Origin::Fork, .. }
            | Activity::Backoff { .. } => false,
        }
    }

    /// Puts what the state was doing aside, for a redrive to go on with.
    pub(super) fn fail(&mut self, failure: &Failure, origin: Origin) {
        let failed = Activity::Failed { failure: failure.clone(), origin };
        self.kept = Some(Box::new(std::mem::replace(&mut self.activity, failed)));
    }

    pub(super) fn evolve(&mut self, fact: &Fact, at: Timestamp) -> Result<(), Illegal> {
        self.activity = match (&mut self.activity, fact) {
            (Activity::Task(_), fact) => return self.evolve_task(fact, at),
            (Activity::Entered, Fact::TaskScheduled { task, call, .. }) => {
                // Nobody can send a sign of life for an activity before a worker has it.
                let heartbeat = call.heartbeat_seconds.filter(|_| !call.is_activity());
                let heartbeat = heartbeat.map(std::time::Duration::from_secs);
                Activity::Task(TaskActivity {
                    task: *task,
                    call: Arc::clone(call),
                    stage: TaskStage::Open,
                    heartbeat_due: heartbeat.map(|heartbeat| at.saturating_add(heartbeat)),
                    invocation: 0,
                })
            }
            (Activity::Entered, Fact::WaitStarted { due, .. }) => Activity::Waiting { due: *due },
            (Activity::Waiting { .. }, Fact::WaitElapsed { .. }) => Activity::Done(Done::Waited),
            (Activity::Entered, Fact::ParallelStarted { branches, input, .. }) => {
                let kind = ForkKind::Parallel { input: input.clone() };
                Activity::Fork(Fork::new(kind, *branches, *branches))
            }
            (Activity::Entered, Fact::MapStarted { items, length, concurrency, input, .. }) => {
                let kind = ForkKind::Map { items: items.clone(), input: input.clone() };
                Activity::Fork(Fork::new(kind, *length, *concurrency))
            }
            (Activity::Entered, Fact::DistributedMapStarted { .. }) => Activity::Entered,
            (Activity::Entered, Fact::MapRunStarted { task, run, .. }) => {
                Activity::MapRun { task: *task, run: Arc::clone(run), redrives: 0 }
            }
            (Activity::MapRun { .. } | Activity::LostMapRun { .. }, fact) => {
                return self.evolve_map_run(fact);
            }
            (Activity::Fork(_), fact) => return self.evolve_fork(fact),
            (Activity::Entered | Activity::Done(_), Fact::StateFailed { failure, .. }) => {
                Activity::Failed { failure: failure.clone(), origin: Origin::State }
            }
            (activity, Fact::EvaluationFailed { failure, fails_children, .. }) => {
                if !activity.may_evaluate() {
                    return Err(Illegal);
                }
                let origin = Origin::of_evaluation(*fails_children);
                Activity::Failed { failure: failure.clone(), origin }
            }
            (Activity::Failed { failure, origin: Origin::Fork }, Fact::ForkFailed { .. }) => {
                Activity::ForkFailed { failure: std::mem::take(failure) }
            }
            (Activity::Failed { .. }, Fact::RetryScheduled { retrier, due, .. }) => {
                let retrier = *retrier as usize;
                if self.retries.len() <= retrier {
                    self.retries.resize(retrier + 1, 0);
                }
                self.retries[retrier] += 1;
                self.kept = None;
                Activity::Backoff { due: *due }
            }
            (Activity::Backoff { .. }, Fact::RetryStarted { .. }) => {
                self.attempt += 1;
                Activity::Entered
            }
            _ => return Err(Illegal),
        };
        Ok(())
    }

    fn evolve_task(&mut self, fact: &Fact, at: Timestamp) -> Result<(), Illegal> {
        let Activity::Task(task) = &mut self.activity else { return Err(Illegal) };
        match fact {
            Fact::ActivityStarted { heartbeat_due, .. } if task.waits_for_worker() => {
                task.stage = TaskStage::Taken;
                task.heartbeat_due = *heartbeat_due;
            }
            Fact::TaskSubmitted { output, .. } if task.stage == TaskStage::Open => {
                task.stage = TaskStage::Submitted(output.clone());
            }
            Fact::TaskHeartbeat { due, .. } if task.heartbeat_due.is_some() && *due >= at => {
                task.heartbeat_due = Some(*due);
            }
            Fact::TaskSucceeded { output, .. } => {
                self.activity = Activity::Done(Done::Result(output.clone()));
            }
            Fact::TaskFailed { failure, .. } => {
                let origin = Origin::Task;
                self.activity = Activity::Failed { failure: failure.clone(), origin };
            }
            Fact::TaskTimedOut { failure, .. } => {
                let origin = if task.is_silent(at) { Origin::Silence } else { Origin::Task };
                self.activity = Activity::Failed { failure: failure.clone(), origin };
            }
            _ => return Err(Illegal),
        }
        Ok(())
    }

    fn evolve_fork(&mut self, fact: &Fact) -> Result<(), Illegal> {
        let Activity::Fork(fork) = &self.activity else { return Err(Illegal) };
        match fact {
            Fact::ForkSucceeded { output, .. } if fork.is_complete() => {
                self.activity = Activity::Done(Done::Result(output.clone()));
            }
            Fact::StateFailed { failure, .. } if fork.open == 0 => {
                self.fail(failure, Origin::Fork);
            }
            Fact::EvaluationFailed { failure, fails_children, .. } if fork.open == 0 => {
                self.fail(failure, Origin::of_evaluation(*fails_children));
            }
            _ => return Err(Illegal),
        }
        Ok(())
    }

    fn evolve_map_run(&mut self, fact: &Fact) -> Result<(), Illegal> {
        match (&self.activity, fact) {
            (Activity::MapRun { .. }, Fact::MapRunSucceeded { output, .. }) => {
                self.activity = Activity::Done(Done::Result(output.clone()));
            }
            (Activity::MapRun { run, .. }, Fact::MapRunFailed { failure, .. }) => {
                let may_go_on = run.may_begin();
                self.fail(failure, Origin::Fork);
                if !may_go_on {
                    self.kept = None;
                }
            }
            (
                Activity::LostMapRun { task, run, redrives },
                Fact::MapRunRedriven { redrive_count, .. },
            ) if redrives.checked_add(1) == Some(*redrive_count) => {
                let (task, run, redrives) = (*task, Arc::clone(run), *redrive_count);
                self.activity = Activity::MapRun { task, run, redrives };
            }
            _ => return Err(Illegal),
        }
        Ok(())
    }
}
