//! The machines that tasks start executions of.

use std::sync::{Arc, OnceLock};

use stepwell_asl::{MachineType, Timestamp};
use stepwell_engine::{Admitted, Engine, Machines, Start, StartError, WeakEngine};
use stepwell_journal::{Query, Subject};
use stepwell_kernel::{ExecutionCall, Failure};
use stepwell_value::Str;

use crate::library::{Chance, Library, Resolved, now};

/// The machines of a library, for the tasks of one engine.
pub(crate) struct Deployed {
    pub(crate) library: Library,
    /// Whose executions this engine runs.
    pub(crate) own: MachineType,
    /// Runs the executions of the other machines. Each engine knows the other one, so neither keeps
    /// it alive.
    pub(crate) other: Arc<OnceLock<WeakEngine>>,
}

impl Machines for Deployed {
    fn admit(&self, call: &ExecutionCall) -> Result<Admitted, Failure> {
        let request_id = uuid::Uuid::new_v4().to_string();
        let missing = || Failure::no_such_machine(&call.state_machine_arn, &request_id);
        let target = self.library.catalog().resolve(&call.state_machine_arn, &mut Chance);
        // A test case is for the execution alone that it was named for; the trace goes on.
        let resolved = Resolved::from(target.map_err(|_refusal| missing())?);
        let trace_header = call.identity.trace_header.clone();
        let start = self.library.start(&resolved, &call.name, call.input.clone(), trace_header);
        let start = start.ok_or_else(missing)?;
        let machine_type = resolved.target.machine_type;
        if machine_type == MachineType::Express && call.is_awaited {
            return Err(not_awaited(&call.state_machine_arn));
        }
        if machine_type == self.own {
            return Ok(Admitted::Here { program: start.program, identity: start.identity });
        }
        let engine = self.other.get().and_then(WeakEngine::upgrade);
        let engine = engine.ok_or_else(|| refused("the engine has been stopped"))?;
        Ok(Admitted::Elsewhere(Box::pin(start_there(engine, machine_type, start))))
    }
}

async fn start_there(
    engine: Engine,
    machine_type: MachineType,
    start: Start,
) -> Result<(Str, Timestamp), Failure> {
    let execution_arn = Str::clone(&start.identity.execution_arn);
    let started = match machine_type {
        MachineType::Standard => engine.start_named(start).await,
        MachineType::Express => engine.start(start),
    };
    let mut handle = started.map_err(|error| match error {
        StartError::AlreadyExists(known) => Failure::execution_already_exists(&known.opening.arn),
        error => refused(&error.to_string()),
    })?;
    handle.started().await.map_err(|lost| refused(&lost.to_string()))?;
    // One that runs already has started before.
    let known = || engine.list(&Query::newest(Subject::One(handle.execution), 1)).ok()?.pop();
    let started_at = handle.started_at().or_else(|| Some(known()?.opening.started_at));
    Ok((execution_arn, started_at.unwrap_or_else(now)))
}

fn refused(cause: &str) -> Failure {
    Failure::new("StepFunctions.Busy", cause)
}

fn not_awaited(machine_arn: &str) -> Failure {
    let cause = format!(
        "'{machine_arn}' is an Express state machine, and the end of its executions cannot be \
         waited for"
    );
    Failure::new("StepFunctions.StateMachineTypeNotSupportedException", cause)
}
