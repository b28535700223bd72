//! An execution that does not end by itself, for those who need events.

use std::time::Duration;

use stepwell_asl::{Definition, Timestamp};
use stepwell_kernel::{Batch, Entropy, Env, Execution, Failure, Identity, Input, Limits};
use stepwell_value::Payload;

use crate::{Birth, ExecutionId, Record, Revision, Standing};

pub(super) const MACHINE: &str = r#"{
  "StartAt": "Again",
  "States": {
    "Again": { "Type": "Wait", "Seconds": 1, "Next": "Enough" },
    "Enough": {
      "Type": "Choice",
      "Choices": [{ "Variable": "$.enough", "IsPresent": true, "Next": "Done" }],
      "Default": "Again"
    },
    "Done": { "Type": "Succeed" }
  }
}"#;

/// An execution that waits again and again.
#[derive(Debug)]
pub struct Waiter {
    definition: Definition,
    pub(super) execution: Execution,
    now: Timestamp,
    /// Events before the batch that comes next.
    events: u64,
}

struct NoEntropy;

impl Entropy for NoEntropy {
    fn next_u64(&mut self) -> u64 {
        unreachable!("waiting draws nothing")
    }
}

/// Who an execution of that name is; it was started through the machine itself.
pub fn identity(name: &str) -> Identity {
    Identity {
        execution_arn: format!("arn:execution:{name}").into(),
        execution_name: name.into(),
        state_machine_arn: "arn:machine".into(),
        state_machine_name: "machine".into(),
        role_arn: "arn:role".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

impl Waiter {
    /// Starts an execution of that name; the batch is its first.
    pub fn start(name: &str, input: Payload) -> (Self, Batch) {
        Self::start_as(identity(name), input)
    }

    fn start_as(identity: Identity, input: Payload) -> (Self, Batch) {
        let definition = Definition::parse(MACHINE).expect("the definition is valid");
        let now = Timestamp::from_unix_millis(1_767_355_200_000);
        let mut waiter = Self { definition, execution: Execution::default(), now, events: 0 };
        let batch = waiter.handle(Input::Start { identity, input });
        (waiter, batch)
    }

    /// The first record of an execution of that name.
    pub fn begin(execution: u64, name: &str, input: Payload) -> (Self, Record) {
        Self::begin_as(execution, identity(name), input)
    }

    /// The first record of an execution that is known so.
    pub fn begin_as(execution: u64, identity: Identity, input: Payload) -> (Self, Record) {
        let (mut waiter, batch) = Self::start_as(identity, input);
        let record = waiter.record(execution, batch);
        (waiter, Record { birth: Some(birth()), ..record })
    }

    /// The next batch as a record.
    pub fn record(&mut self, execution: u64, batch: Batch) -> Record {
        let first_event = self.events;
        self.events += batch.events().len() as u64;
        let standing = Standing { wake_at: self.execution.wake_at(), is_owed: false };
        Record { execution: ExecutionId(execution), first_event, birth: None, standing, batch }
    }

    /// Goes once through the state, as a record.
    pub fn next(&mut self, execution: u64) -> Record {
        let batch = self.go_on();
        self.record(execution, batch)
    }

    /// Ends the execution, as a record.
    pub fn end(&mut self, execution: u64) -> Record {
        let batch = self.stop();
        self.record(execution, batch)
    }

    /// Has the execution go on after its end, a while later, as a record.
    pub fn redrive(&mut self, execution: u64) -> Record {
        self.now = self.now.saturating_add(Duration::from_mins(1));
        let batch = self.handle(Input::Redrive);
        self.record(execution, batch)
    }

    /// Goes once through the state.
    pub fn go_on(&mut self) -> Batch {
        self.now = self.execution.wake_at().expect("the execution waits");
        self.handle(Input::Wake)
    }

    /// Ends the execution.
    pub fn stop(&mut self) -> Batch {
        self.handle(Input::Stop { failure: Failure::new("Stopped", "by the test") })
    }

    pub fn execution(&self) -> &Execution {
        &self.execution
    }

    fn handle(&mut self, input: Input) -> Batch {
        let limits = Limits::default();
        let env = Env { now: self.now, entropy: &mut NoEntropy, limits: &limits };
        self.execution.handle(&self.definition, input, env).expect("the input is due")
    }
}

/// What goes with the first record of a [`Waiter`].
pub fn birth() -> Birth {
    Birth { revision: Revision::new(MACHINE), parent: None }
}
