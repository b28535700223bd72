//! The engine with tasks written in Rust: what reaches them, and what becomes of their outcomes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::pin::Pin;
use std::sync::Arc;

use stepwell_engine::{
    Admitted, CommandError, Engine, EngineBuilder, Handle, Lost, Machines, Program, Start,
    StartError, TaskRequest, Tasks, TokenError,
};
use stepwell_journal::{ExecutionId, Memory};
use stepwell_kernel::{ExecutionCall, Fact, Failure, Identity, Outcome};
use stepwell_value::{Payload, Value};
use tokio::sync::Notify;

type Answer = Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>>;

/// Tasks by name: `echo`, `busy` (fails), `hang`, `meet` (returns when two of it run), `attempt`.
struct Named {
    meeting: Arc<tokio::sync::Barrier>,
    hanging: Arc<Notify>,
}

impl Tasks for Named {
    fn run(&self, request: TaskRequest) -> Answer {
        let input = request.call.call.input.clone();
        let (meeting, hanging) = (Arc::clone(&self.meeting), Arc::clone(&self.hanging));
        match &*request.call.call.function {
            "echo" => Box::pin(async move { Ok(input) }),
            "busy" => Box::pin(async move { Err(Failure::new("Busy", "try later")) }),
            "meet" => Box::pin(async move {
                meeting.wait().await;
                Ok(input)
            }),
            "hang" => Box::pin(async move {
                hanging.notify_one();
                std::future::pending().await
            }),
            "panic" => Box::pin(async move { panic!("a mistake of the program") }),
            "panic-later" => Box::pin(async move {
                tokio::task::yield_now().await;
                panic!("a mistake of the program")
            }),
            "attempt" => {
                let attempt = request.call.attempt;
                let key = request.idempotency_key();
                Box::pin(async move {
                    if attempt == 0 {
                        Err(Failure::new("Busy", "once"))
                    } else {
                        Ok(Payload::from(Value::from(key)))
                    }
                })
            }
            other => unreachable!("no task is called {other}"),
        }
    }
}

struct Fixture {
    engine: Engine,
    hanging: Arc<Notify>,
}

fn fixture() -> Fixture {
    let hanging = Arc::new(Notify::new());
    let meeting = Arc::new(tokio::sync::Barrier::new(2));
    let tasks = Named { meeting, hanging: Arc::clone(&hanging) };
    let engine = lasting(Engine::builder(Arc::new(tasks))).shards(2).start().unwrap();
    Fixture { engine, hanging }
}

/// With a journal that the engine takes for one that outlives it.
fn lasting(builder: EngineBuilder) -> EngineBuilder {
    builder.journal(Arc::new(Memory::new()))
}

fn start(engine: &Engine, program: Program, input: &str) -> Handle {
    let input = Payload::parse(input).unwrap();
    engine.start(Start { program, identity: identity(), input }).unwrap()
}

fn identity() -> Identity {
    Identity {
        execution_arn: "arn:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:r".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    }
}

fn task(resource: &str) -> Program {
    define(&format!(r#"{{"Type":"Task","Resource":"{resource}","End":true}}"#))
}

fn define(state: &str) -> Program {
    let text = format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#);
    Program::parse(text).unwrap()
}

async fn run(engine: &Engine, definition: Program, input: &str) -> Outcome {
    start(engine, definition, input).outcome().await.unwrap()
}

#[tokio::test]
async fn a_task_gets_the_input_and_gives_the_output() {
    let Fixture { engine, .. } = fixture();
    let outcome = run(&engine, task("echo"), "[ 1 ]").await;
    let Outcome::Succeeded { output } = outcome else { panic!("{outcome:?}") };
    assert_eq!(output.text(), "[ 1 ]", "the text passes untouched");
    assert!(!output.is_parsed(), "nobody built a tree");
}

#[tokio::test]
async fn a_failure_ends_the_execution() {
    let Fixture { engine, .. } = fixture();
    let outcome = run(&engine, task("busy"), "{}").await;
    assert_eq!(outcome, Outcome::Failed { failure: Failure::new("Busy", "try later") });
}

#[tokio::test]
async fn branches_run_at_the_same_time() {
    let Fixture { engine, .. } = fixture();
    let branch = r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"meet","End":true}}}"#;
    let other = branch.replace('A', "B").replace("StartBt", "StartAt");
    let state = format!(r#"{{"Type":"Parallel","Branches":[{branch},{other}],"End":true}}"#);
    let outcome = run(&engine, define(&state), "7").await;
    assert_eq!(outcome, Outcome::Succeeded { output: Payload::parse("[7,7]").unwrap() });
}

#[tokio::test]
async fn a_retry_waits_and_asks_with_another_key() {
    let Fixture { engine, .. } = fixture();
    let state = r#"{"Type":"Task","Resource":"attempt","End":true,
        "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":1}]}"#;
    let before = std::time::Instant::now();
    let outcome = run(&engine, define(state), "{}").await;
    let key = Payload::from(Value::from("arn:e#1"));
    assert_eq!(outcome, Outcome::Succeeded { output: key });
    assert!(before.elapsed() >= std::time::Duration::from_secs(1));
}

#[tokio::test]
async fn stopping_an_execution_stops_its_task() {
    let Fixture { engine, hanging } = fixture();
    let mut handle = start(&engine, task("hang"), "{}");
    hanging.notified().await;
    handle.stop(Failure::new("Stopped", "by hand")).await;
    let outcome = handle.outcome().await.unwrap();
    assert_eq!(outcome, Outcome::Aborted { failure: Failure::new("Stopped", "by hand") });
}

#[tokio::test]
async fn a_token_is_good_once() {
    let state = r#"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"echo","Payload":{"token.$":"$$.Task.Token"}},"End":true}"#;
    let (sender, mut submitted) = tokio::sync::mpsc::unbounded_channel();
    let observer: stepwell_engine::Observer = Arc::new(move |_, events| {
        for event in events {
            if let Fact::TaskScheduled { call, .. } = &event.fact {
                sender.send(stepwell_kernel::Token::clone(call.token.as_ref().unwrap())).unwrap();
            }
        }
    });
    let tasks = Named { meeting: Arc::new(tokio::sync::Barrier::new(2)), hanging: Arc::default() };
    let engine = Engine::builder(Arc::new(tasks)).observer(observer).start().unwrap();
    let mut handle = start(&engine, define(state), "{}");
    let token = submitted.recv().await.unwrap();
    let answer = Payload::parse("\"yes\"").unwrap();
    assert_eq!(engine.report_token("guess", Ok(answer.clone())).await, Err(TokenError::Malformed));
    engine.report_token(&token, Ok(answer.clone())).await.unwrap();
    assert_eq!(handle.outcome().await.unwrap(), Outcome::Succeeded { output: answer.clone() });
    assert_eq!(engine.report_token(&token, Ok(answer)).await, Err(TokenError::Ended));
}

#[tokio::test]
async fn whoever_waits_learns_that_the_runtime_is_gone() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build();
    let runtime = runtime.unwrap();
    let mut handle = {
        let _inside = runtime.enter();
        let Fixture { engine, .. } = fixture();
        start(&engine, task("hang"), "{}")
    };
    runtime.shutdown_background();
    assert_eq!(handle.outcome().await, Err(Lost));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_distributed_map_runs_its_items_as_executions_of_their_own() {
    let fixture = fixture();
    let definition = define(
        r#"{"Type":"Map","MaxConcurrency":8,"End":true,"ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"Echo","States":{"Echo":{"Type":"Task","Resource":"echo","End":true}}}}"#,
    );
    let items: Vec<Value> = (0..500).map(Value::Int).collect();
    let input = Payload::from(Value::from(items.clone()));
    let mut handle = start(&fixture.engine, definition, input.text());
    let Outcome::Succeeded { output } = handle.outcome().await.unwrap() else { panic!("it works") };
    assert_eq!(output.value(), &Value::from(items));
    let runs = fixture.engine.children(handle.execution).unwrap();
    let [run] = runs[..] else { panic!("there is one map run, not {runs:?}") };
    assert_eq!(fixture.engine.children(run).unwrap().len(), 500);
    fixture.engine.forget(handle.execution).await;
    assert_eq!(fixture.engine.events(run), Ok(Vec::new()));
    assert_eq!(fixture.engine.children(run), Ok(Vec::new()));
    assert_eq!(fixture.engine.watch(handle.execution).await.outcome().await, Err(Lost));
}

#[tokio::test]
async fn stopping_an_execution_stops_what_its_map_run_started() {
    let fixture = fixture();
    let definition = define(
        r#"{"Type":"Map","End":true,"ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"Hang","States":{"Hang":{"Type":"Task","Resource":"hang","End":true}}}}"#,
    );
    let mut handle = start(&fixture.engine, definition, "[1]");
    fixture.hanging.notified().await;
    handle.stop(Failure::new("Enough", "")).await;
    assert!(matches!(handle.outcome().await.unwrap(), Outcome::Aborted { .. }));
    let run = fixture.engine.children(handle.execution).unwrap()[0];
    let item = fixture.engine.children(run).unwrap()[0];
    // The end travels from loop to loop; every turn of this one lets them go on.
    let is_stopped = || {
        let events = fixture.engine.events(item).unwrap();
        events.last().is_some_and(|event| matches!(event.fact, Fact::ExecutionAborted { .. }))
    };
    while !is_stopped() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_engine_that_was_told_of_no_place_cannot_read_items() {
    let fixture = fixture();
    let definition = define(
        r#"{"Type":"Map","End":true,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject"},
            "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"Echo","States":{"Echo":{"Type":"Task","Resource":"echo","End":true}}}}"#,
    );
    let mut handle = start(&fixture.engine, definition, "{}");
    let Outcome::Failed { failure } = handle.outcome().await.unwrap() else { panic!("it fails") };
    assert_eq!(failure.error.as_deref(), Some("States.ItemReaderFailed"));
}

#[tokio::test]
async fn a_task_whose_code_panics_has_failed() {
    let fixture = fixture();
    for resource in ["panic", "panic-later"] {
        let Outcome::Failed { failure } = run(&fixture.engine, task(resource), "{}").await else {
            panic!("it fails")
        };
        assert_eq!(failure.error.as_deref(), Some("Task.Panicked"));
    }
    // The loop goes on.
    assert!(matches!(run(&fixture.engine, task("echo"), "1").await, Outcome::Succeeded { .. }));
}

/// Knows one machine, `arn:child`, which does what it was made for.
struct One(Program);

impl Machines for One {
    fn admit(&self, call: &ExecutionCall) -> Result<Admitted, Failure> {
        if &*call.state_machine_arn != "arn:child" {
            return Err(Failure::no_such_machine(&call.state_machine_arn, "r"));
        }
        let execution_arn = format!("arn:child:{}", call.name).into();
        let identity = Identity { execution_arn, ..identity() };
        Ok(Admitted::Here { program: self.0.clone(), identity })
    }
}

fn with_machine(child: Program) -> Fixture {
    let hanging = Arc::new(Notify::new());
    let meeting = Arc::new(tokio::sync::Barrier::new(2));
    let tasks = Named { meeting, hanging: Arc::clone(&hanging) };
    let builder = Engine::builder(Arc::new(tasks)).machines(Arc::new(One(child)));
    Fixture { engine: lasting(builder).shards(2).start().unwrap(), hanging }
}

fn start_of(machine: &str, ending: &str, more: &str) -> Program {
    define(&format!(
        r#"{{"Type":"Task","Resource":"arn:aws:states:::states:startExecution{ending}",
            "Parameters":{{"StateMachineArn":"{machine}","Name":"n","Input":{{"a":1}}}},
            {more}"End":true}}"#
    ))
}

#[tokio::test]
async fn a_task_waits_for_an_execution_of_another_machine() {
    let Fixture { engine, .. } = with_machine(task("echo"));
    let outcome = run(&engine, start_of("arn:child", ".sync:2", ""), "{}").await;
    let Outcome::Succeeded { output } = outcome else { panic!("{outcome:?}") };
    assert_eq!(output.value().get("Output").unwrap().to_string(), r#"{"a":1}"#);
    assert_eq!(output.value().get("ExecutionArn"), Some(&Value::from("arn:child:n")));
}

#[tokio::test]
async fn an_execution_that_fails_fails_the_task_that_waits_for_it() {
    let Fixture { engine, .. } = with_machine(task("busy"));
    let outcome = run(&engine, start_of("arn:child", ".sync", ""), "{}").await;
    let Outcome::Failed { failure } = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.error.as_deref(), Some("States.TaskFailed"));
    assert!(failure.cause.unwrap().contains(r#""Error":"Busy""#));
}

#[tokio::test]
async fn an_execution_of_a_machine_that_is_not_there_fails_the_task() {
    let Fixture { engine, .. } = fixture();
    let outcome = run(&engine, start_of("arn:nobody", "", ""), "{}").await;
    let failure = Failure::no_such_machine("arn:nobody", "00000000-0000-0000-0000-000000000000");
    assert_eq!(outcome, Outcome::Failed { failure });
}

/// The ends of all executions but the first.
async fn other_end(ends: &mut tokio::sync::mpsc::UnboundedReceiver<(ExecutionId, Fact)>) -> Fact {
    loop {
        let (execution, fact) = ends.recv().await.unwrap();
        if execution != ExecutionId(0) {
            return fact;
        }
    }
}

#[tokio::test]
async fn an_execution_that_is_awaited_is_stopped_when_its_task_is_given_up() {
    let hanging = Arc::new(Notify::new());
    let meeting = Arc::new(tokio::sync::Barrier::new(2));
    let tasks = Named { meeting, hanging: Arc::clone(&hanging) };
    let (sender, mut ends) = tokio::sync::mpsc::unbounded_channel();
    let engine = Engine::builder(Arc::new(tasks))
        .machines(Arc::new(One(task("hang"))))
        .observer(Arc::new(move |execution, events| {
            let last = events.last().map(|event| event.fact.clone());
            let ended = last.filter(|fact| fact.frame().is_none());
            if let Some(fact) = ended {
                sender.send((execution, fact)).unwrap();
            }
        }))
        .start()
        .unwrap();
    let definition = start_of("arn:child", ".sync", r#""TimeoutSeconds":1,"#);
    let outcome = run(&engine, definition, "{}").await;
    assert_eq!(outcome, Outcome::Failed { failure: Failure::named("States.Timeout") });
    assert_eq!(other_end(&mut ends).await, Fact::ExecutionAborted { failure: Failure::default() });
}

const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:ask";

#[tokio::test]
async fn a_worker_takes_the_work_of_an_activity_and_reports_its_end() {
    let Fixture { engine, .. } = fixture();
    let input = Payload::parse("7").unwrap();
    let waits = engine.take_activity(ACTIVITY, Some("ann".into()));
    let mut execution = start(&engine, task(ACTIVITY), "7");
    let work = waits.await.unwrap();
    assert_eq!(work.input, input);
    engine.heartbeat_token(&work.token).await.unwrap();
    engine.report_token(&work.token, Ok(input.clone())).await.unwrap();
    assert_eq!(execution.outcome().await.unwrap(), Outcome::Succeeded { output: input });
    assert_eq!(engine.report_token(&work.token, Ok(work.input)).await, Err(TokenError::Ended));
}

#[tokio::test]
async fn work_that_nobody_waits_for_is_not_given_out() {
    let Fixture { engine, .. } = fixture();
    let state =
        format!(r#"{{"Type":"Task","Resource":"{ACTIVITY}","TimeoutSeconds":1,"End":true}}"#);
    let outcome = run(&engine, define(&state), "{}").await;
    assert_eq!(outcome, Outcome::Failed { failure: Failure::named("States.Timeout") });
    let taken = engine.take_activity(ACTIVITY, None);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(50), taken).await;
    assert!(waited.is_err(), "the offer is withdrawn with its task");
}

fn named(program: Program, name: &str, input: &str) -> Start {
    let identity = Identity { execution_arn: format!("arn:e:{name}").into(), ..identity() };
    Start { program, identity, input: Payload::parse(input).unwrap() }
}

#[tokio::test]
async fn a_name_stands_for_one_execution() {
    let Fixture { engine, hanging } = fixture();
    let mut first = engine.start_named(named(task("hang"), "a", "1")).await.unwrap();
    first.started().await.unwrap();
    hanging.notified().await;
    let again = engine.start_named(named(task("hang"), "a", "1")).await.unwrap();
    assert_eq!(again.execution, first.execution);
    let other = engine.start_named(named(task("hang"), "a", "2")).await;
    assert!(matches!(other, Err(StartError::AlreadyExists(_))), "{other:?}");
    first.stop(Failure::named("Enough")).await;
    let late = engine.start_named(named(task("hang"), "a", "1")).await;
    assert!(matches!(late, Err(StartError::AlreadyExists(_))), "{late:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_is_asked_for_many_times_at_once_is_given_once() {
    let Fixture { engine, .. } = fixture();
    let wait = define(r#"{"Type":"Wait","Seconds":600,"End":true}"#);
    let starts = (0..50).map(|_| {
        let (engine, start) = (engine.clone(), named(wait.clone(), "a", "1"));
        tokio::spawn(async move {
            let mut handle = engine.start_named(start).await.unwrap();
            handle.started().await.unwrap();
            handle.execution
        })
    });
    let mut executions = Vec::new();
    for start in starts.collect::<Vec<_>>() {
        executions.push(start.await.unwrap());
    }
    executions.dedup();
    assert_eq!(executions.len(), 1, "{executions:?}");
}

#[tokio::test]
async fn who_comes_late_hears_of_the_end_too() {
    let Fixture { engine, .. } = fixture();
    let mut handle = start(&engine, task("echo"), "7");
    let outcome = handle.outcome().await.unwrap();
    assert_eq!(engine.watch(handle.execution).await.outcome().await.unwrap(), outcome);
    assert_eq!(
        engine.stop(handle.execution, Failure::default()).await,
        Err(CommandError::Stale),
        "it has ended"
    );
    let unknown = engine.stop(ExecutionId(99), Failure::default()).await;
    assert_eq!(unknown, Err(CommandError::Unknown));
}

#[tokio::test]
async fn the_next_engine_goes_on_with_what_was_left_in_the_middle() {
    let journal = Arc::new(Memory::new());
    let engine = |hanging: &Arc<Notify>| {
        let meeting = Arc::new(tokio::sync::Barrier::new(2));
        let tasks = Named { meeting, hanging: Arc::clone(hanging) };
        let builder = Engine::builder(Arc::new(tasks)).shards(2);
        builder.journal(Arc::<Memory>::clone(&journal)).start().unwrap()
    };
    let hanging = Arc::new(Notify::new());
    let first = engine(&hanging);
    let token = r#"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"echo","Payload":{"token.$":"$$.Task.Token"}},"End":true}"#;
    let mut waiting = start(&first, define(token), "{}");
    waiting.started().await.unwrap();
    let mut working = start(&first, task("hang"), "{}");
    working.started().await.unwrap();
    hanging.notified().await;
    first.close(std::time::Duration::ZERO).await;
    drop(first);
    assert_eq!(working.outcome().await, Err(Lost));

    let second = engine(&hanging);
    let Outcome::Failed { failure } =
        second.watch(working.execution).await.outcome().await.unwrap()
    else {
        panic!("nobody knows how far it came")
    };
    assert_eq!(failure.error.as_deref(), Some("Task.Interrupted"));
    let events = second.events(waiting.execution).unwrap();
    let token = events.iter().find_map(|event| match &event.fact {
        Fact::TaskScheduled { call, .. } => call.token.clone(),
        _ => None,
    });
    let answer = Payload::parse("7").unwrap();
    second.report_token(&token.unwrap(), Ok(answer.clone())).await.unwrap();
    let outcome = second.watch(waiting.execution).await.outcome().await.unwrap();
    assert_eq!(outcome, Outcome::Succeeded { output: answer });
}

#[tokio::test]
async fn there_are_no_more_open_executions_than_allowed() {
    let meeting = Arc::new(tokio::sync::Barrier::new(2));
    let tasks = Named { meeting, hanging: Arc::default() };
    let engine = lasting(Engine::builder(Arc::new(tasks))).open_max(1).start().unwrap();
    let mut first = start(&engine, task("hang"), "{}");
    first.started().await.unwrap();
    let input = Payload::parse("{}").unwrap();
    let second = Start { program: task("echo"), identity: identity(), input };
    assert!(matches!(engine.start(second.clone()), Err(StartError::TooManyOpen(1))));
    first.stop(Failure::named("Enough")).await;
    first.outcome().await.unwrap();
    engine.start(second).unwrap().outcome().await.unwrap();
}

#[tokio::test]
async fn what_ended_long_enough_ago_is_deleted() {
    let meeting = Arc::new(tokio::sync::Barrier::new(2));
    let tasks = Named { meeting, hanging: Arc::default() };
    let builder = lasting(Engine::builder(Arc::new(tasks)));
    let engine = builder.retention(std::time::Duration::from_millis(20)).start().unwrap();
    let mut handle = start(&engine, task("echo"), "{}");
    handle.outcome().await.unwrap();
    while engine.events(handle.execution).is_ok_and(|events| !events.is_empty()) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn nothing_more_is_started_while_too_many_tasks_run() {
    let hanging = Arc::new(Notify::new());
    let meeting = Arc::new(tokio::sync::Barrier::new(2));
    let tasks = Named { meeting, hanging: Arc::clone(&hanging) };
    let builder = lasting(Engine::builder(Arc::new(tasks)));
    let engine = builder.tasks_max(1).shards(1).start().unwrap();
    let mut first = start(&engine, task("hang"), "{}");
    first.started().await.unwrap();
    let input = Payload::parse("{}").unwrap();
    let second = || Start { program: task("echo"), identity: identity(), input: input.clone() };
    while engine.start(second()).is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(engine.start(second()), Err(StartError::Busy)));
    first.stop(Failure::named("Enough")).await;
    first.outcome().await.unwrap();
    let mut handle = loop {
        match engine.start(second()) {
            Ok(handle) => break handle,
            Err(_busy) => tokio::task::yield_now().await,
        }
    };
    handle.outcome().await.unwrap();
}
