//! What the compiler says about functions that cannot be tasks, and about those that can.

#[test]
fn a_wrong_signature_is_explained_where_it_is_wrong() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/signatures/*_accepted.rs");
    cases.compile_fail("tests/signatures/*_refused.rs");
}
