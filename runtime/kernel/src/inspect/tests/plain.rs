//! States that need neither a mock nor a task.

use super::*;

#[test]
fn a_pass_shows_every_step() {
    let state = r#"{"Type": "Pass", "InputPath": "$.dough", "Parameters": {"kilos.$": "$.kg"},
        "ResultPath": "$.order", "OutputPath": "$.order.kilos", "Next": "Bake"}"#;
    Given { input: r#"{"dough":{"kg":4}}"#, ..given(state) }.comes_to(&[
        r"succeeded 4 -> Bake",
        r#"InputPath {"kg":4}"#,
        r#"Parameters {"kilos":4}"#,
        r#"ResultSelector {"kilos":4}"#,
        r#"ResultPath {"dough":{"kg":4},"order":{"kilos":4}}"#,
    ]);
}

#[test]
fn a_pass_with_a_result_shows_the_result_and_not_what_it_replaces() {
    let state = r#"{"Type": "Pass", "InputPath": "$.dough", "Result": "loaf", "End": true}"#;
    Given { input: r#"{"dough":{}}"#, ..given(state) }.comes_to(&[
        r#"succeeded "loaf""#,
        r#"result "loaf""#,
        r#"ResultSelector "loaf""#,
        r#"ResultPath "loaf""#,
    ]);
}

#[test]
fn a_failing_step_leaves_the_steps_before_it() {
    let state = r#"{"Type": "Pass", "InputPath": "$.dough", "Parameters": {"kilos.$": "$.lb"},
        "End": true}"#;
    Given { input: r#"{"dough":{"kg":4}}"#, ..given(state) }.comes_to(&[
        "failed States.Runtime: The JSONPath '$.lb' specified for the field 'kilos.$' could not be \
         found in the input '{\"kg\":4}'",
        r#"InputPath {"kg":4}"#,
    ]);
}

#[test]
fn variables_are_those_before_the_state_and_those_it_sets() {
    let state = r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $flour + 1 %}",
        "Assign": {"water": "{% $flour * 2 %}"}, "End": true}"#;
    Given { variables: r#"{"flour":5}"#, ..given(state) }
        .comes_to(&["succeeded 6", r#"variables {"flour":5,"water":10}"#]);
}

#[test]
fn variables_are_seen_of_a_state_that_fails() {
    let state = r#"{"Type": "Fail", "Error": "Burnt"}"#;
    Given { variables: r#"{"flour":5}"#, ..given(state) }.comes_to(&[
        "failed Burnt: -",
        "InputPath {}",
        r#"variables {"flour":5}"#,
    ]);
}

const OVEN: &str = r#"{"Type": "Choice", "InputPath": "$.oven", "Default": "Wait for it",
    "Choices": [{"Variable": "$.heat", "NumericGreaterThan": 200, "Next": "Bake"}]}"#;

#[test]
fn a_choice_names_the_state_that_it_chose() {
    Given { input: r#"{"oven":{"heat":220}}"#, ..given(OVEN) }
        .comes_to(&[r#"succeeded {"heat":220} -> Bake"#, r#"InputPath {"heat":220}"#]);
    Given { input: r#"{"oven":{"heat":180}}"#, ..given(OVEN) }
        .comes_to(&[r#"succeeded {"heat":180} -> Wait for it"#, r#"InputPath {"heat":180}"#]);
}

#[test]
fn a_choice_that_leads_nowhere_fails() {
    let state = r#"{"Type": "Choice", "QueryLanguage": "JSONata",
        "Choices": [{"Condition": "{% $states.input.heat > 200 %}", "Next": "Bake"}]}"#;
    Given { input: r#"{"heat":20}"#, ..given(state) }.comes_to(&[
        "failed States.NoChoiceMatched: Failed to transition out of the state. The state does not \
         point to a next state.",
    ]);
}

#[test]
fn a_wait_is_pending_until_its_time_has_come() {
    let given = given(r#"{"Type": "Wait", "Seconds": 60, "Next": "Open the oven"}"#);
    let definition = given.definition();
    let waiting = pending(given.begin(&definition).unwrap());
    assert_eq!(waiting.obligations(), [Obligation::WakeAt(after(60))]);
    let waiting = pending(report(waiting, 59, Input::Wake));
    let tested = done(report(waiting, 60, Input::Wake));
    assert_eq!(lines(&definition, &tested), ["succeeded {} -> Open the oven", "InputPath {}"]);
}

#[test]
fn a_wait_for_what_is_past_ends_at_once() {
    given(r#"{"Type": "Wait", "Timestamp": "2020-01-01T00:00:00Z", "End": true}"#)
        .comes_to(&["succeeded {}", "InputPath {}"]);
}

#[test]
fn a_test_is_over_after_five_minutes() {
    let given = given(r#"{"Type": "Wait", "Seconds": 400, "End": true}"#);
    let definition = given.definition();
    let waiting = pending(given.begin(&definition).unwrap());
    assert_eq!(waiting.obligations(), [Obligation::WakeAt(after(300))]);
    let tested = done(report(waiting, 300, Input::Wake));
    assert_eq!(lines(&definition, &tested), ["failed States.Timeout: -", "InputPath {}"]);
}

#[test]
fn a_succeed_shows_its_ends() {
    let state = r#"{"Type": "Succeed", "InputPath": "$.loaf", "OutputPath": "$.price"}"#;
    Given { input: r#"{"loaf":{"price":3}}"#, ..given(state) }
        .comes_to(&["succeeded 3", r#"InputPath {"price":3}"#]);
    Given { input: "7", ..given(r#"{"Type": "Succeed", "QueryLanguage": "JSONata"}"#) }
        .comes_to(&["succeeded 7"]);
}

#[test]
fn a_fail_fails_as_it_says() {
    let state = r#"{"Type": "Fail", "ErrorPath": "$.what", "Cause": "too hot"}"#;
    Given { input: r#"{"what":"Burnt"}"#, ..given(state) }
        .comes_to(&["failed Burnt: too hot", r#"InputPath {"what":"Burnt"}"#]);
    let state = r#"{"Type": "Fail", "QueryLanguage": "JSONata", "Error": "{% 'Bur' & 'nt' %}"}"#;
    given(state).comes_to(&["failed Burnt: -"]);
}

#[test]
fn the_context_is_that_of_an_express_execution() {
    let state = r#"{"Type": "Pass", "QueryLanguage": "JSONata", "End": true,
        "Output": "{% $states.context %}"}"#;
    Given { input: "1", ..given(state) }.comes_to(&["succeeded {\"Execution\":{\"Id\":\
         \"arn:aws:states:eu-west-1:123456789012:express:oven:loaf\",\"Input\":1,\
         \"StartTime\":\"2026-03-01T12:00:00.000Z\",\"Name\":\"loaf\",\
         \"RoleArn\":\"arn:aws:iam::123456789012:role/baker\"},\
         \"StateMachine\":{\"Id\":\"arn:aws:states:eu-west-1:123456789012:stateMachine:oven\",\
         \"Name\":\"oven\"},\
         \"State\":{\"Name\":\"StateName\",\"EnteredTime\":\"2026-03-01T12:00:00.000Z\"}}"]);
}
