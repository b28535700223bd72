//! The tasks: each tells the witness what it does, and waits until that is noted.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use stepwell_engine::{Effect as Reach, TaskRequest, Tasks};
use stepwell_kernel::{Failure, TaskCall};
use stepwell_value::{Object, Payload, Value};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use crate::witness::{Effect, REFUSED};
use crate::workloads;

pub(crate) struct Witnessed {
    pub socket: PathBuf,
}

/// How long a task dawdles before and after what it does, at most.
const PAUSE_MAX_MILLIS: u64 = 24;

type Answer = Result<Payload, Failure>;

impl Tasks for Witnessed {
    fn run(&self, request: TaskRequest) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let socket = self.socket.clone();
        match &*request.call.call.function {
            "add" => Box::pin(std::future::ready(Ok(next(&request)))),
            "hang" => Box::pin(std::future::pending()),
            _ => Box::pin(async move { act(&socket, &request).await }),
        }
    }

    fn effect(&self, call: &TaskCall) -> Reach {
        workloads::effect(&call.call.function)
    }
}

async fn act(socket: &Path, request: &TaskRequest) -> Answer {
    let key = request.idempotency_key();
    let input = request.call.call.input.value();
    let label = input.get("label").and_then(Value::as_str).unwrap_or_default();
    let label = format!("{label}/{}", request.state_name());
    let kind = &*request.call.call.function;
    let token = input.get("token").and_then(Value::as_str);
    dawdle((&key, "before")).await;
    let told = tell(socket, &Effect { key: &key, label: &label, kind, token }).await;
    let answer = told.map_err(|error| Failure::new("Witness.Gone", error.to_string()))?;
    dawdle((&key, "after")).await;
    match kind {
        "flaky" if request.call.attempt < 2 => Err(Failure::named("Flaky")),
        "stubborn" if answer == REFUSED => Err(Failure::named("Stubborn")),
        _ => Ok(next(request)),
    }
}

/// As long as the text says, so that a seed says it.
async fn dawdle(text: (&str, &str)) {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    tokio::time::sleep(Duration::from_millis(hasher.finish() % PAUSE_MAX_MILLIS)).await;
}

/// Tells the witness of an effect, and gives its answer.
pub(super) async fn tell(socket: &Path, effect: &Effect<'_>) -> io::Result<String> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(effect.line().as_bytes()).await?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).await?;
    match answer.strip_suffix('\n') {
        Some(answer) => Ok(answer.to_owned()),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The same label, and one more.
fn next(request: &TaskRequest) -> Payload {
    let input = request.call.call.input.value();
    let label = input.get("label").cloned().unwrap_or(Value::Null);
    let value = input.get("value").and_then(Value::as_int).unwrap_or_default() + 1;
    let members = [("label", label), ("value", Value::Int(value))];
    Payload::from(Value::Object(members.into_iter().collect::<Object>()))
}
