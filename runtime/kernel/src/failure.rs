//! A workflow's failure: data, compared and carried like any other.

use stepwell_value::{Object, Payload, Str, Value};

/// Why a state or an execution failed. A failure that was reported from outside may lack either
/// part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    pub error: Option<Str>,
    pub cause: Option<Str>,
}

/// The names that the language itself gives to errors.
pub mod error_name {
    pub const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
    pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
    pub const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
    pub const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
    pub const NO_CHOICE_MATCHED: &str = "States.NoChoiceMatched";
    pub const INTRINSIC_FAILURE: &str = "States.IntrinsicFailure";
    pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
    pub const RESULT_PATH_MATCH_FAILURE: &str = "States.ResultPathMatchFailure";
    pub const RESULT_WRITER_FAILED: &str = "States.ResultWriterFailed";
    pub const RUNTIME: &str = "States.Runtime";
    pub const TASK_FAILED: &str = "States.TaskFailed";
    pub const TIMEOUT: &str = "States.Timeout";
}

impl Failure {
    pub fn new(error: impl Into<Str>, cause: impl Into<Str>) -> Self {
        Self { error: Some(error.into()), cause: Some(cause.into()) }
    }

    /// A failure whose name says it all.
    pub fn named(error: &str) -> Self {
        Self { error: Some(error.into()), cause: None }
    }

    /// How a task fails that asks for an execution of a machine that is not there. The service names
    /// the request that it has refused.
    pub fn no_such_machine(state_machine_arn: &str, request_id: &str) -> Self {
        let cause = format!(
            "State Machine Does Not Exist: '{state_machine_arn}' (Service: AWSStepFunctions; \
             Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: {request_id}; \
             Proxy: null)"
        );
        Self::new("StepFunctions.StateMachineDoesNotExistException", cause)
    }

    /// How a task fails that asks for an execution of a name that another one has.
    pub fn execution_already_exists(execution_arn: &str) -> Self {
        let cause = format!(
            "Execution Already Exists: '{execution_arn}' (Service: AWSStepFunctions; Status Code: \
             400; Error Code: ExecutionAlreadyExists)"
        );
        Self::new("StepFunctions.ExecutionAlreadyExistsException", cause)
    }

    /// What a catcher hands on: `{"Error": …, "Cause": …}`.
    pub fn to_payload(&self) -> Payload {
        let part = |part: &Option<Str>| part.clone().map_or(Value::Null, Value::String);
        let members = [("Error", part(&self.error)), ("Cause", part(&self.cause))];
        Payload::from(Value::Object(members.into_iter().collect::<Object>()))
    }
}
