//! `stepwell:task/log`: lines for people.

use crate::bindings::stepwell::task::log;
use crate::call::CallState;
use crate::logs::{LogLevel, LogSource};

impl log::Host for CallState {
    fn log(&mut self, level: log::Level, message: String) -> wasmtime::Result<()> {
        let level = match level {
            log::Level::Trace => LogLevel::Trace,
            log::Level::Debug => LogLevel::Debug,
            log::Level::Info => LogLevel::Info,
            log::Level::Warn => LogLevel::Warn,
            log::Level::Error => LogLevel::Error,
        };
        self.capture().message(LogSource::Log(level), &message);
        Ok(())
    }
}
