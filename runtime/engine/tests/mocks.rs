//! Executions that were started with a test case: what it makes up is not done.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stepwell_engine::{
    Admitted, Effect, Engine, EngineBuilder, Machines, MockQuestion, Mocks, Program, Start,
    StartError, TaskRequest, Tasks,
};
use stepwell_journal::Memory;
use stepwell_kernel::{ExecutionCall, Failure, Identity, Outcome, TaskCall};
use stepwell_value::{Payload, Value};
use tokio::sync::Notify;

const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:ask";

/// The task `echo` is there, and `hang` never ends. No other may be called.
#[derive(Default)]
struct InEarnest {
    hanging: Arc<Notify>,
}

impl Tasks for InEarnest {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let input = request.call.call.input.clone();
        let hanging = Arc::clone(&self.hanging);
        match &*request.call.call.function {
            "echo" => Box::pin(async move { Ok(input) }),
            "hang" => Box::pin(async move {
                hanging.notify_one();
                std::future::pending().await
            }),
            other => {
                let failure = Failure::new("InEarnest", other.to_owned());
                Box::pin(async move { Err(failure) })
            }
        }
    }

    fn effect(&self, call: &TaskCall) -> Effect {
        if &*call.call.function == "echo" { Effect::None } else { Effect::Once }
    }
}

impl Machines for InEarnest {
    fn admit(&self, call: &ExecutionCall) -> Result<Admitted, Failure> {
        Err(Failure::new("InEarnest", call.state_machine_arn.to_string()))
    }
}

type Answer = fn(&MockQuestion<'_>) -> Option<Result<Payload, Failure>>;

/// Answers, and notes what it was asked: the execution, the state and the invocation.
struct Case {
    answer: Answer,
    asked: Mutex<Vec<(String, String, u32)>>,
}

impl Case {
    fn new(answer: Answer) -> Arc<Self> {
        Arc::new(Self { answer, asked: Mutex::default() })
    }

    fn asked(&self) -> Vec<(String, String, u32)> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Mocks for Case {
    fn mocked(&self, question: &MockQuestion<'_>) -> Option<Result<Payload, Failure>> {
        assert_eq!(&**question.test_case, "Happy");
        let MockQuestion { identity, state_name, invocation, .. } = question;
        let asked = (identity.execution_name.to_string(), state_name.to_string(), *invocation);
        self.asked.lock().unwrap().push(asked);
        (self.answer)(question)
    }
}

fn builder() -> EngineBuilder {
    let in_earnest = Arc::new(InEarnest::default());
    Engine::builder(Arc::<InEarnest>::clone(&in_earnest)).machines(in_earnest).shards(2)
}

fn engine(case: &Arc<Case>) -> Engine {
    let case = Arc::<Case>::clone(case);
    builder().journal(Arc::new(Memory::new())).mocks(case).start().unwrap()
}

fn mocked(program: Program) -> Start {
    let identity = Identity {
        execution_arn: "arn:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:r".into(),
        version_arn: None,
        alias_arn: None,
        test_case: Some("Happy".into()),
        trace_header: None,
    };
    Start { program, identity, input: Payload::parse("{}").unwrap() }
}

fn define(state: &str) -> Program {
    Program::parse(format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#)).unwrap()
}

fn task(resource: &str) -> Program {
    define(&format!(
        r#"{{"Type":"Task","Resource":"{resource}","End":true,
            "Parameters":{{"FunctionName":"f","StateMachineArn":"arn:other"}}}}"#
    ))
}

async fn run(engine: &Engine, program: Program) -> Outcome {
    engine.start(mocked(program)).unwrap().outcome().await.unwrap()
}

fn text(text: &str) -> Payload {
    Payload::from(Value::from(text))
}

/// The number of the invocation.
#[expect(clippy::unnecessary_wraps, reason = "another case may make up nothing")]
fn number(question: &MockQuestion<'_>) -> Option<Result<Payload, Failure>> {
    Some(Ok(Payload::from(Value::from(question.invocation))))
}

#[tokio::test]
async fn what_a_test_case_makes_up_is_not_done() {
    let case = Case::new(|_| Some(Ok(text("made up"))));
    let engine = engine(&case);
    let resources = [
        "arn:aws:lambda:us-east-1:123456789012:function:f",
        "arn:aws:states:::lambda:invoke",
        "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "arn:aws:states:::sqs:sendMessage",
        "arn:aws:states:::states:startExecution",
        "arn:aws:states:::states:startExecution.sync:2",
        ACTIVITY,
    ];
    for resource in resources {
        let outcome = run(&engine, task(resource)).await;
        assert_eq!(outcome, Outcome::Succeeded { output: text("made up") }, "{resource}");
        assert_eq!(case.asked(), [("e".into(), "S".into(), 0)], "{resource}");
    }
    let taken = engine.take_activity(ACTIVITY, None);
    let waited = tokio::time::timeout(Duration::from_millis(20), taken).await;
    assert!(waited.is_err(), "the work was offered to nobody");
}

#[tokio::test]
async fn a_failure_that_is_made_up_is_the_task_s() {
    let engine = engine(&Case::new(|_| Some(Err(Failure::new("Busy", "made up")))));
    let outcome = run(&engine, task("echo")).await;
    assert_eq!(outcome, Outcome::Failed { failure: Failure::new("Busy", "made up") });
}

#[tokio::test]
async fn what_a_test_case_does_not_make_up_is_done() {
    let case =
        Case::new(|question| (&**question.state_name == "First").then(|| Ok(text("made up"))));
    let engine = engine(&case);
    let program = Program::parse(
        r#"{"StartAt":"First","States":{
            "First":{"Type":"Task","Resource":"nobody","Next":"Then"},
            "Then":{"Type":"Task","Resource":"echo","End":true}}}"#,
    );
    let outcome = run(&engine, program.unwrap()).await;
    assert_eq!(outcome, Outcome::Succeeded { output: text("made up") });

    let outcome = run(&engine, task("arn:aws:states:::states:startExecution.sync")).await;
    assert_eq!(outcome, Outcome::Failed { failure: Failure::new("InEarnest", "arn:other") });

    let mut waiting = engine.start(mocked(task(ACTIVITY))).unwrap();
    let work = engine.take_activity(ACTIVITY, None).await.unwrap();
    engine.report_token(&work.token, Ok(text("by hand"))).await.unwrap();
    let outcome = waiting.outcome().await.unwrap();
    assert_eq!(outcome, Outcome::Succeeded { output: text("by hand") });
}

#[tokio::test]
async fn an_execution_without_a_test_case_is_not_asked_about() {
    let case = Case::new(number);
    let start = mocked(task("echo"));
    let start = Start { identity: Identity { test_case: None, ..start.identity }, ..start };
    let outcome = engine(&case).start(start).unwrap().outcome().await.unwrap();
    assert!(
        matches!(outcome, Outcome::Succeeded { output } if output.text().contains("arn:other"))
    );
    assert_eq!(case.asked(), []);
}

#[tokio::test]
async fn the_executions_of_a_map_run_have_the_test_case() {
    let case = Case::new(number);
    let program = define(
        r#"{"Type":"Map","End":true,"ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"Do","States":{"Do":{"Type":"Task","Resource":"nobody","End":true}}}}"#,
    );
    let start = Start { input: Payload::parse("[7,8]").unwrap(), ..mocked(program) };
    let outcome = engine(&case).start(start).unwrap().outcome().await.unwrap();
    assert_eq!(outcome, Outcome::Succeeded { output: Payload::parse("[0,0]").unwrap() });
    assert_eq!(case.asked().len(), 2);
}

/// An engine on a journal that another one may have left.
fn heir(journal: &Arc<Memory>, hanging: &Arc<Notify>, case: &Arc<Case>) -> Engine {
    let tasks = Arc::new(InEarnest { hanging: Arc::clone(hanging) });
    let builder = Engine::builder(tasks).mocks(Arc::<Case>::clone(case)).shards(1);
    builder.journal(Arc::<Memory>::clone(journal)).start().unwrap()
}

#[tokio::test]
async fn invocations_are_counted_over_a_restart() {
    let (journal, hanging) = (Arc::new(Memory::new()), Arc::new(Notify::new()));
    let case = Case::new(|question| match question.invocation {
        0 | 1 => Some(Err(Failure::named("Busy"))),
        _ => number(question),
    });
    let first = heir(&journal, &hanging, &case);
    let program = define(
        r#"{"Type":"Task","Resource":"nobody","End":true,"Retry":[
            {"ErrorEquals":["Busy"],"IntervalSeconds":1,"BackoffRate":1.0}]}"#,
    );
    let mut handle = first.start(mocked(program)).unwrap();
    handle.started().await.unwrap();
    let is_pausing = || {
        let events = first.events(handle.execution).unwrap();
        events
            .iter()
            .any(|event| matches!(event.fact, stepwell_kernel::Fact::RetryScheduled { .. }))
    };
    while !is_pausing() {
        tokio::task::yield_now().await;
    }
    first.close(Duration::ZERO).await;
    drop(first);
    assert_eq!(case.asked(), [("e".into(), "S".into(), 0)]);

    let second = heir(&journal, &hanging, &case);
    let outcome = second.watch(handle.execution).await.outcome().await.unwrap();
    assert_eq!(outcome, Outcome::Succeeded { output: Payload::parse("2").unwrap() });
    let asked = case.asked();
    assert_eq!(asked, [("e".into(), "S".into(), 1), ("e".into(), "S".into(), 2)]);
}

#[tokio::test]
async fn a_task_that_is_not_made_up_is_not_run_twice_either() {
    let (journal, hanging) = (Arc::new(Memory::new()), Arc::new(Notify::new()));
    let case = Case::new(|_| None);
    let first = heir(&journal, &hanging, &case);
    let handle = first.start(mocked(task("hang"))).unwrap();
    hanging.notified().await;
    first.close(Duration::ZERO).await;
    drop(first);

    let second = heir(&journal, &hanging, &case);
    let outcome = second.watch(handle.execution).await.outcome().await.unwrap();
    let Outcome::Failed { failure } = outcome else { panic!("nobody knows how far it came") };
    assert_eq!(failure.error.as_deref(), Some("Task.Interrupted"));
    assert_eq!(case.asked(), [("e".into(), "S".into(), 0), ("e".into(), "S".into(), 0)]);
}

#[tokio::test]
async fn an_engine_without_test_cases_calls_nothing_in_earnest() {
    let engine = builder().start().unwrap();
    let Outcome::Failed { failure } = run(&engine, task("echo")).await else {
        panic!("nobody knows what it was to come to")
    };
    assert_eq!(failure.error.as_deref(), Some("States.Runtime"));
    assert!(failure.cause.unwrap().contains("'Happy'"));
}

#[tokio::test]
async fn a_name_stands_for_an_execution_with_its_test_case() {
    let engine = engine(&Case::new(|_| None));
    let start = || mocked(define(r#"{"Type":"Wait","Seconds":600,"End":true}"#));
    let mut first = engine.start_named(start()).await.unwrap();
    first.started().await.unwrap();
    assert_eq!(engine.start_named(start()).await.unwrap().execution, first.execution);
    let identity = Identity { test_case: None, ..start().identity };
    let other = engine.start_named(Start { identity, ..start() }).await;
    assert!(matches!(other, Err(StartError::AlreadyExists(_))), "{other:?}");
}
