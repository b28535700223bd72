use stepwell_value::Value;

use super::{START, Timestamp, function_name, play};
use crate::case::Case;

fn case(definition: &str, status: &str) -> Case {
    let document = format!(
        r#"{{"id":"a","category":"b","type":"STANDARD","definition":{definition},"input":7,
        "state_machine_name":"m","needs":[],"expected":{{"status":{status}}},
        "functions":{{"slow":{{"kind":"sleep_then_echo","seconds":60}}}}}}"#
    );
    let now = Timestamp::from_unix_millis(START);
    Case::parse(&Value::parse(&document).unwrap(), now).unwrap()
}

/// What happens, and after how many seconds.
fn played(definition: &str, status: &str) -> Vec<(u64, String)> {
    let start = Timestamp::from_unix_millis(START);
    let history = play(&case(definition, status)).unwrap();
    let seconds = |at: Timestamp| at.saturating_since(start).as_secs();
    history.iter().map(|event| (seconds(event.at), event.detail.to_string())).collect()
}

const SLOW: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":
    "arn:aws:lambda:us-east-1:000000000000:function:slow","TimeoutSeconds":SECONDS,"End":true}}}"#;

#[test]
fn time_passes_at_once() {
    let last = |definition: &str| played(definition, r#""SUCCEEDED""#).pop().unwrap();
    // An answer that arrives at the very moment of the deadline is in time.
    assert_eq!(last(&SLOW.replace("SECONDS", "60")), (60, "ExecutionSucceeded".to_owned()));
    assert_eq!(last(&SLOW.replace("SECONDS", "59")), (59, "ExecutionFailed".to_owned()));
}

#[test]
fn an_execution_that_was_recorded_early_is_left_there() {
    let history = played(&SLOW.replace("SECONDS", "60"), "null");
    assert_eq!(history.last().unwrap(), &(0, "LambdaFunctionStarted".to_owned()));
}

#[test]
fn a_definition_that_is_refused_says_why() {
    let error = play(&case("{}", "null")).unwrap_err().to_string();
    assert!(error.starts_with("the definition is refused: SCHEMA_VALIDATION_FAILED"), "{error}");
}

#[test]
fn a_function_is_found_by_the_name_in_its_arn() {
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:slow";
    for function in ["slow", "slow:$LATEST", arn, &format!("{arn}:$LATEST")] {
        assert_eq!(function_name(function), "slow");
    }
}
