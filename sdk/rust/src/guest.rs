//! The component's side: the bindings of the task world, and the SDK's own types in their terms.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::context::{Context, Execution, State};
use crate::log::Level;

pub mod bindings {
    //! Generated from the WIT package.
    #![allow(
        clippy::all,
        clippy::pedantic,
        clippy::mem_forget,
        missing_docs,
        unreachable_pub,
        unsafe_code,
        reason = "generated"
    )]

    wit_bindgen::generate!({
        path: "../../wit",
        world: "task",
        pub_export_macro: true,
        default_bindings_module: "stepwell_task::__private::bindings",
    });
}

use bindings::stepwell::task as imports;

pub(crate) fn context() -> Context {
    let info = imports::context::current();
    Context {
        execution: Execution {
            arn: info.execution.arn,
            name: info.execution.name,
            state_machine_arn: info.execution.state_machine_arn,
            state_machine_name: info.execution.state_machine_name,
            started_at: time(info.execution.started_at_ms),
        },
        state: State {
            name: info.state.name,
            entered_at: time(info.state.entered_at_ms),
            attempt: info.state.attempt,
        },
        idempotency_key: info.idempotency_key,
        deadline: info.deadline_ms.map(time),
        task_token: info.task_token,
    }
}

pub(crate) fn log(level: Level, message: fmt::Arguments<'_>) {
    let level = match level {
        Level::Trace => imports::log::Level::Trace,
        Level::Debug => imports::log::Level::Debug,
        Level::Info => imports::log::Level::Info,
        Level::Warn => imports::log::Level::Warn,
        Level::Error => imports::log::Level::Error,
    };
    imports::log::log(level, &message.to_string());
}

pub(crate) fn heartbeat() {
    imports::heartbeat::beat();
}

fn time(since_epoch_ms: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(since_epoch_ms)
}
