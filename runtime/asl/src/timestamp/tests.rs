use std::time::Duration;

use proptest::prelude::*;

use super::Timestamp;

fn shown(text: &str) -> Option<String> {
    Timestamp::parse(text).map(|timestamp| timestamp.to_string())
}

#[test]
fn reads_rfc_3339_and_nothing_looser() {
    let table = [
        ("1970-01-01T00:00:00Z", Some("1970-01-01T00:00:00.000Z")),
        ("2016-03-14T01:59:00Z", Some("2016-03-14T01:59:00.000Z")),
        ("2016-03-14T01:59Z", Some("2016-03-14T01:59:00.000Z")),
        ("2024-02-29T23:59:59.999999999Z", Some("2024-02-29T23:59:59.999Z")),
        ("2016-03-14T01:59:00+02:30", Some("2016-03-13T23:29:00.000Z")),
        ("2016-03-14T01:59:00-02:30", Some("2016-03-14T04:29:00.000Z")),
        ("1969-12-31T23:59:59.5Z", Some("1969-12-31T23:59:59.500Z")),
        ("2023-02-29T00:00:00Z", None),
        ("2016-13-05T21:29:29Z", None),
        ("2016-12-05T25:29:29Z", None),
        ("2016-12-05 21:29:29Z", None),
        ("2016-12-05T21:29:29", None),
        ("05-12-2016T21:29:29Z", None),
        ("2016-12-05T21:29:29z", None),
        ("2016-12-05T21:29.5Z", None),
        ("", None),
    ];
    for (text, expected) in table {
        assert_eq!(shown(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn adds_and_subtracts_with_carry() {
    let start = Timestamp::from_unix_millis(-1500);
    let later = start.saturating_add(Duration::from_millis(2700));
    assert_eq!(later.unix_millis(), 1200);
    assert_eq!(later.saturating_since(start), Duration::from_millis(2700));
    assert_eq!(start.saturating_since(later), Duration::ZERO);
    let end = start.saturating_add(Duration::MAX);
    assert_eq!(end.saturating_add(Duration::from_secs(1)).unix_millis(), i64::MAX);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(millis in -60_000_000_000_000_i64..250_000_000_000_000) {
        let timestamp = Timestamp::from_unix_millis(millis);
        prop_assert_eq!(Timestamp::parse(&timestamp.to_string()), Some(timestamp));
        prop_assert_eq!(timestamp.unix_millis(), millis);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[0-9TZ:.+-]{0,40}") {
        Timestamp::parse(&text);
    }
}
