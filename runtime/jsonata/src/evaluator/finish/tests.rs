use crate::Dialect;
use crate::testing::{check_as, check_on};

#[test]
fn numbers_leave_as_integers_where_they_are_whole() {
    check_on(
        r#"{"a":[1.0,1e2,0.5,-0.0,1e18,1e19],"b":{"c":2.0}}"#,
        &[("$", r#"{"a":[1,100,0.5,0,1000000000000000000,1e19],"b":{"c":2}}"#), ("b.c", "2")],
    );
}

#[test]
fn the_service_writes_what_json_cannot_as_a_text() {
    let table = |a, b| [("1/0", a), ("[-1/0, 0/0]", b)];
    check_as(Dialect::StepFunctions, "null", &table("\"Infinity\"", "[\"-Infinity\",\"NaN\"]"));
    check_as(Dialect::Jsonata, "null", &table("null", "[null,null]"));
}
