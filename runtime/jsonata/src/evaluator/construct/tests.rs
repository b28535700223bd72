use crate::testing::{check, check_on};

#[test]
fn arrays_take_members_and_drop_what_is_missing() {
    check(&[
        ("[]", "[]"),
        ("[1, nothing, [2, [3]]]", "[1,[2,[3]]]"),
        ("[1, ([2, 3])]", "[1,2,3]"),
        ("[[1..2], [3]]", "[[1,2],[3]]"),
        ("[null]", "[null]"),
    ]);
}

#[test]
fn objects_drop_what_is_missing() {
    check(&[
        ("{'a': nothing, 'b': 1}", r#"{"b":1}"#),
        ("{nothing: 1}", "{}"),
        ("{'b': 1, 'a': 2}", r#"{"b":1,"a":2}"#),
        ("{'a': 1, 'a': 2}", "D1009: Multiple key definitions evaluate to same key: \"a\""),
        ("{1: 2}", "T1003: Key in object structure must evaluate to a string; got: 1"),
    ]);
}

#[test]
fn groups_collect_the_items_of_a_key() {
    check_on(
        r#"[{"k":"a","v":1},{"k":"b","v":2},{"k":"a","v":3}]"#,
        &[
            ("$.{k: v}", r#"[{"a":1},{"b":2},{"a":3}]"#),
            ("${k: v}", r#"{"a":[1,3],"b":2}"#),
            ("${k: $sum(v)}", r#"{"a":4,"b":2}"#),
            ("${k: $count($)}", r#"{"a":2,"b":1}"#),
            ("${k: v, 'n': 1}", r#"{"a":[1,3],"n":1,"b":2}"#),
            (
                "${'x': v, k: 1, 'b': 2}",
                "D1009: Multiple key definitions evaluate to same key: \"b\"",
            ),
            ("nothing{'x': 1}", r#"{"x":1}"#),
        ],
    );
}

#[test]
fn written_arrays_are_not_flattened_on_their_way() {
    check_on(
        r#"{"a":[{"x":[1,2]},{"x":[3,4]}]}"#,
        &[
            ("a.[x]", "[[1,2],[3,4]]"),
            ("a.[x].($)", "[[1,2],[3,4]]"),
            ("a.[x].$", "[[1,2],[3,4]]"),
            ("[].x", "[]"),
            ("[nothing].x", "[]"),
            ("[1].x", "undefined"),
        ],
    );
}

#[test]
fn an_object_around_the_whole_input_hands_on_an_array() {
    check_on("[[],{\"a\":1}]", &[("{'k': {'v': a}}", r#"{"k":{"v":1}}"#)]);
    check_on("[[]]", &[("{'k': {'v': *}}", r#"{"k":{}}"#)]);
}
