use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::{SECONDS_MAX, Timestamp};

#[test]
fn the_basic_format_is_read_and_shown() {
    for (text, seconds) in [
        ("19700101T000000Z", 0),
        ("20150830T123600Z", 1_440_938_160),
        ("20160229T235959Z", 1_456_790_399),
        ("99991231T235959Z", SECONDS_MAX),
    ] {
        let read = Timestamp::parse_basic(text).unwrap();
        assert_eq!(read, Timestamp(seconds));
        assert_eq!(read.to_string(), text);
    }
}

#[test]
fn nothing_else_is_a_time() {
    for text in [
        "",
        "Z",
        "TZ",
        "20150830T123600",
        "20150830T123600z",
        "20150830 123600Z",
        "20150830T1236Z",
        "20150830T12360Z",
        "+2150830T123600Z",
        "2015083\u{661}T123600Z",
        "20150229T000000Z",
        "20151301T000000Z",
        "20150001T000000Z",
        "20150830T240000Z",
        "20150830T236060Z",
        "19691231T235959Z",
        "020150830T123600Z",
        "201508301T123600Z",
    ] {
        assert_eq!(Timestamp::parse_basic(text), None, "{text}");
    }
}

#[test]
fn a_date_header_is_read_in_its_own_notation_too() {
    let expected = Timestamp(1_440_938_160);
    for text in
        ["Sun, 30 Aug 2015 12:36:00 GMT", "Sun, 30 Aug 2015 14:36:00 +0200", "20150830T123600Z"]
    {
        assert_eq!(Timestamp::parse_http(text), Some(expected), "{text}");
    }
    for text in ["30.08.2015", "Sun, 30 Aug 1960 12:36:00 GMT", "Sun, 30 Aug"] {
        assert_eq!(Timestamp::parse_http(text), None, "{text}");
    }
}

#[test]
fn instants_that_cannot_be_shown_become_the_nearest_that_can() {
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(Timestamp::of(before), Timestamp(0));
    let after = SystemTime::UNIX_EPOCH + Duration::from_secs(SECONDS_MAX + 1);
    assert_eq!(Timestamp::of(after).to_string(), "99991231T235959Z");
    assert_eq!(Timestamp(5).minus(Duration::from_secs(6)), Timestamp(0));
    assert_eq!(Timestamp(SECONDS_MAX).plus(Duration::MAX), Timestamp(SECONDS_MAX));
}

proptest! {
    #[test]
    fn what_is_shown_is_read_back(seconds in 0..=SECONDS_MAX) {
        let shown = Timestamp(seconds).to_string();
        prop_assert_eq!(Timestamp::parse_basic(&shown), Some(Timestamp(seconds)));
    }

    #[test]
    fn reading_any_text_does_not_panic(text in ".*") {
        let _read = (Timestamp::parse_basic(&text), Timestamp::parse_http(&text));
    }
}
