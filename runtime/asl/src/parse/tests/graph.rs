//! Ends of a machine and ways to its states.

use super::all_findings;
use crate::MachineType;

fn check(states: &str, expected: &[&str]) {
    let text = format!(r#"{{"StartAt":"A","States":{{{states}}}}}"#);
    assert_eq!(all_findings(&text, MachineType::Standard), expected, "{text}");
}

const NO_END: &str = "MISSING_END_STATE: Workflow has no terminal state";

fn missing(target: &str, place: &str) -> String {
    format!("MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {place}")
}

fn unreachable(name: &str) -> String {
    format!("MISSING_TRANSITION_TARGET: State \"{name}\" is not reachable. at /States/{name}")
}

#[test]
fn a_machine_has_an_end_and_a_way_to_each_state() {
    // What the service was seen to answer.
    check(r#""A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}"#, &[NO_END]);
    check(
        r#""A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"},
           "C":{"Type":"Pass","Next":"A"}"#,
        &[NO_END],
    );
    check(
        r#""A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"},
           "C":{"Type":"Pass","End":true}"#,
        &[&unreachable("C")],
    );
    check(r#""A":{"Type":"Pass","Next":"NOPE"}"#, &[&missing("NOPE", "/States/A/Next"), NO_END]);
    check(
        r#""A":{"Type":"Pass","Next":"C"},"B":{"Type":"Pass","End":true}"#,
        &[&missing("C", "/States/A/Next"), &unreachable("B")],
    );
}

#[test]
fn a_missing_start_hides_only_the_first_of_a_chain() {
    // What the service was seen to answer.
    let text = r#"{"StartAt":"Not sure","States":{
        "Pass One":{"Type":"Pass","Next":"Success"},"Success":{"Type":"Succeed"}}}"#;
    let expected = [missing("Not sure", "/StartAt"), unreachable("Pass One")];
    assert_eq!(all_findings(text, MachineType::Standard), expected);
}

#[test]
fn each_transition_that_leads_nowhere_is_told_in_the_same_words() {
    check(
        r#""A":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"X"}],
                "Default":"Y"},
           "Z":{"Type":"Succeed"}"#,
        &[
            &missing("X", "/States/A/Choices[0]/Next"),
            &missing("Y", "/States/A/Default"),
            &unreachable("Z"),
        ],
    );
    check(
        r#""A":{"Type":"Task","Resource":"work","End":true,
                "Catch":[{"ErrorEquals":["States.ALL"],"Next":"X"}]}"#,
        &[&missing("X", "/States/A/Catch[0]/Next")],
    );
}

#[test]
fn states_that_lead_only_to_each_other_are_worth_a_warning() {
    check(
        r#""A":{"Type":"Succeed"},"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Pass","Next":"B"}"#,
        &[&format!("warning: {}", unreachable("B")), &format!("warning: {}", unreachable("C"))],
    );
    check(
        r#""A":{"Type":"Succeed"},"B":{"Type":"Wait","Seconds":1,"Next":"B"}"#,
        &[&unreachable("B")],
    );
}

#[test]
fn nothing_is_said_where_a_way_is_not_known() {
    check(
        r#""A":{"Type":"Pass"},"B":{"Type":"Succeed"}"#,
        &["SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at /States/A"],
    );
}

#[test]
fn each_machine_is_looked_at_alone() {
    check(
        r#""A":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"B","States":{
            "B":{"Type":"Pass","Next":"B"}}}}"#,
        &[NO_END],
    );
    check(
        r#""A":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"B","States":{
            "B":{"Type":"Succeed"},"C":{"Type":"Succeed"}}}]}"#,
        &["MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at \
           /States/A/Branches[0]/States/C"],
    );
}

#[test]
fn a_place_that_is_not_named_is_null_where_the_service_quotes_it() {
    let text = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"},"B":{"Type":"Pass"}}}"#;
    let (_, found) = crate::Definition::read(
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"}}}"#,
        MachineType::Standard,
    );
    assert_eq!(found[0].quoted(), format!("{NO_END} at null"));
    let (_, found) = crate::Definition::read(text, MachineType::Standard);
    assert_eq!(found[0].quoted(), found[0].to_string());
}
