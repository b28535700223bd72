use super::*;

#[test]
fn only_tasks_of_the_services_own_interface_are_operations() {
    assert_eq!(operation("aws-sdk.sfn.sendTaskSuccess").as_deref(), Some("SendTaskSuccess"));
    assert_eq!(operation("aws-sdk.s3.getObject"), None);
}

#[test]
fn members_are_sent_with_small_letters_and_shown_with_capitals() {
    let value = |text| Value::parse(text).unwrap();
    let sent = as_sent(&value(r#"{"TaskToken": "t", "Input": null, "Output": "{}"}"#));
    assert_eq!(sent, value(r#"{"taskToken": "t", "output": "{}"}"#));
    assert_eq!(as_shown(&sent), value(r#"{"TaskToken": "t", "Output": "{}"}"#));
}
