//! The functions of a case as the tasks of a runtime.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use stepwell::{Effect, Failure, Payload, TaskCall, TaskRequest, Tasks};

use tokio::task::{JoinError, spawn_blocking};

use super::sdk;
use crate::play::function_name;
use crate::tasks::{Behaviour, no_such_function};

#[derive(Debug)]
pub(super) struct Functions {
    behaviours: BTreeMap<String, Behaviour>,
    called: AtomicU64,
    server: ServerAddress,
}

/// Where the server listens that these tasks work for, once it does.
pub(super) type ServerAddress = Arc<OnceLock<SocketAddr>>;

impl Functions {
    pub(super) fn new(behaviours: BTreeMap<String, Behaviour>, server: ServerAddress) -> Self {
        Self { behaviours, called: AtomicU64::new(0), server }
    }
}

impl Tasks for Functions {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let nth = self.called.fetch_add(1, Ordering::Relaxed) + 1;
        let call = request.call.call;
        let name = function_name(&call.function);
        if let (Some(operation), Some(server)) = (sdk::operation(name), self.server.get()) {
            let (server, input) = (*server, call.input.clone());
            let called = spawn_blocking(move || sdk::call(server, &operation, input.value()));
            let lost = |lost: JoinError| Failure::new("Sfn.Unknown", lost.to_string());
            return Box::pin(async move { called.await.map_err(lost)? });
        }
        let (pause, outcome) = match self.behaviours.get(name) {
            Some(behaviour) => behaviour.answer(&call.input, nth),
            None => (Duration::ZERO, Err(no_such_function(name, nth))),
        };
        Box::pin(async move {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            outcome
        })
    }

    fn effect(&self, _call: &TaskCall) -> Effect {
        Effect::None
    }
}
