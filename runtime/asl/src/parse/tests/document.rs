//! The outermost object, names, transitions, and findings of all kinds at once.

use super::{check, check_schema, parse, state};
use crate::{Code, Definition, QueryLanguage, Severity};

#[test]
fn the_text_is_json_and_an_object() {
    check(
        "[nul]",
        &[
            "INVALID_JSON_DESCRIPTION: Unrecognized token 'nul': was expecting (JSON String, Number, \
           Array, Object or token 'null', 'true' or 'false') \
           (found ']' where null was expected (line 1, column 5))",
        ],
    );
    // Of a blank text that is the service's answer, without a place.
    for text in [" ", "", "[]", "null", "1", r#""Pass""#] {
        check_schema(text, &["Definition must be a valid JSON object"]);
    }
}

#[test]
fn the_outermost_object_has_its_own_fields() {
    let table: [(&str, &[&str]); 11] = [
        (
            "{}",
            &[
                "These fields are required: [StartAt] at /",
                "These fields are required: [States] at /",
            ],
        ),
        // The service's answer to this very text.
        (
            r#"{"Comment":"BASE_INVALID_DER","StartAt":"State_1"}"#,
            &["These fields are required: [States] at /"],
        ),
        (r#"{"StartAt":"A","States":{}}"#, &["Value cannot be empty at /States"]),
        (r#"{"StartAt":"A","States":[]}"#, &["Expected an object, got array at /States"]),
        (
            r#"{"StartAt":1,"States":{"A":{"Type":"Succeed"}}}"#,
            &["Expected a string, got number at /StartAt"],
        ),
        (r#"{"StartAt":"A","States":{"A":1}}"#, &["Expected an object, got number at /States/A"]),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"Coment":"x"}"#,
            &["Field 'Coment' is not supported at / (did you mean `Comment`?)"],
        ),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"Comment":{}}"#,
            &["Expected a string, got object at /Comment"],
        ),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"TimeoutSeconds":0}"#,
            &["Expected an integer from 1 to 99999999, got 0 at /TimeoutSeconds"],
        ),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"QueryLanguage":"SQL"}"#,
            &["The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata] at \
               /QueryLanguage"],
        ),
        (
            r#"{"Version":"1.0","QueryLanguage":"JSONPath","StartAt":"A",
                "States":{"A":{"Type":"Succeed","QueryLanguage":"JSONPath","Comment":""}}}"#,
            &[],
        ),
    ];
    for (text, expected) in table {
        check_schema(text, expected);
    }
}

#[test]
fn the_type_decides_which_fields_there_are() {
    let allowed = "The field 'Type' should have one of these values: \
                   [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type";
    let table: [(&str, &[&str]); 6] = [
        ("", &["These fields are required: [Type] at /States/A"]),
        (r#""Type":"Paas","Whatever":1"#, &[&format!("{allowed} (did you mean `Pass`?)")]),
        (r#""Type":"Lambda""#, &[allowed]),
        (r#""Type":null"#, &[allowed]),
        (r#""Type":"Succeed","End":true"#, &["Field 'End' is not supported at /States/A"]),
        (
            r#""Type":"Fail","Next":"A","ResultPath":"$""#,
            &[
                "Field 'Next' is not supported at /States/A",
                "Field 'ResultPath' is not supported at /States/A",
            ],
        ),
    ];
    for (fields, expected) in table {
        check_schema(&state(fields), expected);
    }
}

#[test]
fn a_state_has_next_or_end() {
    let table: [(&str, &[&str]); 6] = [
        (
            "",
            &["One of these fields is required: [Next, End] at /States/A \
               (add \"Next\": \"STATE\", or \"End\": true for the last state)"],
        ),
        (
            r#","End":false"#,
            &["One of these fields is required: [Next, End] at /States/A \
               (add \"Next\": \"STATE\", or \"End\": true for the last state)"],
        ),
        (
            r#","Next":"A","End":true"#,
            &["Only one of these fields is allowed: [Next, End] at /States/A"],
        ),
        (r#","Next":null"#, &["Expected a string, got null at /States/A/Next"]),
        (r#","End":"true""#, &["Expected a boolean, got string at /States/A/End"]),
        (r#","Next":["A"]"#, &["Expected a string, got array at /States/A/Next"]),
    ];
    for (fields, expected) in table {
        check_schema(&state(&format!(r#""Type":"Pass"{fields}"#)), expected);
    }
}

#[test]
fn transitions_lead_to_states_of_the_same_machine() {
    let text = r#"{"StartAt":"Charge it","States":{
        "ChargeIt":{"Type":"Pass","Next":"Shp"},
        "Ship":{"Type":"Pass","Next":"Elsewhere"}}}"#;
    check(
        text,
        &[
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Charge it at /StartAt \
             (did you mean `ChargeIt`?)",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Shp at /States/ChargeIt/Next \
             (did you mean `Ship`?)",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Elsewhere at /States/Ship/Next",
            "MISSING_END_STATE: Workflow has no terminal state",
        ],
    );
    let inner = r#"{"StartAt":"A","States":{
        "A":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"B","States":{"B":{"Type":"Pass","Next":"A"}}}]}}}"#;
    check(
        inner,
        &[
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: A at \
             /States/A/Branches[0]/States/B/Next",
            "MISSING_END_STATE: Workflow has no terminal state",
        ],
    );
}

#[test]
fn every_way_to_a_state_makes_it_reachable() {
    parse(
        r#"{"StartAt":"A","States":{
        "A":{"Type":"Task","Resource":"charge","Next":"B","Catch":[
            {"ErrorEquals":["States.ALL"],"Next":"C"}]},
        "B":{"Type":"Choice","Default":"D","Choices":[
            {"Variable":"$.a","IsNull":true,"Next":"E"}]},
        "C":{"Type":"Fail"},
        "D":{"Type":"Wait","Seconds":1,"Next":"F"},
        "E":{"Type":"Parallel","Next":"F","Branches":[
            {"StartAt":"P","States":{"P":{"Type":"Succeed"}}}],
            "Catch":[{"ErrorEquals":["Busy"],"Next":"G"}]},
        "F":{"Type":"Map","Next":"H","ItemProcessor":
            {"StartAt":"M","States":{"M":{"Type":"Succeed"}}},
            "Catch":[{"ErrorEquals":["Busy"],"Next":"I"}]},
        "G":{"Type":"Succeed"}, "H":{"Type":"Pass","End":true}, "I":{"Type":"Succeed"}}}"#,
    );
}

#[test]
fn names_have_1_to_80_characters() {
    let named = |name: &str| {
        format!(r#"{{"StartAt":"{name}","States":{{"{name}":{{"Type":"Succeed"}}}}}}"#)
    };
    parse(&named(&"ü".repeat(80)));
    let long = "ü".repeat(81);
    // The text is the service's.
    let finding = format!(
        "INVALID_STATE_NAME: Invalid State name: State '{long}' exceeds the 80-character limit \
         allowed by the service at /States/{long}"
    );
    check(&named(&long), &[&finding]);
    check(&named(""), &["INVALID_STATE_NAME: Invalid State name: the name is empty at /States/"]);
}

#[test]
fn names_are_unique_in_nested_machines_too() {
    let text = r#"{"StartAt":"A","States":{
        "A":{"Type":"Parallel","Next":"B","Branches":[
            {"StartAt":"B","States":{"B":{"Type":"Succeed"}}},
            {"StartAt":"C","States":{"C":{"Type":"Succeed"}}}]},
        "B":{"Type":"Map","End":true,"ItemProcessor":
            {"StartAt":"C","States":{"C":{"Type":"Succeed"}}}}}}"#;
    check(
        text,
        &[
            "DUPLICATE_STATE_NAME: Duplicate State name: B at /States/B",
            "DUPLICATE_STATE_NAME: Duplicate State name: C at /States/B/ItemProcessor/States/C",
        ],
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = r#"{
        "Comment": 1,
        "StartAt": "Frist",
        "States": {
            "First": {"Type":"Task","Resource":"two words","TimeoutSecond":5,"Next":"Sorted"},
            "Sort": {"Type":"Choice","Choices":[{"Variable":"$.a","StringEqual":"x","Next":"Wait"}]},
            "Wait": {"Type":"Wait","Timestamp":"tomorrow","End":true},
            "Each": {"Type":"Map","End":true,"Retry":[{"ErrorEquals":[]}],"ItemProcessor":
                {"StartAt":"Wait","States":{"Wait":{"Type":"Pass","InputPath":"a","End":true}}}}
        }
    }"#;
    check(
        text,
        &[
            "SCHEMA_VALIDATION_FAILED: Expected a string, got number at /Comment",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Frist at /StartAt \
             (did you mean `First`?)",
            "SCHEMA_VALIDATION_FAILED: The resource provided two words is not recognized. The \
             value is not a valid resource ARN, or the resource is not available in this region. \
             at /States/First/Resource (name a task of the registry (`NAME`, `NAME@VERSION` or \
             `NAME:ALIAS`), a Lambda function's ARN, an activity's ARN, or \
             arn:aws:states:::SERVICE:ACTION)",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Sorted at /States/First/Next",
            "SCHEMA_VALIDATION_FAILED: Field 'TimeoutSecond' is not supported at /States/First \
             (did you mean `TimeoutSeconds`?)",
            "SCHEMA_VALIDATION_FAILED: A comparison such as StringEquals is required at \
             /States/Sort/Choices[0]",
            "SCHEMA_VALIDATION_FAILED: Field 'StringEqual' is not supported at \
             /States/Sort/Choices[0] (did you mean `StringEquals`?)",
            "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at \
             /States/Wait/Timestamp (write it like 2026-03-01T12:00:00Z)",
            "DUPLICATE_STATE_NAME: Duplicate State name: Wait at \
             /States/Each/ItemProcessor/States/Wait",
            "SCHEMA_VALIDATION_FAILED: Value is not a valid JSONPath: expected `$` (at byte 0) at \
             /States/Each/ItemProcessor/States/Wait/InputPath",
            "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/Each/Retry[0]/ErrorEquals",
            "MISSING_TRANSITION_TARGET: State \"First\" is not reachable. at /States/First",
            "MISSING_TRANSITION_TARGET: State \"Sort\" is not reachable. at /States/Sort",
            "MISSING_TRANSITION_TARGET: State \"Each\" is not reachable. at /States/Each",
        ],
    );
}

#[test]
fn a_finding_has_its_parts_for_programs_too() {
    let found = Definition::parse(&state(r#""Type":"Pass","Edn":true"#)).unwrap_err();
    let [missing, unknown] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((missing.severity, missing.code), (Severity::Error, Code::SchemaValidationFailed));
    assert_eq!(unknown.location, "/States/A");
    assert_eq!(unknown.message, "Field 'Edn' is not supported");
    assert_eq!(unknown.hint.as_deref(), Some("did you mean `End`?"));
}

#[test]
fn the_outermost_fields_are_kept() {
    let text = r#"{"Comment":"why","TimeoutSeconds":99999999,"StartAt":"A",
        "States":{"A":{"Type":"Succeed","Comment":"done"}}}"#;
    let definition = parse(text);
    assert_eq!(definition.comment.as_deref(), Some("why"));
    assert_eq!(definition.timeout_seconds, Some(99_999_999));
    assert_eq!(definition.query_language, QueryLanguage::JsonPath);
    let (_, state) = definition.states().next().unwrap();
    assert_eq!((&*state.name, state.comment.as_deref()), ("A", Some("done")));
}
