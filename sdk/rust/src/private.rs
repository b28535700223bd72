//! What the expansion of `#[task]` names. No part of the interface.
#![expect(missing_docs, reason = "nobody but the macro reads this")]

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::TaskError;

#[cfg(target_family = "wasm")]
pub use self::exported::{Failure, Guest, bindings, export, run};

#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a task's input: it cannot be read from JSON",
    label = "does not implement `serde::Deserialize`",
    note = "put `#[derive(serde::Deserialize)]` on it; an input owns its data, without lifetimes"
)]
pub trait Input {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Input for T {}

#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a task's output: it cannot be written as JSON",
    label = "does not implement `serde::Serialize`",
    note = "put `#[derive(serde::Serialize)]` on it"
)]
pub trait Output {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Output for T {}

#[diagnostic::on_unimplemented(
    message = "a task's error is `TaskError`, not `{Self}`",
    label = "must be `stepwell_task::TaskError`",
    note = "`?` turns any standard error into a `TaskError`"
)]
pub trait Failing {}

impl Failing for TaskError {}

#[diagnostic::on_unimplemented(
    message = "a task returns `Result<output, TaskError>`, not `{Self}`",
    label = "must be a `Result` whose error is `stepwell_task::TaskError`",
    note = "the output implements `serde::Serialize`"
)]
pub trait Outcome {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Outcome for Result<T, TaskError> {}

pub const fn is_input<T: Input>() {}
pub const fn is_output<T: Output>() {}
pub const fn is_error<T: Failing>() {}
pub const fn is_outcome<T: Outcome>() {}

#[cfg(target_family = "wasm")]
mod exported {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    pub use crate::guest::bindings::exports::stepwell::task::handler::{Failure, Guest};
    pub use crate::guest::bindings::{self, export};

    use crate::{TaskError, call};

    pub fn run<I: DeserializeOwned, O: Serialize>(
        input: &str,
        task: fn(I) -> Result<O, TaskError>,
    ) -> Result<String, Failure> {
        call::run(input, task).map_err(|failure| {
            let (error, cause) = failure.into_parts();
            Failure { error, cause }
        })
    }
}
