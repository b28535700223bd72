//! Calls of a task in its own tests, on the host.
//!
//! A task is an ordinary function, so most tests just call it. This module is for the rest: a test
//! that cares about the context, or about the JSON on either side.

use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::{Context, Execution, State};
use crate::{TaskError, call, native};

/// The context that a test has unless it says otherwise: the first attempt of the state `Test` in
/// the execution `test`, without deadline and without task token.
pub fn context() -> Context {
    Context {
        execution: Execution {
            arn: "arn:aws:states:local:000000000000:execution:test:test".to_owned(),
            name: "test".to_owned(),
            state_machine_arn: "arn:aws:states:local:000000000000:stateMachine:test".to_owned(),
            state_machine_name: "test".to_owned(),
            started_at: SystemTime::UNIX_EPOCH,
        },
        state: State { name: "Test".to_owned(), entered_at: SystemTime::UNIX_EPOCH, attempt: 0 },
        idempotency_key: "test".to_owned(),
        deadline: None,
        task_token: None,
    }
}

/// Calls `work` with a context of the test's own.
///
/// ```
/// use stepwell_task::{TaskError, context, testing};
///
/// fn charge(cents: u32) -> Result<u32, TaskError> {
///     match context().state.attempt {
///         0 => Err(TaskError::new("Payment.Unavailable", "try again")),
///         _ => Ok(cents),
///     }
/// }
///
/// let mut second_attempt = testing::context();
/// second_attempt.state.attempt = 1;
/// assert!(charge(250).is_err());
/// assert_eq!(testing::call_in(second_attempt, || charge(250)), Ok(250));
/// ```
///
/// The context belongs to the calling thread, so tests that run side by side do not meet.
pub fn call_in<T>(context: Context, work: impl FnOnce() -> T) -> T {
    native::call_in(context, work)
}

/// Calls a task the way the runtime does: with JSON text, for JSON text.
///
/// ```
/// use stepwell_task::{TaskError, testing};
///
/// fn double(number: u8) -> Result<u16, TaskError> {
///     Ok(u16::from(number) * 2)
/// }
///
/// assert_eq!(testing::call_json("200", double), Ok("400".to_owned()));
/// assert_eq!(
///     testing::call_json("-1", double).unwrap_err().cause(),
///     "$: invalid value: integer `-1`, expected u8 at line 1 column 2"
/// );
/// ```
pub fn call_json<I: DeserializeOwned, O: Serialize>(
    input: &str,
    task: impl FnOnce(I) -> Result<O, TaskError>,
) -> Result<String, TaskError> {
    call::run(input, task)
}
