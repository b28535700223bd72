use crate::testing::{answer, check};
use crate::{Reason, TEXT_BYTES_MAX};

#[test]
fn places_are_filled_in_order() {
    check(&[
        (
            "States.Format('Hello, my name is {}.', $.name)",
            r#"{"name":"Ada"}"#,
            r#""Hello, my name is Ada.""#,
        ),
        (
            "States.Format($.template, $.name)",
            r#"{"name":"Ada","template":"{}{}"}"#,
            "number of arguments do not match the occurrences of {}: 2 occurrences, 1 arguments",
        ),
        ("States.Format($.template, 1, 2)", r#"{"template":"{}-{}"}"#, r#""1-2""#),
        ("States.Format('plain')", "{}", r#""plain""#),
        ("States.Format('')", "{}", r#""""#),
        (
            "States.Format('{}')",
            "{}",
            "number of arguments do not match the occurrences of {}: 1 occurrences, 0 arguments",
        ),
        (
            "States.Format('x', 1)",
            "{}",
            "number of arguments do not match the occurrences of {}: 0 occurrences, 1 arguments",
        ),
        // A value is not a template again.
        ("States.Format('{}{}', '{}', 1)", "{}", r#""{}1""#),
        ("States.Format(1)", "{}", "argument 1 has to be a string, not a number"),
        ("States.Format(null)", "{}", "argument 1 has to be a string, not null"),
    ]);
}

#[test]
fn values_appear_as_java_prints_them() {
    let call = "States.Format('{}', $)";
    check(&[
        (call, "null", r#""null""#),
        (call, "true", r#""true""#),
        (call, "1", r#""1""#),
        (call, "1.0", r#""1.0""#),
        (call, "12345678.5", r#""1.23456785E7""#),
        (call, r#""a\"b""#, r#""a\"b""#),
        (call, r#"{"Arg1":1,"Arg2":[]}"#, r#""{Arg1=1, Arg2=[]}""#),
        (call, r#"["a",null,{"b":[1,2]}]"#, r#""[a, null, {b=[1, 2]}]""#),
    ]);
}

#[test]
fn escapes_in_a_template_are_what_they_stand_for() {
    check(&[
        (r"States.Format('\{\}{}\\\'', 1)", "{}", r#""{}1\\'""#),
        (r"States.Format('\{{}\}', 1)", "{}", r#""{1}""#),
        ("States.Format($, 1)", r#""\\{\\}{}\\'""#, r#""{}1'""#),
        ("States.Format($, 1)", r#""it's {}""#, r#""it's 1""#),
        (
            "States.Format('a {b}')",
            "{}",
            r"character 3 of the template is a lone brace; write it as \{ or \}",
        ),
        (
            "States.Format('é}')",
            "{}",
            r"character 2 of the template is a lone brace; write it as \{ or \}",
        ),
        (
            "States.Format($)",
            r#""C:\\dir""#,
            r"character 3 of the template is a backslash that escapes nothing; write it as \\",
        ),
        (
            "States.Format($)",
            r#""\\""#,
            r"character 1 of the template is a backslash that escapes nothing; write it as \\",
        ),
        (
            "States.Format($)",
            r#""\\é""#,
            r"character 1 of the template is a backslash that escapes nothing; write it as \\",
        ),
    ]);
}

#[test]
fn a_text_longer_than_any_payload_is_refused() {
    let half = format!("\"{}\"", "x".repeat(TEXT_BYTES_MAX / 2));
    assert_eq!(answer("States.Format('{}{}', $, $)", &half).len(), TEXT_BYTES_MAX + 2);
    let too_long = answer("States.Format('{}{}!', $, $)", &half);
    assert_eq!(too_long, Reason::ResultTooLong.to_string());
}

#[test]
fn every_separator_splits_and_empty_parts_are_dropped() {
    let call = "States.StringSplit($.t, $.s)";
    check(&[
        (call, r#"{"t":"1,2,3","s":","}"#, r#"["1","2","3"]"#),
        (
            call,
            r#"{"t":"This.is+a,test=string","s":".+,="}"#,
            r#"["This","is","a","test","string"]"#,
        ),
        (call, r#"{"t":", , ,","s":","}"#, r#"[" "," "]"#),
        (call, r#"{"t":",,,","s":","}"#, "[]"),
        (call, r#"{"t":"","s":","}"#, "[]"),
        (call, r#"{"t":"a,b","s":""}"#, r#"["a,b"]"#),
        (call, r#"{"t":"","s":""}"#, "[]"),
        (call, r#"{"t":"aéb→c😀d","s":"→é😀"}"#, r#"["a","b","c","d"]"#),
        (call, r#"{"t":"a.b","s":".*"}"#, r#"["a","b"]"#),
        (call, r#"{"t":1,"s":","}"#, "argument 1 has to be a string, not a number"),
        (call, r#"{"t":"a","s":null}"#, "argument 2 has to be a string, not null"),
    ]);
}
