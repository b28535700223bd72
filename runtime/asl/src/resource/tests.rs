use super::{Completion, Integration, Resource};

/// The kind, and for an integration its parts.
fn shown(text: &str) -> String {
    match Resource::parse(text) {
        None => "none".into(),
        Some(Resource::Function(name)) => format!("function {name}"),
        Some(Resource::Activity(name)) => format!("activity {name}"),
        Some(Resource::Integration(Integration { service, action, completion })) => {
            format!("{service} {action} {completion:?}")
        }
    }
}

#[test]
fn functions_and_activities_are_kept_as_they_are_written() {
    let table = [
        ("credit-check", "function"),
        ("credit-check@1.2.0", "function"),
        ("credit-check:prod", "function"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:credit-check", "function"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:credit-check:prod", "function"),
        ("arn:aws-cn:lambda:cn-north-1:123456789012:function:f:$LATEST", "function"),
        ("arn:aws:states:eu-west-1:123456789012:activity:approve", "activity"),
    ];
    for (text, expected) in table {
        assert_eq!(shown(text), format!("{expected} {text}"));
    }
}

#[test]
fn integrations_have_a_service_an_action_and_a_completion() {
    let table = [
        ("lambda:invoke", "lambda invoke Response"),
        ("lambda:invoke.waitForTaskToken", "lambda invoke TaskToken"),
        ("lambda:invoke.sync", "none"),
        ("states:startExecution", "states startExecution Response"),
        ("states:startExecution.sync", "states startExecution Sync"),
        ("states:startExecution.sync:2", "states startExecution Sync2"),
        ("states:startExecution.waitForTaskToken", "states startExecution TaskToken"),
        ("ecs:runTask.sync", "ecs runTask Sync"),
        ("ecs:runTask.sync:2", "none"),
        ("sqs:sendMessage.waitForTaskToken", "sqs sendMessage TaskToken"),
        ("dynamodb:putItem", "dynamodb putItem Response"),
        ("dynamodb:putItem.waitForTaskToken", "none"),
        // The service refuses this very one.
        ("dynamodb:query", "none"),
        ("http:invoke", "http invoke Response"),
        ("aws-sdk:dynamodb:query", "aws-sdk:dynamodb query Response"),
        ("aws-sdk:sfn:startExecution.waitForTaskToken", "aws-sdk:sfn startExecution TaskToken"),
        ("aws-sdk:sfn:startExecution.sync", "none"),
        ("aws-sdk:DynamoDB:query", "none"),
        ("aws-sdk:dynamodb:Query", "none"),
        ("aws-sdk:dynamodb", "none"),
        ("lambda", "none"),
        ("", "none"),
    ];
    for (text, expected) in table {
        for partition in ["aws", "aws-cn"] {
            let text = format!("arn:{partition}:states:::{text}");
            assert_eq!(shown(&text), expected, "{text}");
        }
    }
}

#[test]
fn anything_else_is_no_resource() {
    let table = [
        "",
        "../escape",
        "two words",
        "arn:",
        "arn:aws:lambda:eu-west-1:123456789012:function:",
        "arn:aws:lambda:eu-west-1:123456789012:function:f:1:2",
        "arn:aws:sns:eu-west-1:123456789012:topic",
        "arn:aws:states:eu-west-1:123456789012:activity:",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:m",
    ];
    for text in table {
        assert_eq!(shown(text), "none", "{text}");
    }
}

#[test]
fn an_integration_prints_as_it_is_written() {
    for text in ["lambda:invoke", "states:startExecution.sync:2", "aws-sdk:dynamodb:query"] {
        let Some(Resource::Integration(integration)) =
            Resource::parse(&format!("arn:aws:states:::{text}"))
        else {
            panic!("{text} is an integration");
        };
        assert_eq!(integration.to_string(), text);
    }
}

#[test]
fn only_lambda_invoke_is_lambda_invoke() {
    let table = [
        ("arn:aws:states:::lambda:invoke", true, Completion::Response),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", true, Completion::TaskToken),
        ("arn:aws:states:::aws-sdk:lambda:invoke", false, Completion::Response),
        ("invoke", false, Completion::Response),
        ("arn:aws:states:::glue:startJobRun.sync", false, Completion::Sync),
    ];
    for (text, is_invoke, completion) in table {
        let resource = Resource::parse(text).unwrap();
        assert_eq!((resource.is_lambda_invoke(), resource.completion()), (is_invoke, completion));
    }
}
