//! The same component under wasmtime alone: an instance, a call, and nothing else. No limits, no
//! time limit, no output check.

use std::fs;
use std::path::Path;

use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtxView, WasiView};

use bindings::TaskPre;
use bindings::stepwell::task::{context, heartbeat, log, types};

mod bindings {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "task",
        imports: { default: trappable },
        exports: { default: async },
    });
}

pub(crate) struct Bare {
    engine: Engine,
    instance_pre: TaskPre<State>,
}

/// The guest that is measured calls nothing, so there is nothing to answer with.
struct State;

impl Bare {
    pub(crate) fn new(engine: &Engine, guest: &Path) -> Self {
        let bytes = fs::read(guest).expect("the guest was built");
        let component = Component::new(engine, bytes).expect("the guest is a component");
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker).expect("nothing is linked twice");
        bindings::Task::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)
            .expect("nothing is linked twice");
        let instance_pre = linker.instantiate_pre(&component).and_then(TaskPre::new);
        Self { engine: engine.clone(), instance_pre: instance_pre.expect("the guest is a task") }
    }

    pub(crate) async fn call(&self, input: &str) -> String {
        let mut store = Store::new(&self.engine, State);
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        let task = self.instance_pre.instantiate_async(&mut store).await;
        let task = task.expect("the pool has room");
        let output = task.stepwell_task_handler().call_run(&mut store, input).await;
        output.expect("the guest does not trap").expect("the guest succeeds")
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        unreachable!("the guest does not use WASI")
    }
}

impl types::Host for State {}

impl context::Host for State {
    fn current(&mut self) -> wasmtime::Result<context::Info> {
        unreachable!("the guest does not ask for its context")
    }
}

impl log::Host for State {
    fn log(&mut self, _: log::Level, _: String) -> wasmtime::Result<()> {
        unreachable!("the guest does not log")
    }
}

impl heartbeat::Host for State {
    fn beat(&mut self) -> wasmtime::Result<()> {
        unreachable!("the guest does not beat")
    }
}
