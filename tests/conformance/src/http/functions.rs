//! The functions of a case as the tasks of a runtime.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use stepwell::{Effect, Failure, Payload, TaskCall, TaskRequest, Tasks};

use crate::play::function_name;
use crate::tasks::{Behaviour, no_such_function};

#[derive(Debug)]
pub(super) struct Functions {
    behaviours: BTreeMap<String, Behaviour>,
    called: AtomicU64,
}

impl Functions {
    pub(super) fn new(behaviours: BTreeMap<String, Behaviour>) -> Self {
        Self { behaviours, called: AtomicU64::new(0) }
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
