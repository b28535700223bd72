use stepwell_value::Object;

use super::*;

/// A recorded test of a Pass state with the input 1.
fn case(request: &str, expected: &str) -> Case {
    let text = format!(
        r#"{{"id": "pass", "kind": "test_state", "role_given": true, "input": 1, "functions": {{}},
            "definition": {{"Type": "Pass", "End": true}}, "request": {request},
            "expected": {expected}, "placeholders": {{}}}}"#
    );
    Case::parse(Value::parse(&text).unwrap()).unwrap()
}

fn differences(request: &str, expected: &str) -> Vec<String> {
    let case = case(request, expected);
    case.differences(&play_calmly(&case).unwrap())
}

#[test]
fn a_response_is_compared_member_by_member() {
    let expected = r#"{"response": {"status": "SUCCEEDED", "output": "1"}}"#;
    assert_eq!(differences("{}", expected), [""; 0]);
    let expected = r#"{"response": {"status": "SUCCEEDED", "output": "2"}}"#;
    assert_eq!(differences("{}", expected), [r#"$.output: expected "2", got "1""#]);
}

#[test]
fn values_on_the_way_are_there_from_the_level_of_debugging_on() {
    let plain = r#"{"response": {"status": "SUCCEEDED", "output": "1"}}"#;
    assert_eq!(differences(r#"{"inspectionLevel": "INFO"}"#, plain), [""; 0]);
    for level in ["DEBUG", "TRACE"] {
        let request = format!(r#"{{"inspectionLevel": "{level}"}}"#);
        assert_eq!(differences(&request, plain).len(), 1, "{level}");
    }
}

#[test]
fn an_exception_is_compared_by_name_and_message_in_both_forms() {
    let request = r#"{"mock": {"result": "1"}}"#;
    let text = "State type 'Pass' is not supported when a mock is specified";
    let sent = format!(
        r#"{{"error_response": {{"Error": {{"Code": "ValidationException", "Message": "{text}"}}}}}}"#
    );
    assert_eq!(differences(request, &sent), [""; 0]);
    let raised = format!(
        r#"{{"error_response": {{"exception_typename": "ValidationException", "exception_value":
            "An error occurred (ValidationException) when calling the TestState operation: {text}"
        }}}}"#
    );
    assert_eq!(differences(request, &raised), [""; 0]);
    let other = sent.replace("Pass", "Fail");
    assert_eq!(
        differences(request, &other),
        [
            "expected ValidationException: State type 'Fail' is not supported when a mock is \
             specified",
            "actual   ValidationException: State type 'Pass' is not supported when a mock is \
             specified",
        ]
    );
}

#[test]
fn a_response_is_no_exception() {
    let expected = r#"{"error_response": {"Error": {"Code": "A", "Message": "b"}}}"#;
    let found = differences("{}", expected);
    let actual = r#"actual   {"status":"SUCCEEDED","output":"1"}"#;
    assert_eq!(found, ["expected A: b", actual]);
}

#[test]
fn a_state_that_is_not_in_the_machine_is_not_found() {
    let case = case(r#"{"stateName": "B"}"#, r#"{"response": {}}"#);
    let mut document = Object::new();
    for (name, member) in case.document.as_object().unwrap().iter() {
        document.insert(stepwell_value::Str::clone(name), member.clone());
    }
    let machine = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;
    document.insert("definition", Value::parse(machine).unwrap());
    let answer = play::play(&Value::from(document)).unwrap();
    assert_eq!(shown(&answer), "ValidationException: State not found in definition");
}
