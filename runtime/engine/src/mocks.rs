//! The port through which tasks are made up, in executions that were started with a test case.

use stepwell_asl::Definition;
use stepwell_kernel::{Failure, Identity, Invocation, error_name};
use stepwell_value::{Payload, Str};

/// Makes up what tasks come to. Implemented by whoever knows the test cases.
pub trait Mocks: Send + Sync + 'static {
    /// What a state's call comes to, as the state sees it; none if the task is to be done. Asked
    /// from the loops, so it must not take long. The same question may be asked again after a crash,
    /// and has the same answer.
    fn mocked(&self, question: &MockQuestion<'_>) -> Option<Result<Payload, Failure>>;
}

/// A call that may be made up.
#[derive(Clone, Copy, Debug)]
pub struct MockQuestion<'a> {
    pub identity: &'a Identity,
    pub test_case: &'a Str,
    pub state_name: &'a Str,
    /// How often the state has called before in the execution.
    pub invocation: u32,
}

impl<'a> MockQuestion<'a> {
    pub(crate) fn of(invocation: &'a Invocation, definition: &'a Definition) -> Self {
        let Invocation { identity, test_case, state, nth } = invocation;
        let state_name = &definition.state(*state).name;
        Self { identity, test_case, state_name, invocation: *nth }
    }
}

/// There are no test cases. An execution that was started with one when there were some must not
/// call in earnest what it was meant to make up.
pub(crate) struct NoMocks;

impl Mocks for NoMocks {
    fn mocked(&self, question: &MockQuestion<'_>) -> Option<Result<Payload, Failure>> {
        let cause = format!(
            "The execution was started with the test case '{}', and the runtime has no test cases \
             now",
            question.test_case
        );
        Some(Err(Failure::new(error_name::RUNTIME, cause)))
    }
}
