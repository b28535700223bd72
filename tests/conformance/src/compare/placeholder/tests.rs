use stepwell_value::Value;

use super::{Bound, Placeholders};

fn placeholders(text: &str) -> Placeholders {
    Placeholders::parse(Some(&Value::parse(text).unwrap()))
}

/// Whether texts fit what was recorded, one after the other.
#[track_caller]
fn check(placeholders: &Placeholders, pairs: &[(&str, &str, bool)]) {
    let mut bound = Bound::new();
    for (recorded, actual, expected) in pairs {
        let fits = placeholders.fits(recorded, actual, &mut bound);
        assert_eq!(fits, *expected, "{recorded} and {actual}");
    }
}

#[test]
fn a_placeholder_stands_for_the_same_text_each_time() {
    let placeholders = placeholders("{}");
    check(
        &placeholders,
        &[
            ("run <uuid:1> of <uuid:2>", "run a of b", true),
            ("again <uuid:1>", "again a", true),
            ("again <uuid:1>", "again b", false),
            ("<uuid:3>/<uuid:3>", "x/x", true),
            ("<uuid:4>/<uuid:4>", "x/y", false),
            ("<uuid:5>", "", false),
            ("no placeholder", "another text", false),
        ],
    );
}

#[test]
fn what_follows_decides_where_an_unknown_text_ends() {
    let placeholders = placeholders("{}");
    check(
        &placeholders,
        &[
            ("<a>:<b>:end", "x:y:z:end", true),
            // The first is as short as possible.
            ("<a>|<b>", "x|y:z", true),
            ("<c><d>", "ü2", true),
            // The first attempt fails, and what it took for an end is forgotten.
            ("<e>-<f>!<e>", "1-2-1!1-2", true),
            ("<c>", "ü", true),
        ],
    );
}

#[test]
fn words_stand_for_whatever_is_there() {
    let placeholders = placeholders("{}");
    check(
        &placeholders,
        &[
            ("arn:<partition>:x:<region>:", "arn:aws:x:us-east-1:", true),
            ("arn:<partition>:x:<region>:", "arn:aws-cn:x:<region>:", true),
            ("in <region>", "in us east", false),
        ],
    );
}

#[test]
fn a_wild_placeholder_stands_for_something_else_each_time() {
    let placeholders = placeholders(r#"{"wild": ["the_arn", "date", "<date>"]}"#);
    check(
        &placeholders,
        &[
            ("is the_arn", "is a", true),
            ("is the_arn", "is b", true),
            ("<date> and <date>", "a and b", true),
            // Too short to be looked for inside of a text.
            ("my date", "my a", false),
        ],
    );
    assert!(placeholders.is_wild("date"));
    assert!(!placeholders.is_wild("a date"));
}

#[test]
fn a_literal_is_no_placeholder() {
    let placeholders = placeholders(r#"{"literal": ["<omitted>"]}"#);
    check(
        &placeholders,
        &[
            ("<omitted> by <uuid:1>", "something by x", false),
            ("<omitted> by <uuid:2>", "<omitted> by x", true),
        ],
    );
    assert!(!placeholders.is_unknown("<omitted>"));
    assert!(placeholders.is_unknown("<uuid:1>"));
    assert!(!placeholders.is_unknown("x <uuid:1>"));
}

#[test]
fn what_is_known_is_filled_in() {
    let placeholders = placeholders(r#"{"bind": {"<name>": "one", "<name>s": "many"}}"#);
    let recorded = Value::parse(r#"{"a":["<name>s of <name>"],"b":1}"#).unwrap();
    assert_eq!(placeholders.bind(&recorded).to_string(), r#"{"a":["many of one"],"b":1}"#);
}
