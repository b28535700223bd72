//! What a call is given, and how calls stand beside each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use stepwell_host::{Invocation, Limits};
use stepwell_tests::guests;
use stepwell_tests::tasks::{TaskDirectory, invocation, task_ref};

#[tokio::test]
async fn a_task_sees_its_input_and_its_output_is_passed_on_as_it_is() {
    let tasks = TaskDirectory::with("echo", guests::echo());
    let text = r#" { "b": 1.50, "a": [ 12345678901234567890 ] } "#;
    assert_eq!(tasks.host().call("echo", text).await.as_deref(), Ok(text));
}

#[tokio::test]
async fn a_task_sees_for_whom_it_runs() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let host = tasks.host();
    let call = invocation(r#"{"do":"context"}"#);
    let mut context = (*call.context).clone();
    context.deadline_ms = Some(1_700_000_001_000);
    context.task_token = Some("token".into());
    let call = Invocation { context: Arc::new(context), ..call };
    let output = host.host.call(&task_ref("hostile"), call).await.unwrap();
    let shown: Value = serde_json::from_str(output.text()).unwrap();
    assert_eq!(
        shown,
        json!({
            "execution": "arn:aws:states:us-east-1:123456789012:execution:order:one",
            "executionName": "one",
            "stateMachine": "arn:aws:states:us-east-1:123456789012:stateMachine:order",
            "stateMachineName": "order",
            "startedAtMs": 1_700_000_000_000_u64,
            "state": "Charge",
            "enteredAtMs": 1_700_000_000_500_u64,
            "attempt": 2,
            "idempotencyKey": "order-one-Charge-2",
            "deadlineMs": 1_700_000_001_000_u64,
            "taskToken": "token",
        })
    );
}

#[tokio::test]
async fn without_an_earlier_deadline_a_task_sees_its_own_time_limit() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let limits = Limits { timeout: Duration::from_hours(1), ..Limits::default() };
    let host = tasks.host_with(|builder| builder.limits(limits));
    let now_ms = || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::try_from(now.as_millis()).unwrap()
    };
    let before_ms = now_ms();
    let output = host.call("hostile", r#"{"do":"context"}"#).await.unwrap();
    let shown: Value = serde_json::from_str(&output).unwrap();
    let deadline_ms = shown["deadlineMs"].as_u64().unwrap();
    // The time from the call's start to the question is taken off and put on again.
    let hour = 3_600_000;
    assert!((before_ms + hour - 1..=now_ms() + hour).contains(&deadline_ms), "{deadline_ms}");
}

#[tokio::test]
async fn signs_of_life_reach_the_caller() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let host = tasks.host();
    let beats = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&beats);
    let heartbeat: stepwell_host::Heartbeat = Arc::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let call = invocation(r#"{"do":"beat","times":3}"#);
    let call = Invocation { heartbeat: Some(heartbeat), ..call };
    host.host.call(&task_ref("hostile"), call).await.unwrap();
    assert_eq!(beats.load(Ordering::Relaxed), 3);
    host.call("hostile", r#"{"do":"beat","times":3}"#).await.expect("nobody has to listen");
}

#[tokio::test]
async fn nothing_survives_from_one_call_to_the_next() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let host = tasks.host_with(|builder| builder.instances_max(1));
    for _ in 0..3 {
        let output = host.call("hostile", r#"{"do":"count"}"#).await;
        assert_eq!(output.as_deref(), Ok("1"));
    }
}

#[tokio::test]
async fn calls_that_wait_take_turns_when_there_are_more_of_them_than_instances() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let limits = Limits { timeout: Duration::from_millis(20), ..Limits::default() };
    let host = tasks.host_with(|builder| builder.limits(limits).instances_max(2));
    let calls = (0..6).map(|_| {
        let host = host.host.clone();
        let call = invocation(r#"{"do":"sleep","seconds":3600}"#);
        tokio::spawn(async move { host.call(&task_ref("hostile"), call).await })
    });
    for call in calls.collect::<Vec<_>>() {
        // Without turns the pool is empty for the third call, which is no timeout.
        assert_eq!(call.await.unwrap().unwrap_err().error, "Sandbox.Timedout");
    }
}

#[tokio::test]
async fn more_calls_than_instances_wait_for_each_other() {
    let tasks = TaskDirectory::with("echo", guests::echo());
    let host = tasks.host_with(|builder| builder.instances_max(2));
    let calls = (0..50).map(|call| {
        let host = host.host.clone();
        tokio::spawn(async move {
            let output = host.call(&task_ref("echo"), invocation(&call.to_string())).await;
            assert_eq!(output.unwrap().text(), call.to_string());
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn a_loop_lets_other_calls_on_the_same_thread_go_on() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let host = tasks.host();
    let for_ever = host.call("hostile", r#"{"do":"loop"}"#);
    let quick = host.call("hostile", r#"{"do":"echo","value":1}"#);
    // One task polls both, so the second can end only if the first gives way.
    tokio::select! {
        biased;
        ended = for_ever => panic!("a loop ended: {ended:?}"),
        output = quick => assert_eq!(output.as_deref(), Ok("1")),
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_gives_its_instance_back() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let host = tasks.host_with(|builder| builder.instances_max(1));
    tokio::select! {
        biased;
        ended = host.call("hostile", r#"{"do":"loop"}"#) => panic!("a loop ended: {ended:?}"),
        () = tokio::task::yield_now() => {}
    }
    let output = host.call("hostile", r#"{"do":"echo","value":1}"#).await;
    assert_eq!(output.as_deref(), Ok("1"));
}
