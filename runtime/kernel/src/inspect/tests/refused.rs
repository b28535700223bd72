//! Tests that are not made, and why.

use super::*;
use crate::StateType;

const TASK: &str = r#"{"Type": "Task", "Resource": "oven", "End": true}"#;
const TOKEN: &str = r#"{"Type": "Task", "End": true, "Parameters": {"FunctionName": "f"},
    "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken"}"#;
const MAP: &str = r#"{"Type": "Map", "End": true,
    "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}}"#;
const PARALLEL: &str = r#"{"Type": "Parallel", "End": true,
    "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}]}"#;

#[test]
fn states_without_work_take_no_mock() {
    let states = [
        (r#"{"Type": "Pass", "End": true}"#, StateType::Pass),
        (
            r#"{"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "B"}]}"#,
            StateType::Choice,
        ),
        (r#"{"Type": "Wait", "Seconds": 1, "End": true}"#, StateType::Wait),
        (r#"{"Type": "Succeed"}"#, StateType::Succeed),
        (r#"{"Type": "Fail"}"#, StateType::Fail),
    ];
    for (state, kind) in states {
        let text =
            format!("State type '{}' is not supported when a mock is specified", kind.as_str());
        Given { result: Some("1"), ..given(state) }
            .is_refused(&Refusal::NothingToMock(kind), &text);
        Given { failure: Some(("A", "b")), ..given(state) }
            .is_refused(&Refusal::NothingToMock(kind), &text);
    }
}

#[test]
fn parallel_and_map_need_a_mock() {
    for state in [PARALLEL, MAP] {
        given(state).is_refused(
            &Refusal::ForkWithoutMock,
            "TestState API does not support Map or Parallel states. Supported state types include: \
             [Task, Wait, Pass, Succeed, Fail, Choice]",
        );
    }
}

#[test]
fn what_somebody_else_completes_needs_a_mock() {
    let activity = r#"{"Type": "Task", "End": true,
        "Resource": "arn:aws:states:eu-west-1:123456789012:activity:knead"}"#;
    let sync = r#"{"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "End": true}"#;
    for state in [activity, sync, TOKEN] {
        given(state).is_refused(
            &Refusal::PatternWithoutMock,
            "TestState API does not support Activity tasks or the .sync and .waitForTaskToken \
             service integration patterns when a mock is not specified.",
        );
    }
}

#[test]
fn a_call_needs_a_role_and_a_mock_does_not() {
    Given { role: "", ..given(TASK) }
        .is_refused(&Refusal::RoleMissing, "RoleArn must be specified when testing a Task state");
    Given { role: "", result: Some("1"), ..given(TASK) }.comes_to(&[
        "succeeded 1",
        "InputPath {}",
        "Parameters {}",
        "result 1",
        "ResultSelector 1",
        "ResultPath 1",
    ]);
}

#[test]
fn a_mock_has_no_secrets() {
    Given { reveals_secrets: true, result: Some("1"), ..given(TASK) }.is_refused(
        &Refusal::SecretsWithMock,
        "TestState does not support RevealSecrets when a mock is specified.",
    );
}

#[test]
fn settings_need_a_mock() {
    let none = Configuration::default;
    let settings = [
        (Configuration { retrier_retry_count: Some(1), ..none() }, Setting::RetrierRetryCount),
        (
            Configuration { map_iteration_failure_count: Some(1), ..none() },
            Setting::MapIterationFailureCount,
        ),
        (
            Configuration { error_caused_by_state: Some("A".to_owned()), ..none() },
            Setting::ErrorCausedByState,
        ),
        (
            Configuration { map_item_reader_data: Some("[]".to_owned()), ..none() },
            Setting::MapItemReaderData,
        ),
    ];
    for (configuration, setting) in settings {
        let text = format!("TestState does not support {setting:?} when a mock is not specified.");
        Given { configuration, ..given(MAP) }
            .is_refused(&Refusal::SettingWithoutMock(setting), &text);
    }
    Given { context: Some("{}"), ..given(TASK) }.is_refused(
        &Refusal::SettingWithoutMock(Setting::Context),
        "TestState does not support Context when a mock is not specified.",
    );
}

#[test]
fn a_mock_is_one_thing_and_json() {
    Given { result: Some("1"), failure: Some(("A", "b")), ..given(TASK) }.is_refused(
        &Refusal::MockOfBoth,
        "A test mock should have only one of the following fields: [result, errorOutput].",
    );
    Given { result: Some("{"), ..given(TASK) }
        .is_refused(&Refusal::MockNotJson, "Mocked result must be valid JSON");
}

#[test]
fn parallel_and_map_have_arrays_for_results() {
    for state in [PARALLEL, MAP] {
        Given { result: Some("{}"), ..given(state) }
            .is_refused(&Refusal::MockNotArray, "Mocked result must be an array.");
    }
    Given { result: Some("[1,2]"), ..given(PARALLEL) }.is_refused(
        &Refusal::MockOfOtherLength,
        "Mocked result must contain the same number of items as number of Parallel branches.",
    );
}

#[test]
fn no_more_iterations_fail_than_there_are() {
    let configuration = |count| Configuration {
        map_iteration_failure_count: Some(count),
        ..Configuration::default()
    };
    let map = Given { input: "[0,0]", result: Some("[1,2]"), ..given(MAP) };
    Given { configuration: configuration(3), ..map.clone() }.is_refused(
        &Refusal::TooManyFailures,
        "Map iteration failure count must be less than or equal to the number of Map iterations",
    );
    let (both, definition) =
        (Given { configuration: configuration(2), ..map }, given(MAP).definition());
    assert!(both.begin(&definition).is_ok());
}

#[test]
fn a_context_has_the_fields_of_a_context() {
    let wrong =
        |field: &str, expected| ContextFault::WrongType { field: field.to_owned(), expected };
    let unknown = |name: &str| ContextFault::UnknownField(name.to_owned());
    let cases = [
        ("[]", ContextFault::NotAnObject, "Context object must be an object"),
        (
            r#"{"Map": {}}"#,
            ContextFault::OfMap,
            "'Map' field is not supported when mocking a Context object",
        ),
        (
            r#"{"Task": {"Token": "t"}}"#,
            ContextFault::TaskWithoutToken,
            "Context object contains 'Task' when state is not a Task state with a '.sync' or \
             '.waitForTaskToken' service integration pattern",
        ),
        (r#"{"Oven": 1}"#, unknown("Oven"), "Field 'Oven' is not allowed"),
        (r#"{"State": {"Heat": 1}}"#, unknown("Heat"), "Field 'Heat' is not allowed"),
        (
            r#"{"Execution": {"Id": 1}}"#,
            wrong("Execution.Id", "a string"),
            "Execution.Id must be a string",
        ),
        (
            r#"{"State": {"RetryCount": "1"}}"#,
            wrong("State.RetryCount", "a number"),
            "State.RetryCount must be a number",
        ),
        (
            r#"{"StateMachine": 1}"#,
            wrong("StateMachine", "an object"),
            "StateMachine must be an object",
        ),
    ];
    for (context, fault, text) in cases {
        let text = format!("Invalid Context object provided: {text}");
        Given { context: Some(context), result: Some("1"), ..given(TASK) }
            .is_refused(&Refusal::Context(fault), &text);
    }
    let context = Some(r#"{"Task": {"Token": "t"}, "Execution": {"Input": 1}}"#);
    let given = Given { context, result: Some("1"), ..given(TOKEN) };
    assert!(given.begin(&given.definition()).is_ok());
}

#[test]
fn a_name_without_a_state_is_not_found() {
    assert_eq!(given(TASK).definition().find("Oven"), None);
    assert_eq!(Refusal::StateNotFound.to_string(), "State not found in definition");
}
