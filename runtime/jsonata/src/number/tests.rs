use super::*;

#[test]
fn numbers_print_as_in_javascript() {
    for (number, text) in [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (100.0, "100"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e21, "1.5e+21"),
        (123_456_789.25, "123456789.25"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (-1.25e-9, "-1.25e-9"),
        (0.1 + 0.2, "0.30000000000000004"),
        (f64::MAX, "1.7976931348623157e+308"),
        (f64::NAN, "NaN"),
        (f64::NEG_INFINITY, "-Infinity"),
    ] {
        assert_eq!(text_of(number), text);
    }
}

#[test]
fn whole_results_are_integers_as_long_as_they_are_exact() {
    assert_eq!(from_f64(3.0), Value::Int(3));
    assert_eq!(from_f64(-0.0), Value::Int(0));
    assert_eq!(from_f64(9_007_199_254_740_991.0), Value::Int(9_007_199_254_740_991));
    assert_eq!(from_f64(9_007_199_254_740_992.0), Value::Float(9_007_199_254_740_992.0));
    assert_eq!(from_f64(0.5), Value::Float(0.5));
}

#[test]
fn precision_counts_significant_digits() {
    assert!((to_precision(1.0 / 3.0, 3) - 0.333).abs() < f64::EPSILON);
    assert!((to_precision(123.456, 2) - 120.0).abs() < f64::EPSILON);
}

#[test]
fn layouts_differ_in_digits_and_blanks() {
    let value = Value::parse(r#"{"a":[0.1234567890123456789,{}],"b":"\n"}"#).unwrap();
    let print = |layout| {
        let mut out = String::new();
        write_json(&mut out, &value, layout);
        out
    };
    assert_eq!(print(Layout::Exact), r#"{"a":[0.12345678901234568,{}],"b":"\n"}"#);
    assert_eq!(print(Layout::Rounded), r#"{"a":[0.123456789012346,{}],"b":"\n"}"#);
    let indented = "{\n  \"a\": [\n    0.123456789012346,\n    {}\n  ],\n  \"b\": \"\\n\"\n}";
    assert_eq!(print(Layout::Indented(0)), indented);
}
