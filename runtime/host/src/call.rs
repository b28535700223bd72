//! One call: a fresh instance, its limits, and what becomes of it.
//!
//! This is the path that every task takes every time. Whatever a task may not need (its WASI
//! context, the capture of what it writes, its deadline) is made when it first asks for it.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use stepwell_value::Payload;
use tokio::time::timeout;
use wasmtime::Store;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use crate::context::{CallContext, Heartbeat, Invocation};
use crate::limits::RESOURCES_MAX;
use crate::logs::{Capture, CaptureStream, LogSink};
use crate::memory::MemoryLimiter;
use crate::outcome::{CopyLimits, Ending};
use crate::prepare::Prepared;

/// What a guest may pass to one host function at once, when its output limit is not above it.
const COPIED_BYTES_MIN: usize = 1 << 20;

/// What a store holds during a call.
pub(crate) struct CallState {
    prepared: Arc<Prepared>,
    logs: Arc<dyn LogSink>,
    context: Arc<CallContext>,
    heartbeat: Option<Heartbeat>,
    started: Instant,
    memory: MemoryLimiter,
    resources: ResourceTable,
    wasi: Option<Box<WasiCtx>>,
    capture: Option<Arc<Capture>>,
}

/// Runs a task once. The caller has made sure that the pool has room for it.
pub(crate) async fn run(
    prepared: &Arc<Prepared>,
    logs: &Arc<dyn LogSink>,
    invocation: Invocation,
) -> Result<Payload, Ending> {
    let Invocation { input, context, heartbeat } = invocation;
    let mut state = CallState::new(prepared, logs, context, heartbeat);
    if !prepared.directories().is_empty() {
        state.open_directories()?;
    }
    let mut store = new_store(state);
    let limit = prepared.limits().timeout;
    let called = timeout(limit, call(&mut store, prepared, input.text())).await;
    let result = match called {
        Err(_elapsed) => return Err(Ending::TimedOut { limit }),
        Ok(Err(error)) => {
            let stderr = store.data().stderr_tail();
            return Err(Ending::from_error(&error, &copy_limits(prepared), &stderr));
        }
        Ok(Ok(result)) => result,
    };
    match result {
        Ok(output) => checked_output(output, prepared.limits().output_bytes),
        Err(failure) => Err(Ending::Failed { error: failure.error, cause: failure.cause }),
    }
}

type GuestResult = Result<String, crate::bindings::stepwell::task::types::Failure>;

async fn call(
    store: &mut Store<CallState>,
    prepared: &Prepared,
    input: &str,
) -> wasmtime::Result<GuestResult> {
    let task = prepared.instance_pre().instantiate_async(&mut *store).await?;
    task.stepwell_task_handler().call_run(store, input).await
}

fn new_store(state: CallState) -> Store<CallState> {
    let prepared = Arc::clone(&state.prepared);
    let mut store = Store::new(prepared.engine(), state);
    store.limiter(|state| &mut state.memory);
    store.set_epoch_deadline(1);
    store.epoch_deadline_async_yield_and_update(1);
    store.set_hostcall_fuel(copy_limits(&prepared).copied_bytes);
    store
}

fn copy_limits(prepared: &Prepared) -> CopyLimits {
    let output_bytes = prepared.limits().output_bytes;
    // Twice, because what is counted is more than the text alone.
    let copied_bytes = output_bytes.saturating_mul(2).max(COPIED_BYTES_MIN);
    CopyLimits { output_bytes, copied_bytes }
}

fn checked_output(output: String, limit_bytes: usize) -> Result<Payload, Ending> {
    if output.len() > limit_bytes {
        return Err(Ending::OutputExceeded { limit_bytes });
    }
    Payload::parse(output).map_err(Ending::OutputInvalid)
}

impl CallState {
    fn new(
        prepared: &Arc<Prepared>,
        logs: &Arc<dyn LogSink>,
        context: Arc<CallContext>,
        heartbeat: Option<Heartbeat>,
    ) -> Self {
        let mut resources = ResourceTable::new();
        resources.set_max_capacity(RESOURCES_MAX);
        Self {
            memory: MemoryLimiter::new(prepared.limits().memory_bytes),
            prepared: Arc::clone(prepared),
            logs: Arc::clone(logs),
            context,
            heartbeat,
            started: Instant::now(),
            resources,
            wasi: None,
            capture: None,
        }
    }

    pub(crate) fn context(&self) -> &CallContext {
        &self.context
    }

    pub(crate) fn signal_life(&self) {
        if let Some(heartbeat) = &self.heartbeat {
            heartbeat();
        }
    }

    /// The caller's deadline or the task's own, whichever comes first.
    pub(crate) fn deadline_ms(&self) -> u64 {
        let left = self.prepared.limits().timeout.saturating_sub(self.started.elapsed());
        // A clock before 1970 is wrong anyway; the deadline is then as wrong as the clock.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let own = u64::try_from((now + left).as_millis()).unwrap_or(u64::MAX);
        self.context.deadline_ms.map_or(own, |callers| callers.min(own))
    }

    pub(crate) fn capture(&mut self) -> &Arc<Capture> {
        self.capture.get_or_insert_with(|| {
            let limit_bytes = self.prepared.limits().log_bytes;
            Arc::new(Capture::new(Arc::clone(&self.logs), Arc::clone(&self.context), limit_bytes))
        })
    }

    fn stderr_tail(&self) -> String {
        self.capture.as_ref().map(|capture| capture.stderr_tail()).unwrap_or_default()
    }

    /// A directory is opened for each call, so that one that was replaced is seen, and before the
    /// guest runs, so that one that is gone has its own error.
    fn open_directories(&mut self) -> Result<(), Ending> {
        let mut wasi = self.wasi_builder();
        for directory in self.prepared.directories() {
            let opened = wasi.preopened_dir(&directory.host, &directory.guest, directory.perms);
            if let Err(error) = opened {
                let guest = directory.guest.clone();
                return Err(Ending::DirectoryMissing {
                    guest,
                    reason: error.root_cause().to_string(),
                });
            }
        }
        self.wasi = Some(Box::new(wasi.build()));
        Ok(())
    }

    fn wasi_builder(&mut self) -> WasiCtxBuilder {
        let capture = Arc::clone(self.capture());
        let mut wasi = WasiCtxBuilder::new();
        wasi.envs(self.prepared.environment())
            .stdout(CaptureStream::stdout(Arc::clone(&capture)))
            .stderr(CaptureStream::stderr(capture));
        wasi
    }
}

impl WasiView for CallState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        if self.wasi.is_none() {
            self.wasi = Some(Box::new(self.wasi_builder().build()));
        }
        let ctx = self.wasi.as_deref_mut().expect("it was made above");
        WasiCtxView { ctx, table: &mut self.resources }
    }
}
