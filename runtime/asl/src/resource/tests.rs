use super::{Completion, Resource};

#[test]
fn names_arns_and_integrations_are_told_apart() {
    let function = |text: &str| Some(Resource::Function(text.into()));
    let table = [
        ("credit-check", function("credit-check")),
        ("credit-check@1.2.0", function("credit-check@1.2.0")),
        ("credit-check:prod", function("credit-check:prod")),
        (
            "arn:aws:lambda:eu-west-1:123456789012:function:credit-check:prod",
            function("arn:aws:lambda:eu-west-1:123456789012:function:credit-check:prod"),
        ),
        ("arn:aws:lambda:eu-west-1:123456789012:function:", None),
        ("arn:aws:states:::lambda:invoke", Some(Resource::Invoke(Completion::Response))),
        ("arn:aws-cn:states:::lambda:invoke", Some(Resource::Invoke(Completion::Response))),
        (
            "arn:aws:states:::lambda:invoke.waitForTaskToken",
            Some(Resource::Invoke(Completion::TaskToken)),
        ),
        ("arn:aws:states:::dynamodb:query", None),
        ("arn:aws:sns:eu-west-1:123456789012:topic", None),
        ("", None),
        ("../escape", None),
        ("two words", None),
    ];
    for (text, expected) in table {
        assert_eq!(Resource::parse(text), expected, "{text}");
    }
}
