//! Executions that are started with a test case, on a store.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use stepwell::catalog::NewMachine;
use stepwell::{
    Effect, Fact, Failure, Identity, MachineType, MockConfig, Outcome, Payload, Starting, Stepwell,
    TaskCall, TaskRequest, Tasks,
};

/// Every task gives its own name.
struct Named;

impl Tasks for Named {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let name = format!("\"{}\"", request.call.call.function);
        Box::pin(std::future::ready(Ok(Payload::parse(name).unwrap())))
    }

    fn effect(&self, _call: &TaskCall) -> Effect {
        Effect::None
    }
}

/// A former runtime gives the store free when the last of its loops has ended.
async fn open(store: &Path, mocks: &str) -> Stepwell {
    let mocks = MockConfig::parse(mocks).unwrap();
    loop {
        let builder = Stepwell::builder().tasks(Arc::new(Named)).mocks(mocks.clone());
        match builder.store(store).build() {
            Ok(stepwell) => return stepwell,
            Err(_in_use) => tokio::task::yield_now().await,
        }
    }
}

async fn deploy(stepwell: &Stepwell, name: &str, states: &str) -> String {
    let machine = NewMachine {
        name: name.into(),
        machine_type: MachineType::Standard,
        definition: format!(r#"{{"StartAt":"First","States":{{{states}}}}}"#).into(),
        role_arn: "arn:aws:iam::000000000000:role/tests".into(),
        logging: None,
        tracing: None,
        encryption: None,
        tags: Vec::new(),
        publish: false,
        version_description: None,
    };
    let library = stepwell.library();
    let made = library.change(|catalog, now, _| catalog.create_machine(&machine, now));
    made.await.unwrap().machine_arn.to_string()
}

fn traced() -> Starting {
    let (input, trace_header) = (Payload::parse("{}").unwrap(), Some("Root=1-2-3".into()));
    Starting { name: Some("one".into()), input, trace_header }
}

/// Who the execution is of that ARN.
async fn identity(stepwell: &Stepwell, arn: &str) -> Arc<Identity> {
    let found = stepwell.find(arn).await.unwrap().unwrap();
    match found.events().unwrap().remove(0).fact {
        Fact::ExecutionStarted { identity, .. } => identity,
        other => panic!("an execution begins with its start: {other:?}"),
    }
}

const MOCKS: &str = r#"{
    "StateMachines": {"outer": {"TestCases": {"Case": {"First": "Made"}}}},
    "MockedResponses": {"Made": {"0": {"Return": "made up"}}}
}"#;

#[tokio::test]
async fn what_a_machine_starts_is_in_its_trace_and_not_in_its_test_case() {
    let folder = tempfile::tempdir().unwrap();
    let stepwell = open(&folder.path().join("s.db"), MOCKS).await;
    let inner = r#""First":{"Type":"Task","Resource":"in-earnest","End":true}"#;
    let inner_arn = deploy(&stepwell, "inner", inner).await;
    let outer = format!(
        r#""First":{{"Type":"Task","Resource":"nobody","Next":"Then"}},
        "Then":{{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
            "Parameters":{{"StateMachineArn":"{inner_arn}","Name":"two"}},
            "OutputPath":"$.Output","End":true}}"#
    );
    let outer_arn = deploy(&stepwell, "outer", &outer).await;
    let with_case = format!("{outer_arn}#Case");
    assert_eq!(stepwell.library().without_test_case(&with_case), outer_arn);
    let resolved = stepwell.library().resolve(&with_case).unwrap();
    let mut execution = stepwell.start_target(&resolved, traced()).await.unwrap();
    let outcome = execution.outcome().await.unwrap();
    let output = Payload::parse("\"in-earnest\"").unwrap();
    assert_eq!(outcome, Outcome::Succeeded { output });

    let outer = identity(&stepwell, &execution.arn).await;
    let inner = identity(&stepwell, "arn:aws:states:us-east-1:000000000000:execution:inner:two");
    let inner = inner.await;
    assert_eq!(outer.test_case.as_deref(), Some("Case"));
    assert_eq!(inner.test_case, None);
    let traces = [outer.trace_header.as_deref(), inner.trace_header.as_deref()];
    assert_eq!(traces, [Some("Root=1-2-3"); 2]);
}

#[tokio::test]
async fn the_next_runtime_knows_the_test_case() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db");
    let states = r#""First":{"Type":"Task","Resource":"nobody","Next":"Pause"},
        "Pause":{"Type":"Wait","Seconds":1,"Next":"Last"},
        "Last":{"Type":"Task","Resource":"nobody","End":true}"#;
    let with_last = MOCKS.replace(r#""First": "Made""#, r#""First": "Made", "Last": "Made""#);
    let first = open(&store, &with_last).await;
    let arn = deploy(&first, "outer", states).await;
    let input = Payload::parse("{}").unwrap();
    let started = first.start_deployed(&format!("{arn}#Case"), None, input).await;
    let execution_arn = started.unwrap().arn;
    first.close(Duration::from_secs(1)).await;
    drop(first);

    let second = open(&store, &with_last).await;
    let mut found = second.find(&execution_arn).await.unwrap().unwrap();
    let outcome = found.outcome().await.unwrap();
    let output = Payload::parse("\"made up\"").unwrap();
    assert_eq!(outcome, Outcome::Succeeded { output });
}

#[tokio::test]
async fn an_execution_whose_test_case_is_gone_calls_nothing_in_earnest() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db");
    let states = r#""First":{"Type":"Wait","Seconds":1,"Next":"Last"},
        "Last":{"Type":"Task","Resource":"nobody","End":true}"#;
    let mocks = MOCKS.replace("First", "Last");
    let first = open(&store, &mocks).await;
    let arn = deploy(&first, "outer", states).await;
    let input = Payload::parse("{}").unwrap();
    let started = first.start_deployed(&format!("{arn}#Case"), None, input).await;
    let execution_arn = started.unwrap().arn;
    first.close(Duration::from_secs(1)).await;
    drop(first);

    let second = open(&store, &mocks.replace("Case\"", "Other\"")).await;
    let mut found = second.find(&execution_arn).await.unwrap().unwrap();
    let Outcome::Failed { failure } = found.outcome().await.unwrap() else {
        panic!("nobody knows what it was to come to")
    };
    assert_eq!(failure.error.as_deref(), Some("States.Runtime"));
    assert!(failure.cause.unwrap().contains("no longer has the test case 'Case'"));
}
