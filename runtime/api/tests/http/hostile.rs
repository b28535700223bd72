//! Callers who mean harm: the server stays up, and nobody gets what is not theirs.

use std::time::Duration;

use stepwell::{Object, Value};
use stepwell_api::Options;

use crate::client::{Answer, call, raw};
use crate::server::{start, start_with};

#[tokio::test]
async fn what_is_no_http_is_hung_up_on() {
    let server = start().await;
    let at = server.address;
    let long_header = format!("POST / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let many_headers = format!("POST / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(10_000));
    let requests: [&[u8]; 8] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        long_header.as_bytes(),
        many_headers.as_bytes(),
    ];
    for request in requests {
        let mut stream = tokio::net::TcpStream::connect(at).await.unwrap();
        // The server may hang up before it has read everything.
        let _refused = tokio::io::AsyncWriteExt::write_all(&mut stream, request).await;
        let mut answer = Vec::new();
        let _reset = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert_eq!(call(at, "ListStateMachines", "{}").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn whoever_sends_slowly_is_not_waited_for() {
    let mut options = Options::default();
    options.bounds.headers_within = Duration::from_millis(50);
    options.bounds.body_within = Duration::from_millis(50);
    let server = start_with(options).await;
    let headers = raw(server.address, b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow:").await;
    assert!(!headers.contains(" 200 "), "{headers}");
    let body = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                 X-Amz-Target: AWSStepFunctions.ListStateMachines\r\nContent-Length: 100\r\n\r\n{";
    let answer = Answer::parse(&raw(server.address, body).await);
    assert_eq!((answer.status, answer.exception().0.as_str()), (408, "RequestTimeout"));
    server.stop().await;
}

#[tokio::test]
async fn a_body_without_an_end_is_cut_off() {
    let mut options = Options::default();
    options.bounds.body_bytes_max = 1000;
    let server = start_with(options).await;
    let mut request = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                        X-Amz-Target: AWSStepFunctions.ListStateMachines\r\n\
                        Transfer-Encoding: chunked\r\n\r\n"
        .to_vec();
    for _ in 0..20 {
        request.extend_from_slice(b"64\r\n");
        request.extend_from_slice(&[b' '; 100]);
        request.extend_from_slice(b"\r\n");
    }
    let answer = Answer::parse(&raw(server.address, &request).await);
    assert_eq!(answer.status, 413);
    server.stop().await;
}

#[tokio::test]
async fn json_that_is_deep_or_no_text_is_refused() {
    let server = start().await;
    let at = server.address;
    let deep = format!(r#"{{"name":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!(r#"{{"name":[{}]}}"#, "[],".repeat(200_000) + "[]");
    for body in [deep.as_str(), &wide, r#"{"name":"\ud800"}"#, "\u{0}", "{\"name\":\"a\u{1}\"}"] {
        let answer = call(at, "CreateActivity", body).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.exception().0, "SerializationException");
    }
    server.stop().await;
}

#[tokio::test]
async fn names_and_arns_lead_nowhere_else() {
    let server = start().await;
    let at = server.address;
    for name in ["../secrets", "a/b", "a%2fb", "a\\b", "..:..", "a\nb", "\u{fffe}", " "] {
        let body = Value::from(Object::from_iter([("name", name)])).to_string();
        let answer = call(at, "CreateActivity", &body).await;
        assert_eq!(answer.exception().0, "InvalidName", "{name:?}");
    }
    let arns = [
        "arn:aws:states:us-east-1:000000000000:execution:../..:x",
        "arn:aws:states:us-east-1:111111111111:execution:bread:one",
        "arn:aws:states:eu-west-1:000000000000:execution:bread:one",
        "arn:aws:states:us-east-1:000000000000:execution:bread",
        "arn:aws:s3:::bucket/key",
        "execution/bread/one",
        "arn:aws:states:us-east-1:000000000000:execution:bread:one:two:three",
    ];
    for arn in arns {
        let body = Value::from(Object::from_iter([("executionArn", arn)])).to_string();
        let (name, _) = call(at, "DescribeExecution", &body).await.exception();
        assert!(["InvalidArn", "ExecutionDoesNotExist"].contains(&name.as_str()), "{arn}: {name}");
    }
    server.stop().await;
}
