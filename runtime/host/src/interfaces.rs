//! The host's side of the WIT package: one file for each interface that a task may import.

mod context;
mod heartbeat;
mod log;

use wasmtime::component::{HasSelf, Linker};

use crate::bindings::Task;
use crate::bindings::stepwell::task::types;
use crate::call::CallState;

impl types::Host for CallState {}

/// A linker with everything that a component may import: our interfaces, and those of WASI.
///
/// WASI is linked whole, because language runtimes import it whether they use it or not. What a
/// task can do with it is decided by each call's WASI context, which grants nothing by itself.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<CallState>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    Task::add_to_linker::<CallState, HasSelf<CallState>>(&mut linker, |state| state)?;
    Ok(linker)
}
