//! Every way in which a call can go wrong ends in the failure of that name, and leaves the host as
//! it was.

use std::time::Duration;

use stepwell_host::{Failure, Limits};
use stepwell_tests::guests;
use stepwell_tests::tasks::{TaskDirectory, TaskHost};

const MIB: usize = 1 << 20;

fn small() -> Limits {
    Limits {
        timeout: Duration::from_secs(20),
        memory_bytes: 16 * MIB,
        output_bytes: 10_000,
        log_bytes: 10_000,
    }
}

fn host_with(limits: Limits) -> (TaskDirectory, TaskHost) {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let host = tasks.host_with(|builder| builder.limits(limits));
    (tasks, host)
}

/// Runs a task that must fail with this error and a cause that contains all the given texts, and
/// then one that must not.
#[track_caller]
fn check_with(limits: Limits, input: &str, error: &str, causes: &[&str]) {
    let (_tasks, host) = host_with(limits);
    let failure = run(async {
        let failure = host.call("hostile", input).await.expect_err(input);
        let next = host.call("hostile", r#"{"do":"echo","value":"fine"}"#).await;
        assert_eq!(next, Ok("\"fine\"".to_owned()), "the next call, after {input}");
        failure
    });
    assert_eq!(failure.error, error, "{input} gave: {}", failure.cause);
    for cause in causes {
        assert!(failure.cause.contains(cause), "`{cause}` is not in: {}", failure.cause);
    }
}

#[track_caller]
fn check(input: &str, error: &str, causes: &[&str]) {
    check_with(small(), input, error, causes);
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built")
        .block_on(test)
}

#[test]
fn a_loop_ends_at_the_time_limit() {
    let limits = Limits { timeout: Duration::from_millis(50), ..small() };
    let causes = ["task `hostile` timed out after 0.05 s", "`limits.timeout_seconds`"];
    check_with(limits.clone(), r#"{"do":"loop"}"#, "Sandbox.Timedout", &causes);
    check_with(limits, r#"{"do":"loop-in-the-host"}"#, "Sandbox.Timedout", &causes);
}

#[test]
fn a_sleep_ends_at_the_time_limit() {
    let limits = Limits { timeout: Duration::from_millis(50), ..small() };
    check_with(limits, r#"{"do":"sleep","seconds":3600}"#, "Sandbox.Timedout", &["0.05 s"]);
}

#[test]
fn memory_ends_at_its_limit_however_it_grows() {
    let causes = ["its limit is 16777216", "`limits.memory_mib`"];
    for input in [
        r#"{"do":"eat-memory-in-steps"}"#,
        r#"{"do":"eat-memory-at-once","bytes":100000000}"#,
        r#"{"do":"grow-memory","pages":300}"#,
    ] {
        check(input, "Sandbox.MemoryExceeded", &causes);
    }
}

#[test]
fn memory_up_to_the_limit_is_there() {
    let (_tasks, host) = host_with(small());
    let output = run(host.call("hostile", r#"{"do":"eat-memory-at-once","bytes":14000000}"#));
    assert_eq!(output.as_deref(), Ok("14000000"));
}

#[test]
fn a_task_that_needs_more_than_its_memory_to_begin_with_never_runs() {
    let limits = Limits { memory_bytes: 1000, ..small() };
    let (_tasks, host) = host_with(limits);
    let failure = run(host.call("hostile", r#"{"do":"echo"}"#)).unwrap_err();
    assert_eq!(failure.error, "Sandbox.MemoryExceeded");
}

#[test]
fn a_recursion_ends_with_the_stack() {
    check(r#"{"do":"recurse"}"#, "Sandbox.StackOverflow", &["it recurses too deep", "recurse"]);
}

#[test]
fn output_ends_at_its_limit() {
    let causes = ["returned more than 10000 bytes", "`limits.output_kib`"];
    check(r#"{"do":"return-bytes","bytes":10001}"#, "Sandbox.OutputExceeded", &causes);
    // Above what may be copied at all.
    check(r#"{"do":"return-bytes","bytes":2000000}"#, "Sandbox.OutputExceeded", &causes);
    let (_tasks, host) = host_with(small());
    let output = run(host.call("hostile", r#"{"do":"return-bytes","bytes":10000}"#)).unwrap();
    assert_eq!(output.len(), 10_000, "the limit itself is allowed");
}

#[test]
fn one_call_to_the_host_copies_only_so_much() {
    let cause = "passed more than 1048576 bytes to the host in one call";
    check(r#"{"do":"log-bytes","bytes":4000000}"#, "Sandbox.ResourceExceeded", &[cause]);
}

#[test]
fn output_that_is_not_json_is_refused_where_it_goes_wrong() {
    let causes = ["text that is not JSON", "(line 2, column 3)"];
    check(r#"{"do":"return","text":"{\n  x"}"#, "Task.InvalidOutput", &causes);
    check(r#"{"do":"return","text":""}"#, "Task.InvalidOutput", &["the text ends where"]);
}

#[test]
fn a_panic_is_told_with_its_message_and_its_place() {
    let causes = ["panicked: the card is\nbent (at", "hostile/src/lib.rs:", "  at "];
    check(r#"{"do":"panic","message":"the card is\nbent"}"#, "Task.Panicked", &causes);
}

#[test]
fn a_trap_is_told_with_its_reason_and_its_place() {
    let causes = ["`unreachable` instruction executed", "  at hostile::behave::trap"];
    check(r#"{"do":"trap"}"#, "Task.Trapped", &causes);
    let causes = ["out of bounds memory access", "  at hostile::"];
    check(r#"{"do":"read-out-of-bounds"}"#, "Task.Trapped", &causes);
}

#[test]
fn an_exit_is_no_result() {
    check(r#"{"do":"exit","code":3}"#, "Task.Exited", &["exited with code 1 instead of"]);
    check(r#"{"do":"exit","code":0}"#, "Task.Exited", &["exited with code 0 instead of"]);
}

#[test]
fn a_task_fails_in_its_own_words() {
    check(
        r#"{"do":"fail","error":"Card.Declined","cause":"no money"}"#,
        "Card.Declined",
        &["no money"],
    );
    check(r#"{"do":"fail","error":"States.Timeout","cause":"x"}"#, "Task.Failed", &["`States."]);
    let (_tasks, host) = host_with(Limits { output_bytes: 100_000, ..small() });
    let failure = run(host.call("hostile", r#"{"do":"fail-at-length","chars":50000}"#));
    let expected = Failure { error: "é".repeat(256), cause: "é".repeat(16_384) };
    assert_eq!(failure, Err(expected));
}

#[test]
fn open_files_end_at_their_limit() {
    let tasks = TaskDirectory::with_manifest(
        "hostile",
        guests::hostile(),
        "[[capabilities.directories]]\nguest = \"/d\"\nhost = \".\"\naccess = \"read\"",
    );
    let host = tasks.host();
    let failure = run(host.call("hostile", r#"{"do":"open-many","path":"/d/hostile.wasm"}"#));
    let failure = failure.unwrap_err();
    assert_eq!(failure.error, "Sandbox.ResourceExceeded", "{}", failure.cause);
    assert!(failure.cause.contains("more than 256 open files"), "{}", failure.cause);
}
