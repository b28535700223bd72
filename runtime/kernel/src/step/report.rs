//! What a task's call, its token and its signs of life change.

use std::sync::Arc;
use std::time::Duration;

use stepwell_value::{Payload, Str, TooDeep, Value};

use crate::event::{Call, CallKind, Fact, FrameId, TaskId};
use crate::frame::{TaskActivity, TaskStage};
use crate::{Failure, Stale, flow};

use super::Step;

impl Step<'_> {
    /// The call has returned.
    pub(super) fn task_reported(
        &mut self,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    ) -> Result<(), Stale> {
        let (frame, activity) = self.open_task(task)?;
        if activity.stage != TaskStage::Open {
            return Err(Stale);
        }
        let call = Arc::clone(&activity.call);
        let result = match (outcome, &call.kind) {
            (_, CallKind::Activity) | (Ok(_), CallKind::Execution { .. }) => return Err(Stale),
            (Ok(output), CallKind::Action(action)) if action.is("lambda", "invoke") => {
                envelope(&output).map_err(|TooDeep| self.scope(frame).too_deep())
            }
            (outcome, _) => outcome,
        };
        self.returned(frame, &call, result);
        Ok(())
    }

    /// What somebody has made up in the place of the task's work.
    pub(super) fn task_mocked(
        &mut self,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    ) -> Result<(), Stale> {
        let (frame, activity) = self.open_task(task)?;
        let call = Arc::clone(&activity.call);
        if activity.waits_for_worker() {
            self.activity_started(task, None)?;
        }
        self.end_task(frame, &call, outcome);
        Ok(())
    }

    /// What the call returned with is the task's result, unless its token is waited for.
    pub(super) fn returned(
        &mut self,
        frame: FrameId,
        call: &Call,
        result: Result<Payload, Failure>,
    ) {
        match result {
            Ok(output) if call.token.is_some() => self.emit(Fact::TaskSubmitted { frame, output }),
            result => self.end_task(frame, call, result),
        }
    }

    /// A worker has fetched the work of an activity.
    pub(super) fn activity_started(
        &mut self,
        task: TaskId,
        worker: Option<Str>,
    ) -> Result<(), Stale> {
        let (frame, activity) = self.open_task(task)?;
        if !activity.waits_for_worker() {
            return Err(Stale);
        }
        let interval = activity.call.heartbeat_seconds.map(Duration::from_secs);
        let heartbeat_due = interval.map(|interval| self.world.now.saturating_add(interval));
        self.emit(Fact::ActivityStarted { frame, worker, heartbeat_due });
        Ok(())
    }

    /// The token has come back, before or after the call returned.
    pub(super) fn token_reported(
        &mut self,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    ) -> Result<(), Stale> {
        let (frame, activity) = self.open_task(task)?;
        // An activity's token is given out with its work.
        if activity.call.token.is_none() || activity.waits_for_worker() {
            return Err(Stale);
        }
        let call = Arc::clone(&activity.call);
        self.end_task(frame, &call, outcome);
        Ok(())
    }

    pub(super) fn heartbeat(&mut self, task: TaskId) -> Result<(), Stale> {
        let (frame, activity) = self.open_task(task)?;
        if activity.heartbeat_due.is_none() {
            return Err(Stale);
        }
        let interval = Duration::from_secs(activity.call.heartbeat_seconds.ok_or(Stale)?);
        let due = self.world.now.saturating_add(interval);
        self.emit(Fact::TaskHeartbeat { frame, due });
        Ok(())
    }

    pub(super) fn end_task(
        &mut self,
        frame: FrameId,
        call: &Call,
        result: Result<Payload, Failure>,
    ) {
        let most = self.world.limits.payload_bytes_max;
        let fact = match result {
            Ok(output) if output.size_bytes() > most => {
                let name = call.action().map_or(&call.function, |action| &action.service);
                Fact::TaskFailed { frame, failure: flow::too_large(name) }
            }
            Ok(output) => Fact::TaskSucceeded { frame, output },
            Err(failure) => Fact::TaskFailed { frame, failure },
        };
        self.emit(fact);
    }

    pub(super) fn open_task(&self, task: TaskId) -> Result<(FrameId, &TaskActivity), Stale> {
        let running = self.running();
        let frame = *running.tasks.get(&task).ok_or(Stale)?;
        Ok((frame, running.frames[&frame].task().ok_or(Stale)?))
    }
}

/// What `lambda:invoke` gives: the function's output among facts about the call.
fn envelope(output: &Payload) -> Result<Payload, TooDeep> {
    let version = Payload::from(Value::from("$LATEST"));
    let status = Payload::from(Value::Int(200));
    let http = http_metadata()?;
    let members = [
        ("ExecutedVersion", &version),
        ("Payload", output),
        ("SdkHttpMetadata", &http),
        ("StatusCode", &status),
    ];
    Payload::object(members)
}

/// What every service tells about the way of its answer, as far as there is one.
pub(super) fn http_metadata() -> Result<Payload, TooDeep> {
    Payload::object([("HttpStatusCode", &Payload::from(Value::Int(200)))])
}
