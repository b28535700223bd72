use super::*;

#[test]
fn an_exception_is_read_in_all_forms_in_which_it_was_recorded() {
    let text = "An error occurred (InvalidArn) when calling the TagResource operation: Invalid (x)";
    for recorded in [
        r#"{"Error": {"Code": "InvalidArn", "Message": "Invalid (x)"}, "message": "other"}"#,
        &format!(r#"{{"exception_typename": "InvalidArn", "exception_value": "{text}"}}"#),
        &format!(r#""{text}""#),
    ] {
        let read = Exception::recorded(&Value::parse(recorded).unwrap()).unwrap();
        assert_eq!(read, Exception::new("InvalidArn", "Invalid (x)"), "{recorded}");
    }
    assert!(Exception::recorded(&Value::from("An error occurred")).is_err());
}
