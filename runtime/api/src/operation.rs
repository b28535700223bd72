//! The operations of the service.

/// Declares the operations once: their variants, their names, and which member says what they are
/// about.
macro_rules! operations {
    ($($name:ident: $subject:expr,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operation {
            $($name,)*
        }

        impl Operation {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($name) => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The resource that a policy has to allow the operation on.
            pub(crate) fn subject(self) -> Subject {
                match self {
                    $(Self::$name => $subject,)*
                }
            }
        }
    };
}

/// Where a request names what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Nothing in particular: `*`.
    Any,
    /// The member holds an ARN.
    Arn(&'static str),
    /// The member holds the name of a machine or an activity that is to be made.
    Machine(&'static str),
    Activity(&'static str),
    /// The one or the other member holds an ARN.
    Either(&'static str, &'static str),
    /// The machine whose versions the routes name.
    Routes,
}

const MACHINE: Subject = Subject::Arn("stateMachineArn");
const VERSION: Subject = Subject::Arn("stateMachineVersionArn");
const ALIAS: Subject = Subject::Arn("stateMachineAliasArn");
const EXECUTION: Subject = Subject::Arn("executionArn");
const MAP_RUN: Subject = Subject::Arn("mapRunArn");
const ACTIVITY: Subject = Subject::Arn("activityArn");
const RESOURCE: Subject = Subject::Arn("resourceArn");

operations! {
    CreateActivity: Subject::Activity("name"),
    CreateStateMachine: Subject::Machine("name"),
    CreateStateMachineAlias: Subject::Routes,
    DeleteActivity: ACTIVITY,
    DeleteStateMachine: MACHINE,
    DeleteStateMachineAlias: ALIAS,
    DeleteStateMachineVersion: VERSION,
    DescribeActivity: ACTIVITY,
    DescribeExecution: EXECUTION,
    DescribeMapRun: MAP_RUN,
    DescribeStateMachine: MACHINE,
    DescribeStateMachineAlias: ALIAS,
    DescribeStateMachineForExecution: EXECUTION,
    GetActivityTask: ACTIVITY,
    GetExecutionHistory: EXECUTION,
    ListActivities: Subject::Any,
    ListExecutions: Subject::Either("stateMachineArn", "mapRunArn"),
    ListMapRuns: EXECUTION,
    ListStateMachineAliases: MACHINE,
    ListStateMachineVersions: MACHINE,
    ListStateMachines: Subject::Any,
    ListTagsForResource: RESOURCE,
    PublishStateMachineVersion: MACHINE,
    RedriveExecution: EXECUTION,
    SendTaskFailure: Subject::Any,
    SendTaskHeartbeat: Subject::Any,
    SendTaskSuccess: Subject::Any,
    StartExecution: MACHINE,
    StartSyncExecution: MACHINE,
    StopExecution: EXECUTION,
    TagResource: RESOURCE,
    TestState: Subject::Any,
    UntagResource: RESOURCE,
    UpdateMapRun: MAP_RUN,
    UpdateStateMachine: MACHINE,
    UpdateStateMachineAlias: ALIAS,
    ValidateStateMachineDefinition: Subject::Any,
}
