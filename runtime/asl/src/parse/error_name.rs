//! The names of errors that the language reserves.

/// The prefix under which an author's own errors have no business.
const RESERVED: &str = "States.";

const KNOWN: [&str; 16] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

/// Those of a call over HTTP, which go on with a status.
const HTTP: &str = "States.Http.";

/// Whether an error of that name can come: any of the author's, and of the reserved the known ones.
pub(super) fn may_be_thrown(name: &str) -> bool {
    !name.starts_with(RESERVED) || KNOWN.contains(&name) || name.starts_with(HTTP)
}
