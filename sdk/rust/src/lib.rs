//! Write a Stepwell task: a plain Rust function from a serde type to a serde type.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use stepwell_task::{TaskError, log, task};
//!
//! #[derive(Deserialize)]
//! struct Application {
//!     applicant: String,
//!     income: u32,
//! }
//!
//! #[derive(Debug, PartialEq, Serialize)]
//! struct Verdict {
//!     approved: bool,
//! }
//!
//! #[task]
//! fn check_credit(application: Application) -> Result<Verdict, TaskError> {
//!     if application.income == 0 {
//!         return Err(TaskError::new("Credit.NoIncome", "there is nothing to pay with"));
//!     }
//!     log::info!("checking the credit of {}", application.applicant);
//!     Ok(Verdict { approved: application.income >= 1_000 })
//! }
//! # fn main() {
//! let ada = Application { applicant: "Ada".to_owned(), income: 1_200 };
//! assert_eq!(check_credit(ada), Ok(Verdict { approved: true }));
//! # }
//! ```
//!
//! The function stays what it is, and plain `cargo test` calls it on the host. Compiled for
//! `wasm32-wasip2`, the crate becomes a component that a workflow names in a state's `Resource`.
//! The state's effective input is read into the argument, and the result is the state's result.
//!
//! A call begins with a fresh memory, and nothing survives it. Files, the environment and the
//! clock are those of the standard library, as far as the task's manifest asks for them and the
//! operator grants them.
//!
//! - [`TaskError`] is how a task fails, and how errors pass through `?`.
//! - [`context()`] says for whom the call is made.
//! - [`log`] writes lines that are kept with the execution.
//! - [`heartbeat()`] shows that a long task is alive.
//! - `testing` calls a task the way the runtime does, in its tests on the host.
//!
//! A panic fails the task too. Its message goes to standard error, where the runtime finds it. Use
//! it for what cannot happen, and [`TaskError`] for what can.
#![warn(missing_docs)]

mod call;
mod context;
mod error;
#[cfg(target_family = "wasm")]
mod guest;
mod location;
pub mod log;
#[cfg(not(target_family = "wasm"))]
mod native;
mod private;
#[cfg(not(target_family = "wasm"))]
pub mod testing;

#[doc(hidden)]
pub mod __private {
    pub use crate::private::*;
}

pub use context::{Context, Execution, State, context};
pub use error::TaskError;
/// Makes a function the task of its crate.
///
/// The function takes one argument that implements [`serde::Deserialize`](serde::de::Deserialize)
/// and owns its data. It returns a `Result` of a type that implements
/// [`serde::Serialize`](serde::ser::Serialize) and [`TaskError`]. It is neither async nor generic
/// nor unsafe. A crate has one task.
///
/// On `wasm32-wasip2` the attribute exports the component's handler as well. On any other target
/// it only checks the signature.
///
/// ```
/// use stepwell_task::{TaskError, task};
///
/// #[task]
/// fn shout(text: String) -> Result<String, TaskError> {
///     Ok(text.to_uppercase())
/// }
/// # fn main() {
/// assert_eq!(shout("eureka".to_owned()), Ok("EUREKA".to_owned()));
/// # }
/// ```
pub use stepwell_task_macros::task;

#[cfg(target_family = "wasm")]
use guest as platform;
#[cfg(not(target_family = "wasm"))]
use native as platform;

/// Shows that the task is alive. A task whose state has `HeartbeatSeconds` calls it more often
/// than that; without `HeartbeatSeconds`, and in tests on the host, it does nothing.
///
/// ```
/// for chunk in [[0_u8; 4]; 3] {
///     // ... work on the chunk ...
///     # let _ = chunk;
///     stepwell_task::heartbeat();
/// }
/// ```
pub fn heartbeat() {
    platform::heartbeat();
}
