//! Starting executions and following them.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use stepwell_asl::{Definition, MachineType, Timestamp};
use stepwell_catalog::Refusal;
use stepwell_engine::{
    ActivityWork, Engine, Handle, Heartbeat, Lost, Program, RedriveError, Start, TaskRequest,
    Tasks, TokenError,
};
use stepwell_host::Host;
use stepwell_journal::{Ending, ExecutionId, Query, ReadError, Revision, Subject, Summary};
use stepwell_journal_sqlite::{BackupError, Sqlite};
use stepwell_kernel::{Event, Failure, HistoryEvent, Identity, Outcome, TaskCall};
use stepwell_value::{Payload, Str};

use crate::builder::Builder;
use crate::library::{Library, Resolved};
use crate::machine::{Machine, NameError, check_name};

/// The region, account and role that stand in ARNs where there is no cloud.
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const ACCOUNT: &str = "000000000000";
const ROLE_ARN: &str = "arn:aws:iam::000000000000:role/stepwell";

/// A runtime for workflows. Cloning shares it.
#[derive(Clone)]
pub struct Stepwell {
    pub(crate) standard: Engine,
    pub(crate) express: Engine,
    pub(crate) tasks: Arc<dyn Tasks>,
    pub(crate) library: Library,
    pub(crate) store: Option<Arc<Sqlite>>,
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

/// How an execution of a deployed machine is started.
#[derive(Clone, Debug)]
pub struct Starting {
    /// Without one it is given one.
    pub name: Option<Str>,
    pub input: Payload,
    /// The trace that the caller has it belong to, as `X-Amzn-Trace-Id` spells it.
    pub trace_header: Option<Str>,
}

/// Why an execution was not started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Engine(#[from] stepwell_engine::StartError),
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It may have been started: nobody knows whether that was kept.
    #[error(transparent)]
    Lost(#[from] Lost),
}

impl Stepwell {
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where components come from, unless tasks of another kind were given.
    pub fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// Starts an execution under a name of its own. When the call returns, it is on its way; see
    /// [`Execution::started`].
    pub fn start(&self, machine: &Machine, input: Payload) -> Result<Execution, StartError> {
        let name = uuid::Uuid::new_v4().to_string();
        let start = start(machine, &name, input);
        let (engine, identity) = (self.engine(machine), start.identity.clone());
        let handle = engine.start(start)?;
        Ok(Execution::new(handle, engine.clone(), machine, identity))
    }

    /// Starts an execution under a chosen name. When the call returns, its start is kept. As the
    /// service has it, a name that an execution of the machine has already is refused, unless that
    /// one runs with the same input; then it is that one. Express executions share their names.
    pub async fn start_named(
        &self,
        machine: &Machine,
        name: &str,
        input: Payload,
    ) -> Result<Execution, StartError> {
        check_name(name)?;
        let start = start(machine, name, input);
        let (engine, identity) = (self.engine(machine), start.identity.clone());
        let mut handle = match machine.machine_type() {
            MachineType::Standard => engine.start_named(start).await?,
            MachineType::Express => engine.start(start)?,
        };
        handle.started().await?;
        Ok(Execution::new(handle, engine.clone(), machine, identity))
    }

    /// The machines that are deployed, and what belongs to them.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Starts an execution of a deployed machine, by the ARN of the machine, a version or an alias;
    /// an alias draws a version by weight. The execution keeps the definition that it starts with.
    /// Without a name it is given one. Where there is a mock configuration, `#CASE` may follow the
    /// ARN.
    pub async fn start_deployed(
        &self,
        arn: &str,
        name: Option<&str>,
        input: Payload,
    ) -> Result<Execution, StartError> {
        name.map_or(Ok(()), check_name)?;
        let starting = Starting { name: name.map(Str::from), input, trace_header: None };
        self.start_target(&self.library.resolve(arn)?, starting).await
    }

    /// Starts an execution of what [`Library::resolve`] has found.
    pub async fn start_target(
        &self,
        resolved: &Resolved,
        starting: Starting,
    ) -> Result<Execution, StartError> {
        let Starting { name, input, trace_header } = starting;
        name.as_deref().map_or(Ok(()), check_name)?;
        let drawn = || uuid::Uuid::new_v4().to_string().into();
        let own_name = name.clone().unwrap_or_else(drawn);
        let target = &resolved.target;
        let missing = || Refusal::StateMachineDoesNotExist(Str::clone(&target.machine_arn));
        let start = self.library.start(resolved, &own_name, input, trace_header);
        let start = start.ok_or_else(missing)?;
        let (definition, identity) =
            (Arc::clone(start.program.definition()), start.identity.clone());
        let (engine, mut handle) = match (target.machine_type, name) {
            (MachineType::Standard, Some(_)) => {
                (&self.standard, self.standard.start_named(start).await?)
            }
            (MachineType::Standard, None) => (&self.standard, self.standard.start(start)?),
            (MachineType::Express, _) => (&self.express, self.express.start(start)?),
        };
        handle.started().await?;
        Ok(Execution {
            handle,
            engine: engine.clone(),
            definition,
            name: identity.execution_name,
            arn: identity.execution_arn,
        })
    }

    /// Follows an execution that was started before, by its ARN.
    pub async fn find(&self, arn: &str) -> Result<Option<Execution>, ReadError> {
        for engine in [&self.standard, &self.express] {
            let mut found = engine.list(&Query::newest(Subject::Arn(arn.into()), 1))?;
            let Some(summary) = found.pop() else { continue };
            return self.follow(engine, summary).await.map(Some);
        }
        Ok(None)
    }

    async fn follow(&self, engine: &Engine, summary: Summary) -> Result<Execution, ReadError> {
        let program = self.program_of(engine, &summary)?;
        let Summary { execution, opening, .. } = summary;
        Ok(Execution {
            handle: engine.watch(execution).await,
            engine: engine.clone(),
            definition: Arc::clone(program.definition()),
            name: opening.name,
            arn: opening.arn,
        })
    }

    fn program_of(&self, engine: &Engine, summary: &Summary) -> Result<Program, ReadError> {
        let missing = || ReadError::Unavailable("its definition is not kept".into());
        let revision = summary.revision.ok_or_else(missing)?;
        let revision = engine.journal().revision(revision)?.ok_or_else(missing)?;
        self.library.program(&revision).ok_or_else(|| {
            ReadError::Unavailable("its definition is not valid for this program".into())
        })
    }

    /// The definition's text with which a Standard execution was started.
    pub fn revision_of(&self, summary: &Summary) -> Result<Option<Revision>, ReadError> {
        let digest = summary.revision;
        Ok(digest.map(|digest| self.standard.journal().revision(digest)).transpose()?.flatten())
    }

    /// What has happened in a Standard execution so far, as the service would show it.
    pub fn history_of(&self, summary: &Summary) -> Result<Vec<HistoryEvent>, ReadError> {
        let program = self.program_of(&self.standard, summary)?;
        self.standard.history(summary.execution, program.definition())
    }

    /// The Standard executions that a query has, the newest first.
    pub fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        self.standard.list(query)
    }

    /// The engine of Standard executions, for what this type has no name for.
    pub fn standard(&self) -> &Engine {
        &self.standard
    }

    /// The engine of Express executions.
    pub fn express(&self) -> &Engine {
        &self.express
    }

    /// Runs a task that no execution has asked for, as a test of one state does.
    pub async fn call_task(
        &self,
        definition: &Arc<Definition>,
        call: TaskCall,
    ) -> Result<Payload, Failure> {
        let heartbeat = Heartbeat::unheard();
        let definition = Arc::clone(definition);
        self.tasks.run(TaskRequest { call, definition, is_ahead: false, heartbeat }).await
    }

    /// Takes the work that has waited longest for a worker of that activity, as soon as there is
    /// any.
    pub async fn take_activity(
        &self,
        activity: &str,
        worker: Option<Str>,
    ) -> Result<ActivityWork, Lost> {
        self.standard.take_activity(activity, worker).await
    }

    /// Restarts the heartbeat clock of the task that was given a token.
    pub async fn heartbeat_token(&self, token: &str) -> Result<(), TokenError> {
        self.standard.heartbeat_token(token).await
    }

    /// Reports the outcome of a task that was given a token.
    pub async fn report_token(
        &self,
        token: &str,
        outcome: Result<Payload, Failure>,
    ) -> Result<(), TokenError> {
        self.standard.report_token(token, outcome).await
    }

    /// The engine that drives a machine's executions, for what this type has no name for.
    pub fn engine(&self, machine: &Machine) -> &Engine {
        match machine.machine_type() {
            MachineType::Standard => &self.standard,
            MachineType::Express => &self.express,
        }
    }

    /// Copies the store, as it is at this moment, into a file of its own, while everything goes on.
    /// Nothing is copied where there is no store.
    pub fn backup(&self, path: &Path) -> Result<(), BackupError> {
        self.store.as_ref().map_or(Ok(()), |store| store.backup(path))
    }

    /// Ends when everything that is decided is kept. Tasks that run have so much time to end; the
    /// next runtime on the same store goes on with the rest.
    pub async fn close(&self, patience: Duration) {
        self.standard.close(patience).await;
        self.express.close(patience).await;
    }
}

impl Execution {
    fn new(handle: Handle, engine: Engine, machine: &Machine, identity: Identity) -> Self {
        Self {
            handle,
            engine,
            definition: Arc::clone(machine.definition()),
            name: identity.execution_name,
            arn: identity.execution_arn,
        }
    }

    /// Its number in its journal.
    pub fn id(&self) -> ExecutionId {
        self.handle.execution
    }

    /// Whether this start began it: a name may stand for an execution that runs already.
    pub fn is_new(&self) -> bool {
        self.handle.is_new()
    }

    /// Everything that has been decided and kept so far.
    pub fn events(&self) -> Result<Vec<Event>, ReadError> {
        self.engine.events(self.handle.execution)
    }

    /// When it started; none if it has been forgotten.
    pub fn started_at(&self) -> Result<Option<Timestamp>, ReadError> {
        if let Some(at) = self.handle.started_at() {
            return Ok(Some(at));
        }
        let known = self.engine.list(&Query::newest(Subject::One(self.handle.execution), 1))?.pop();
        Ok(known.map(|summary| summary.opening.started_at))
    }

    /// Waits until the start is kept, so that no crash can undo it.
    pub async fn started(&mut self) -> Result<(), Lost> {
        self.handle.started().await
    }

    /// When and how it ends, as soon as it does.
    pub async fn ended(&mut self) -> Result<Ending, Lost> {
        self.handle.ended().await
    }

    /// How it ends, as soon as it does.
    pub async fn outcome(&mut self) -> Result<Outcome, Lost> {
        self.handle.outcome().await
    }

    /// What has happened so far, as the service would show it.
    pub fn history(&self) -> Result<Vec<HistoryEvent>, ReadError> {
        self.engine.history(self.handle.execution, &self.definition)
    }

    /// Drops what is kept of the execution. Call it when its history is no longer wanted: a runtime
    /// without a retention time remembers every execution until then.
    pub async fn forget(self) {
        self.engine.forget(self.handle.execution).await;
    }

    /// Ends the execution from outside; nothing happens if it has ended.
    pub async fn stop(&self, failure: Failure) {
        self.handle.stop(failure).await;
    }

    /// Lets an execution that ended without success go on where it stood (AWS `RedriveExecution`).
    pub async fn redrive(&mut self) -> Result<(), RedriveError> {
        self.engine.redrive(self.handle.execution).await?;
        self.handle = self.engine.watch(self.handle.execution).await;
        Ok(())
    }
}

fn start(machine: &Machine, name: &str, input: Payload) -> Start {
    Start { program: machine.program().clone(), identity: identity(machine, name), input }
}

fn identity(machine: &Machine, name: &str) -> Identity {
    let machine_name = machine.name();
    let arn = |kind: &str, rest: &str| format!("arn:aws:states:{REGION}:{ACCOUNT}:{kind}:{rest}");
    let execution_arn = match machine.machine_type() {
        MachineType::Standard => arn("execution", &format!("{machine_name}:{name}")),
        MachineType::Express => {
            arn("express", &format!("{machine_name}:{name}:{}", uuid::Uuid::new_v4()))
        }
    };
    Identity {
        execution_arn: execution_arn.into(),
        execution_name: name.into(),
        state_machine_arn: arn("stateMachine", machine_name).into(),
        state_machine_name: Str::clone(machine_name),
        role_arn: ROLE_ARN.into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

impl fmt::Debug for Stepwell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stepwell")
            .field("standard", &self.standard)
            .field("express", &self.express)
            .field("library", &self.library)
            .finish_non_exhaustive()
    }
}
