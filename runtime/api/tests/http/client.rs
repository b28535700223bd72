//! A client of one request at a time.

use std::net::SocketAddr;

use stepwell::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

impl Answer {
    pub(crate) fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let (first, headers) = head.split_once("\r\n").unwrap_or((head, ""));
        let status = first.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, headers: headers.to_lowercase(), body: body.to_owned() }
    }

    pub(crate) fn value(&self) -> Value {
        Value::parse(&self.body).unwrap()
    }

    /// The name and the text of an exception.
    pub(crate) fn exception(&self) -> (String, String) {
        let value = self.value();
        let part = |name| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        (part("__type"), part("message"))
    }
}

/// Sends a request as it is and reads until the server hangs up.
pub(crate) async fn raw(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

/// Calls an operation with more headers, each ended by a line break.
pub(crate) async fn call_with(
    address: SocketAddr,
    operation: &str,
    body: &str,
    headers: &str,
) -> Answer {
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AWSStepFunctions.{operation}\r\n\
         {headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    Answer::parse(&raw(address, request.as_bytes()).await)
}

pub(crate) async fn call(address: SocketAddr, operation: &str, body: &str) -> Answer {
    call_with(address, operation, body, "").await
}

/// A call that has to succeed.
pub(crate) async fn done(address: SocketAddr, operation: &str, body: &str) -> Value {
    let answer = call(address, operation, body).await;
    assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
    answer.value()
}

/// A text of an answer.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("{name} is not in {value}"))
}
