//! Starting executions and following them.

use std::sync::Arc;

use stepwell_asl::Definition;
use stepwell_engine::{Engine, Handle, Lost, TokenError};
use stepwell_host::Host;
use stepwell_kernel::{Failure, HistoryEvent, Identity, Outcome};
use stepwell_value::{Payload, Str};

use crate::builder::Builder;
use crate::machine::{Machine, NameError, check_name};

/// The region, account and role that stand in ARNs where there is no cloud.
const REGION: &str = "us-east-1";
const ACCOUNT: &str = "000000000000";
const ROLE_ARN: &str = "arn:aws:iam::000000000000:role/stepwell";

/// A runtime for workflows. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Stepwell {
    engine: Engine,
    pub(crate) host: Option<Host>,
}

/// An execution that was started.
#[derive(Debug)]
pub struct Execution {
    handle: Handle,
    engine: Engine,
    definition: Arc<Definition>,
    pub name: Str,
    pub arn: Str,
}

/// Why an execution was not started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Stopped(#[from] stepwell_engine::StartError),
}

impl Stepwell {
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(engine: Engine, host: Option<Host>) -> Self {
        Self { engine, host }
    }

    /// Where components come from, unless tasks of another kind were given.
    pub fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// Starts an execution under a name of its own.
    pub async fn start(&self, machine: &Machine, input: Payload) -> Result<Execution, StartError> {
        self.start_named(machine, &uuid::Uuid::new_v4().to_string(), input).await
    }

    pub async fn start_named(
        &self,
        machine: &Machine,
        name: &str,
        input: Payload,
    ) -> Result<Execution, StartError> {
        check_name(name)?;
        let identity = identity(machine, name);
        let arn = Str::clone(&identity.execution_arn);
        let definition = Arc::clone(machine.definition());
        let handle = self.engine.start(Arc::clone(&definition), identity, input).await?;
        Ok(Execution { handle, engine: self.engine.clone(), definition, name: name.into(), arn })
    }

    /// Reports the outcome of a task that was given a token.
    pub async fn report_token(
        &self,
        token: &str,
        outcome: Result<Payload, Failure>,
    ) -> Result<(), TokenError> {
        self.engine.report_token(token, outcome).await
    }
}

impl Execution {
    /// Waits for the end.
    pub async fn outcome(&mut self) -> Result<Outcome, Lost> {
        self.handle.outcome().await
    }

    /// What has happened so far, as the service would show it.
    pub fn history(&self) -> Vec<HistoryEvent> {
        self.engine.history(self.handle.execution, &self.definition)
    }

    /// Drops what is kept of the execution. Call it when its history is no longer wanted: a runtime
    /// that lives long remembers every execution until then.
    pub fn forget(self) {
        self.engine.forget(self.handle.execution);
    }

    /// Ends the execution from outside; nothing happens if it has ended.
    pub async fn stop(&self, failure: Failure) {
        self.handle.stop(failure).await;
    }
}

fn identity(machine: &Machine, name: &str) -> Identity {
    let machine_name = machine.name();
    let arn = |kind: &str, rest: &str| format!("arn:aws:states:{REGION}:{ACCOUNT}:{kind}:{rest}");
    Identity {
        execution_arn: arn("execution", &format!("{machine_name}:{name}")).into(),
        execution_name: name.into(),
        state_machine_arn: arn("stateMachine", machine_name).into(),
        state_machine_name: Str::clone(machine_name),
        role_arn: ROLE_ARN.into(),
    }
}
