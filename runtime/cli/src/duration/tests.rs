use std::time::Duration;

use super::Took;

#[test]
fn a_duration_is_as_exact_as_somebody_wants_to_know() {
    for (millis, text) in [
        (0, "0 ms"),
        (999, "999 ms"),
        (1_000, "1.00 s"),
        (1_239, "1.23 s"),
        (59_999, "59.99 s"),
        (60_000, "1 min 00 s"),
        (3_599_999, "59 min 59 s"),
        (3_600_000, "1 h 00 min"),
        (90_061_000, "25 h 01 min"),
    ] {
        assert_eq!(Took(Duration::from_millis(millis)).to_string(), text);
    }
    assert_eq!(format!("{:>8}", Took(Duration::ZERO)), "    0 ms");
}
