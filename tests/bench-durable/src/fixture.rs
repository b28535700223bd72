//! An engine on a store, with tasks that do nothing but answer.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use stepwell_engine::{Effect, Engine, Handle, Program, Start, TaskRequest, Tasks};
use stepwell_journal_sqlite::{Options, Sqlite};
use stepwell_kernel::{Failure, Identity, Outcome, TaskCall};
use stepwell_value::Payload;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) struct Fixture {
    pub(crate) runtime: Runtime,
    folder: TempDir,
    files: AtomicU64,
    /// How many times the usual number of executions.
    scale: f64,
}

/// Gives its input back. What a task's name says is what it could do.
struct Echo;

impl Tasks for Echo {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        Box::pin(std::future::ready(Ok(request.call.call.input.clone())))
    }

    fn effect(&self, call: &TaskCall) -> Effect {
        match &*call.call.function {
            "pure" => Effect::None,
            _ => Effect::Once,
        }
    }
}

impl Fixture {
    pub(crate) fn new(scale: f64) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let folder = tempfile::tempdir()?;
        Ok(Self { runtime, folder, files: AtomicU64::new(0), scale })
    }

    /// A path where there is no file yet.
    pub(crate) fn file(&self) -> PathBuf {
        let nth = self.files.fetch_add(1, Ordering::Relaxed);
        self.folder.path().join(format!("{nth}.db"))
    }

    pub(crate) fn scaled(&self, count: u32) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let scaled = (f64::from(count) * self.scale) as u64;
        scaled.max(1)
    }

    pub(crate) fn engine(&self, store: &std::path::Path) -> Result<Engine> {
        let _inside = self.runtime.enter();
        let store = Sqlite::open(store, &Options::default())?;
        Ok(Engine::builder(Arc::new(Echo)).journal(Arc::new(store)).open_max(u64::MAX).start()?)
    }

    pub(crate) fn in_memory(&self) -> Result<Engine> {
        let _inside = self.runtime.enter();
        Ok(Engine::builder(Arc::new(Echo)).retention(Duration::from_millis(100)).start()?)
    }
}

/// So many states in a row.
pub(crate) fn chain(state: &str, length: usize) -> Result<Program> {
    let states: Vec<String> = (1..=length)
        .map(|nth| match nth {
            last if last == length => format!(r#""S{nth}":{{{state},"End":true}}"#),
            nth => format!(r#""S{nth}":{{{state},"Next":"S{}"}}"#, nth + 1),
        })
        .collect();
    program(&format!(r#"{{"StartAt":"S1","States":{{{}}}}}"#, states.join(",")))
}

pub(crate) fn program(text: &str) -> Result<Program> {
    Program::parse(text).map_err(|found| anyhow::anyhow!("{found:?}"))
}

pub(crate) fn start(engine: &Engine, program: &Program, input: &Payload) -> Result<Handle> {
    // As long as the service's own names.
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("c9b8fa24-6a53-4f5c-9e4d-{:012x}", NEXT.fetch_add(1, Ordering::Relaxed));
    let arn = "arn:aws:states:us-east-1:000000000000";
    let identity = Identity {
        execution_arn: format!("{arn}:execution:chain:{name}").into(),
        execution_name: name.into(),
        state_machine_arn: format!("{arn}:stateMachine:chain").into(),
        state_machine_name: "chain".into(),
        role_arn: "arn:aws:iam::000000000000:role/stepwell".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    };
    let start = Start { program: program.clone(), identity, input: input.clone() };
    engine.start(start).context("the execution is started")
}

pub(crate) async fn finish(mut handle: Handle) -> Result<()> {
    let outcome = handle.outcome().await?;
    ensure!(matches!(outcome, Outcome::Succeeded { .. }), "the execution ended with {outcome:?}");
    Ok(())
}
