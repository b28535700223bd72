//! How a machine logs, traces and encrypts. The settings are checked and kept, no more.

use stepwell_value::Str;

use crate::refusal::Refusal;

/// `loggingConfiguration`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logging {
    pub level: LogLevel,
    pub include_execution_data: bool,
    /// The ARNs of log groups. No list and an empty one are described differently.
    pub destinations: Option<Vec<Str>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    All,
    Error,
    Fatal,
    #[default]
    Off,
}

impl LogLevel {
    pub(crate) const ALL: [Self; 4] = [Self::All, Self::Error, Self::Fatal, Self::Off];

    /// As the service spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
            Self::Off => "OFF",
        }
    }
}

#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum LoggingFault {
    #[error("Must specify exactly one Log Destination.")]
    NotOneDestination,
    /// No log group can have the ARN.
    #[error("Log Destination not found.")]
    DestinationNotFound,
}

impl Logging {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let destinations = self.destinations.as_deref().unwrap_or_default();
        let is_counted = match self.level {
            LogLevel::Off => destinations.len() <= 1,
            LogLevel::All | LogLevel::Error | LogLevel::Fatal => destinations.len() == 1,
        };
        let is_group = |arn: &Str| {
            arn.starts_with("arn:") && arn.contains(":log-group:") && arn.ends_with(":*")
        };
        let fault = match (is_counted, destinations.iter().all(is_group)) {
            (false, _) => LoggingFault::NotOneDestination,
            (true, false) => LoggingFault::DestinationNotFound,
            (true, true) => return Ok(()),
        };
        Err(Refusal::InvalidLoggingConfiguration(fault))
    }
}

/// `tracingConfiguration`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tracing {
    Enabled,
    #[default]
    Disabled,
}

/// `encryptionConfiguration`, as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEncryption {
    pub kind: EncryptionType,
    pub kms_key_id: Option<Str>,
    pub data_key_reuse_seconds: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncryptionType {
    AwsOwnedKey,
    CustomerManagedKmsKey,
}

/// `encryptionConfiguration`, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    #[default]
    AwsOwnedKey,
    CustomerManagedKmsKey {
        key_id: Str,
        data_key_reuse_seconds: Option<u32>,
    },
}

#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum EncryptionFault {
    #[error("kmsKeyId must be specified for CUSTOMER_MANAGED_KMS_KEY")]
    NoKey,
    #[error("kmsKeyId must have 1 to 2048 characters")]
    KeyLength,
    #[error("only CUSTOMER_MANAGED_KMS_KEY has a kmsKeyId and kmsDataKeyReusePeriodSeconds")]
    KeyOfTheService,
    #[error("kmsDataKeyReusePeriodSeconds must be between 60 and 900: {0}")]
    ReusePeriod(i64),
}

impl NewEncryption {
    pub(crate) fn check(&self) -> Result<Encryption, Refusal> {
        self.read().map_err(Refusal::InvalidEncryptionConfiguration)
    }

    fn read(&self) -> Result<Encryption, EncryptionFault> {
        let Self { kind, kms_key_id, data_key_reuse_seconds } = self;
        match (kind, kms_key_id) {
            (EncryptionType::AwsOwnedKey, None) if data_key_reuse_seconds.is_none() => {
                Ok(Encryption::AwsOwnedKey)
            }
            (EncryptionType::AwsOwnedKey, _) => Err(EncryptionFault::KeyOfTheService),
            (EncryptionType::CustomerManagedKmsKey, None) => Err(EncryptionFault::NoKey),
            (EncryptionType::CustomerManagedKmsKey, Some(key_id)) => {
                if !(1..=2048).contains(&key_id.len()) {
                    return Err(EncryptionFault::KeyLength);
                }
                let seconds = data_key_reuse_seconds.map(reuse_seconds).transpose()?;
                let key_id = Str::clone(key_id);
                Ok(Encryption::CustomerManagedKmsKey { key_id, data_key_reuse_seconds: seconds })
            }
        }
    }
}

fn reuse_seconds(seconds: i64) -> Result<u32, EncryptionFault> {
    let checked = u32::try_from(seconds).ok().filter(|seconds| (60..=900).contains(seconds));
    checked.ok_or(EncryptionFault::ReusePeriod(seconds))
}

#[cfg(test)]
mod tests;
