//! Mocks that are not what the service would answer.

use super::*;

/// Why a result is no answer of the action; nothing if it may be one.
#[track_caller]
fn mismatch(action: &str, result: &str, validation: Validation) -> Option<String> {
    let state =
        format!(r#"{{"Type": "Task", "Resource": "arn:aws:states:::{action}", "End": true}}"#);
    let given = Given { result: Some(result), validation, ..given(&state) };
    let refusal = given.begin(&given.definition()).err()?.to_string();
    let what = refusal.strip_prefix("Mock result schema validation error: ").map(str::to_owned);
    Some(what.unwrap_or_else(|| panic!("{refusal}")))
}

const STARTED: &str = r#"{"ExecutionArn": "a", "StartDate": "today"}"#;

#[test]
fn fields_have_the_types_of_the_answer() {
    let function = "aws-sdk:lambda:getFunction";
    let cases = [
        ("lambda:invoke", "[]", "The result must be an object"),
        ("lambda:invoke", r#"{"StatusCode": "200"}"#, "Field 'StatusCode' must be a number"),
        ("lambda:invoke", r#"{"LogResult": 1}"#, "Field 'LogResult' must be a string"),
        (
            "lambda:invoke",
            r#"{"ExecutedVersion": ""}"#,
            "Field 'ExecutedVersion' is smaller than the minimum length",
        ),
        (function, r#"{"Configuration": 1}"#, "Field 'Configuration' must be an object"),
        (function, r#"{"Configuration": {"Layers": {}}}"#, "Field 'Layers' must be an array"),
        (
            function,
            r#"{"Configuration": {"Layers": [{"Arn": 1}]}}"#,
            "Field 'Arn' must be a string",
        ),
        (
            function,
            r#"{"Configuration": {"MemorySize": 127}}"#,
            "Field 'MemorySize' is less than the minimum value",
        ),
        (
            function,
            r#"{"Configuration": {"MemorySize": 10241}}"#,
            "Field 'MemorySize' exceeds the maximum value",
        ),
        (
            function,
            r#"{"Configuration": {"PackageType": "Box"}}"#,
            "Field 'PackageType' is not an expected value",
        ),
        (
            "aws-sdk:sfn:describeExecution",
            r#"{"OutputDetails": {"Included": "yes"}}"#,
            "Field 'Included' must be a boolean",
        ),
    ];
    for (action, result, expected) in cases {
        assert_eq!(mismatch(action, result, Validation::Present).as_deref(), Some(expected));
    }
}

#[test]
fn bounds_are_within_what_is_allowed() {
    for memory in [128, 10_240] {
        let result = format!(r#"{{"Configuration": {{"MemorySize": {memory}}}}}"#);
        let found = mismatch("aws-sdk:lambda:getFunction", &result, Validation::Strict);
        assert_eq!(found, None, "{memory}");
    }
    for length in [1, 256] {
        let arn = "a".repeat(length);
        let result = format!(r#"{{"ExecutionArn": "{arn}", "StartDate": ""}}"#);
        let found = mismatch("states:startExecution", &result, Validation::Strict);
        assert_eq!(found, None, "{length}");
    }
}

#[test]
fn a_text_may_be_too_long() {
    let result = format!(r#"{{"ExecutionArn": "{}", "StartDate": ""}}"#, "a".repeat(257));
    let expected = "Field 'ExecutionArn' exceeds the maximum length";
    let found = mismatch("states:startExecution", &result, Validation::Strict);
    assert_eq!(found.as_deref(), Some(expected));
}

#[test]
fn only_the_strict_validation_misses_fields() {
    for action in ["states:startExecution", "aws-sdk:sfn:startExecution"] {
        assert_eq!(mismatch(action, STARTED, Validation::Strict), None);
        let missing = Some("Required field 'StartDate' is missing".to_owned());
        let part = r#"{"ExecutionArn": "a"}"#;
        assert_eq!(mismatch(action, part, Validation::Strict), missing);
        assert_eq!(mismatch(action, part, Validation::Present), None);
    }
}

#[test]
fn fields_that_nobody_knows_may_hold_anything() {
    assert_eq!(
        mismatch("lambda:invoke", r#"{"Payload": 1, "crust": []}"#, Validation::Strict),
        None
    );
    assert_eq!(mismatch("glue:startJobRun", r#"{"JobRunId": 1}"#, Validation::Strict), None);
}

#[test]
fn without_validation_anything_goes() {
    let wrong = r#"{"StatusCode": "200"}"#;
    assert_eq!(mismatch("lambda:invoke", wrong, Validation::None), None);
}

#[test]
fn what_comes_back_with_a_token_is_the_workers_own() {
    let wrong = r#"{"StatusCode": "200"}"#;
    assert_eq!(mismatch("lambda:invoke.waitForTaskToken", wrong, Validation::Strict), None);
}
