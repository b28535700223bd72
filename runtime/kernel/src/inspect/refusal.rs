//! What can be wrong with a test before it begins.

use std::fmt;

use crate::StateType;

/// The test is not made. The texts are the service's where it was seen to refuse the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The definition has no state of that name.
    StateNotFound,
    /// A Map or Parallel state without a mock.
    ForkWithoutMock,
    /// A Task that somebody else has to complete, without a mock.
    PatternWithoutMock,
    /// A Task without a mock is run, and has to be run as somebody.
    RoleMissing,
    /// The caller would see secrets of a call that is not made.
    SecretsWithMock,
    /// Something that says what a mock stands for, without a mock.
    SettingWithoutMock(Setting),
    /// The state has no work that could be mocked.
    NothingToMock(StateType),
    /// A mock that is a result and a failure.
    MockOfBoth,
    MockNotJson,
    MockNotArray,
    /// Of a Map that writes its results out.
    MockNotObject,
    /// Of a Parallel state: each branch has one result.
    MockOfOtherLength,
    /// The service that the Task calls answers something else.
    MockOfOtherShape(Mismatch),
    /// More iterations have failed than there are.
    TooManyFailures,
    /// The context object is not one.
    Context(ContextFault),
}

/// What only a mock gives a meaning to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    Context,
    RetrierRetryCount,
    MapIterationFailureCount,
    ErrorCausedByState,
    MapItemReaderData,
}

/// How a mocked result differs from what the service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    NotAnObject,
    Missing { field: &'static str },
    Field { field: &'static str, fault: FieldFault },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldFault {
    NotText,
    NotNumber,
    NotBoolean,
    NotArray,
    NotObject,
    TooShort,
    TooLong,
    TooSmall,
    TooLarge,
    Unexpected,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextFault {
    NotAnObject,
    /// The item of a Map comes from elsewhere.
    OfMap,
    /// A token where the state is given none.
    TaskWithoutToken,
    UnknownField(String),
    WrongType {
        field: String,
        expected: &'static str,
    },
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StateNotFound => "State not found in definition",
            Self::ForkWithoutMock => {
                "TestState API does not support Map or Parallel states. Supported state types \
                 include: [Task, Wait, Pass, Succeed, Fail, Choice]"
            }
            Self::PatternWithoutMock => {
                "TestState API does not support Activity tasks or the .sync and .waitForTaskToken \
                 service integration patterns when a mock is not specified."
            }
            Self::RoleMissing => "RoleArn must be specified when testing a Task state",
            Self::SecretsWithMock => {
                "TestState does not support RevealSecrets when a mock is specified."
            }
            Self::MockOfBoth => {
                "A test mock should have only one of the following fields: [result, errorOutput]."
            }
            Self::MockNotJson => "Mocked result must be valid JSON",
            Self::MockNotArray => "Mocked result must be an array.",
            Self::MockNotObject => "Mocked result must be a JSON object.",
            Self::MockOfOtherLength => {
                "Mocked result must contain the same number of items as number of Parallel \
                 branches."
            }
            Self::TooManyFailures => {
                "Map iteration failure count must be less than or equal to the number of Map \
                 iterations"
            }
            Self::SettingWithoutMock(setting) => {
                let what = "when a mock is not specified.";
                return write!(f, "TestState does not support {setting:?} {what}");
            }
            Self::NothingToMock(kind) => {
                return write!(
                    f,
                    "State type '{kind:?}' is not supported when a mock is specified"
                );
            }
            Self::MockOfOtherShape(mismatch) => {
                return write!(f, "Mock result schema validation error: {mismatch}");
            }
            Self::Context(fault) => return write!(f, "Invalid Context object provided: {fault}"),
        })
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("The result must be an object"),
            Self::Missing { field } => write!(f, "Required field '{field}' is missing"),
            Self::Field { field, fault } => write!(f, "Field '{field}' {}", fault.as_str()),
        }
    }
}

impl FieldFault {
    fn as_str(self) -> &'static str {
        match self {
            Self::NotText => "must be a string",
            Self::NotNumber => "must be a number",
            Self::NotBoolean => "must be a boolean",
            Self::NotArray => "must be an array",
            Self::NotObject => "must be an object",
            Self::TooShort => "is smaller than the minimum length",
            Self::TooLong => "exceeds the maximum length",
            Self::TooSmall => "is less than the minimum value",
            Self::TooLarge => "exceeds the maximum value",
            Self::Unexpected => "is not an expected value",
        }
    }
}

impl fmt::Display for ContextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("Context object must be an object"),
            Self::OfMap => {
                f.write_str("'Map' field is not supported when mocking a Context object")
            }
            Self::TaskWithoutToken => f.write_str(
                "Context object contains 'Task' when state is not a Task state with a '.sync' or \
                 '.waitForTaskToken' service integration pattern",
            ),
            Self::UnknownField(name) => write!(f, "Field '{name}' is not allowed"),
            Self::WrongType { field, expected } => write!(f, "{field} must be {expected}"),
        }
    }
}
