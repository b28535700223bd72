//! Task states, with a mock and with a call.

use super::*;
use crate::{CallKind, TaskCall};

const BAKE: &str = r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
    "InputPath": "$.order", "Parameters": {"FunctionName": "oven", "Payload.$": "$.loaves"},
    "ResultSelector": {"loaves.$": "$.Payload"}, "ResultPath": "$.baked", "Next": "Sell"}"#;

#[test]
fn a_mocked_result_takes_the_place_of_the_call() {
    let result = Some(r#"{"StatusCode":200,"Payload":[1]}"#);
    Given { input: r#"{"order":{"loaves":2}}"#, result, ..given(BAKE) }.comes_to(&[
        r#"succeeded {"order":{"loaves":2},"baked":{"loaves":[1]}} -> Sell"#,
        r#"InputPath {"loaves":2}"#,
        r#"Parameters {"FunctionName":"oven","Payload":2}"#,
        r#"result {"StatusCode":200,"Payload":[1]}"#,
        r#"ResultSelector {"loaves":[1]}"#,
        r#"ResultPath {"order":{"loaves":2},"baked":{"loaves":[1]}}"#,
    ]);
}

#[test]
fn a_mocked_result_may_be_of_a_service_that_cannot_be_called() {
    let state = r#"{"Type": "Task", "QueryLanguage": "JSONata", "End": true,
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {"MessageBody": "{% $states.input & '!' %}"},
        "Output": "{% $states.result.MessageId %}"}"#;
    Given { input: r#""fresh""#, result: Some(r#"{"MessageId":"m1"}"#), ..given(state) }.comes_to(
        &[
            r#"succeeded "m1""#,
            r#"Arguments {"MessageBody":"fresh!"}"#,
            r#"result {"MessageId":"m1"}"#,
        ],
    );
}

#[test]
fn a_mocked_task_is_given_a_token_if_it_waits_for_one() {
    let state = r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}},
        "ResultPath": null, "End": true}"#;
    let given = Given { result: Some("1"), ..given(state) };
    let definition = given.definition();
    let tested = done(given.begin(&definition).unwrap());
    let parameters = tested.inspection.after_parameters.unwrap();
    let token = parameters.value().get("Payload").unwrap().get("token").unwrap();
    assert_eq!(token.as_str().map(str::len), Some(64));
}

const CAREFUL: &str = r#"{"Type": "Task", "Resource": "oven", "End": true,
    "Retry": [
        {"ErrorEquals": ["Cold"], "MaxAttempts": 9},
        {"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "BackoffRate": 2, "MaxAttempts": 3}],
    "Catch": [
        {"ErrorEquals": ["Closed"], "Next": "Go home"},
        {"ErrorEquals": ["Busy", "Burnt"], "ResultPath": "$.why", "Next": "Clean"}]}"#;

/// What a Task without fields for its data shows before its work.
const ENTRY: [&str; 2] = ["InputPath {}", "Parameters {}"];

#[test]
fn a_retrier_says_when_it_would_try_again() {
    for (count, backoff) in [(None, "backoff 3"), (Some(1), "backoff 6"), (Some(2), "backoff 12")] {
        let configuration =
            Configuration { retrier_retry_count: count, ..Configuration::default() };
        let busy = Some(("Busy", "two loaves in it"));
        Given { failure: busy, configuration, ..given(CAREFUL) }.comes_to(&[
            "retriable Busy: two loaves in it",
            ENTRY[0],
            ENTRY[1],
            "Retry 1",
            backoff,
        ]);
    }
}

#[test]
fn a_retrier_that_is_used_up_leaves_the_failure_to_the_catchers() {
    let configuration = Configuration { retrier_retry_count: Some(3), ..Configuration::default() };
    Given { failure: Some(("Busy", "still")), configuration, ..given(CAREFUL) }.comes_to(&[
        "caught Busy: still",
        r#"output {"why":{"Error":"Busy","Cause":"still"}} -> Clean"#,
        ENTRY[0],
        ENTRY[1],
        "Catch 1",
        "Retry 1",
    ]);
}

#[test]
fn a_catcher_hands_on_what_it_makes_of_the_failure() {
    Given { failure: Some(("Closed", "Sunday")), ..given(CAREFUL) }.comes_to(&[
        "caught Closed: Sunday",
        r#"output {"Error":"Closed","Cause":"Sunday"} -> Go home"#,
        ENTRY[0],
        ENTRY[1],
        "Catch 0",
    ]);
}

#[test]
fn a_failure_that_nothing_covers_fails_the_state() {
    Given { failure: Some(("Flooded", "rain")), ..given(CAREFUL) }.comes_to(&[
        "failed Flooded: rain",
        ENTRY[0],
        ENTRY[1],
    ]);
}

#[test]
fn retries_are_seen_in_the_context() {
    let state = r#"{"Type": "Task", "Resource": "oven", "End": true,
        "Parameters": {"tried.$": "$$.State.RetryCount"}}"#;
    let configuration = Configuration { retrier_retry_count: Some(2), ..Configuration::default() };
    Given { failure: Some(("Cold", "")), configuration, ..given(state) }.comes_to(&[
        "failed Cold: ",
        "InputPath {}",
        r#"Parameters {"tried":2}"#,
    ]);
}

#[test]
fn a_given_context_takes_the_place_of_the_own_one() {
    let state = r#"{"Type": "Task", "QueryLanguage": "JSONata", "Resource": "oven", "End": true,
        "Arguments": "{% $states.context.Execution.Name %}", "Output": "{% $states.context %}"}"#;
    let context = Some(r#"{"Execution":{"Name":"tuesday"}}"#);
    Given { context, result: Some("1"), ..given(state) }.comes_to(&[
        r#"succeeded {"Execution":{"Name":"tuesday"}}"#,
        r#"Arguments "tuesday""#,
        "result 1",
    ]);
}

#[test]
fn a_task_without_a_mock_is_owed_a_call() {
    let given = Given { input: r#"{"order":{"loaves":2}}"#, ..given(BAKE) };
    let definition = given.definition();
    let waiting = pending(given.begin(&definition).unwrap());
    let call = call(&waiting);
    assert_eq!(&*call.call.function, "oven");
    assert_eq!(call.call.input.text(), "2");
    assert!(matches!(&call.call.kind, CallKind::Action(_)), "{:?}", call.call.kind);
    let outcome = Ok(json(r#""crust""#));
    let tested = done(report(waiting, 1, Input::TaskReported { task: call.task, outcome }));
    assert_eq!(
        lines(&definition, &tested)[..3],
        [
            r#"succeeded {"order":{"loaves":2},"baked":{"loaves":"crust"}} -> Sell"#,
            r#"InputPath {"loaves":2}"#,
            r#"Parameters {"FunctionName":"oven","Payload":2}"#,
        ]
    );
}

#[test]
fn a_call_that_fails_may_be_tried_again() {
    let given = given(CAREFUL);
    let definition = given.definition();
    let waiting = pending(given.begin(&definition).unwrap());
    let task = call(&waiting).task;
    let outcome = Err(Failure::new("Cold", "no wood"));
    let tested = done(report(waiting, 1, Input::TaskReported { task, outcome }));
    let expected = ["retriable Cold: no wood", ENTRY[0], ENTRY[1], "Retry 0", "backoff 1"];
    assert_eq!(lines(&definition, &tested), expected);
}

#[test]
fn a_call_that_takes_too_long_times_out() {
    let given = given(r#"{"Type": "Task", "Resource": "oven", "TimeoutSeconds": 8, "End": true}"#);
    let definition = given.definition();
    let waiting = pending(given.begin(&definition).unwrap());
    assert!(waiting.obligations().contains(&Obligation::WakeAt(after(8))));
    let tested = done(report(waiting, 8, Input::Wake));
    assert_eq!(lines(&definition, &tested), ["failed States.Timeout: -", ENTRY[0], ENTRY[1]]);
}

#[test]
fn an_action_of_a_service_is_called_by_its_name_in_the_registry() {
    let state = r#"{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}"#;
    let given = given(state);
    let definition = given.definition();
    let waiting = pending(given.begin(&definition).unwrap());
    let call = waiting.obligations().into_iter().find_map(|owed| match owed {
        Obligation::RunTask(task) => Some(task.call),
        _ => None,
    });
    assert_eq!(call.map(|call| call.function.to_string()).as_deref(), Some("sqs.sendMessage"));
}

fn call(pending: &Pending<'_>) -> TaskCall {
    let mut obligations = pending.obligations().into_iter();
    let call = obligations.find_map(|obligation| match obligation {
        Obligation::RunTask(call) => Some(call),
        _ => None,
    });
    call.unwrap()
}
