use super::{
    Encryption, EncryptionFault, EncryptionType, LogLevel, Logging, LoggingFault, NewEncryption,
};
use crate::refusal::Refusal;

const GROUP: &str = "arn:aws:logs:eu-west-1:123456789012:log-group:brewery:*";

#[test]
fn a_machine_that_logs_does_it_to_one_group() {
    type Row<'a> = (LogLevel, Option<&'a [&'a str]>, Option<LoggingFault>);
    let table: &[Row<'_>] = &[
        (LogLevel::Off, None, None),
        (LogLevel::Off, Some(&[]), None),
        (LogLevel::Off, Some(&[GROUP]), None),
        (LogLevel::Off, Some(&[GROUP, GROUP]), Some(LoggingFault::NotOneDestination)),
        (LogLevel::All, None, Some(LoggingFault::NotOneDestination)),
        (LogLevel::Error, Some(&[]), Some(LoggingFault::NotOneDestination)),
        (LogLevel::Fatal, Some(&[GROUP]), None),
        (LogLevel::All, Some(&[GROUP, GROUP]), Some(LoggingFault::NotOneDestination)),
        (LogLevel::All, Some(&["brewery"]), Some(LoggingFault::DestinationNotFound)),
        (
            LogLevel::All,
            Some(&["arn:x:log-group:brewery"]),
            Some(LoggingFault::DestinationNotFound),
        ),
    ];
    for (level, destinations, fault) in table {
        let destinations =
            destinations.map(|groups| groups.iter().map(|group| (*group).into()).collect());
        let logging = Logging { level: *level, include_execution_data: false, destinations };
        let found = logging.check().err();
        assert_eq!(found, fault.map(Refusal::InvalidLoggingConfiguration), "{logging:?}");
    }
}

#[test]
fn a_key_of_one_s_own_has_a_name_and_a_period() {
    let own = EncryptionType::CustomerManagedKmsKey;
    let kept =
        Encryption::CustomerManagedKmsKey { key_id: "k".into(), data_key_reuse_seconds: Some(60) };
    let table = [
        (EncryptionType::AwsOwnedKey, None, None, Ok(Encryption::AwsOwnedKey)),
        (EncryptionType::AwsOwnedKey, Some("k"), None, Err(EncryptionFault::KeyOfTheService)),
        (EncryptionType::AwsOwnedKey, None, Some(60), Err(EncryptionFault::KeyOfTheService)),
        (own, None, Some(60), Err(EncryptionFault::NoKey)),
        (own, Some(""), None, Err(EncryptionFault::KeyLength)),
        (own, Some("k"), Some(59), Err(EncryptionFault::ReusePeriod(59))),
        (own, Some("k"), Some(901), Err(EncryptionFault::ReusePeriod(901))),
        (own, Some("k"), Some(60), Ok(kept)),
    ];
    for (kind, key, seconds, expected) in table {
        let kms_key_id = key.map(Into::into);
        let asked = NewEncryption { kind, kms_key_id, data_key_reuse_seconds: seconds };
        let expected = expected.map_err(Refusal::InvalidEncryptionConfiguration);
        assert_eq!(asked.check(), expected, "{asked:?}");
    }
}
