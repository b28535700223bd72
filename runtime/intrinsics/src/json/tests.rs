use stepwell_value::Value;

use crate::arguments::Arguments;
use crate::json::to_string;
use crate::testing::check;
use crate::{Reason, TEXT_BYTES_MAX};

#[test]
fn a_text_is_parsed_and_one_of_blanks_is_null() {
    let call = "States.StringToJson($)";
    check(&[
        (call, r#""{\"a\":[1,2.50,\"x\"]}""#, r#"{"a":[1,2.5,"x"]}"#),
        (call, r#""""#, "null"),
        (call, r#"" \n\t""#, "null"),
        (call, r#""-0""#, "0"),
        (call, r#"" 1.1 ""#, "1.1"),
        (call, r#""\"a\"""#, r#""a""#),
        (call, r#""{\"a\":1,\"a\":2}""#, r#"{"a":2}"#),
        (r#"States.StringToJson('{"a": "b"}')"#, "{}", r#"{"a":"b"}"#),
        (
            call,
            r#""{a:1}""#,
            "argument 1 is not JSON: found 'a' where a member's name in double quotes was expected (line 1, column 2)",
        ),
        (
            call,
            r#""1 2""#,
            "argument 1 is not JSON: found '2' after the end of the document (line 1, column 3)",
        ),
        (call, r#"{"a":1}"#, "argument 1 has to be a string, not an object"),
        (call, "null", "argument 1 has to be a string, not null"),
    ]);
}

#[test]
fn a_value_is_printed_without_blanks() {
    let call = "States.JsonToString($)";
    check(&[
        (call, r#"{"Arg1": 1, "Arg2": []}"#, r#""{\"Arg1\":1,\"Arg2\":[]}""#),
        (call, r#""a\"b""#, r#""\"a\\\"b\"""#),
        (call, "null", r#""null""#),
        (call, "-0", r#""0""#),
        (call, "1.0", r#""1.0""#),
        (call, r#""é→""#, r#""\"é→\"""#),
    ]);
}

#[test]
fn a_value_that_prints_too_long_is_refused() {
    let text = |length| Value::from("x".repeat(length));
    let printed = to_string(&Arguments(&[text(TEXT_BYTES_MAX - 2)]));
    assert!(printed.is_ok_and(|printed| printed.as_str().unwrap().len() == TEXT_BYTES_MAX));
    assert_eq!(to_string(&Arguments(&[text(TEXT_BYTES_MAX - 1)])), Err(Reason::ResultTooLong));
    let shared = Value::from(vec![text(1000); 2000]);
    assert_eq!(to_string(&Arguments(&[shared])), Err(Reason::ResultTooLong));
}

#[test]
fn the_second_object_goes_on_top_of_the_first() {
    let call = "States.JsonMerge($.a, $.b, false)";
    check(&[
        (
            call,
            r#"{"a":{"a":{"a1":1,"a2":2},"b":2,"d":3},"b":{"a":{"a3":1,"a4":2},"c":3,"d":4}}"#,
            r#"{"a":{"a3":1,"a4":2},"b":2,"c":3,"d":4}"#,
        ),
        (call, r#"{"a":{},"b":{}}"#, "{}"),
        (call, r#"{"a":{"x":1},"b":{"x":null}}"#, r#"{"x":null}"#),
        (call, r#"{"a":[],"b":{}}"#, "argument 1 has to be an object, not an array"),
        (call, r#"{"a":{},"b":null}"#, "argument 2 has to be an object, not null"),
        (
            "States.JsonMerge($, $, true)",
            "{}",
            "argument 3 has to be false: objects are not merged deeply",
        ),
        ("States.JsonMerge($, $, 'false')", "{}", "argument 3 has to be a boolean, not a string"),
        ("States.JsonMerge($, $, null)", "{}", "argument 3 has to be a boolean, not null"),
    ]);
}
