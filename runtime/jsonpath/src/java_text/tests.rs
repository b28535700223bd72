use stepwell_value::{DEPTH_MAX, Value};

use super::JavaText;

#[test]
fn prints_as_java_does() {
    for (json, text) in [
        ("null", "null"),
        (r#""a b""#, "a b"),
        (r#"{"a":{"b":[true,"x"]},"c":[]}"#, "{a={b=[true, x]}, c=[]}"),
        (
            "[0.0,0.001,0.0005,9999999.0,12345678.0,-1.5e300,7]",
            "[0.0, 0.001, 5.0E-4, 9999999.0, 1.2345678E7, -1.5E300, 7]",
        ),
    ] {
        assert_eq!(JavaText(&Value::parse(json).unwrap()).to_string(), text);
    }
}

#[test]
fn leaves_out_what_nests_too_deep() {
    let nested = (0..=DEPTH_MAX).fold(Value::Null, |inner, _| Value::from(vec![inner]));
    assert_eq!(
        JavaText(&nested).to_string(),
        format!("{}...{}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX))
    );
}
