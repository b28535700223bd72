use super::*;

#[test]
fn documents_are_printed_as_python_prints_them() {
    let cases = [
        (r#"{"a":[1,2.5,null],"b":{}}"#, r#"{"a": [1, 2.5, null], "b": {}}"#),
        (r#""a,b:c""#, r#""a,b:c""#),
        ("\"\u{e4}\u{1f35e}\"", r#""\u00e4\ud83c\udf5e""#),
        (r#""\n\u0012""#, r#""\n\u0012""#),
    ];
    for (text, printed) in cases {
        assert_eq!(python_json(&Value::parse(text).unwrap()), printed);
    }
}
