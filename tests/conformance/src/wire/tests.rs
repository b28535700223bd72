use stepwell_asl::Timestamp;
use stepwell_value::{Payload, Value};

use super::{Detail, Failure, HistoryEvent, response};

/// An event with these details, printed.
fn printed(detail: Detail) -> String {
    let at = Timestamp::from_unix_millis(1_767_355_200_500);
    let history = [HistoryEvent { id: 4, previous: 2, at, detail }];
    let response = response(&history);
    let events = response.get("events").and_then(Value::as_array).unwrap();
    events[0].to_string()
}

#[track_caller]
fn check(detail: Detail, kind: &str, details: &str) {
    let expected = format!(
        r#"{{"timestamp":1767355200.5,"type":"{kind}","id":4,"previousEventId":2{details}}}"#
    );
    assert_eq!(printed(detail), expected);
}

#[test]
fn an_event_has_its_details_under_the_name_of_its_type() {
    let output = Payload::parse(r#"{"a": 1}"#).unwrap();
    check(
        Detail::TaskSucceeded { resource: "invoke", output },
        "TaskSucceeded",
        r#","taskSucceededEventDetails":{"resourceType":"lambda","resource":"invoke","output":"{\"a\": 1}","outputDetails":{"truncated":false}}"#,
    );
    check(
        Detail::ExecutionFailed { failure: Failure::named("Bad") },
        "ExecutionFailed",
        r#","executionFailedEventDetails":{"error":"Bad"}"#,
    );
    check(
        Detail::MapIterationStarted { name: "Each".into(), index: 3 },
        "MapIterationStarted",
        r#","mapIterationStartedEventDetails":{"name":"Each","index":3}"#,
    );
}

#[test]
fn all_states_share_one_name_for_details() {
    let input = Payload::parse("1").unwrap();
    check(
        Detail::StateEntered { state: stepwell_kernel::StateType::Wait, name: "W".into(), input },
        "WaitStateEntered",
        r#","stateEnteredEventDetails":{"name":"W","input":"1","inputDetails":{"truncated":false}}"#,
    );
}

#[test]
fn variables_are_printed_each_as_a_text() {
    let output = Payload::parse("1").unwrap();
    let assigned = Some(Payload::parse(r#"{"a":"x","b":[1]}"#).unwrap());
    let (state, name) = (stepwell_kernel::StateType::Pass, "P".into());
    check(
        Detail::StateExited { state, name, output, assigned },
        "PassStateExited",
        r#","stateExitedEventDetails":{"name":"P","output":"1","outputDetails":{"truncated":false},"assignedVariables":{"a":"\"x\"","b":"[1]"},"assignedVariablesDetails":{"truncated":false}}"#,
    );
}

#[test]
fn an_evaluation_that_failed_names_its_state_and_field() {
    let failure = Failure::new("Bad", "why");
    let location = Some("Output".into());
    check(
        Detail::EvaluationFailed { name: "P".into(), failure, location },
        "EvaluationFailed",
        r#","evaluationFailedEventDetails":{"error":"Bad","cause":"why","location":"Output","state":"P"}"#,
    );
}

#[test]
fn some_events_have_no_details() {
    check(Detail::MapStateSucceeded, "MapStateSucceeded", "");
}
