//! A registry made for one test, and a host that runs tasks from it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stepwell_host::{
    BuildError, CallContext, ExecutionContext, Failure, Host, HostBuilder, Invocation, LogLine,
    LogSink, LogSource, PrepareError, Prepared, StateContext, TaskRef,
};
use stepwell_value::Payload;
use tempfile::TempDir;

use crate::guests;

/// A registry that goes away with the test.
#[derive(Debug)]
pub struct TaskDirectory {
    directory: TempDir,
}

/// A host on a [`TaskDirectory`], and the lines that its tasks have written.
#[derive(Debug)]
pub struct TaskHost {
    pub host: Host,
    pub lines: Arc<Lines>,
}

/// Keeps every line.
#[derive(Debug, Default)]
pub struct Lines(Mutex<Vec<(LogSource, String)>>);

impl TaskDirectory {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("there is room for a directory");
        fs::create_dir(directory.path().join("registry")).expect("the directory is empty");
        Self { directory }
    }

    /// A registry with one task.
    pub fn with(name: &str, guest: &Path) -> Self {
        let tasks = Self::new();
        tasks.install(&format!("{name}.wasm"), guest);
        tasks
    }

    /// A registry with one task and its manifest.
    pub fn with_manifest(name: &str, guest: &Path, manifest: &str) -> Self {
        let tasks = Self::with(name, guest);
        tasks.write(&format!("{name}/task.toml"), manifest.as_bytes());
        tasks
    }

    pub fn registry(&self) -> PathBuf {
        self.directory.path().join("registry")
    }

    /// A path beside the registry.
    pub fn beside(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    /// Puts a guest into the registry.
    pub fn install(&self, path: &str, guest: &Path) {
        self.write(path, &fs::read(guest).expect("the guest was built"));
    }

    /// Writes a file into the registry, the way a build does: complete from the first moment.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.registry().join(path);
        let parent = path.parent().expect("the path is inside the registry");
        fs::create_dir_all(parent).expect("the directory can be made");
        let unfinished = self.beside("unfinished");
        fs::write(&unfinished, bytes).expect("the file can be written");
        fs::rename(unfinished, path).expect("the file can be renamed");
    }

    /// A host that looks at the disk before every call.
    pub fn host(&self) -> TaskHost {
        self.host_with(|builder| builder)
    }

    pub fn host_with(&self, configure: impl FnOnce(HostBuilder) -> HostBuilder) -> TaskHost {
        self.try_host_with(configure).expect("the host can be built")
    }

    pub fn try_host_with(
        &self,
        configure: impl FnOnce(HostBuilder) -> HostBuilder,
    ) -> Result<TaskHost, BuildError> {
        let lines = Arc::new(Lines::default());
        let builder = Host::builder(self.registry())
            .instances_max(8)
            .recheck_after(Duration::ZERO)
            .cache_dir(guests::compile_cache())
            .logs(Arc::clone(&lines) as Arc<dyn LogSink>);
        Ok(TaskHost { host: configure(builder).build()?, lines })
    }
}

impl Default for TaskDirectory {
    fn default() -> Self {
        Self::new()
    }
}

impl TaskHost {
    /// Calls a task with a JSON text; answers with one.
    pub async fn call(&self, task: &str, input: &str) -> Result<String, Failure> {
        let output = self.host.call(&task_ref(task), invocation(input)).await?;
        Ok(output.text().to_owned())
    }

    pub async fn prepare(&self, task: &str) -> Result<Arc<Prepared>, PrepareError> {
        self.host.prepare(&task_ref(task)).await
    }
}

impl Lines {
    /// Takes the lines that have come so far.
    pub fn take(&self) -> Vec<(LogSource, String)> {
        std::mem::take(&mut *self.0.lock().expect("no sink has panicked"))
    }
}

impl LogSink for Lines {
    fn line(&self, _context: &CallContext, line: LogLine<'_>) {
        self.0.lock().expect("no sink has panicked").push((line.source, line.text.to_owned()));
    }
}

pub fn task_ref(text: &str) -> TaskRef {
    TaskRef::parse(text).expect("the test names a task")
}

/// A call with this input, on behalf of an execution whose every detail is different.
pub fn invocation(input: &str) -> Invocation {
    let execution = ExecutionContext {
        arn: "arn:aws:states:us-east-1:123456789012:execution:order:one".into(),
        name: "one".into(),
        state_machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:order".into(),
        state_machine_name: "order".into(),
        started_at_ms: 1_700_000_000_000,
    };
    let state =
        StateContext { name: "Charge".into(), entered_at_ms: 1_700_000_000_500, attempt: 2 };
    Invocation {
        input: Payload::parse(input).expect("the test's input is JSON"),
        context: Arc::new(CallContext {
            execution,
            state,
            idempotency_key: "order-one-Charge-2".into(),
            deadline_ms: None,
            task_token: None,
        }),
        heartbeat: None,
    }
}
