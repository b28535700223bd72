//! A client of HTTP that does as little as it can.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use stepwell_value::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

/// One connection, which is kept.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

/// How many calls were answered in a time, and how long they took.
#[derive(Debug)]
pub(crate) struct Load {
    pub rate: f64,
    pub median: Duration,
    pub p99: Duration,
}

/// A runtime of one thread: the client is to take no more of the cores than it must.
pub(crate) fn runtime() -> Result<Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// A call as it goes over the wire.
pub(crate) fn request(operation: &str, body: &str) -> Vec<u8> {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.0\r\n\
         X-Amz-Target: AWSStepFunctions.{operation}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(4096) })
    }

    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(request).await?)
    }

    /// Sends a request and gives the answer's body.
    pub(crate) async fn call(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.send(request).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                bail!("the server hung up");
            }
            let Some(head) = find(&self.answer, b"\r\n\r\n") else { continue };
            let body = head + 4;
            let end = body + content_length(&self.answer[..head])?;
            if self.answer.len() >= end {
                if !self.answer.starts_with(b"HTTP/1.1 200") {
                    bail!("refused: {}", String::from_utf8_lossy(&self.answer));
                }
                return Ok(&self.answer[body..end]);
            }
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn content_length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then_some(value)
    });
    Ok(value.context("the answer has no length")?.trim().parse()?)
}

/// One call, whose answer is an object.
pub(crate) async fn ask(address: SocketAddr, operation: &str, body: &str) -> Result<Value> {
    let mut connection = Connection::open(address).await?;
    let answer = connection.call(&request(operation, body)).await?;
    Ok(Value::parse(std::str::from_utf8(answer)?)?)
}

/// Has so many connections make calls for a time, each its next one when it has an answer.
pub(crate) async fn load(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    request: &[u8],
) -> Result<Load> {
    let tasks = tokio::task::LocalSet::new();
    let started = Instant::now();
    let mut callers = Vec::new();
    for _ in 0..connections {
        let request = request.to_vec();
        callers.push(tasks.spawn_local(async move {
            let mut connection = Connection::open(address).await?;
            let mut took = Vec::new();
            while started.elapsed() < time {
                let asked = Instant::now();
                connection.call(&request).await?;
                took.push(asked.elapsed());
            }
            anyhow::Ok(took)
        }));
    }
    tasks.await;
    let elapsed = started.elapsed();
    let mut took = Vec::new();
    for caller in callers {
        took.extend(caller.await??);
    }
    took.sort_unstable();
    let part = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "a count of calls")]
    let rate = took.len() as f64 / elapsed.as_secs_f64();
    Ok(Load { rate, median: part(50), p99: part(99) })
}
