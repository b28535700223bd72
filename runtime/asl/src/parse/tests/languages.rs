//! Which language a state speaks, and the fields of the other one.

use super::all_findings;
use crate::{Definition, MachineType};

fn check(text: &str, expected: &[&str]) {
    let expected: Vec<_> =
        expected.iter().map(|finding| format!("SCHEMA_VALIDATION_FAILED: {finding}")).collect();
    assert_eq!(all_findings(text, MachineType::Standard), expected, "{text}");
}

#[test]
fn fields_of_the_other_language_are_told_as_such() {
    // The texts are the service's for `Output`; the others are made in their image.
    let table = [
        (r#""Output":1"#, "JSONPath", "Output", "JSONata"),
        (r#""Assign":{},"Arguments":1"#, "JSONPath", "Arguments", "JSONata"),
        (r#""QueryLanguage":"JSONata","InputPath":"$""#, "JSONata", "InputPath", "JSONPath"),
        (r#""QueryLanguage":"JSONata","Parameters":{}"#, "JSONata", "Parameters", "JSONPath"),
        (r#""QueryLanguage":"JSONata","ResultPath":null"#, "JSONata", "ResultPath", "JSONPath"),
    ];
    for (fields, spoken, field, other) in table {
        let text = super::state(&format!(r#""Type":"Pass","End":true,{fields}"#));
        let finding = format!(
            "The QueryLanguage is set to '{spoken}', but field '{field}' is only supported for \
             the '{other}' QueryLanguage at /States/A"
        );
        check(&text, &[&finding]);
    }
}

#[test]
fn rules_and_catchers_have_the_fields_of_their_state() {
    let text = r#"{"StartAt":"A","States":{
        "A":{"Type":"Choice","Choices":[
            {"Variable":"$.a","IsNull":true,"Output":1,"Next":"B"}],"Default":"B"},
        "B":{"Type":"Task","Resource":"work","End":true,"QueryLanguage":"JSONata","Catch":[
            {"ErrorEquals":["States.ALL"],"ResultPath":"$.a","Next":"A"}]}}}"#;
    check(
        text,
        &[
            "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the \
             'JSONata' QueryLanguage at /States/A/Choices[0]",
            "The QueryLanguage is set to 'JSONata', but field 'ResultPath' is only supported for \
             the 'JSONPath' QueryLanguage at /States/B/Catch[0]",
        ],
    );
}

#[test]
fn what_is_inside_a_state_speaks_the_language_of_the_whole() {
    let map = |inner: &str| {
        super::state(&format!(
            r#""Type":"Map","QueryLanguage":"JSONata","End":true,"ItemProcessor":{{"StartAt":"P",
            "States":{{"P":{{"Type":"Pass",{inner},"End":true}}}}}}"#
        ))
    };
    check(
        &map(r#""Output":1"#),
        &["The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the \
           'JSONata' QueryLanguage at /States/A/ItemProcessor/States/P"],
    );
    check(&map(r#""InputPath":"$""#), &[]);
    // The service's own example of a definition that is fine.
    check(&map(r#""QueryLanguage":"JSONPath""#), &[]);
}

#[test]
fn nothing_goes_back_to_jsonpath() {
    let text = r#"{"StartAt":"Pass","QueryLanguage":"JSONata","States":{
        "Pass":{"Type":"Pass","End":true,"QueryLanguage":"JSONPath"}}}"#;
    check(
        text,
        &["'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at \
           /States/Pass"],
    );
}

#[test]
fn a_machine_inside_a_state_names_no_language() {
    for name in ["ItemProcessor", "Iterator"] {
        let text = super::state(&format!(
            r#""Type":"Map","End":true,"{name}":{{"QueryLanguage":"JSONata","StartAt":"P",
            "States":{{"P":{{"Type":"Succeed"}}}}}}"#
        ));
        check(&text, &[&format!("Field 'QueryLanguage' is not supported at /States/A/{name}")]);
        assert!(Definition::parse(&text).is_err());
    }
}

#[test]
fn what_is_no_language_is_taken_for_jsonata() {
    let values = "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata] \
                  at /States/A/QueryLanguage";
    let path = "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for \
                the 'JSONPath' QueryLanguage at /States/A";
    let table = [
        (r#""jsonpath""#, values),
        (r#""SQL""#, values),
        ("1", "Expected a string, got number at /States/A/QueryLanguage"),
    ];
    for (language, expected) in table {
        let fields = format!(r#""Type":"Pass","End":true,"QueryLanguage":{language}"#);
        check(&super::state(&fields), &[expected]);
        check(&super::state(&format!(r#"{fields},"InputPath":"$""#)), &[expected, path]);
    }
}
