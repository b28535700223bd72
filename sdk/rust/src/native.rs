//! The host side of a task's own tests: no runtime, a context that the test may choose.

use std::cell::RefCell;
use std::fmt;

use crate::context::Context;
use crate::log::Level;
use crate::testing;

thread_local! {
    /// The contexts that the test has put in place, innermost last.
    static CONTEXTS: RefCell<Vec<Context>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn context() -> Context {
    CONTEXTS.with_borrow(|contexts| contexts.last().cloned()).unwrap_or_else(testing::context)
}

#[expect(
    clippy::print_stderr,
    reason = "a test's output is where a task's log belongs on the host"
)]
pub(crate) fn log(level: Level, message: fmt::Arguments<'_>) {
    let level = match level {
        Level::Trace => "trace",
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    };
    eprintln!("{level:5} {message}");
}

/// Nobody watches a test's heartbeat.
pub(crate) fn heartbeat() {}

pub(crate) fn call_in<T>(context: Context, work: impl FnOnce() -> T) -> T {
    /// Takes the context away again, also when the work panics.
    struct Scope;
    impl Drop for Scope {
        fn drop(&mut self) {
            CONTEXTS.with_borrow_mut(Vec::pop);
        }
    }
    CONTEXTS.with_borrow_mut(|contexts| contexts.push(context));
    let _scope = Scope;
    work()
}

#[cfg(test)]
mod tests;
