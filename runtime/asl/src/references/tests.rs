use crate::Definition;

/// The references of a machine of one state after one that assigns `a`, `b`, `c` and `n`.
#[track_caller]
fn check(state: &str, expected: &[&str]) {
    let text = format!(
        r#"{{"StartAt": "Set", "States": {{
            "Set": {{"Type": "Pass", "Assign": {{"a": 1, "b": 2, "c": 3, "n": 4}}, "Next": "Read"}},
            "Read": {state}, "Done": {{"Type": "Succeed"}}}}}}"#
    );
    let found = Definition::parse(&text).unwrap().variable_references();
    let names: Vec<&str> = found.get("Read").into_iter().flatten().map(|name| &**name).collect();
    assert_eq!(names, expected, "in {state}");
    assert_eq!(found.len(), usize::from(!expected.is_empty()), "{found:?}");
}

#[test]
fn variables_are_found_in_every_field_that_reads_them() {
    let last = r#""Next": "Done""#;
    check(&format!(r#"{{"Type": "Pass", "Assign": {{"a": "$b"}}, {last}}}"#), &[]);
    check(
        &format!(
            r#"{{"Type": "Pass", "InputPath": "$c", "OutputPath": "$a", {last},
                "Parameters": {{"x": [{{"y.$": "$b"}}], "z.$": "$.b"}}}}"#
        ),
        &["a", "b", "c"],
    );
    check(
        &format!(
            r#"{{"Type": "Pass", "Assign": {{"z.$": "States.Array($b, $.x, $a.y)"}}, {last}}}"#
        ),
        &["a", "b"],
    );
    check(&format!(r#"{{"Type": "Wait", "SecondsPath": "$n", {last}}}"#), &["n"]);
    check(
        &format!(
            r#"{{"Type": "Task", "Resource": "t", "TimeoutSecondsPath": "$n", {last},
                "ResultSelector": {{"x.$": "$a"}},
                "Catch": [{{"ErrorEquals": ["E"], "Next": "Done", "Assign": {{"x.$": "$c"}}}}]}}"#
        ),
        &["a", "c", "n"],
    );
    check(
        r#"{"Type": "Choice", "Default": "Done", "Choices": [{"Next": "Done",
            "Or": [{"Variable": "$a", "IsNull": true},
                   {"Not": {"Variable": "$.x", "NumericEqualsPath": "$b"}}]}]}"#,
        &["a", "b"],
    );
    check(
        &format!(
            r#"{{"Type": "Map", "ItemsPath": "$a", "MaxConcurrencyPath": "$n", {last},
                "ItemProcessor": {{"StartAt": "Inner", "States": {{"Inner": {{"Type": "Succeed"}}}}}}}}"#
        ),
        &["a", "n"],
    );
}

#[test]
fn an_expression_s_own_variables_and_the_service_s_are_not_references() {
    check(
        r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Next": "Done",
            "Output": "{% ($x := $a; $sum([$x, $states.input.b, $c])) %}"}"#,
        &["a", "c"],
    );
}
