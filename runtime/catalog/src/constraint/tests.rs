use super::{Constraints, Rule};

const STATUSES: &[&str] = &["RUNNING", "FAILED"];

#[test]
fn everything_that_is_out_of_bounds_is_told_at_once() {
    let mut constraints = Constraints::default();
    constraints.required("stateMachineArn", None::<&str>);
    constraints.required("name", Some("brew"));
    constraints.one_of("statusFilter", "RUNNING", STATUSES);
    constraints.one_of("statusFilter", "running", STATUSES);
    constraints.value("maxResults", 1001, 0..=1000);
    constraints.hidden_length("input", "xyz", 0..=2);
    constraints.violate("name", "a b", Rule::Pattern("[a-z]+"));
    let refusal = constraints.finish().unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "5 validation errors detected: \
         Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null; \
         Value 'running' at 'statusFilter' failed to satisfy constraint: \
         Member must satisfy enum value set: [RUNNING, FAILED]; \
         Value '1001' at 'maxResults' failed to satisfy constraint: \
         Member must have value less than or equal to 1000; \
         Value at 'input' failed to satisfy constraint: \
         Member must have length less than or equal to 2; \
         Value 'a b' at 'name' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: [a-z]+"
    );
}

#[test]
fn a_request_within_its_bounds_is_not_refused() {
    let mut constraints = Constraints::default();
    constraints.required("name", Some("brew"));
    constraints.length("name", "brew", 1..=80);
    assert_eq!(constraints.finish(), Ok(()));
}
