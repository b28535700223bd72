use std::sync::Arc;

use stepwell_asl::{Integration, Resource, Timestamp};
use stepwell_kernel::{Call, CallKind, Failure, Identity};
use stepwell_value::{Payload, Value};

use super::{Data, Detail, HistoryEvent, event};

/// An event with these details, printed.
fn printed(detail: Detail) -> String {
    let at = Timestamp::from_unix_millis(1_767_355_200_500);
    let printed = event(&HistoryEvent { id: 4, previous: 2, at, detail }, Data::Whole, "us-east-1");
    Value::from(printed).to_string()
}

#[track_caller]
fn check(detail: Detail, kind: &str, details: &str) {
    let expected = format!(
        r#"{{"timestamp":1767355200.5,"type":"{kind}","id":4,"previousEventId":2{details}}}"#
    );
    assert_eq!(printed(detail), expected);
}

fn action(resource: &str) -> Integration {
    match Resource::parse(&format!("arn:aws:states:::{resource}")) {
        Some(Resource::Integration(action)) => action,
        other => panic!("{resource} is {other:?}"),
    }
}

fn call(kind: CallKind) -> Arc<Call> {
    let payload = |text| Payload::parse(text).unwrap();
    Arc::new(Call {
        kind,
        function: "f".into(),
        input: payload("1"),
        parameters: payload("[2]"),
        token: None,
        role_arn: Some("r".into()),
        deadline: None,
        timeout_seconds: Some(9),
        heartbeat_seconds: Some(5),
    })
}

#[test]
fn a_call_is_printed_with_its_limits_and_the_role_it_is_made_in() {
    let rest = r#""taskCredentials":{"roleArn":"r"},"timeoutInSeconds":9,"heartbeatInSeconds":5}"#;
    let input = r#"{"resource":"f","input":"1","inputDetails":{"truncated":false},"#;
    check(
        Detail::ActivityScheduled { call: call(CallKind::Activity) },
        "ActivityScheduled",
        &format!(r#","activityScheduledEventDetails":{input}{rest}"#),
    );
    check(
        Detail::LambdaFunctionScheduled { call: call(CallKind::Function) },
        "LambdaFunctionScheduled",
        &format!(r#","lambdaFunctionScheduledEventDetails":{input}{rest}"#),
    );
    let get = action("aws-sdk:dynamodb:getItem");
    let details = r#"{"resourceType":"aws-sdk:dynamodb","resource":"getItem","#;
    let call = call(CallKind::Action(get.clone()));
    check(
        Detail::TaskScheduled { action: get, call },
        "TaskScheduled",
        &format!(
            r#","taskScheduledEventDetails":{details}"region":"us-east-1","parameters":"[2]",{rest}"#
        ),
    );
}

#[test]
fn a_worker_without_a_name_is_not_named() {
    check(
        Detail::ActivityStarted { worker: Some("ann".into()) },
        "ActivityStarted",
        r#","activityStartedEventDetails":{"workerName":"ann"}"#,
    );
    check(
        Detail::ActivityStarted { worker: None },
        "ActivityStarted",
        r#","activityStartedEventDetails":{}"#,
    );
}

#[test]
fn an_event_has_its_details_under_the_name_of_its_type() {
    let output = Payload::parse(r#"{"a": 1}"#).unwrap();
    check(
        Detail::TaskSucceeded { action: action("lambda:invoke.waitForTaskToken"), output },
        "TaskSucceeded",
        r#","taskSucceededEventDetails":{"resourceType":"lambda","resource":"invoke.waitForTaskToken","output":"{\"a\": 1}","outputDetails":{"truncated":false}}"#,
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

#[test]
fn a_start_tells_through_which_version_and_alias() {
    let identity = Identity {
        execution_arn: "e".into(),
        execution_name: "e".into(),
        state_machine_arn: "m".into(),
        state_machine_name: "m".into(),
        role_arn: "r".into(),
        version_arn: Some("m:7".into()),
        alias_arn: Some("m:live".into()),
        test_case: None,
        trace_header: None,
    };
    let input = Payload::parse("1").unwrap();
    check(
        Detail::ExecutionStarted { identity: Arc::new(identity), input },
        "ExecutionStarted",
        r#","executionStartedEventDetails":{"input":"1","inputDetails":{"truncated":false},"roleArn":"r","stateMachineAliasArn":"m:live","stateMachineVersionArn":"m:7"}"#,
    );
}

#[test]
fn a_redrive_tells_how_many_there_have_been() {
    check(
        Detail::ExecutionRedriven { redrive_count: 2 },
        "ExecutionRedriven",
        r#","executionRedrivenEventDetails":{"redriveCount":2}"#,
    );
    check(
        Detail::MapRunRedriven { map_run_arn: "a".into(), redrive_count: 1 },
        "MapRunRedriven",
        r#","mapRunRedrivenEventDetails":{"mapRunArn":"a","redriveCount":1}"#,
    );
}
