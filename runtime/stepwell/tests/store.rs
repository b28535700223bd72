//! A runtime on a store: what the next runtime on it finds.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use stepwell::catalog::{MachineUpdate, NewAlias, NewMachine, Route};
use stepwell::{
    Effect, Execution, Failure, Machine, MachineType, Outcome, Payload, Program, Stepwell,
    TaskRequest, Tasks,
};
use tokio::sync::Notify;

/// `echo` gives back what it is given; `hang` never ends, and says that it runs.
struct Named {
    hanging: Arc<Notify>,
}

impl Tasks for Named {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        if &*request.call.call.function == "hang" {
            self.hanging.notify_one();
            return Box::pin(std::future::pending());
        }
        Box::pin(std::future::ready(Ok(request.call.call.input.clone())))
    }

    fn effect(&self, call: &stepwell_kernel::TaskCall) -> Effect {
        match &*call.call.function {
            "hang" => Effect::Repeatable,
            _ => Effect::None,
        }
    }
}

fn open(store: &Path) -> (Stepwell, Arc<Notify>) {
    let hanging = Arc::new(Notify::new());
    let tasks = Arc::new(Named { hanging: Arc::clone(&hanging) });
    (Stepwell::builder().tasks(tasks).store(store).build().unwrap(), hanging)
}

fn one_state(state: &str) -> String {
    format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#)
}

fn machine(state: &str) -> Machine {
    Machine::new("m", Program::parse(one_state(state)).unwrap()).unwrap()
}

fn json(text: &str) -> Payload {
    Payload::parse(text).unwrap()
}

fn succeeded(text: &str) -> Outcome {
    Outcome::Succeeded { output: json(text) }
}

/// A machine that gives this text.
fn gives(text: &str) -> String {
    one_state(&format!(r#"{{"Type":"Pass","Result":"{text}","End":true}}"#))
}

fn new_machine(name: &str, machine_type: MachineType, definition: String) -> NewMachine {
    NewMachine {
        name: name.into(),
        definition: definition.into(),
        role_arn: "arn:aws:iam::000000000000:role/r".into(),
        machine_type,
        logging: None,
        tracing: None,
        encryption: None,
        tags: Vec::new(),
        publish: false,
        version_description: None,
    }
}

async fn deploy(stepwell: &Stepwell, new: &NewMachine) -> stepwell::Str {
    let library = stepwell.library();
    library.change(|catalog, now, _| catalog.create_machine(new, now)).await.unwrap().machine_arn
}

async fn outcome_of(execution: Result<Execution, stepwell::StartError>) -> Outcome {
    execution.unwrap().outcome().await.unwrap()
}

#[tokio::test]
async fn an_execution_survives_its_runtime() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let hang = machine(r#"{"Type":"Task","Resource":"hang","End":true}"#);
    let (first, hanging) = open(&store);
    let echo = machine(r#"{"Type":"Task","Resource":"echo","End":true}"#);
    let mut ended = first.start_named(&echo, "ended", json("7")).await.unwrap();
    assert_eq!(ended.outcome().await.unwrap(), succeeded("7"));
    first.start_named(&hang, "hanging", json("8")).await.unwrap();
    hanging.notified().await;
    first.close(Duration::ZERO).await;
    drop((first, ended));

    let (second, hanging) = open_again(&store).await;
    hanging.notified().await;
    let again = second.start_named(&hang, "hanging", json("8")).await.unwrap();
    assert!(!again.is_new());
    let kept = second.find("arn:aws:states:us-east-1:000000000000:execution:m:ended").await;
    let mut kept = kept.unwrap().unwrap();
    assert_eq!(kept.outcome().await.unwrap(), succeeded("7"));
    assert_eq!(kept.history().unwrap().len(), 7);
    assert!(second.start_named(&echo, "ended", json("7")).await.is_err());
}

/// The former runtime gives the store free when the last of its loops has ended.
async fn open_again(store: &Path) -> (Stepwell, Arc<Notify>) {
    let hanging = Arc::new(Notify::new());
    loop {
        let tasks = Arc::new(Named { hanging: Arc::clone(&hanging) });
        match Stepwell::builder().tasks(tasks).store(store).build() {
            Ok(stepwell) => return (stepwell, hanging),
            Err(_in_use) => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn an_execution_keeps_the_definition_that_it_starts_with() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let (stepwell, _) = open(&store);
    let mut new = new_machine("greet", MachineType::Standard, gives("one"));
    new.publish = true;
    let arn = deploy(&stepwell, &new).await;
    let update = MachineUpdate {
        machine_arn: stepwell::Str::clone(&arn),
        definition: Some(gives("two").into()),
        publish: true,
        ..MachineUpdate::default()
    };
    let library = stepwell.library();
    library
        .change(|catalog, now, chance| catalog.update_machine(&update, now, chance))
        .await
        .unwrap();
    let alias = NewAlias {
        name: "prod".into(),
        routes: vec![Route { version_arn: format!("{arn}:1").into(), weight: 100 }],
        description: None,
    };
    library.change(|catalog, now, _| catalog.create_alias(&alias, now)).await.unwrap();
    for (arn, expected) in [
        (arn.to_string(), "\"two\""),
        (format!("{arn}:1"), "\"one\""),
        (format!("{arn}:prod"), "\"one\""),
    ] {
        let started = stepwell.start_deployed(&arn, None, json("{}")).await;
        assert_eq!(outcome_of(started).await, succeeded(expected), "{arn}");
    }
    drop(stepwell);
    let (later, _) = open_again(&store).await;
    let started = later.start_deployed(&format!("{arn}:prod"), None, json("{}")).await;
    assert_eq!(outcome_of(started).await, succeeded("\"one\""));
    let refused = later.start_deployed(&format!("{arn}:3"), None, json("{}")).await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn a_task_starts_executions_of_deployed_machines() {
    let folder = tempfile::tempdir().unwrap();
    let (stepwell, _) = open(&folder.path().join("store.db"));
    let standard = new_machine("standard", MachineType::Standard, gives("child"));
    let standard = deploy(&stepwell, &standard).await;
    let express = new_machine("express", MachineType::Express, gives("quick"));
    let express = deploy(&stepwell, &express).await;
    let starts = |ending: &str, arn: &str| {
        machine(&format!(
            r#"{{"Type":"Task","Resource":"arn:aws:states:::states:startExecution{ending}",
                "Parameters":{{"StateMachineArn":"{arn}"}},"End":true}}"#
        ))
    };
    let waited = outcome_of(stepwell.start(&starts(".sync:2", &standard), json("{}"))).await;
    let Outcome::Succeeded { output } = waited else { panic!("{waited:?}") };
    assert_eq!(output.value().get("Output").unwrap().as_str(), Some("child"));
    let begun = outcome_of(stepwell.start(&starts("", &express), json("{}"))).await;
    assert!(matches!(begun, Outcome::Succeeded { .. }), "{begun:?}");
    let refused = outcome_of(stepwell.start(&starts(".sync", &express), json("{}"))).await;
    assert!(matches!(refused, Outcome::Failed { .. }), "{refused:?}");
}

#[tokio::test]
async fn an_express_execution_starts_executions_of_either_kind() {
    let folder = tempfile::tempdir().unwrap();
    let (stepwell, _) = open(&folder.path().join("store.db"));
    let child = new_machine("child", MachineType::Standard, gives("child"));
    let child = deploy(&stepwell, &child).await;
    let quick = new_machine("quick", MachineType::Express, gives("quick"));
    let quick = deploy(&stepwell, &quick).await;
    let states = format!(
        r#"{{"StartAt":"Child","States":{{
            "Child":{{"Type":"Task","Resource":"arn:aws:states:::states:startExecution",
                "Parameters":{{"StateMachineArn":"{child}","Name":"only"}},"Next":"Quick"}},
            "Quick":{{"Type":"Task","Resource":"arn:aws:states:::states:startExecution",
                "Parameters":{{"StateMachineArn":"{quick}"}},"End":true}}}}}}"#
    );
    let parent = new_machine("parent", MachineType::Express, states);
    let parent = deploy(&stepwell, &parent).await;
    let ended = outcome_of(stepwell.start_deployed(&parent, None, json("{}")).await).await;
    let Outcome::Succeeded { output } = ended else { panic!("{ended:?}") };
    let started = output.value().get("ExecutionArn").unwrap().as_str().unwrap().to_owned();
    for arn in ["arn:aws:states:us-east-1:000000000000:execution:child:only", &started] {
        let mut found = stepwell.find(arn).await.unwrap().unwrap();
        assert!(matches!(found.outcome().await.unwrap(), Outcome::Succeeded { .. }), "{arn}");
    }
    let again = outcome_of(stepwell.start_deployed(&parent, None, json("{}")).await).await;
    let Outcome::Failed { failure } = again else { panic!("{again:?}") };
    let error = failure.error.as_deref();
    assert_eq!(error, Some("StepFunctions.ExecutionAlreadyExistsException"));
}

#[tokio::test]
async fn an_express_execution_is_looked_at_while_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (stepwell, _) = open(&folder.path().join("store.db"));
    let express = new_machine("express", MachineType::Express, gives("quick"));
    let arn = deploy(&stepwell, &express).await;
    let mut execution = stepwell.start_deployed(&arn, Some("n"), json("{}")).await.unwrap();
    assert_eq!(execution.outcome().await.unwrap(), succeeded("\"quick\""));
    let mut found = stepwell.find(&execution.arn).await.unwrap().unwrap();
    assert_eq!(found.outcome().await.unwrap(), succeeded("\"quick\""));
    let again = stepwell.start_deployed(&arn, Some("n"), json("{}")).await.unwrap();
    assert_ne!(again.arn, execution.arn, "names are free");
}

#[tokio::test]
async fn a_failed_execution_is_redriven_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let (first, _) = open(&store);
    let fails = machine(r#"{"Type":"Fail","Error":"No"}"#);
    let mut failed = first.start_named(&fails, "failed", json("7")).await.unwrap();
    let arn = stepwell::Str::clone(&failed.arn);
    assert!(matches!(failed.outcome().await.unwrap(), Outcome::Failed { .. }));
    drop((first, failed));
    let (second, _) = open_again(&store).await;
    let mut failed = second.find(&arn).await.unwrap().unwrap();
    failed.redrive().await.unwrap();
    assert!(matches!(failed.outcome().await.unwrap(), Outcome::Failed { .. }));
    let redriven = failed.history().unwrap();
    assert!(redriven.iter().any(|event| event.detail.to_string() == "ExecutionRedriven"));
}

#[tokio::test]
async fn a_store_in_use_is_copied_and_the_copy_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let (store, copy) = (folder.path().join("store.db"), folder.path().join("copy.db"));
    let (stepwell, _) = open(&store);
    let echo = machine(r#"{"Type":"Task","Resource":"echo","End":true}"#);
    let mut execution = stepwell.start_named(&echo, "a", json("7")).await.unwrap();
    execution.outcome().await.unwrap();
    stepwell::store::backup(&store, &copy).unwrap();
    assert_eq!(stepwell::store::verify(&copy).unwrap(), []);
    let restored = folder.path().join("restored.db");
    stepwell::store::restore(&copy, &restored).unwrap();
    let (later, _) = open(&restored);
    assert!(later.find(&execution.arn).await.unwrap().is_some());
}
