use stepwell_value::Value;

use super::{Differences, Placeholders};

/// What differs at a place, and then what differs in form.
#[track_caller]
fn check(path: &str, expected: &str, actual: &str, hard: &[&str], of_form: &[&str]) {
    let placeholders = r#"{"wild": ["any_arn"], "literal": ["<omitted>"]}"#;
    let placeholders = Placeholders::parse(Some(&Value::parse(placeholders).unwrap()));
    let mut differences = Differences::new(&placeholders);
    let (expected, actual) = (Value::parse(expected).unwrap(), Value::parse(actual).unwrap());
    differences.compare(&expected, &actual, path);
    assert_eq!(differences.hard, hard, "{expected} and {actual}");
    assert_eq!(differences.of_form, of_form, "{expected} and {actual}");
}

#[track_caller]
fn equal(expected: &str, actual: &str) {
    check("$", expected, actual, &[], &[]);
}

#[test]
fn what_is_missing_or_too_much_is_a_difference() {
    check(
        "$",
        r#"{"a":1}"#,
        r#"{"b":2}"#,
        &["$.a: missing, expected 1", "$.b: not expected, got 2"],
        &[],
    );
    check("$", "[1]", "[1,2]", &["$: expected [1], got [1,2]"], &[]);
    check("$", "[1,2]", "[1,3]", &["$[1]: expected 2, got 3"], &[]);
    check("$", "null", "0", &["$: expected null, got 0"], &[]);
    check(
        "$",
        "9007199254740993",
        "9007199254740992",
        &["$: expected 9007199254740993, got 9007199254740992"],
        &[],
    );
}

#[test]
fn a_number_may_be_written_differently() {
    check("$", "1.0", "1", &[], &["$: the number 1.0 is written 1"]);
    check("$", "1.5", "1", &["$: expected 1.5, got 1"], &[]);
}

#[test]
fn the_plumbing_of_an_integration_may_differ() {
    check(
        "$",
        r#"{"SdkHttpMetadata":{"a":[1]}}"#,
        r#"{"SdkHttpMetadata":{"a":[2]}}"#,
        &[],
        &["$.SdkHttpMetadata.a[0]: expected 1, got 2"],
    );
    check("$", r#"{"SdkHttpMetadata":1}"#, "{}", &[], &["$.SdkHttpMetadata: missing, expected 1"]);
}

#[test]
fn a_text_may_stand_for_a_value() {
    equal(r#""<uuid:1>""#, "7");
    equal(r#""any_arn""#, "[1]");
    equal(r#""[1, 2]""#, "[1,2.0]");
    check("$", r#""<uuid:1>""#, "null", &[r#"$: expected "<uuid:1>", got null"#], &[]);
    check("$", r#""<omitted>""#, "7", &[r#"$: expected "<omitted>", got 7"#], &[]);
    check("$", r#""7""#, "7", &[r#"$: expected "7", got 7"#], &[]);
    check("$", r#""[1]""#, "[2]", &[r#"$: expected "[1]", got [2]"#], &[]);
}

#[test]
fn a_moment_is_any_moment() {
    equal(r#""datetime""#, "1.5");
    equal(r#""timestamp""#, r#""date""#);
    check("e.timestamp", r#""timestamp""#, r#""whenever""#, &[], &[]);
    check(
        "$",
        r#""timestamp""#,
        r#""whenever""#,
        &[r#"$: expected "timestamp", got "whenever""#],
        &[],
    );
}

#[test]
fn the_recorder_has_parsed_some_texts() {
    check("e.stateExitedEventDetails.output", "[1]", r#""[1]""#, &[], &[]);
    check("$.output", "[1]", r#""[2]""#, &["$.output[0]: expected 1, got 2"], &[]);
    check("$.other", "[1]", r#""[1]""#, &[r#"$.other: expected [1], got "[1]""#], &[]);
}
