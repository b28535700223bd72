use proptest::prelude::*;

use crate::{ARGUMENTS_MAX, Call, FUNCTIONS_MAX, Function, LENGTH_MAX};

#[track_caller]
fn refused(text: &str) -> String {
    match Call::parse(text) {
        Ok(call) => panic!("{call} should be refused"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn blanks_may_stand_around_arguments() {
    for text in [
        "States.UUID()",
        " States.UUID( ) ",
        "States.Array( 1 ,\n\t$.a , States.UUID( ), 'x' )",
        "States.Array(-1.5e3,true,false,null,$,$$,$$.Execution.Id,$name,$name.a[0])",
    ] {
        assert_eq!(Call::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn what_is_not_a_call_is_refused_with_its_place() {
    for (text, error) in [
        ("", "expected a function such as `States.Format` (at byte 0)"),
        ("$.a", "expected a function such as `States.Format` (at byte 0)"),
        ("'a'", "expected a function such as `States.Format` (at byte 0)"),
        ("Format('a')", "there is no function `Format` (at byte 0)"),
        ("States.Nope()", "there is no function `States.Nope` (at byte 0)"),
        (
            "States.format('{}', 1)",
            "there is no function `States.format`; its name is `States.Format` (at byte 0)",
        ),
        (
            "States.Uuid()",
            "there is no function `States.Uuid`; its name is `States.UUID` (at byte 0)",
        ),
        ("States.UUID", "expected `(` after the name of a function (at byte 11)"),
        ("States.UUID ()", "expected `(` after the name of a function (at byte 11)"),
        (
            "States.UUID(",
            "expected a text in single quotes, a number, `true`, `false`, `null`, a path or a function (at byte 12)",
        ),
        ("States.UUID() x", "expected the end of the call (at byte 14)"),
        (
            "States.Array(1)[0]",
            "the result of a function cannot be indexed; use `States.ArrayGetItem` (at byte 15)",
        ),
        ("States.Array(1", "expected `,` or `)` after an argument (at byte 14)"),
        (
            "States.Array(1,)",
            "expected a text in single quotes, a number, `true`, `false`, `null`, a path or a function (at byte 15)",
        ),
        (
            "States.Array(,1)",
            "expected a text in single quotes, a number, `true`, `false`, `null`, a path or a function (at byte 13)",
        ),
        ("States.Array(1 2)", "expected `,` or `)` after an argument (at byte 15)"),
        (
            "States.Array(\"a\")",
            "expected a text in single quotes, a number, `true`, `false`, `null`, a path or a function (at byte 13)",
        ),
        ("States.Array(01)", "this is not a number in JSON's notation (at byte 13)"),
        ("States.Array(1.)", "this is not a number in JSON's notation (at byte 13)"),
        ("States.Array(1px)", "this is not a number in JSON's notation (at byte 13)"),
        ("States.Array(True)", "there is no function `True` (at byte 13)"),
        ("States.Array(trueish)", "there is no function `trueish` (at byte 13)"),
        ("States.Array('a)", "expected the quote that ends the text (at byte 16)"),
        (r"States.Array('a\')", "expected the quote that ends the text (at byte 18)"),
        (
            r#"States.Array('é\"')"#,
            r"a backslash stands only in `\'`, `\{`, `\}` and `\\` (at byte 16)",
        ),
        (
            r"States.Format('\n')",
            r"a backslash stands only in `\'`, `\{`, `\}` and `\\` (at byte 15)",
        ),
    ] {
        assert_eq!(refused(text), error, "{text}");
    }
}

#[test]
fn every_function_knows_how_many_arguments_it_takes() {
    for (text, error) in [
        ("States.UUID(1)", "`States.UUID` takes 0 arguments, not 1 (at byte 0)"),
        ("States.Format()", "`States.Format` takes at least 1 argument, not 0 (at byte 0)"),
        (
            "States.Array(States.ArrayLength())",
            "`States.ArrayLength` takes 1 argument, not 0 (at byte 13)",
        ),
        ("States.MathRandom(1)", "`States.MathRandom` takes 2 to 3 arguments, not 1 (at byte 0)"),
    ] {
        assert_eq!(refused(text), error);
    }
    for function in Function::ALL {
        let arity = function.arity();
        for count in 0..6 {
            let text = format!("{function}({})", vec!["$"; count].join(","));
            assert_eq!(Call::parse(&text).is_ok(), arity.contains(&count), "{text}");
        }
    }
}

#[test]
fn paths_end_outside_of_brackets() {
    for (path, wanted) in [
        ("$.a", "$.a"),
        ("$.abc.['def ghi']", "$.abc.['def ghi']"),
        ("$['a,b)']", "$['a,b)']"),
        ("$.a[?(@.b == 'x,)]')].c", "$.a[?(@.b == 'x,)]')].c"),
        ("$.a[?(@.b[0] == 'x')]", "$.a[?(@.b[0] == 'x')]"),
        ("$.a[ 0 ]", "$.a[ 0 ]"),
        ("$..*", "$..*"),
        ("$.été", "$.été"),
        ("$.1a", "$.1a"),
    ] {
        let call = Call::parse(&format!("States.Array( {path} ,States.Array($$.x),$v)")).unwrap();
        let paths: Vec<_> = call.paths().map(ToString::to_string).collect();
        assert_eq!(paths, [wanted, "$$.x", "$v"]);
    }
    for (text, error) in [
        (
            "States.Array($.a-b)",
            "a name with '-' has to be written as ['name'] in a function (at byte 16)",
        ),
        (
            "States.Array($.length())",
            "a name with '(' has to be written as ['name'] in a function (at byte 21)",
        ),
        ("States.Array($.a[0)", "expected a `]` for this bracket (at byte 16)"),
        ("States.Array(1,$[)", "expected a `]` for this bracket (at byte 16)"),
        ("States.Array(1,$x..)", "this path is refused: a path cannot end with `..` (at byte 19)"),
    ] {
        assert_eq!(refused(text), error);
    }
}

#[test]
fn the_size_of_a_call_is_limited() {
    let nested = |count: usize| format!("{}{}", "States.Array(".repeat(count), ")".repeat(count));
    assert!(Call::parse(&nested(FUNCTIONS_MAX)).is_ok());
    assert_eq!(
        refused(&nested(FUNCTIONS_MAX + 1)),
        "a call holds 10 functions at most (at byte 130)"
    );
    assert_eq!(refused(&nested(10_000)), "a call holds 10 functions at most (at byte 130)");
    let beside = format!("States.Array({})", ["States.UUID()"; FUNCTIONS_MAX].join(","));
    assert!(refused(&beside).starts_with("a call holds 10 functions at most"));

    let wide = |count: usize| format!("States.Array({})", vec!["$"; count].join(","));
    assert!(Call::parse(&wide(ARGUMENTS_MAX)).is_ok());
    assert!(refused(&wide(ARGUMENTS_MAX + 1)).starts_with("a call has 1000 arguments at most"));

    let long = |length: usize| format!("States.Format('{}')", "x".repeat(length - 17));
    assert!(Call::parse(&long(LENGTH_MAX)).is_ok());
    assert_eq!(
        refused(&long(LENGTH_MAX + 1)),
        "the call is longer than 262144 bytes (at byte 262144)"
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(
        text in r"(States\.(Array|Format)\(|[ $.,'()\[\]{}\\a-c0-9é-]){0,40}"
    ) {
        if let Err(error) = Call::parse(&text) {
            prop_assert!(text.is_char_boundary(error.offset), "{error}");
        }
    }
}
