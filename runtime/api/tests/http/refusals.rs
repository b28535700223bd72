//! Requests that are not served, and callers who mean harm.

use stepwell_api::{BindError, Options, Server};

use crate::client::{Answer, call, call_with, raw};
use crate::server::{start, start_with};

#[tokio::test]
async fn requests_that_are_not_in_order_get_the_services_exceptions() {
    let server = start().await;
    let at = server.address;
    let table = [
        ("Sing", "{}", "UnknownOperationException", "The requested operation is not supported"),
        ("ListStateMachines", "{", "SerializationException", ""),
        ("ListStateMachines", "[]", "SerializationException", ""),
        (
            "DescribeExecution",
            r#"{"executionArn":1}"#,
            "SerializationException",
            "NUMBER_VALUE can not be converted to a String",
        ),
        (
            "DescribeExecution",
            "{}",
            "ValidationException",
            "1 validation error detected: Value null at 'executionArn' failed to satisfy \
             constraint: Member must not be null",
        ),
        (
            "DescribeExecution",
            r#"{"executionArn":"bread"}"#,
            "InvalidArn",
            "Invalid Arn: 'Invalid ARN prefix: bread'",
        ),
        (
            "ListExecutions",
            r#"{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:x",
                "statusFilter":"succeeded"}"#,
            "ValidationException",
            "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy \
             constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, \
             PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
        ),
        ("SendTaskSuccess", r#"{"taskToken":"x","output":"1"}"#, "InvalidToken", ""),
        (
            "SendTaskSuccess",
            r#"{"taskToken":"x","output":"nothing"}"#,
            "InvalidOutput",
            "Invalid Output: 'Unrecognized token 'nothing': was expecting (JSON String, Number, \
             Array, Object or token 'null', 'true' or 'false')'",
        ),
    ];
    for (operation, body, name, message) in table {
        let answer = call(at, operation, body).await;
        assert_eq!(answer.status, 400, "{operation} {body}");
        let (found, text) = answer.exception();
        assert_eq!(found, name, "{operation} {body}: {text}");
        assert!(text.starts_with(message), "{operation} {body}: {text}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_not_read() {
    let mut options = Options::default();
    options.bounds.body_bytes_max = 1000;
    let server = start_with(options).await;
    let body = format!(r#"{{"name":"{}"}}"#, "x".repeat(2000));
    let answer = call(server.address, "CreateActivity", &body).await;
    assert_eq!((answer.status, answer.exception().0.as_str()), (413, "RequestEntityTooLarge"));
    server.stop().await;
}

#[tokio::test]
async fn foreign_pages_are_refused() {
    let server = start().await;
    let at = server.address;
    let own = format!("Origin: http://localhost:{}\r\n", at.port());
    for (headers, status) in [
        ("Origin: https://evil.example\r\n", 403),
        ("Sec-Fetch-Site: cross-site\r\n", 403),
        ("Origin: null\r\n", 403),
        (own.as_str(), 200),
        ("", 200),
    ] {
        let answer = call_with(at, "ListStateMachines", "{}", headers).await;
        assert_eq!(answer.status, status, "{headers}");
    }
    server.stop().await;
}

#[tokio::test]
async fn any_host_is_answered() {
    let server = start().await;
    let request = "POST / HTTP/1.1\r\nHost: sync-states.example\r\nConnection: close\r\n\
                   X-Amz-Target: AWSStepFunctions.ListStateMachines\r\nContent-Length: 2\r\n\r\n{}";
    let answer = Answer::parse(&raw(server.address, request.as_bytes()).await);
    assert_eq!(answer.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn health_is_told() {
    let server = start().await;
    for (path, text) in [("/healthz", "ok"), ("/readyz", "ready"), ("/metrics", "# HELP")] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address);
        let answer = Answer::parse(&raw(server.address, request.as_bytes()).await);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.body.starts_with(text), "{path}: {}", answer.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_public_address_needs_keys() {
    let tasks = stepwell::Stepwell::builder().registry(std::env::temp_dir());
    let stepwell = tasks.build().unwrap();
    let address = "0.0.0.0:0".parse().unwrap();
    let refused = Server::bind(address, stepwell, Options::default()).await;
    assert!(matches!(refused, Err(BindError::Open(_))));
}
