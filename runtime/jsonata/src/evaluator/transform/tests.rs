use crate::testing::check_on;

#[test]
fn a_copy_is_changed_where_the_pattern_matches() {
    check_on(
        r#"{"a":[{"x":1,"y":{"x":5}},{"x":2}],"b":{}}"#,
        &[
            ("$ ~> |a|{'z': x * 10}, 'x'|", r#"{"a":[{"y":{"x":5},"z":10},{"z":20}],"b":{}}"#),
            ("($ ~> |a|{'x': 0}|; a.x)", "[1,2]"),
            ("a ~> |$|{}, ['x', 'y']|", "[{},{}]"),
            ("$ ~> |b|{'n': 1}|", r#"{"a":[{"x":1,"y":{"x":5}},{"x":2}],"b":{"n":1}}"#),
            ("$ ~> |**[x=5]|{'x': 6}|", r#"{"a":[{"x":1,"y":{"x":6}},{"x":2}],"b":{}}"#),
            ("nothing ~> |a|{}|", "undefined"),
            (
                "a[0] ~> |$|5|",
                "T2011: The insert/update clause of the transform expression must evaluate to an object: 5",
            ),
            (
                "a[0] ~> |$|{}, 5|",
                "T2012: The delete clause of the transform expression must evaluate to a string or array of strings: 5",
            ),
        ],
    );
}

#[test]
fn equal_objects_are_told_apart() {
    check_on(
        r#"{"a":{"x":1},"b":{"x":1}}"#,
        &[
            ("$ ~> |a|{'x': 2}|", r#"{"a":{"x":2},"b":{"x":1}}"#),
            ("($o := {}; [$o, $o]) ~> |$[0]|{'n': 1}|", r#"[{"n":1},{}]"#),
        ],
    );
}
