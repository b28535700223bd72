use stepwell::{Definition, Failure, Payload};

use super::{Answer, Answers, parse_answer};

const WORKFLOW: &str = r#"{ "StartAt": "Ask", "States": {
  "Ask": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
           "Parameters": { "FunctionName": "ask" }, "Next": "Ask=b" },
  "Ask=b": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
             "Parameters": { "FunctionName": "ask" }, "Next": "Plain" },
  "Plain": { "Type": "Pass", "End": true } } }"#;

#[expect(clippy::unnecessary_wraps, reason = "an answer may be a failure as well")]
fn json(text: &str) -> Answer {
    Ok(Payload::parse(text).unwrap())
}

#[track_caller]
fn answers(arguments: &[&str]) -> Answers {
    let definition = Definition::parse(WORKFLOW).unwrap();
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    Answers::parse(&arguments, &definition).unwrap()
}

#[test]
fn answers_are_given_in_their_order_and_the_last_one_from_then_on() {
    let mut answers = answers(&["Ask=1", "Ask=2"]);
    let given: Vec<_> = (0..4).map(|_| answers.next("Ask").unwrap()).collect();
    assert_eq!(given, [json("1"), json("2"), json("2"), json("2")]);
    assert_eq!(answers.next("Ask=b"), None);
}

#[test]
fn a_name_with_an_equals_sign_is_understood() {
    let mut answers = answers(&["Ask=b=1", "Ask=\"b=2\""]);
    assert_eq!(answers.next("Ask=b"), Some(json("1")));
    assert_eq!(answers.next("Ask"), Some(json("\"b=2\"")));
}

#[test]
fn an_answer_may_be_a_failure() {
    let failed = |error: Option<&str>, cause: Option<&str>| {
        Ok(Err(Failure { error: error.map(Into::into), cause: cause.map(Into::into) }))
    };
    assert_eq!(
        parse_answer(" fail Late too many cooks "),
        failed(Some("Late"), Some("too many cooks"))
    );
    assert_eq!(parse_answer("fail Late"), failed(Some("Late"), None));
    assert_eq!(parse_answer("fail"), failed(None, None));
    assert_eq!(parse_answer("{ }"), Ok(json("{ }")));
    let message = parse_answer("failing").unwrap_err();
    assert!(message.starts_with("neither JSON nor `fail NAME CAUSE`: "), "{message}");
}
