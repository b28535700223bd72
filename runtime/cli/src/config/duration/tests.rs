use std::time::Duration;

use super::{parse, print};

#[test]
fn a_number_and_a_unit_are_a_duration() {
    let cases = [("90d", 90 * 86_400_000), ("5m", 300_000), ("12 h", 43_200_000), ("30s", 30_000)];
    for (text, millis) in cases {
        assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
    }
    assert_eq!(parse("250ms"), Some(Duration::from_millis(250)));
}

#[test]
fn anything_else_is_none() {
    for text in ["", "5", "m", "-5m", "5 minutes", "1.5h", "99999999999999999999d", "5m5s"] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn it_is_printed_in_the_longest_unit_that_fits() {
    for text in ["90d", "25h", "61m", "1h", "90s", "1m", "1500ms", "0s"] {
        assert_eq!(print(parse(text).unwrap()), text);
    }
}
