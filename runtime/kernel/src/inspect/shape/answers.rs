//! The answers as the services' public models have them, in the spelling of Step Functions.

use super::{Member, Shape};

const TEXT: Shape = Shape::Text { length: (0, usize::MAX) };
const ARN: Shape = Shape::Text { length: (1, 256) };
const NUMBER: Shape = Shape::Number { range: (i64::MIN, i64::MAX) };

const fn required(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, is_required: true }
}

const fn optional(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, is_required: false }
}

/// The members of the answer to a service's action, if it is known.
pub(super) fn of(action: (&str, &str)) -> Option<&'static [Member]> {
    Some(match action {
        ("lambda", "invoke") => LAMBDA_INVOKE,
        ("lambda", "getFunction") => LAMBDA_GET_FUNCTION,
        ("sfn", "startExecution") => START_EXECUTION,
        ("sfn", "startSyncExecution") => START_SYNC_EXECUTION,
        ("sfn", "stopExecution") => STOP_EXECUTION,
        ("sfn", "describeExecution") => DESCRIBE_EXECUTION,
        _ => return None,
    })
}

const LAMBDA_INVOKE: &[Member] = &[
    optional("StatusCode", &NUMBER),
    optional("FunctionError", &TEXT),
    optional("LogResult", &TEXT),
    optional("ExecutedVersion", &Shape::Text { length: (1, 1024) }),
];

const LAMBDA_GET_FUNCTION: &[Member] = &[optional(
    "Configuration",
    &Shape::Structure(&[
        optional("FunctionName", &TEXT),
        optional("FunctionArn", &TEXT),
        optional("Role", &TEXT),
        optional("Handler", &TEXT),
        optional("CodeSize", &NUMBER),
        optional("Timeout", &Shape::Number { range: (1, i64::MAX) }),
        optional("MemorySize", &Shape::Number { range: (128, 10_240) }),
        optional("LastModified", &TEXT),
        optional("PackageType", &Shape::OneOf(&["Zip", "Image"])),
        optional("Layers", &Shape::List(&Shape::Structure(&[optional("Arn", &TEXT)]))),
    ]),
)];

const START_EXECUTION: &[Member] = &[required("ExecutionArn", &ARN), required("StartDate", &TEXT)];

const START_SYNC_EXECUTION: &[Member] = &[
    required("ExecutionArn", &ARN),
    optional("StateMachineArn", &ARN),
    optional("Name", &TEXT),
    required("StartDate", &TEXT),
    required("StopDate", &TEXT),
    required("Status", &Shape::OneOf(&["SUCCEEDED", "FAILED", "TIMED_OUT"])),
];

const STOP_EXECUTION: &[Member] = &[required("StopDate", &TEXT)];

const STATUS: Shape =
    Shape::OneOf(&["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);

const DESCRIBE_EXECUTION: &[Member] = &[
    required("ExecutionArn", &ARN),
    required("StateMachineArn", &ARN),
    optional("Name", &TEXT),
    required("Status", &STATUS),
    required("StartDate", &TEXT),
    optional("StopDate", &TEXT),
    optional("RedriveCount", &Shape::Number { range: (0, i64::MAX) }),
    optional("OutputDetails", &Shape::Structure(&[optional("Included", &Shape::Boolean)])),
];
