use std::pin::pin;
use std::task::{Context, Poll, Waker};

use stepwell_asl::{Definition, Timestamp};
use stepwell_kernel::{Entropy, Env, Execution, Identity, Input, Limits, Outcome};
use stepwell_value::Payload;

use super::Memory;
use crate::{ExecutionId, Journal, Record};

struct NoEntropy;

impl Entropy for NoEntropy {
    fn next_u64(&mut self) -> u64 {
        unreachable!("this workflow draws nothing")
    }
}

fn pass_once() -> (Execution, stepwell_kernel::Batch) {
    let text = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
    let definition = Definition::parse(text).unwrap();
    let identity = Identity {
        execution_arn: "e".into(),
        execution_name: "e".into(),
        state_machine_arn: "m".into(),
        state_machine_name: "m".into(),
        role_arn: "r".into(),
    };
    let input = Input::Start { identity, input: Payload::parse("[1]").unwrap() };
    let env = Env {
        now: Timestamp::from_unix_millis(0),
        entropy: &mut NoEntropy,
        limits: &Limits::default(),
    };
    let mut execution = Execution::default();
    let batch = execution.handle(&definition, input, env).unwrap();
    (execution, batch)
}

/// Memory answers at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the in-memory journal does not wait"),
    }
}

#[test]
fn what_was_appended_is_read_back_and_replays() {
    let journal = Memory::new();
    let (execution, batch) = pass_once();
    let events = batch.events().to_vec();
    let record = Record { execution: ExecutionId(7), batch };
    let committed = now(journal.append(vec![record])).unwrap();
    assert_eq!(committed.len(), 1);
    assert_eq!((committed[0].0, &committed[0].1.events), (ExecutionId(7), &events));
    assert_eq!(journal.read(ExecutionId(7)), events);
    let replayed = Execution::replay(&journal.read(ExecutionId(7))).unwrap();
    assert_eq!(replayed, execution);
    let output = Payload::parse("[1]").unwrap();
    assert_eq!(replayed.outcome(), Some(&Outcome::Succeeded { output }));
}

#[test]
fn unknown_and_forgotten_executions_are_empty() {
    let journal = Memory::new();
    let (_, batch) = pass_once();
    now(journal.append(vec![Record { execution: ExecutionId(1), batch }])).unwrap();
    journal.forget(ExecutionId(1));
    assert_eq!(journal.read(ExecutionId(1)), []);
    assert_eq!(journal.read(ExecutionId(2)), []);
}
