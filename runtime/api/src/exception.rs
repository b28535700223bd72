//! What a request is refused with: an exception of the service.

use stepwell::{
    ChangeError, EngineStartError, ReadError, RedriveError, StartError, TokenError, catalog,
};
use stepwell_catalog::{Conflict, Invalid, Refusal};
use stepwell_value::Str;

/// A modelled exception, or one that every service has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exception {
    /// The shape's name.
    pub name: &'static str,
    pub status: u16,
    pub message: String,
    /// What some shapes have besides.
    pub details: Vec<(&'static str, Str)>,
}

impl Exception {
    pub(crate) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, status: 400, message: message.into(), details: Vec::new() }
    }

    pub(crate) fn serialization(message: String) -> Self {
        Self::new("SerializationException", message)
    }

    /// The body is no JSON.
    pub(crate) fn unreadable() -> Self {
        Self::serialization("Could not parse request body as JSON".into())
    }

    pub(crate) fn unknown_operation() -> Self {
        Self::new("UnknownOperationException", "The requested operation is not supported")
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// There is too much to do: the caller waits a moment and asks again, as SDKs do by themselves.
    pub(crate) fn throttled(message: impl Into<String>) -> Self {
        Self::new("ThrottlingException", message)
    }

    /// Something that is no fault of the caller's.
    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self { status: 503, ..Self::new("ServiceUnavailable", message) }
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self { status: 500, ..Self::new("InternalFailure", message) }
    }

    pub(crate) fn execution_does_not_exist(arn: &str) -> Self {
        Self::new("ExecutionDoesNotExist", format!("Execution Does Not Exist: '{arn}'"))
    }

    pub(crate) fn machine_does_not_exist(arn: &str) -> Self {
        Self::new("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{arn}'"))
    }

    pub(crate) fn invalid_arn(misread: catalog::arn::Misread) -> Self {
        Refusal::InvalidArn(misread).into()
    }

    pub(crate) fn resource_not_found(arn: &str) -> Self {
        let details = vec![("resourceName", Str::from(arn))];
        let message = format!("Resource not found: '{arn}'");
        Self { details, ..Self::new("ResourceNotFound", message) }
    }

    /// One of `ValidationExceptionReason`.
    pub(crate) fn because(self, reason: &'static str) -> Self {
        self.with("reason", reason)
    }

    fn with(self, name: &'static str, value: impl Into<Str>) -> Self {
        Self { details: vec![(name, value.into())], ..self }
    }
}

impl From<Refusal> for Exception {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        let (name, status) = match &refusal {
            Refusal::ActivityAlreadyExists(_) => ("ActivityAlreadyExists", 400),
            Refusal::ActivityDoesNotExist(_) => ("ActivityDoesNotExist", 400),
            Refusal::ActivityLimitExceeded(_) => ("ActivityLimitExceeded", 400),
            Refusal::Conflict(
                Conflict::AliasExists | Conflict::VersionInUse(_) | Conflict::OtherRevision { .. },
            ) => ("ConflictException", 409),
            Refusal::InvalidArn(_) => ("InvalidArn", 400),
            Refusal::InvalidDefinition(_) => ("InvalidDefinition", 400),
            Refusal::InvalidEncryptionConfiguration(_) => ("InvalidEncryptionConfiguration", 400),
            Refusal::InvalidLoggingConfiguration(_) => ("InvalidLoggingConfiguration", 400),
            Refusal::InvalidName(_) => ("InvalidName", 400),
            Refusal::InvalidToken => ("InvalidToken", 400),
            Refusal::MissingRequiredParameter => ("MissingRequiredParameter", 400),
            Refusal::ResourceNotFound(_) | Refusal::ReferenceNotFound(_) => {
                ("ResourceNotFound", 400)
            }
            Refusal::ServiceQuotaExceeded(_) => ("ServiceQuotaExceededException", 402),
            Refusal::StateMachineAlreadyExists(_) => ("StateMachineAlreadyExists", 400),
            Refusal::StateMachineDeleting(_) => ("StateMachineDeleting", 400),
            Refusal::StateMachineDoesNotExist(_) => ("StateMachineDoesNotExist", 400),
            Refusal::StateMachineLimitExceeded(_) => ("StateMachineLimitExceeded", 400),
            Refusal::TooManyTags { .. } => ("TooManyTags", 400),
            Refusal::Validation(_) => ("ValidationException", 400),
        };
        let exception = Self { status, ..Self::new(name, message) };
        match refusal {
            Refusal::ResourceNotFound(arn)
            | Refusal::ReferenceNotFound(arn)
            | Refusal::TooManyTags { resource: arn, .. } => exception.with("resourceName", arn),
            Refusal::Validation(invalid) => match reason(&invalid) {
                Some(reason) => exception.with("reason", reason),
                None => exception,
            },
            _ => exception,
        }
    }
}

/// `ValidationExceptionReason`, for those that have one.
fn reason(invalid: &Invalid) -> Option<&'static str> {
    match invalid {
        Invalid::LabelledArn(_) => Some("API_DOES_NOT_SUPPORT_LABELED_ARNS"),
        Invalid::NothingToUpdate => Some("MISSING_REQUIRED_PARAMETER"),
        Invalid::RoutesToNoVersion(_)
        | Invalid::RoutesTwice(_)
        | Invalid::RoutesToOtherMachine(_)
        | Invalid::WeightsNotWhole(_) => Some("INVALID_ROUTING_CONFIGURATION"),
        Invalid::Constraints(_)
        | Invalid::DescriptionWithoutPublish
        | Invalid::ReservedTag(_)
        | Invalid::TagCharacters(_)
        | Invalid::UnknownTestCase { .. }
        | Invalid::UnfitTestCase { .. } => None,
    }
}

impl From<ChangeError> for Exception {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Refused(refusal) => refusal.into(),
            ChangeError::Unavailable(error) => Self::unavailable(error.to_string()),
        }
    }
}

impl From<ReadError> for Exception {
    fn from(error: ReadError) -> Self {
        Self::unavailable(error.to_string())
    }
}

impl From<EngineStartError> for Exception {
    fn from(error: EngineStartError) -> Self {
        let message = error.to_string();
        match error {
            EngineStartError::AlreadyExists(known) => {
                let message = format!("Execution Already Exists: '{}'", known.opening.arn);
                Self::new("ExecutionAlreadyExists", message)
            }
            EngineStartError::TooManyOpen(_) => Self::new("ExecutionLimitExceeded", message),
            EngineStartError::Busy => Self::throttled(message),
            EngineStartError::Stopped
            | EngineStartError::Unavailable
            | EngineStartError::Journal(_) => Self::unavailable(message),
        }
    }
}

impl From<StartError> for Exception {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Name(error) => Self::new("InvalidName", error.to_string()),
            StartError::Engine(error) => error.into(),
            StartError::Refused(refusal) => refusal.into(),
            StartError::Lost(lost) => Self::unavailable(lost.to_string()),
        }
    }
}

impl From<RedriveError> for Exception {
    fn from(error: RedriveError) -> Self {
        let message = error.to_string();
        match error {
            RedriveError::Unknown => Self::new("ExecutionDoesNotExist", message),
            RedriveError::Not(_) | RedriveError::TooLate => {
                Self::new("ExecutionNotRedrivable", message)
            }
            RedriveError::TooManyOpen(_) => Self::new("ExecutionLimitExceeded", message),
            RedriveError::Stopped | RedriveError::Journal(_) => Self::unavailable(message),
        }
    }
}

impl From<TokenError> for Exception {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Malformed | TokenError::Foreign => {
                Self::new("InvalidToken", "Invalid Token: 'Invalid token'")
            }
            TokenError::Unknown => {
                Self::new("TaskDoesNotExist", "Task does not exist: provided token is not known")
            }
            TokenError::Ended => {
                let message = "Task Timed Out: 'Provided task does not exist anymore'";
                Self::new("TaskTimedOut", message)
            }
            TokenError::Stopped => Self::unavailable(error.to_string()),
        }
    }
}
