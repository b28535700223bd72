use stepwell_value::Value;

use super::actual;

#[track_caller]
fn check(response: &str, stored: &str) {
    let response = Value::parse(response).unwrap();
    assert_eq!(actual(&response).to_string(), stored);
}

#[test]
fn the_text_of_an_object_is_unfolded_one_level_deep() {
    check(r#"{"a":{"b":"{\"c\":\"{}\"}"}}"#, r#"{"a":{"b":{"c":"{}"}}}"#);
    check(r#"["{}"]"#, r#"["{}"]"#);
    check(r#"{"a":"[1]","b":"{1}","c":"1"}"#, r#"{"a":"[1]","b":"{1}","c":"1"}"#);
}

#[test]
fn what_differs_from_run_to_run_is_masked() {
    for moment in ["2026-01-02T12:00:00Z", "2026-01-02T12:00:00.123+01:00"] {
        check(&format!(r#"{{"a":"at {moment}."}}"#), r#"{"a":"at date."}"#);
    }
    check(r#"{"a":"2026-13-02T12:00:00Z"}"#, r#"{"a":"2026-13-02T12:00:00Z"}"#);
    check(
        r#"{"a":"arn:aws:states:us-east-1:000000000000:execution:x"}"#,
        r#"{"a":"arn:<partition>:states:<region>:111111111111:execution:x"}"#,
    );
    check(
        r#"{"a":"(Request ID: 0a-1; Extended Request ID: Ab/=)","ResponseMetadata":{}}"#,
        r#"{"a":"(Request ID: <request_id>; Extended Request ID: <extended_request_id>)"}"#,
    );
}
