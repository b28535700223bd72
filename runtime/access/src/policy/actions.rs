//! The actions of the service that a policy may speak of.
//!
//! A statement that denies a misspelt action denies nothing, so spelling is checked.

use super::pattern::Pattern;

/// The operations of the service and the permissions that it asks for inside of them.
const ACTIONS: &[&str] = &[
    "CreateActivity",
    "CreateStateMachine",
    "CreateStateMachineAlias",
    "DeleteActivity",
    "DeleteStateMachine",
    "DeleteStateMachineAlias",
    "DeleteStateMachineVersion",
    "DescribeActivity",
    "DescribeExecution",
    "DescribeMapRun",
    "DescribeStateMachine",
    "DescribeStateMachineAlias",
    "DescribeStateMachineForExecution",
    "GetActivityTask",
    "GetExecutionHistory",
    "InvokeHTTPEndpoint",
    "ListActivities",
    "ListExecutions",
    "ListMapRuns",
    "ListStateMachineAliases",
    "ListStateMachineVersions",
    "ListStateMachines",
    "ListTagsForResource",
    "PublishStateMachineVersion",
    "RedriveExecution",
    "RevealSecrets",
    "SendTaskFailure",
    "SendTaskHeartbeat",
    "SendTaskSuccess",
    "StartExecution",
    "StartSyncExecution",
    "StopExecution",
    "TagResource",
    "TestState",
    "UntagResource",
    "UpdateMapRun",
    "UpdateStateMachine",
    "UpdateStateMachineAlias",
    "ValidateStateMachineDefinition",
];

/// Whether a pattern in lower case is one of this service's and matches none of its actions.
pub(super) fn is_misspelt(pattern: &str) -> bool {
    let Some(operation) = pattern.strip_prefix("states:") else { return false };
    let operation = Pattern::new(operation);
    !ACTIONS.iter().any(|action| operation.matches(&action.to_ascii_lowercase()))
}
