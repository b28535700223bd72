use super::*;

fn recorded(text: &str) -> Era {
    Era::of(&Value::parse(&format!(r#"{{"source": {{"recorded": {text}}}}}"#)).unwrap())
}

#[test]
fn a_member_may_be_missing_from_what_was_recorded_before_it_was_sent() {
    let old = recorded(r#""14-11-2023, 23:59:59""#);
    assert!(old.is_before("redriveCount"));
    assert!(old.is_before("encryptionConfiguration"));
    assert!(!old.is_before("status"));
    let new = recorded(r#""15-11-2023, 00:00:00""#);
    assert!(!new.is_before("redriveCount"));
    assert!(new.is_before("encryptionConfiguration"));
}

#[test]
fn without_a_day_everything_has_to_be_there() {
    for text in ["null", r#""once""#, r#""1-1-x, 0:0""#] {
        assert!(!recorded(text).is_before("redriveCount"), "{text}");
    }
}
