use crate::testing::{check, check_on};

#[test]
fn integers_stay_exact_until_they_do_not_fit() {
    check(&[
        ("9223372036854775806 + 1", "9223372036854775807"),
        ("9007199254740993 * 1", "9007199254740993"),
        ("9007199254740993 - 1", "9007199254740992"),
        ("9223372036854775807 + 1 > 9e18", "true"),
        ("7 / 2", "3.5"),
        ("6 / 3", "2"),
        ("7 % -3", "1"),
        ("-7 % 3", "-1"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("5.5 % 2", "1.5"),
        ("1e300 * 1e10 = 1e310 - 0", "S0102: Number out of range: \"1e310\""),
    ]);
}

#[test]
fn operands_that_are_missing_make_nothing_and_wrong_ones_fail() {
    check(&[
        ("1 + nothing", "undefined"),
        ("nothing * 2", "undefined"),
        ("-nothing", "undefined"),
        ("true + nothing", "T2001: The left side of the \"+\" operator must evaluate to a number"),
        ("1 - 'a'", "T2002: The right side of the \"-\" operator must evaluate to a number"),
        ("-[1,2]", "D1002: Cannot negate a non-numeric value: [1,2]"),
        ("1 + 1/0", "D1001: Number out of range: null"),
        ("1 + 0/0", "T2002: The right side of the \"+\" operator must evaluate to a number"),
        ("1 + $sum", "T2002: The right side of the \"+\" operator must evaluate to a number"),
    ]);
}

#[test]
fn comparisons_want_two_of_a_kind() {
    check(&[
        ("1 < 2.5", "true"),
        ("'a' < 'b'", "true"),
        ("'Z' < 'a'", "true"),
        ("1 < nothing", "undefined"),
        ("1 = 1.0", "true"),
        ("{'a':[1,{}]} = {'a':[1.0,{}]}", "true"),
        ("{'a':1,'b':2} = {'b':2,'a':1}", "true"),
        ("nothing = nothing", "false"),
        ("nothing != 1", "false"),
        ("'1' = 1", "false"),
        (
            "1 < 'a'",
            "T2009: The values 1 and \"a\" either side of operator \"<\" must be of the same data type",
        ),
        (
            "[] > 1",
            "T2010: The expressions either side of operator \">\" must evaluate to numeric or string values",
        ),
        ("($f := function(){1}; $f = $f)", "true"),
        ("$sum = $max", "false"),
    ]);
}

#[test]
fn logic_looks_at_the_right_side_only_if_it_has_to() {
    check(&[
        ("false and $error('no')", "false"),
        ("true or $error('no')", "true"),
        ("[] or {}", "false"),
        ("[0, 1] and 'a'", "true"),
        ("$sum or null", "false"),
        ("nothing or false", "false"),
    ]);
}

#[test]
fn texts_are_joined_whatever_they_were() {
    check(&[
        ("'a' & 1 & true & null & nothing", "\"a1truenull\""),
        ("[1,'b'] & {'c':0.1}", r#""[1,\"b\"]{\"c\":0.1}""#),
        ("'' & 1/3", "\"0.333333333333333\""),
    ]);
}

#[test]
fn ranges_run_upwards() {
    check(&[
        ("[1..3]", "[1,2,3]"),
        ("[3..1]", "[]"),
        ("[-1..1, 5]", "[-1,0,1,5]"),
        ("[1..nothing]", "[]"),
        ("[1..1]", "[1]"),
        ("[0.5..2]", "T2003: The left side of the range operator (..) must evaluate to an integer"),
        (
            "[1..20000001]",
            "D2014: The size of the sequence allocated by the range operator (..) must not exceed 1e6.  \
             Attempted to allocate 20000001.",
        ),
    ]);
}

#[test]
fn membership_is_equality_with_a_member() {
    check(&[
        ("2 in [1,2]", "true"),
        ("2 in 2", "true"),
        ("{'a':1} in [{'a':1}]", "false"),
        ("nothing in [1]", "false"),
        ("'a' in nothing", "false"),
    ]);
}

#[test]
fn containers_are_in_a_list_only_as_themselves() {
    check_on(
        r#"{"a":[{"b":1},{"b":2}],"c":{}}"#,
        &[
            ("{'a': 1} in [{'a': 1}]", "false"),
            ("a[0] in a", "true"),
            ("c in [c]", "true"),
            ("($x := {'a': 1}; $x in [$x])", "true"),
            ("[1] in [[1]]", "false"),
            ("1 in [1.0]", "true"),
            ("null in [null]", "true"),
        ],
    );
}
