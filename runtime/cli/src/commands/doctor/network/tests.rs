use std::time::{Duration, SystemTime};

use super::{Finding, Page, clock};

fn at(date: Option<&str>, seconds: u64) -> Finding {
    let page = Page { status: 200, date: date.map(str::to_owned) };
    clock(&page, SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

#[test]
fn a_clock_may_be_a_little_off() {
    let date = Some("Fri, 21 Nov 2025 04:40:00 GMT");
    let good = Finding::Good("it agrees with that of the server".to_owned());
    for seconds in [1_763_700_000, 1_763_700_299, 1_763_699_701] {
        assert_eq!(at(date, seconds), good);
    }
    for seconds in [1_763_700_300, 1_763_699_700] {
        let Finding::Bad(complaint) = at(date, seconds) else { panic!("{seconds}") };
        assert!(complaint.to_string().starts_with("it is 5 min 00 s off"), "{complaint}");
    }
}

#[test]
fn a_server_may_be_silent_about_the_time() {
    for date in [None, Some("soon")] {
        assert!(matches!(at(date, 0), Finding::Odd(_)));
    }
}
