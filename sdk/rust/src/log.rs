//! Messages for the people who run the workflow.
//!
//! The macros take what [`format!`] takes. The runtime keeps the lines with the execution, the
//! state and the attempt; a task needs no capability for it. In a test on the host the lines go
//! to standard error, which `cargo test` shows when the test fails.
//!
//! ```
//! use stepwell_task::log;
//!
//! let applicant = "Ada";
//! log::info!("checking the credit of {applicant}");
//! log::warn!("the bureau answered after {} ms", 950);
//! ```

use std::fmt;

use crate::platform;

#[doc(inline)]
pub use crate::{
    __log_debug as debug, __log_error as error, __log_info as info, __log_trace as trace,
    __log_warn as warn,
};

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every detail.
    Trace,
    /// For the author of the task.
    Debug,
    /// What happens in the ordinary course.
    Info,
    /// Something to look at, though the task goes on.
    Warn,
    /// Why the task is about to fail.
    Error,
}

/// Writes one message at a level that is only known when the task runs.
pub fn write(level: Level, message: fmt::Arguments<'_>) {
    platform::log(level, message);
}

/// Logs every detail.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_trace {
    ($($message:tt)+) => {
        $crate::log::write($crate::log::Level::Trace, ::core::format_args!($($message)+))
    };
}

/// Logs something for the author of the task.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_debug {
    ($($message:tt)+) => {
        $crate::log::write($crate::log::Level::Debug, ::core::format_args!($($message)+))
    };
}

/// Logs what happens in the ordinary course.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_info {
    ($($message:tt)+) => {
        $crate::log::write($crate::log::Level::Info, ::core::format_args!($($message)+))
    };
}

/// Logs something to look at, though the task goes on.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_warn {
    ($($message:tt)+) => {
        $crate::log::write($crate::log::Level::Warn, ::core::format_args!($($message)+))
    };
}

/// Logs why the task is about to fail.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_error {
    ($($message:tt)+) => {
        $crate::log::write($crate::log::Level::Error, ::core::format_args!($($message)+))
    };
}
