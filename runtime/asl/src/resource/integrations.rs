//! Which integrations there are.
//!
//! The service refuses a definition that names an action outside of this list. An `aws-sdk` action
//! is taken by its form alone: the service knows thousands of them.

use super::Completion;

/// How calls to an action can end besides [`Completion::Response`], which all of them have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    AtOnce,
    Sync,
    Token,
    SyncOrToken,
}

use Ends::{AtOnce, Sync, SyncOrToken, Token};

const INTEGRATIONS: [(&str, &[(&str, Ends)]); 21] = [
    ("apigateway", &[("invoke", Token)]),
    (
        "athena",
        &[
            ("startQueryExecution", Sync),
            ("stopQueryExecution", AtOnce),
            ("getQueryExecution", AtOnce),
            ("getQueryResults", AtOnce),
        ],
    ),
    ("batch", &[("submitJob", SyncOrToken)]),
    ("bedrock", &[("invokeModel", Token), ("createModelCustomizationJob", Sync)]),
    (
        "codebuild",
        &[
            ("startBuild", Sync),
            ("stopBuild", AtOnce),
            ("batchDeleteBuilds", AtOnce),
            ("batchGetReports", AtOnce),
            ("startBuildBatch", Sync),
            ("stopBuildBatch", AtOnce),
            ("retryBuildBatch", Sync),
            ("deleteBuildBatch", AtOnce),
        ],
    ),
    ("databrew", &[("startJobRun", Sync)]),
    (
        "dynamodb",
        &[("getItem", AtOnce), ("putItem", AtOnce), ("updateItem", AtOnce), ("deleteItem", AtOnce)],
    ),
    ("ecs", &[("runTask", SyncOrToken)]),
    (
        "eks",
        &[
            ("createCluster", Sync),
            ("deleteCluster", Sync),
            ("createFargateProfile", Sync),
            ("deleteFargateProfile", Sync),
            ("createNodegroup", Sync),
            ("deleteNodegroup", Sync),
            ("runJob", SyncOrToken),
            ("call", AtOnce),
        ],
    ),
    (
        "elasticmapreduce",
        &[
            ("createCluster", Sync),
            ("setClusterTerminationProtection", AtOnce),
            ("terminateCluster", Sync),
            ("addStep", Sync),
            ("cancelStep", AtOnce),
            ("modifyInstanceFleetByName", AtOnce),
            ("modifyInstanceGroupByName", AtOnce),
        ],
    ),
    (
        "emr-containers",
        &[("createVirtualCluster", AtOnce), ("deleteVirtualCluster", Sync), ("startJobRun", Sync)],
    ),
    (
        "emr-serverless",
        &[
            ("createApplication", Sync),
            ("startApplication", Sync),
            ("stopApplication", Sync),
            ("deleteApplication", Sync),
            ("startJobRun", Sync),
            ("cancelJobRun", Sync),
        ],
    ),
    ("events", &[("putEvents", Token)]),
    ("glue", &[("startJobRun", Sync)]),
    ("http", &[("invoke", AtOnce)]),
    ("lambda", &[("invoke", Token)]),
    ("mediaconvert", &[("createJob", Sync)]),
    (
        "sagemaker",
        &[
            ("createEndpoint", AtOnce),
            ("createEndpointConfig", AtOnce),
            ("createHyperParameterTuningJob", Sync),
            ("createLabelingJob", Sync),
            ("createModel", AtOnce),
            ("createProcessingJob", Sync),
            ("createTrainingJob", Sync),
            ("createTransformJob", Sync),
            ("updateEndpoint", AtOnce),
        ],
    ),
    ("sns", &[("publish", Token)]),
    ("sqs", &[("sendMessage", Token)]),
    ("states", &[("startExecution", SyncOrToken)]),
];

pub(super) fn are_known(service: &str, action: &str, completion: Completion) -> bool {
    if let Some(service) = service.strip_prefix("aws-sdk:") {
        let may_end = matches!(completion, Completion::Response | Completion::TaskToken);
        return may_end && is_sdk_name(service) && is_sdk_name(action);
    }
    let actions =
        INTEGRATIONS.iter().find(|(name, _)| *name == service).map(|(_, actions)| actions);
    let ends = actions.and_then(|actions| actions.iter().find(|(name, _)| *name == action));
    ends.is_some_and(|(_, ends)| match completion {
        Completion::Response => true,
        Completion::Sync => matches!(ends, Sync | SyncOrToken),
        // Only an execution has an output of its own.
        Completion::Sync2 => service == "states",
        Completion::TaskToken => matches!(ends, Token | SyncOrToken),
    })
}

/// Services are written small and actions as `describeTable`.
fn is_sdk_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}
