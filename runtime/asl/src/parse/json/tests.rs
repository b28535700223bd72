use stepwell_value::Value;

use super::diagnostic;

/// The message without its place, and the place's line and column.
fn shown(text: &str) -> String {
    let found = diagnostic(text, &Value::parse(text).unwrap_err());
    let message = found.message.strip_suffix(&format!("\n at {}", found.location));
    let (_, place) = found.location.rsplit_once("; line: ").expect("a place");
    format!("{} @{}", message.expect("the place ends the message"), place.trim_end_matches(']'))
}

#[test]
fn a_text_is_refused_in_the_services_words() {
    // What the service was seen to answer.
    let found = diagnostic("not a definition", &Value::parse("not a definition").unwrap_err());
    let place = r#"[Source: (String)"not a definition"; line: 1, column: 4]"#;
    assert_eq!(found.location, place);
    assert_eq!(
        found.message,
        format!(
            "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token \
             'null', 'true' or 'false')\n at {place}"
        )
    );
}

#[test]
fn every_kind_of_mistake_has_its_words() {
    let values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    let token = |token: &str| format!("Unrecognized token '{token}': was expecting {values}");
    let close = |kind: &str, text: &str, column: usize| {
        format!(
            "Unexpected end-of-input: expected close marker for {kind} (start marker at \
             [Source: (String)\"{text}\"; line: 1, column: {column}])"
        )
    };
    let table = [
        (r#"{"a": yes}"#, format!("{} @1, column: 10", token("yes"))),
        ("[nul]", format!("{} @1, column: 5", token("nul"))),
        ("fals", format!("{} @1, column: 5", token("fals"))),
        (
            r#"{"a":1,}"#,
            "Unexpected character ('}' (code 125)): was expecting double-quote to start field name \
             @1, column: 9"
                .into(),
        ),
        (
            "{\n \"a\" 1}",
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name \
             and value @2, column: 7"
                .into(),
        ),
        (
            r#"{"a":1 "b":2}"#,
            "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries \
             @1, column: 9"
                .into(),
        ),
        (
            "[1 2]",
            "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries \
             @1, column: 5"
                .into(),
        ),
        (
            "[}",
            format!("Unexpected character ('}}' (code 125)): expected a valid value {values} \
                     @1, column: 3"),
        ),
        ("{", format!("{} @1, column: 2", close("Object", "{", 1))),
        ("[[1],", format!("{} @1, column: 6", close("Array", "[[1],", 1))),
        (
            r#"{"a"#,
            "Unexpected end-of-input: was expecting closing quote for a string value @1, column: 4"
                .into(),
        ),
        ("[\"\\q\"]", "Unrecognized character escape 'q' (code 113) @1, column: 5".into()),
        (
            "[\"\n\"]",
            "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash \
             to be included in string value @2, column: 1"
                .into(),
        ),
        ("[01]", "Invalid numeric value @1, column: 5".into()),
        ("{} x", "found 'x' after the end of the document @1, column: 5".into()),
    ];
    for (text, expected) in table {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn a_long_text_is_shown_to_a_limit() {
    let text = format!("[{}", "ü".repeat(600));
    let found = diagnostic(&text, &Value::parse(&text).unwrap_err());
    let shown = format!("[Source: (String)\"[{}\"[truncated 101 chars]; ", "ü".repeat(499));
    assert!(found.location.starts_with(&shown), "{}", found.location);
}

#[test]
fn our_own_words_are_the_hint() {
    let found = diagnostic("[1,", &Value::parse("[1,").unwrap_err());
    let hint = found.hint.unwrap();
    assert_eq!(hint, "the text ends where a value was expected (line 1, column 4)");
}
