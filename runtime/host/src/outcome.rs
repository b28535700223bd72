//! How a call can end without a result: a closed list, and the one place that says what each
//! ending is called and how it is explained.

use std::error::Error;
use std::time::Duration;

use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::{I32Exit, ResourceTableError};

use crate::backtrace;
use crate::limits::{RESOURCES_MAX, TABLE_ELEMENTS_MAX};
use crate::memory::MemoryExceeded;
use crate::{Failure, PrepareError};

/// The beginning of the message with which wasmtime refuses to copy more than
/// `Store::set_hostcall_fuel` allows. The error has no public type.
const COPIED_TOO_MUCH: &str = "too much data is being copied between the host and the guest";

/// A call that did not succeed.
#[derive(Debug)]
pub(crate) enum Ending {
    /// The guest says so itself.
    Failed {
        error: String,
        cause: String,
    },
    /// The task could not be found or prepared.
    Unprepared(PrepareError),
    /// A granted directory could not be opened.
    DirectoryMissing {
        guest: String,
        reason: String,
    },
    TimedOut {
        limit: Duration,
    },
    MemoryExceeded(MemoryExceeded),
    StackOverflow {
        trace: String,
    },
    OutputExceeded {
        limit_bytes: usize,
    },
    ResourcesExceeded(Resource),
    /// `stderr` ends with what the panic has said.
    Panicked {
        message: String,
        trace: String,
    },
    Trapped {
        reason: String,
        trace: String,
        stderr: String,
    },
    Exited {
        code: i32,
        stderr: String,
    },
    OutputInvalid(stepwell_value::Error),
}

/// What a guest had too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Handles,
    /// Bytes passed to the host in one call of a host function.
    Copied {
        limit_bytes: usize,
    },
}

impl Ending {
    /// Reads what wasmtime reports when a guest was stopped, or stopped itself.
    pub(crate) fn from_error(error: &wasmtime::Error, limits: &CopyLimits, stderr: &str) -> Self {
        let backtrace = error.downcast_ref::<WasmBacktrace>();
        let trace = backtrace.map(backtrace::describe).unwrap_or_default();
        if let Some(exceeded) = error.downcast_ref::<MemoryExceeded>() {
            return Self::MemoryExceeded(*exceeded);
        }
        if let Some(ResourceTableError::Full) = error.downcast_ref::<ResourceTableError>() {
            return Self::ResourcesExceeded(Resource::Handles);
        }
        if let Some(I32Exit(code)) = error.downcast_ref::<I32Exit>() {
            return Self::Exited { code: *code, stderr: stderr.to_owned() };
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::StackOverflow) => return Self::StackOverflow { trace },
            Some(Trap::UnreachableCodeReached) => {
                if let Some(message) = panic_message(stderr) {
                    return Self::Panicked { message, trace };
                }
            }
            Some(_) | None => {}
        }
        let reason = error.root_cause().to_string();
        // The result is read after the guest has returned, when there is no frame to point at.
        match (reason.starts_with(COPIED_TOO_MUCH), backtrace) {
            (true, None) => Self::OutputExceeded { limit_bytes: limits.output_bytes },
            (true, Some(_)) => {
                let limit_bytes = limits.copied_bytes;
                Self::ResourcesExceeded(Resource::Copied { limit_bytes })
            }
            (false, _) => Self::Trapped { reason, trace, stderr: stderr.to_owned() },
        }
    }

    /// The failure as a workflow sees it.
    pub(crate) fn into_failure(self, task: &str) -> Failure {
        let name = self.name().to_owned();
        match self {
            Self::Failed { error, cause } => guest_failure(&error, cause),
            other => Failure::new(&name, other.cause(task)),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            // Only for a guest that leaves the name empty.
            Self::Failed { .. } => "Task.Failed",
            Self::Unprepared(error) if error.is_not_found() => "Task.NotFound",
            Self::Unprepared(_) => "Task.Invalid",
            Self::DirectoryMissing { .. } => "Sandbox.DirectoryMissing",
            // The spelling that AWS Lambda uses for a function that ran out of its own time.
            Self::TimedOut { .. } => "Sandbox.Timedout",
            Self::MemoryExceeded(_) => "Sandbox.MemoryExceeded",
            Self::StackOverflow { .. } => "Sandbox.StackOverflow",
            Self::OutputExceeded { .. } => "Sandbox.OutputExceeded",
            Self::ResourcesExceeded(_) => "Sandbox.ResourceExceeded",
            Self::Panicked { .. } => "Task.Panicked",
            Self::Trapped { .. } => "Task.Trapped",
            Self::Exited { .. } => "Task.Exited",
            Self::OutputInvalid(_) => "Task.InvalidOutput",
        }
    }

    fn cause(self, task: &str) -> String {
        match self {
            Self::Failed { cause, .. } => cause,
            Self::Unprepared(error) => chain(&error),
            Self::DirectoryMissing { guest, reason } => {
                format!(
                    "task `{task}`: the directory granted as `{guest}` cannot be opened: {reason}"
                )
            }
            Self::TimedOut { limit } => format!(
                "task `{task}` timed out after {} s, its time limit (`limits.timeout_seconds`)",
                limit.as_secs_f64()
            ),
            Self::MemoryExceeded(exceeded) => memory_cause(task, exceeded),
            Self::StackOverflow { trace } => {
                with_trace(format!("task `{task}` ran out of stack: it recurses too deep"), &trace)
            }
            Self::OutputExceeded { limit_bytes } => format!(
                "task `{task}` returned more than {limit_bytes} bytes, its output limit \
                 (`limits.output_kib`)"
            ),
            Self::ResourcesExceeded(Resource::Handles) => format!(
                "task `{task}` held more than {RESOURCES_MAX} open files and other resources at once"
            ),
            Self::ResourcesExceeded(Resource::Copied { limit_bytes }) => {
                format!(
                    "task `{task}` passed more than {limit_bytes} bytes to the host in one call"
                )
            }
            Self::Panicked { message, trace } => {
                with_trace(format!("task `{task}` panicked: {message}"), &trace)
            }
            Self::Trapped { reason, trace, stderr } => {
                with_stderr(with_trace(format!("task `{task}` trapped: {reason}"), &trace), &stderr)
            }
            Self::Exited { code, stderr } => with_stderr(
                format!("task `{task}` exited with code {code} instead of returning a result"),
                &stderr,
            ),
            Self::OutputInvalid(error) => {
                format!("task `{task}` returned text that is not JSON: {error}")
            }
        }
    }
}

/// How much may be copied out of a guest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CopyLimits {
    pub(crate) output_bytes: usize,
    pub(crate) copied_bytes: usize,
}

/// An error with everything that led to it, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// Names that begin with `States.` decide how a workflow goes on, and are the language's alone.
fn guest_failure(error: &str, cause: String) -> Failure {
    if error.is_empty() {
        return Failure::new("Task.Failed", cause);
    }
    if error.starts_with("States.") {
        let cause = format!("the task reported `{error}`, a name that it may not use: {cause}");
        return Failure::new("Task.Failed", cause);
    }
    Failure::new(error, cause)
}

fn memory_cause(task: &str, exceeded: MemoryExceeded) -> String {
    match exceeded {
        MemoryExceeded::Total { wanted_bytes, limit_bytes } => format!(
            "task `{task}` wanted {wanted_bytes} bytes of memory, its limit is {limit_bytes} \
             (`limits.memory_mib`)"
        ),
        MemoryExceeded::Table { wanted } => format!(
            "task `{task}` wanted a table of {wanted} elements, the limit is {TABLE_ELEMENTS_MAX}"
        ),
    }
}

/// What a panicking Rust guest says last: the place and the message.
fn panic_message(stderr: &str) -> Option<String> {
    let place = stderr.rfind("panicked at ")? + "panicked at ".len();
    let text = stderr.get(place..)?;
    let end = text.find("\nnote: run with").unwrap_or(text.len());
    let text = text.get(..end)?.trim();
    // "src/lib.rs:1:2:\nmessage" reads better with the message first.
    Some(match text.split_once(":\n") {
        Some((place, message)) => format!("{} (at {place})", message.trim()),
        None => text.to_owned(),
    })
}

fn with_trace(text: String, trace: &str) -> String {
    if trace.is_empty() { text } else { format!("{text}\n{}", trace.trim_end()) }
}

fn with_stderr(text: String, stderr: &str) -> String {
    match stderr.trim() {
        "" => text,
        stderr => format!("{text}\nstandard error ended with:\n{stderr}"),
    }
}

#[cfg(test)]
mod tests;
