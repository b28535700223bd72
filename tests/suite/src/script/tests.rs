use std::time::Duration;

use stepwell_kernel::Failure;

use super::{Outcome, Script};

#[test]
fn calls_take_the_steps_in_order_and_the_last_one_stays() {
    let mut script = Script::parse("charge: fail Busy \"later\"; after 3s succeed [1]\n").unwrap();
    let first = script.call("charge");
    assert!(
        matches!(first.outcome, Outcome::Fail(failure) if failure == Failure::new("Busy", "later"))
    );
    for _ in 0..2 {
        let step = script.call("charge");
        assert_eq!(step.after, Duration::from_secs(3));
        assert!(matches!(step.outcome, Outcome::Succeed(output) if output.text() == "[1]"));
    }
    assert!(matches!(script.call("unknown").outcome, Outcome::Echo));
    assert!(script.token("Ask").is_none());
}

#[test]
fn what_cannot_be_read_is_refused() {
    for text in ["charge", "charge: dance", "charge: after soon echo", "charge: succeed {"] {
        assert!(Script::parse(text).is_err(), "{text}");
    }
}
