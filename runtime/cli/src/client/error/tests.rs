use stepwell::Value;

use super::CallError;
use crate::complaint::Complaint;

fn said(answer: &str, status: u16) -> String {
    Complaint::from(CallError::refused(&Value::parse(answer).unwrap(), status)).to_string()
}

#[test]
fn an_exception_is_told_by_its_name_and_its_text() {
    let invalid = r#"{"__type":"com.amazonaws.states#InvalidArn","message":"Invalid Arn: 'x'"}"#;
    assert_eq!(said(invalid, 400), "InvalidArn: Invalid Arn: 'x'");
    assert_eq!(said(r#"{"__type":"X","Message":"y"}"#, 400), "X: y");
    assert_eq!(said(r#"{"__type":"X"}"#, 400), "X");
    assert_eq!(said("{}", 503), "HTTP status 503");
}

#[test]
fn an_exception_cannot_move_the_cursor() {
    assert_eq!(said(r#"{"__type":"X","message":"\u001b[2J"}"#, 400), "X: \\u{1b}[2J");
}

#[test]
fn what_can_be_done_is_said() {
    let missing =
        r#"{"__type":"StateMachineDoesNotExist","message":"State Machine Does Not Exist"}"#;
    assert!(said(missing, 400).ends_with("\nhint: `stepwell machine list` shows what is there"));
    let endpoint = "http://127.0.0.1:9".to_owned();
    let gone = CallError::Unreachable { endpoint, problem: "refused".into() };
    assert_eq!(
        Complaint::from(gone).to_string(),
        "no server answers at http://127.0.0.1:9: refused\n\
         hint: start one with `stepwell serve`, or name another one with --endpoint"
    );
}

#[test]
fn a_certificate_that_is_not_trusted_is_told_apart_from_a_server_that_is_not_there() {
    let endpoint = "https://localhost:9".to_owned();
    let problem = "io: invalid peer certificate: UnknownIssuer".to_owned();
    let said = Complaint::from(CallError::Unreachable { endpoint, problem }).to_string();
    assert!(said.starts_with("the server at https://localhost:9 is not trusted: io: "), "{said}");
    assert!(said.contains("`client.ca`"), "{said}");
}
