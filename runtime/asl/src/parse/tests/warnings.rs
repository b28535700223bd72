//! What is allowed and worth a word, and names that come twice.

use super::{all_findings, state};
use crate::{Definition, MachineType};

fn check(text: &str, expected: &[&str]) {
    assert_eq!(all_findings(text, MachineType::Standard), expected, "{text}");
}

#[test]
fn texts_that_look_computed_are_pointed_out() {
    let pass = |fields: &str| state(&format!(r#""Type":"Pass","End":true,{fields}"#));
    let taken = |field: &str, place: &str, text: &str| {
        format!(
            "warning: NO_DOLLAR: The value of '{field}' looks like a path or an intrinsic function \
             and is taken as it is: {text} at /States/A/{place}"
        )
    };
    check(
        &pass(r#""Parameters":{"a":"$.b","c":{"d":["States.UUID()","$"]},"e.$":"$.f"}"#),
        &[
            &taken("a", "Parameters/a", "$.b"),
            &taken("c/d[0]", "Parameters/c/d[0]", "States.UUID()"),
        ],
    );
    check(&pass(r#""Parameters":{"a":"$5","b":"$. or so","c":"States.UUID"}"#), &[]);
    let is_static = "warning: PASS_RESULT_IS_STATIC: The Result of a Pass is not computed, and a \
                     part of it looks like a path at /States/A/Result";
    check(&pass(r#""Result":{"a":[{"b.$":"$.c"}]}"#), &[is_static]);
    check(&pass(r#""Result":{"a":"plain"}"#), &[]);
    check(
        &state(r#""Type":"Fail","Error":"$.error","CausePath":"$.cause""#),
        &["warning: NO_PATH: The value of 'Error' looks like a path and is taken as it is: \
           $.error at /States/A/Error"],
    );
}

#[test]
fn errors_that_cannot_come_are_pointed_out() {
    let errors = r#"["States.Timeout","States.TimedOut","States.Http.StatusCode.404","Mine"]"#;
    check(
        &super::task(&format!(r#","Retry":[{{"ErrorEquals":{errors}}}]"#)),
        &["warning: UNKNOWN_ERROR_NAME: No error has the name 'States.TimedOut' at \
           /States/A/Retry[0]/ErrorEquals[1]"],
    );
}

#[test]
fn names_that_come_twice_are_told() {
    let text = r#"{"StartAt":"A","StartAt":"A","States":{
        "A":{"Type":"Map","Next":"B","ItemProcessor":{"StartAt":"P","States":{
            "P":{"Type":"Succeed"},"P":{"Type":"Succeed"}}}},
        "B":{"Type":"Parallel","Next":"C","Branches":[{"StartAt":"Q","States":{
            "Q":{"Type":"Succeed"},"Q":{"Type":"Succeed"}}}]},
        "C":{"Type":"Pass","Parameters":{"States":{"x":1,"x":2}},"End":true},
        "C":{"Type":"Pass","Parameters":{"States":{"x":1,"x":2}},"End":true}}}"#;
    let twice = "is there more than once; the last one counts at";
    check(
        text,
        &[
            &format!("warning: DUPLICATE_FIELD_NAME: Field 'StartAt' {twice} /StartAt"),
            "DUPLICATE_STATE_NAME: Duplicate State name: P at /States/A/ItemProcessor/States/P",
            "DUPLICATE_STATE_NAME: Duplicate State name: Q at /States/B/Branches[0]/States/Q",
            &format!(
                "warning: DUPLICATE_FIELD_NAME: Field 'x' {twice} /States/C/Parameters/States/x"
            ),
            "DUPLICATE_STATE_NAME: Duplicate State name: C at /States/C",
            &format!(
                "warning: DUPLICATE_FIELD_NAME: Field 'x' {twice} /States/C/Parameters/States/x"
            ),
        ],
    );
}

#[test]
fn a_warning_refuses_nothing_and_is_left_out_of_a_refusal() {
    let text = |end: &str| state(&format!(r#""Type":"Pass","Result":"$.a"{end}"#));
    Definition::parse(&text(r#","End":true"#)).unwrap();
    let (definition, found) = Definition::read(&text(r#","End":true"#), MachineType::Standard);
    assert!(definition.is_some() && found.len() == 1);
    let refused = Definition::parse(&text("")).unwrap_err();
    assert_eq!(refused.len(), 1);
    assert!(refused[0].is_error());
}
