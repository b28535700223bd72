//! Why a request is not granted: one variant for each exception of the service, in its words.

use std::fmt;

use stepwell_asl::Diagnostic;
use stepwell_value::Str;

use crate::arn::Misread;
use crate::constraint::Violation;
use crate::record::RevisionId;
use crate::settings::{EncryptionFault, LoggingFault};

#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refusal {
    #[error("Activity Already Exists: '{0}'")]
    ActivityAlreadyExists(Str),
    #[error("Activity Does Not Exist: '{0}'")]
    ActivityDoesNotExist(Str),
    #[error("The maximum number of activities has been reached: {0}")]
    ActivityLimitExceeded(usize),
    #[error("{0}")]
    Conflict(Conflict),
    #[error("Invalid Arn: '{0}'")]
    InvalidArn(#[from] Misread),
    #[error("Invalid State Machine Definition: '{}'", Quoted(.0))]
    InvalidDefinition(Vec<Diagnostic>),
    #[error("Invalid Encryption Configuration: {0}")]
    InvalidEncryptionConfiguration(EncryptionFault),
    #[error("Invalid Logging Configuration: {0}")]
    InvalidLoggingConfiguration(LoggingFault),
    #[error("Invalid Name: '{0}'")]
    InvalidName(Str),
    #[error("Invalid Token: 'Invalid token'")]
    InvalidToken,
    #[error(
        "Either the definition, the role ARN, the LoggingConfiguration, or the \
         TracingConfiguration must be specified"
    )]
    MissingRequiredParameter,
    /// A resource that has to be there to be tagged.
    #[error("Resource not found: '{0}'")]
    ResourceNotFound(Str),
    /// An alias, or a version that an alias is to lead to.
    #[error("Request references a resource that does not exist.")]
    ReferenceNotFound(Str),
    #[error("The request would exceed a service quota: {0}")]
    ServiceQuotaExceeded(Quota),
    #[error("State Machine Already Exists: '{0}'")]
    StateMachineAlreadyExists(Str),
    #[error("State Machine is being deleted: '{0}'")]
    StateMachineDeleting(Str),
    #[error("State Machine Does Not Exist: '{0}'")]
    StateMachineDoesNotExist(Str),
    #[error("The maximum number of state machines has been reached: {0}")]
    StateMachineLimitExceeded(usize),
    #[error("Too many tags for '{resource}': {count}, of at most {max}")]
    TooManyTags { resource: Str, count: usize, max: usize },
    #[error("{0}")]
    Validation(Invalid),
}

/// `ConflictException`
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Conflict {
    #[error(
        "Failed to create alias because an alias with the same name and a different routing \
         configuration already exists."
    )]
    AliasExists,
    #[error(
        "Version to be deleted must not be referenced by an alias. Current list of aliases \
         referencing this version: [{}]", .0.join(", ")
    )]
    VersionInUse(Vec<Str>),
    #[error(
        "Failed to publish the State Machine version for revision {asked}. The current State \
         Machine revision is {current}."
    )]
    OtherRevision { asked: Str, current: RevisionId },
}

/// `ServiceQuotaExceededException`
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Quota {
    #[error("a state machine has at most {0} versions")]
    Versions(usize),
    #[error("a state machine has at most {0} aliases")]
    Aliases(usize),
}

/// `ValidationException`
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Invalid {
    #[error("{}", Violations(.0))]
    Constraints(Vec<Violation>),
    #[error("Version description can only be set when publish is true")]
    DescriptionWithoutPublish,
    /// The reason is `API_DOES_NOT_SUPPORT_LABELED_ARNS`.
    #[error("This operation does not support labeled state machine ARNs: '{0}'")]
    LabelledArn(Str),
    /// The reason is `MISSING_REQUIRED_PARAMETER`.
    #[error("Either the description or the RoutingConfiguration must be specified")]
    NothingToUpdate,
    #[error(
        "Routing configuration must contain state machine version ARNs. Received: [{}]",
        .0.join(", ")
    )]
    RoutesToNoVersion(Vec<Str>),
    #[error(
        "Routing configuration must contain distinct state machine version ARNs. Received: [{}]",
        .0.join(", ")
    )]
    RoutesTwice(Vec<Str>),
    #[error(
        "Routing configuration must contain versions of one state machine. Received: [{}]",
        .0.join(", ")
    )]
    RoutesToOtherMachine(Vec<Str>),
    #[error("Sum of routing configuration weights must equal 100. Received: {0:?}")]
    WeightsNotWhole(Vec<i64>),
    #[error("Tag keys must not begin with 'aws:': '{0}'")]
    ReservedTag(Str),
    #[error("Tags may only contain letters, digits, white space and _.:/=+-@: '{0}'")]
    TagCharacters(Str),
    /// The service has no test cases, but what runs on one's own machine does.
    #[error(
        "The mock configuration has no test case '{test_case}' for the state machine '{machine}'"
    )]
    UnknownTestCase { machine: Str, test_case: Str },
    #[error(
        "The test case '{test_case}' does not fit the state machine '{machine}': {}",
        .problems.join("; ")
    )]
    UnfitTestCase { machine: Str, test_case: Str, problems: Vec<String> },
}

/// Several findings in one text, as the service puts them.
struct Quoted<'a>(&'a [Diagnostic]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted: Vec<String> = self.0.iter().map(Diagnostic::quoted).collect();
        f.write_str(&quoted.join(", "))
    }
}

struct Violations<'a>(&'a [Violation]);

impl fmt::Display for Violations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        let texts: Vec<String> = self.0.iter().map(Violation::to_string).collect();
        write!(f, "{} validation error{plural} detected: {}", texts.len(), texts.join("; "))
    }
}
