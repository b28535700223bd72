//! A client of the service's API, over one connection.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use stepwell_value::Value;

use crate::answer::{Answer, Exception};

/// No call waits longer for its answer.
const PATIENCE: Duration = Duration::from_mins(6);

#[derive(Debug)]
pub(super) struct Client {
    address: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
}

/// What a call came to, with its status of HTTP.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub answer: Answer,
}

impl Client {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, connection: None }
    }

    /// Calls an operation with its parameters.
    pub(super) fn call(&mut self, operation: &str, parameters: &Value) -> Result<Reply> {
        let (status, body) = self
            .exchange(operation, &parameters.to_string())
            .with_context(|| format!("{operation} gets no answer"))?;
        let body = Value::parse(&body).with_context(|| format!("{operation} answers no JSON"))?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let answer = match status {
            200 => Ok(body),
            _ => Err(Exception::new(text("__type"), text("message"))),
        };
        Ok(Reply { status, answer })
    }

    /// A call that has to succeed.
    pub(super) fn done(&mut self, operation: &str, parameters: &Value) -> Result<Value> {
        self.call(operation, parameters)?.answer.map_err(|Exception { name, message }| {
            anyhow::anyhow!("{operation} is refused: {name}: {message}")
        })
    }

    fn exchange(&mut self, operation: &str, body: &str) -> Result<(u16, String)> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(self.address)?,
        };
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-amz-json-1.0\r\n\
             X-Amz-Target: AWSStepFunctions.{operation}\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        connection.get_mut().write_all(request.as_bytes())?;
        let head = Head::read(&mut connection)?;
        let mut body = vec![0; head.body_bytes];
        connection.read_exact(&mut body)?;
        if !head.is_last {
            self.connection = Some(connection);
        }
        Ok((head.status, String::from_utf8(body)?))
    }
}

fn connect(address: SocketAddr) -> Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream))
}

/// What stands before the body of an answer.
struct Head {
    status: u16,
    body_bytes: usize,
    /// The server hangs up after this answer.
    is_last: bool,
}

impl Head {
    fn read(connection: &mut BufReader<TcpStream>) -> Result<Self> {
        let first = line(connection)?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("`{first}` has no status"))?;
        let (mut body_bytes, mut is_last) = (None, false);
        loop {
            let line = line(connection)?.to_ascii_lowercase();
            let Some((name, value)) = line.split_once(':') else {
                ensure!(line.is_empty(), "`{line}` is no header");
                break;
            };
            match (name, value.trim()) {
                ("content-length", length) => body_bytes = Some(length.parse()?),
                ("connection", "close") => is_last = true,
                ("transfer-encoding", encoding) => bail!("the body is {encoding}"),
                _ => {}
            }
        }
        let body_bytes = body_bytes.context("the body has no length")?;
        Ok(Self { status, body_bytes, is_last })
    }
}

fn line(connection: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = String::new();
    ensure!(connection.read_line(&mut line)? > 0, "the server hung up");
    Ok(line.trim_end().to_owned())
}
