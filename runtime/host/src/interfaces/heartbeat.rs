//! `stepwell:task/heartbeat`: signs of life.

use crate::bindings::stepwell::task::heartbeat;
use crate::call::CallState;

impl heartbeat::Host for CallState {
    fn beat(&mut self) -> wasmtime::Result<()> {
        self.signal_life();
        Ok(())
    }
}
