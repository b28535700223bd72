use stepwell::Value;

use super::shown;

#[test]
fn seconds_with_a_fraction_are_an_instant() {
    let cases = [
        ("0", "1970-01-01T00:00:00.000Z"),
        ("1763700000.5", "2025-11-21T04:40:00.500Z"),
        ("1763700000.123", "2025-11-21T04:40:00.123Z"),
        ("\"soon\"", "-"),
        ("1e300", "-"),
        ("null", "-"),
    ];
    for (json, said) in cases {
        assert_eq!(shown(Some(&Value::parse(json).unwrap())), said, "{json}");
    }
    assert_eq!(shown(None), "-");
}
