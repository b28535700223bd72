//! The floor: a component called with wasmtime alone, in the engine that the host configures.
//!
//! A fresh store and a fresh instance for every call, with WASI linked and nothing granted, as any
//! careful host would do it. The task's own interfaces answer with constants.

use wasmtime::component::{Component, HasSelf, Linker, ResourceTable};
use wasmtime::{Result, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use generated::stepwell::task::{context, heartbeat, log, types};

mod generated {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "task",
        imports: { default: async },
        exports: { default: async },
    });
}

pub(crate) struct Bare {
    pre: generated::TaskPre<State>,
}

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl Bare {
    pub(crate) fn new(engine: &wasmtime::Engine, component: &[u8]) -> Result<Self> {
        let component = Component::new(engine, component)?;
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        generated::Task::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)?;
        Ok(Self { pre: generated::TaskPre::new(linker.instantiate_pre(&component)?)? })
    }

    pub(crate) async fn call(&self, input: &str) -> Result<String> {
        let state = State { wasi: WasiCtxBuilder::new().build(), table: ResourceTable::new() };
        let mut store = Store::new(self.pre.engine(), state);
        store.epoch_deadline_async_yield_and_update(1);
        store.set_epoch_deadline(1);
        let task = self.pre.instantiate_async(&mut store).await?;
        let result = task.stepwell_task_handler().call_run(&mut store, input).await?;
        result.map_err(|failure| {
            wasmtime::Error::msg(format!("{}: {}", failure.error, failure.cause))
        })
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl types::Host for State {}

impl log::Host for State {
    async fn log(&mut self, _level: log::Level, _message: String) {}
}

impl heartbeat::Host for State {
    async fn beat(&mut self) {}
}

impl context::Host for State {
    async fn current(&mut self) -> context::Info {
        context::Info {
            execution: context::Execution {
                arn: String::new(),
                name: String::new(),
                state_machine_arn: String::new(),
                state_machine_name: String::new(),
                started_at_ms: 0,
            },
            state: context::State { name: String::new(), entered_at_ms: 0, attempt: 0 },
            idempotency_key: String::new(),
            deadline_ms: None,
            task_token: None,
        }
    }
}
