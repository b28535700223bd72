use stepwell_value::Value;

use crate::arguments::Arguments;
use crate::array::unique;
use crate::testing::{answer, check};
use crate::{PARTITION_BYTES_MAX, Reason};

#[test]
fn an_array_is_its_arguments_in_order() {
    check(&[
        ("States.Array()", "{}", "[]"),
        (
            "States.Array(null, 'a', 1, 1.0, -2.5, true, false)",
            "{}",
            r#"[null,"a",1,1.0,-2.5,true,false]"#,
        ),
        ("States.Array($.a, $)", r#"{"a":[1]}"#, r#"[[1],{"a":[1]}]"#),
        ("States.Array($.a[*])", r#"{"a":[1,2]}"#, "[[1,2]]"),
    ]);
}

#[test]
fn an_array_contains_what_equals_one_of_its_items() {
    check(&[
        ("States.ArrayContains($, 5)", "[1,5]", "true"),
        ("States.ArrayContains($, '5')", "[1,5]", "false"),
        ("States.ArrayContains($, null)", "[null]", "true"),
        ("States.ArrayContains($, null)", "[]", "false"),
        (
            "States.ArrayContains($.a, $.b)",
            r#"{"a":[{"x":1,"y":[2]}],"b":{"y":[2],"x":1}}"#,
            "true",
        ),
        ("States.ArrayContains($.a, $.b)", r#"{"a":[{"x":1}],"b":{"x":1,"y":2}}"#, "false"),
        ("States.ArrayContains($, 1)", "[[1]]", "false"),
        // As Java has it: an integer is no double, and a number is no boolean.
        ("States.ArrayContains($, 1.0)", "[1]", "false"),
        ("States.ArrayContains($, 1.0)", "[1.0]", "true"),
        ("States.ArrayContains($, true)", "[1]", "false"),
        ("States.ArrayContains('abc', 'a')", "{}", "argument 1 has to be an array, not a string"),
        ("States.ArrayContains(null, 'a')", "{}", "argument 1 has to be an array, not null"),
    ]);
}

#[test]
fn an_item_is_found_by_its_index_from_zero() {
    check(&[
        ("States.ArrayGetItem($, 0)", "[7,8,9]", "7"),
        ("States.ArrayGetItem($, 2)", "[7,8,null]", "null"),
        ("States.ArrayGetItem($, 1.0)", "[7,8,9]", "8"),
        ("States.ArrayGetItem($, 1.5)", "[7,8,9]", "9"),
        ("States.ArrayGetItem($, 3)", "[7,8,9]", "there is no index 3 in an array of length 3"),
        ("States.ArrayGetItem($, -1)", "[7,8,9]", "there is no index -1 in an array of length 3"),
        ("States.ArrayGetItem($, -0.5)", "[7,8,9]", "7"),
        ("States.ArrayGetItem($, 0)", "[]", "there is no index 0 in an array of length 0"),
        ("States.ArrayGetItem($, '0')", "[7]", "argument 2 has to be a number, not a string"),
        ("States.ArrayGetItem($, 0)", "{}", "argument 1 has to be an array, not an object"),
    ]);
}

#[test]
fn a_length_is_that_of_an_array_only() {
    check(&[
        ("States.ArrayLength($)", "[]", "0"),
        ("States.ArrayLength($)", "[[1,2],null]", "2"),
        ("States.ArrayLength('ab')", "{}", "argument 1 has to be an array, not a string"),
        ("States.ArrayLength($)", r#"{"a":1}"#, "argument 1 has to be an array, not an object"),
    ]);
}

#[test]
fn a_partition_has_parts_of_one_size_but_the_last() {
    check(&[
        ("States.ArrayPartition($, 4)", "[1,2,3,4,5,6,7,8,9]", "[[1,2,3,4],[5,6,7,8],[9]]"),
        ("States.ArrayPartition($, 9223372036854775807)", "[1,2]", "[[1,2]]"),
        ("States.ArrayPartition($, 1)", "[]", "[]"),
        ("States.ArrayPartition($, 1.5)", "[1,2,3]", "[[1,2],[3]]"),
        ("States.ArrayPartition($, 1.49)", "[1,2]", "[[1],[2]]"),
        ("States.ArrayPartition($, 0.5)", "[1,2]", "[[1],[2]]"),
        ("States.ArrayPartition($, 0.49)", "[1]", "argument 2 has to be a positive integer, not 0"),
        ("States.ArrayPartition($, 0)", "[]", "argument 2 has to be a positive integer, not 0"),
        ("States.ArrayPartition($, -3)", "[1]", "argument 2 has to be a positive integer, not -3"),
        ("States.ArrayPartition($, null)", "[1]", "argument 2 has to be a number, not null"),
    ]);
}

#[test]
fn a_partition_refuses_an_array_that_no_payload_holds() {
    let text = "x".repeat(PARTITION_BYTES_MAX - 4);
    let fits = answer("States.ArrayPartition($, 1)", &format!("[\"{text}\"]"));
    assert_eq!(fits, format!("[[\"{text}\"]]"));
    let too_large = answer("States.ArrayPartition($, 1)", &format!("[\"{text}x\"]"));
    assert_eq!(too_large, Reason::ArrayTooLarge.to_string());
}

#[test]
fn a_range_goes_from_its_start_to_its_end() {
    check(&[
        ("States.ArrayRange(1, 9, 2)", "{}", "[1,3,5,7,9]"),
        ("States.ArrayRange(0, 10, 3)", "{}", "[0,3,6,9]"),
        ("States.ArrayRange(1, 9, 9)", "{}", "[1]"),
        ("States.ArrayRange(4, 4, 1)", "{}", "[4]"),
        ("States.ArrayRange(-3, 0, 1)", "{}", "[-3,-2,-1,0]"),
        ("States.ArrayRange(0.5, 3.4, 1.4)", "{}", "[1,2,3]"),
        ("States.ArrayRange(9, 1, -4)", "{}", "[9,5,1]"),
        ("States.ArrayRange(4, 4, -1)", "{}", "[4]"),
        ("States.ArrayRange(9, 1, 2)", "{}", "[]"),
        ("States.ArrayRange(1, 9, -2)", "{}", "[]"),
        ("States.ArrayRange(1, 9, 0)", "{}", "the step must not be zero"),
        ("States.ArrayRange(1, 9, 0.4)", "{}", "the step must not be zero"),
        ("States.ArrayRange(0, 1000, 1)", "{}", "the range has more than 1000 numbers"),
        (
            "States.ArrayRange(-9223372036854775808, 9223372036854775807, 9223372036854775807)",
            "{}",
            "[-9223372036854775808,-1,9223372036854775806]",
        ),
        (
            "States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)",
            "{}",
            "the range has more than 1000 numbers",
        ),
        ("States.ArrayRange('a', 5, 1)", "{}", "argument 1 has to be a number, not a string"),
        ("States.ArrayRange(1, true, 1)", "{}", "argument 2 has to be a number, not a boolean"),
        ("States.ArrayRange(1, 5, null)", "{}", "argument 3 has to be a number, not null"),
    ]);
    let longest = answer("States.ArrayRange(1, 1000, 1)", "{}");
    assert!(longest.starts_with("[1,2,3,") && longest.ends_with(",999,1000]"), "{longest}");
}

#[test]
fn the_first_of_equal_values_stays() {
    check(&[
        ("States.ArrayUnique($)", "[1,2,3,3,3,1,4]", "[1,2,3,4]"),
        ("States.ArrayUnique($)", "[]", "[]"),
        (
            "States.ArrayUnique($)",
            "[null,null,true,true,false,0,\"0\",\"\"]",
            "[null,true,false,0,\"0\",\"\"]",
        ),
        ("States.ArrayUnique($)", "[1,1.0,1.0,1e0]", "[1,1.0]"),
        ("States.ArrayUnique($)", "[[1,2],[12],[1,2]]", "[[1,2],[12]]"),
        (
            "States.ArrayUnique($)",
            r#"[{"a":1,"b":2},{"a":"1,b:2"},{"b":2,"a":1}]"#,
            r#"[{"a":1,"b":2},{"a":"1,b:2"}]"#,
        ),
        ("States.ArrayUnique($)", "[0.0,-0.0]", "[0.0]"),
        (
            "States.ArrayUnique($)",
            r#"[{"a":1,"b":[2]},{"b":[2],"a":1},{"a":1,"b":[]}]"#,
            r#"[{"a":1,"b":[2]},{"a":1,"b":[]}]"#,
        ),
        (
            "States.ArrayUnique($)",
            r#"[[1,2],[1,2],[2,1],["1,2"],[[1],2],[[1,2]]]"#,
            r#"[[1,2],[2,1],["1,2"],[[1],2],[[1,2]]]"#,
        ),
        ("States.ArrayUnique($)", r#"{"a":1}"#, "argument 1 has to be an array, not an object"),
    ]);
}

#[test]
fn comparing_ends_where_it_would_take_too_long() {
    let large = Value::from("x".repeat(1_000_000));
    let of = |count| Value::from(vec![large.clone(); count]);
    assert_eq!(unique(&Arguments(&[of(16)])), Ok(of(1)));
    assert_eq!(unique(&Arguments(&[of(17)])), Err(Reason::TooMuchToCompare));
}
