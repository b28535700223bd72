//! A server whose tasks are functions of this program: `echo` gives its input back, `fail` fails.
//!
//! ```text
//! cargo run -p stepwell-api --example functions -- 127.0.0.1:8083
//! ```

use std::io::Write as _;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use stepwell::{Failure, Payload, Stepwell, TaskRequest, Tasks};
use stepwell_api::{Options, Server};

struct Functions;

impl Tasks for Functions {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let call = request.call.call;
        let outcome = match call.function.rsplit(':').next() {
            Some("echo") => Ok(call.input.clone()),
            Some("fail") => Err(Failure::new("Function.Failed", "it always does")),
            _ => Err(Failure::new("Task.NotFound", call.function.to_string())),
        };
        Box::pin(async move { outcome })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8083".to_owned());
    let address: SocketAddr = address.parse()?;
    let mut builder = Stepwell::builder().tasks(Arc::new(Functions));
    if let Some(store) = std::env::args().nth(2) {
        builder = builder.store(store);
    }
    let server = Server::bind(address, builder.build()?, Options::default()).await?;
    writeln!(std::io::stdout(), "http://{}", server.address())?;
    server.run(std::future::pending()).await;
    Ok(())
}
