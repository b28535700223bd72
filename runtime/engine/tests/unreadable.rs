//! A journal that cannot be read for a while: nothing is started twice for it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use stepwell_asl::Timestamp;
use stepwell_engine::{Effect, Engine, Program, Start, TaskRequest, Tasks};
use stepwell_journal::{
    AppendError, Appending, Digest, Document, ExecutionId, Journal, Kept, Memory, Open, Parent,
    Promise, Query, ReadError, Record, Revision, Subject, Summary,
};
use stepwell_kernel::{Event, Failure, Identity, Outcome, TaskCall};
use stepwell_value::Payload;
use tokio::sync::Semaphore;

/// A journal whose first lists fail.
struct Unreadable {
    memory: Arc<Memory>,
    failures: AtomicUsize,
}

impl Journal for Unreadable {
    fn append(&self, records: Vec<Record>) -> Appending {
        self.memory.append(records)
    }

    fn delete(&self, executions: Vec<ExecutionId>) -> Promise<Result<(), AppendError>> {
        self.memory.delete(executions)
    }

    fn write(&self, documents: Vec<Document>) -> Promise<Result<(), AppendError>> {
        self.memory.write(documents)
    }

    fn documents(&self, prefix: &str) -> Result<Vec<Document>, ReadError> {
        self.memory.documents(prefix)
    }

    fn next_id(&self) -> Result<ExecutionId, ReadError> {
        self.memory.next_id()
    }

    fn read(&self, execution: ExecutionId) -> Result<Vec<Event>, ReadError> {
        self.memory.read(execution)
    }

    fn load(&self, execution: ExecutionId) -> Result<Option<Kept>, ReadError> {
        self.memory.load(execution)
    }

    fn list(&self, query: &Query) -> Result<Vec<Summary>, ReadError> {
        let one_less = |left: usize| left.checked_sub(1);
        match self.failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less) {
            Ok(_) => Err(ReadError::Unavailable("not now".into())),
            Err(_) => self.memory.list(query),
        }
    }

    fn revision(&self, digest: Digest) -> Result<Option<Revision>, ReadError> {
        self.memory.revision(digest)
    }

    fn open_executions(&self) -> Box<dyn Iterator<Item = Result<Open, ReadError>> + Send + '_> {
        self.memory.open_executions()
    }

    fn open_children(
        &self,
        after: Option<ExecutionId>,
        count_max: usize,
    ) -> Result<Vec<(ExecutionId, Parent)>, ReadError> {
        self.memory.open_children(after, count_max)
    }

    fn ended_before(
        &self,
        time: Timestamp,
        count_max: usize,
    ) -> Result<Vec<ExecutionId>, ReadError> {
        self.memory.ended_before(time, count_max)
    }
}

/// Waits to be let through, and may be asked again.
struct Gate(Arc<Semaphore>);

impl Tasks for Gate {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let gate = Arc::clone(&self.0);
        Box::pin(async move {
            gate.acquire().await.unwrap().forget();
            Ok(request.call.call.input.clone())
        })
    }

    fn effect(&self, _call: &TaskCall) -> Effect {
        Effect::Repeatable
    }
}

fn identity() -> Identity {
    Identity {
        execution_arn: "arn:aws:states:us-east-1:000000000000:execution:m:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:aws:states:us-east-1:000000000000:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:r".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

fn children(journal: &Memory, of: ExecutionId) -> Vec<ExecutionId> {
    let children = journal.list(&Query::newest(Subject::Children(of), 9)).unwrap();
    children.into_iter().map(|child| child.execution).collect()
}

#[tokio::test(start_paused = true)]
async fn a_child_that_may_be_there_is_not_started_again() {
    let memory = Arc::new(Memory::new());
    let gate = Arc::new(Semaphore::new(0));
    let engine = |failures| {
        let memory = Arc::clone(&memory);
        let journal = Unreadable { memory, failures: AtomicUsize::new(failures) };
        let builder = Engine::builder(Arc::new(Gate(Arc::clone(&gate)))).shards(2);
        builder.journal(Arc::new(journal)).start().unwrap()
    };
    let map = r#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{
        "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"T",
        "States":{"T":{"Type":"Task","Resource":"t","End":true}}}}}}"#;
    let program = Program::parse(map).unwrap();
    let input = Payload::parse("[1,2]").unwrap();
    let first = engine(0);
    let start = Start { program, identity: identity(), input: input.clone() };
    let parent = first.start(start).unwrap().execution;
    let items = || children(&memory, parent).first().map_or(0, |run| children(&memory, *run).len());
    while items() < 2 {
        tokio::task::yield_now().await;
    }
    first.close(Duration::ZERO).await;

    let second = engine(5);
    gate.add_permits(9);
    let outcome = second.watch(parent).await.outcome().await.unwrap();
    assert_eq!(outcome, Outcome::Succeeded { output: input });
    assert_eq!((children(&memory, parent).len(), items()), (1, 2));
}
