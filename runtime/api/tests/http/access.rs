//! Where there are keys: who is let in, and to what.

use std::net::SocketAddr;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use stepwell::{MockConfig, Object, Value};
use stepwell_access::{Key, Keys, Policy, Principal, Secret};
use stepwell_api::Options;

use crate::client::{Answer, call, call_with};
use crate::server::{Running, start_mocked, start_with};

const BAKER: (&str, &str) = ("AKIDBAKER", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
const GUEST: (&str, &str) = ("AKIDGUEST", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY");
const BREAD: &str = "arn:aws:states:us-east-1:000000000000:stateMachine:bread";
const PASS: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;

/// The baker may do everything; a guest may look at bread, and start it.
fn keys() -> Keys {
    let key = |(id, secret): (&str, &str), name, policy: String| Key {
        id: id.into(),
        secret: Secret::new(secret),
        session_token: None,
        principal: Principal::new("000000000000", name).unwrap(),
        policy: Policy::parse(&policy).unwrap(),
    };
    let all = r#"{"Statement":{"Effect":"Allow","Action":"states:*","Resource":"*"}}"#;
    let bread = format!(
        r#"{{"Statement":[
            {{"Effect":"Allow","Action":["states:Describe*","states:Start*"],"Resource":"{BREAD}"}},
            {{"Effect":"Deny","Action":"states:StartSync*","Resource":"*"}}]}}"#
    );
    Keys::new([key(BAKER, "baker", all.to_owned()), key(GUEST, "guest", bread)]).unwrap()
}

async fn start() -> Running {
    start_with(Options { keys: Some(keys()), ..Options::default() }).await
}

/// The headers that sign a call, each ended by a line break.
fn signature(at: SocketAddr, (id, secret): (&str, &str), operation: &str, body: &str) -> String {
    let identity = Credentials::new(id, secret, None, None, "test").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("states")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let (host, target) = (at.to_string(), format!("AWSStepFunctions.{operation}"));
    let headers = [
        ("host", &*host),
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amz-target", &*target),
    ];
    let url = format!("http://{at}/");
    let body = SignableBody::Bytes(body.as_bytes());
    let request = SignableRequest::new("POST", &url, headers.into_iter(), body).unwrap();
    let (instructions, _signature) = sign(request, &parameters).unwrap().into_parts();
    let lines = instructions.headers().map(|(name, value)| [name, ": ", value, "\r\n"].concat());
    lines.collect::<Vec<_>>().concat()
}

async fn signed(at: SocketAddr, key: (&str, &str), operation: &str, body: &str) -> Answer {
    call_with(at, operation, body, &signature(at, key, operation, body)).await
}

fn object<const N: usize>(members: [(&str, &str); N]) -> String {
    Value::from(members.into_iter().collect::<Object>()).to_string()
}

async fn make(at: SocketAddr, name: &str) {
    let role = "arn:aws:iam::000000000000:role/baker";
    let new = object([("name", name), ("definition", PASS), ("roleArn", role)]);
    let made = signed(at, BAKER, "CreateStateMachine", &new).await;
    assert_eq!(made.status, 200, "{}", made.body);
}

#[tokio::test]
async fn nobody_comes_in_without_a_key() {
    let server = start().await;
    let answer = call(server.address, "ListStateMachines", "{}").await;
    assert_eq!(answer.exception().0, "MissingAuthenticationTokenException");
    let forged = "X-Amz-Date: 20150830T123600Z\r\nAuthorization: AWS4-HMAC-SHA256 \
                  Credential=AKIDBAKER/20150830/us-east-1/states/aws4_request, \
                  SignedHeaders=host;x-amz-date;x-amz-target, Signature=00\r\n";
    let answer = call_with(server.address, "ListStateMachines", "{}", forged).await;
    assert_eq!(answer.exception().0, "InvalidSignatureException");
    server.stop().await;
}

#[tokio::test]
async fn a_stolen_signature_is_good_for_nothing_else() {
    let server = start().await;
    let at = server.address;
    make(at, "bread").await;
    make(at, "cake").await;
    let body = object([("stateMachineArn", BREAD)]);
    let stolen = signature(at, BAKER, "DescribeStateMachine", &body);
    assert_eq!(call_with(at, "DescribeStateMachine", &body, &stolen).await.status, 200);
    let other = body.replace("bread", "cake");
    for (operation, body) in [
        ("DescribeStateMachine", &*other),
        ("DescribeStateMachine", &format!("{body} ")),
        ("DescribeStateMachine", ""),
        ("DeleteStateMachine", &*body),
    ] {
        let answer = call_with(at, operation, body, &stolen).await;
        assert_eq!(answer.exception().0, "InvalidSignatureException", "{operation} {body}");
        assert_eq!(answer.status, 400);
    }
    let still_there = signed(at, BAKER, "DescribeStateMachine", &body).await;
    assert_eq!(still_there.status, 200, "{}", still_there.body);
    server.stop().await;
}

#[tokio::test]
async fn a_policy_says_what_may_be_done_to_what() {
    let server = start().await;
    let at = server.address;
    make(at, "bread").await;
    make(at, "cake").await;
    let body = object([("stateMachineArn", BREAD)]);
    for operation in ["DescribeStateMachine", "StartExecution"] {
        let answer = signed(at, GUEST, operation, &body).await;
        assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
    }
    let cake = body.replace("bread", "cake");
    let unknown = body.replace("bread", "unknown");
    for (operation, body) in [
        ("DescribeStateMachine", &*cake),
        // Whether there is one is not told either.
        ("DescribeStateMachine", &unknown),
        ("StartExecution", &cake),
        ("StartSyncExecution", &body),
        ("DeleteStateMachine", &body),
        ("ListStateMachines", "{}"),
    ] {
        let answer = signed(at, GUEST, operation, body).await;
        let (name, message) = answer.exception();
        assert_eq!((answer.status, &*name), (400, "AccessDeniedException"), "{operation} {body}");
        assert!(message.contains(&format!("states:{operation}")), "{message}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_test_case_needs_what_its_machine_needs() {
    let mocks = r#"{"StateMachines":{"bread":{"TestCases":{"Plain":{}}},
        "cake":{"TestCases":{"Plain":{}}}},"MockedResponses":{}}"#;
    let options = Options { keys: Some(keys()), ..Options::default() };
    let server = start_mocked(MockConfig::parse(mocks).unwrap(), options).await;
    let at = server.address;
    make(at, "bread").await;
    make(at, "cake").await;
    let case = object([("stateMachineArn", &format!("{BREAD}#Plain"))]);
    let answer = signed(at, GUEST, "StartExecution", &case).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let refused = signed(at, GUEST, "StartExecution", &case.replace("bread", "cake")).await;
    assert_eq!(refused.exception().0, "AccessDeniedException");
    server.stop().await;
}
