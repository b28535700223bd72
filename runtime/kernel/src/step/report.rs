//! What a task's call, its token and its signs of life change.

use std::sync::Arc;
use std::time::Duration;

use stepwell_value::{Payload, TooDeep, Value};

use crate::event::{Call, Fact, FrameId, Integration, TaskId};
use crate::{Failure, Stale, flow};

use super::Step;

impl Step<'_> {
    /// The call has returned.
    pub(super) fn task_reported(
        &mut self,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    ) -> Result<(), Stale> {
        let (frame, call, is_submitted) = self.open_task(task)?;
        if is_submitted {
            return Err(Stale);
        }
        let result = match (outcome, &call.integration) {
            (Ok(output), Integration::Function) => Ok(output),
            (Ok(output), Integration::Invoke | Integration::InvokeWithToken(_)) => {
                envelope(&output).map_err(|TooDeep| self.scope(frame).too_deep())
            }
            (Err(failure), _) => Err(failure),
        };
        match result {
            Ok(output) if call.token().is_some() => {
                self.emit(Fact::TaskSubmitted { frame, output });
            }
            Ok(output) => self.succeed(frame, &call, output),
            Err(failure) => self.emit(Fact::TaskFailed { frame, failure }),
        }
        Ok(())
    }

    /// The token has come back, before or after the call returned.
    pub(super) fn token_reported(
        &mut self,
        task: TaskId,
        outcome: Result<Payload, Failure>,
    ) -> Result<(), Stale> {
        let (frame, call, _) = self.open_task(task)?;
        if call.token().is_none() {
            return Err(Stale);
        }
        match outcome {
            Ok(output) => self.succeed(frame, &call, output),
            Err(failure) => self.emit(Fact::TaskFailed { frame, failure }),
        }
        Ok(())
    }

    pub(super) fn heartbeat(&mut self, task: TaskId) -> Result<(), Stale> {
        let (frame, call, _) = self.open_task(task)?;
        let interval = Duration::from_secs(call.heartbeat_seconds.ok_or(Stale)?);
        let due = self.world.now.saturating_add(interval);
        self.emit(Fact::TaskHeartbeat { frame, due });
        Ok(())
    }

    fn succeed(&mut self, frame: FrameId, call: &Call, output: Payload) {
        if output.size_bytes() > self.world.limits.payload_bytes_max {
            let name = match call.integration {
                Integration::Function => &*call.function,
                Integration::Invoke | Integration::InvokeWithToken(_) => "lambda",
            };
            let failure = flow::too_large(name);
            self.emit(Fact::TaskFailed { frame, failure });
        } else {
            self.emit(Fact::TaskSucceeded { frame, output });
        }
    }

    fn open_task(&self, task: TaskId) -> Result<(FrameId, Arc<Call>, bool), Stale> {
        let running = self.running();
        let frame = *running.tasks.get(&task).ok_or(Stale)?;
        let activity = running.frames[&frame].task().expect("the index names frames with a task");
        Ok((frame, Arc::clone(&activity.call), activity.is_submitted))
    }
}

/// What `lambda:invoke` gives: the function's output among facts about the call.
fn envelope(output: &Payload) -> Result<Payload, TooDeep> {
    let version = Payload::from(Value::from("$LATEST"));
    let status = Payload::from(Value::Int(200));
    let http = Payload::object([("HttpStatusCode", &status)])?;
    let members = [
        ("ExecutedVersion", &version),
        ("Payload", output),
        ("SdkHttpMetadata", &http),
        ("StatusCode", &status),
    ];
    Payload::object(members)
}
