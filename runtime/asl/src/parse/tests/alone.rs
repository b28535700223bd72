//! States that are read without a machine around them.

use crate::{Definition, Kind, StateIdx, Transition};

fn read(text: &str) -> Definition {
    Definition::parse_state(text).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn start(definition: &Definition) -> StateIdx {
    definition.machine(definition.root()).start
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found = Definition::parse_state(text).expect_err("the text is a state");
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_state_is_the_only_one_of_its_machine() {
    let definition = read(r#"{"Type": "Pass", "End": true}"#);
    let start = start(&definition);
    assert_eq!(&*definition.state(start).name, "StateName");
    assert_eq!(definition.machine(definition.root()).states, [start]);
    assert_eq!(definition.states().count(), 1);
}

#[test]
fn what_a_state_leads_to_is_imagined_once() {
    let definition = read(
        r#"{"Type": "Task", "Resource": "charge", "Next": "Ship",
            "Catch": [{"ErrorEquals": ["A"], "Next": "Refund"},
                      {"ErrorEquals": ["B"], "Next": "Ship"}]}"#,
    );
    let Kind::Task(task) = &definition.state(start(&definition)).kind else { panic!("a Task") };
    let (ship, refund) = (definition.find("Ship"), definition.find("Refund"));
    assert_eq!(Some(task.next), ship.map(Transition::Next));
    let caught: Vec<_> = task.recovery.catch.iter().map(|catcher| Some(catcher.next)).collect();
    assert_eq!(caught, [refund, ship]);
    assert_eq!(definition.states().count(), 3);
    assert_eq!(definition.machine(definition.root()).states.len(), 1);
}

#[test]
fn a_state_may_lead_to_itself() {
    let definition = read(r#"{"Type": "Pass", "Next": "StateName"}"#);
    let Kind::Pass(pass) = &definition.state(start(&definition)).kind else { panic!("a Pass") };
    assert_eq!(pass.next, Transition::Next(start(&definition)));
}

#[test]
fn the_machines_inside_are_whole() {
    let inside = |next| {
        format!(
            r#"{{"Type": "Parallel", "Next": "Sum", "Branches": [
                {{"StartAt": "A", "States": {{"A": {{"Type": "Pass", {next}}}}}}}]}}"#
        )
    };
    let definition = read(&inside(r#""End": true"#));
    assert!(definition.find("A").is_some());
    check(
        &inside(r#""Next": "Sum""#),
        &[
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Sum at \
             /States/StateName/Branches[0]/States/A/Next",
            "MISSING_END_STATE: Workflow has no terminal state",
        ],
    );
}

#[test]
fn a_state_may_choose_its_language() {
    let definition = read(
        r#"{"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $states.input %}",
            "ItemProcessor": {"StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": "{% 1 %}", "End": true}}}, "End": true}"#,
    );
    assert!(definition.find("A").is_some());
}

#[test]
fn findings_are_placed_below_the_name() {
    check(
        r#"{"Type": "Parallel", "Branches": [], "End": true}"#,
        &["SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches"],
    );
    check(
        r#"{"Type": "Passs"}"#,
        &["SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, \
           Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/StateName/Type"],
    );
    check("[]", &["SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"]);
}
