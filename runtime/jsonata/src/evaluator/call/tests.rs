use crate::testing::{check, check_as, check_on};
use crate::{Dialect, Limits};

#[test]
fn functions_close_over_their_variables_and_their_context() {
    check(&[
        ("($x := 1; $f := function($y){$x + $y}; $x := 10; $f(1))", "11"),
        ("($add := function($x){function($y){$x + $y}}; $add(1)(2))", "3"),
        ("($x := 1; ($x := 2); $x)", "1"),
        ("($f := function($a, $b){$exists($b)}; $f(1))", "false"),
        ("(function($x){$x * 2})(4)", "8"),
        ("λ($x){$x}(1)", "1"),
    ]);
    check_on(r#"{"a":{"n":1,"b":{"n":2}}}"#, &[("a.($f := function(){n}; b.$f())", "1")]);
}

#[test]
fn tail_calls_need_no_depth() {
    check(&[
        ("($f := function($n, $a){$n = 0 ? $a : $f($n - 1, $a + $n)}; $f(5000, 0))", "12502500"),
        ("($f := function($n){($m := $n - 1; $m < 0 ? 'done' : $f($m))}; $f(5000))", "\"done\""),
    ]);
}

#[test]
fn placeholders_make_new_functions() {
    check(&[
        ("($f := $substring(?, 0, 2); $f('abc'))", "\"ab\""),
        ("($f := $substring('abcdef', ?, ?); $f(1, 2))", "\"bc\""),
        ("($f := $power(?, ?); $g := $f(2, ?); $g(5))", "32"),
        ("$map([1,2], $power(?, 2))", "[1,4]"),
        ("nothing(?)", "T1008: Attempted to partially apply a non-function"),
    ]);
}

#[test]
fn application_hands_on_a_value_or_joins_functions() {
    check(&[
        ("'abc' ~> $uppercase", "\"ABC\""),
        ("'abc' ~> $substring(1) ~> $uppercase()", "\"BC\""),
        ("'ab' ~> $substring(1)[0]", "\"b\""),
        ("($f := $trim ~> $uppercase; $f(' a '))", "\"A\""),
        (
            "1 ~> 2",
            "T2006: The right side of the function application operator ~> must be a function",
        ),
    ]);
}

#[test]
fn what_is_no_function_cannot_be_called() {
    check(&[
        ("$nothing(1)", "T1006: Attempted to invoke a non-function"),
        ("uppercase('a')", "T1005: Attempted to invoke a non-function. Did you mean $uppercase?"),
        ("($f := 1; f(2))", "T1005: Attempted to invoke a non-function. Did you mean $f?"),
        ("$eval('1')", "T1006: Attempted to invoke a non-function"),
    ]);
}

#[test]
fn functions_are_no_result() {
    let unsupported = "T9001: The result contains a function, which JSON cannot express";
    check_as(
        Dialect::StepFunctions,
        "null",
        &[
            ("$sum", unsupported),
            ("function(){1}", unsupported),
            ("[1, /a/]", unsupported),
            ("{'f': $string}", unsupported),
            ("$type($sum)", "\"function\""),
        ],
    );
}

#[test]
fn the_depth_counts_as_the_service_counts() {
    let profile = (Dialect::StepFunctions, Limits::STEP_FUNCTIONS);
    let answer = |text: &str| crate::testing::answer_with(text, None, profile);
    let recursion = |count: usize| {
        answer(&format!("($f := function($n){{$n = 0 ? 0 : 1 + $f($n - 1)}}; $f({count}))"))
    };
    assert_eq!(recursion(31), "31");
    assert!(recursion(32).starts_with("U1001: Stack overflow error"));
    let terms = |count: usize| answer(&vec!["1"; count].join("+"));
    assert_eq!(terms(100), "100");
    assert!(terms(101).starts_with("U1001: Stack overflow error"));
}
