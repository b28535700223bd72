//! A server on a port of its own, which ends with the test.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use stepwell::{
    Builder, Effect, Failure, MockConfig, Payload, Stepwell, TaskCall, TaskRequest, Tasks,
};
use stepwell_api::{Options, Server};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) struct Running {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<()>,
}

/// Tasks that are functions: `echo` gives its input back, anything else fails with its name.
struct Functions;

impl Tasks for Functions {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let call = request.call.call;
        let is_echo = call.function.ends_with("echo");
        let failure = || Failure::new("Oven.Cold", call.function.to_string());
        let outcome = if is_echo { Ok(call.input.clone()) } else { Err(failure()) };
        Box::pin(async move { outcome })
    }

    fn effect(&self, _call: &TaskCall) -> Effect {
        Effect::None
    }
}

pub(crate) async fn start() -> Running {
    start_with(Options::default()).await
}

pub(crate) async fn start_with(options: Options) -> Running {
    serve(Stepwell::builder(), options).await
}

/// A server whose executions may be started with a test case.
pub(crate) async fn start_mocked(mocks: MockConfig, options: Options) -> Running {
    serve(Stepwell::builder().mocks(mocks), options).await
}

async fn serve(builder: Builder, options: Options) -> Running {
    let stepwell = builder.tasks(Arc::new(Functions)).build().unwrap();
    let address = "127.0.0.1:0".parse().unwrap();
    let server = Server::bind(address, stepwell, options).await.unwrap();
    let address = server.address();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(server.run(async {
        let _dropped = stopped.await;
    }));
    Running { address, stop: Some(stop), ended }
}

impl Running {
    /// Tells the server to stop and waits until it has.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        (&mut self.ended).await.unwrap();
    }
}
