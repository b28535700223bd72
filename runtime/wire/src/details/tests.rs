use serde_json::json;
use stepwell_value::Value;

use super::*;

fn told(detail: &Detail, data: Data) -> serde_json::Value {
    let details = Value::from(details(detail, data, "eu-west-1").unwrap());
    serde_json::from_str(&details.to_string()).unwrap()
}

fn exited(output: &str, assigned: &str) -> Detail {
    Detail::StateExited {
        state: stepwell_kernel::StateType::Pass,
        name: "A".into(),
        output: Payload::parse(output).unwrap(),
        assigned: Some(Payload::parse(assigned).unwrap()),
    }
}

#[test]
fn a_payload_is_told_in_its_own_text_and_each_variable_in_one_of_its_own() {
    assert_eq!(
        told(&exited(r#"{ "a": "é\n" }"#, r#"{"x": [1], "y": "z"}"#), Data::Whole),
        json!({
            "name": "A",
            "output": r#"{ "a": "é\n" }"#,
            "outputDetails": {"truncated": false},
            "assignedVariables": {"x": "[1]", "y": "\"z\""},
            "assignedVariablesDetails": {"truncated": false},
        })
    );
}

#[test]
fn data_that_is_left_out_leaves_nothing_behind() {
    assert_eq!(told(&exited("1", "{}"), Data::LeftOut), json!({"name": "A"}));
}

#[test]
fn variables_that_are_too_long_together_are_not_told() {
    assert_eq!(
        told(&exited("1", r#"{"x": "12345678"}"#), Data::UpTo(10)),
        json!({
            "name": "A",
            "output": "1",
            "outputDetails": {"truncated": false},
            "assignedVariables": {},
            "assignedVariablesDetails": {"truncated": true},
        })
    );
}

#[test]
fn a_cut_counts_what_a_string_of_json_takes_and_splits_no_character() {
    let cases = [
        (r#""abc""#, 7, r#""abc""#),
        (r#""abc""#, 6, r#""abc"#),
        (r#""abc""#, 4, r#""ab"#),
        ("[\n1]", 2, "["),
        ("[\n1]", 3, "[\n"),
        ("éé", 3, "é"),
        ("éé", 4, "éé"),
        ("éé", 1, ""),
        ("12", 0, ""),
    ];
    for (text, bytes, expected) in cases {
        assert_eq!(cut(text, bytes), expected, "{text} in {bytes} bytes");
        let written = Value::from(cut(text, bytes)).to_string().len() - 2;
        assert!(written <= bytes, "{text} takes {written} bytes of {bytes}");
    }
}
