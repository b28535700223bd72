//! From a name to a task: what is found, what is refused, and what changes while the host runs.

use std::fs;
use std::os::unix::fs::symlink;

use stepwell_host::{BuildError, Digest, Limits};
use stepwell_tests::guests;
use stepwell_tests::tasks::TaskDirectory;

/// The eight bytes of an empty core module.
const CORE_MODULE: &[u8] = b"\0asm\x01\0\0\0";

#[track_caller]
fn check_failure(failure: &stepwell_host::Failure, error: &str, causes: &[&str]) {
    assert_eq!(failure.error, error, "{}", failure.cause);
    for cause in causes {
        assert!(failure.cause.contains(cause), "`{cause}` is not in: {}", failure.cause);
    }
}

async fn check_refused(tasks: &TaskDirectory, task: &str, error: &str, causes: &[&str]) {
    let failure = tasks.host().call(task, "1").await.expect_err(task);
    check_failure(&failure, error, causes);
}

#[tokio::test]
async fn a_task_that_is_not_there_is_not_found_and_a_near_name_is_offered() {
    let tasks = TaskDirectory::with("credit-check", guests::echo());
    let causes = ["there is no task `creditcheck`", "is `credit-check` meant?"];
    check_refused(&tasks, "creditcheck", "Task.NotFound", &causes).await;
    check_refused(&tasks, "credit-check@2", "Task.NotFound", &["no version `2`"]).await;
    check_refused(&tasks, "credit-check:prod", "Task.NotFound", &["`prod`; it has none"]).await;
}

#[tokio::test]
async fn what_is_not_a_task_is_refused_for_what_it_is() {
    let tasks = TaskDirectory::with("other", guests::other_world());
    tasks.write("text.wasm", b"This is not WebAssembly.");
    tasks.write("empty.wasm", b"");
    tasks.write("core.wasm", CORE_MODULE);
    tasks.write("broken.wasm", b"\0asm\x0d\0\x01\0\xff\xff");
    let invalid = "Task.Invalid";
    let causes = ["`example:calculator/addition@1.0.0`", "`stepwell:task/handler@0.1.0`"];
    check_refused(&tasks, "other", invalid, &causes).await;
    check_refused(&tasks, "text", invalid, &["text.wasm cannot be run", "not WebAssembly"]).await;
    check_refused(&tasks, "empty", invalid, &["not WebAssembly"]).await;
    check_refused(&tasks, "core", invalid, &["core WebAssembly module", "wasm32-wasip2"]).await;
    check_refused(&tasks, "broken", invalid, &["the component cannot be compiled"]).await;
}

#[tokio::test]
async fn an_import_that_no_host_offers_is_refused_before_the_first_call() {
    let tasks = TaskDirectory::with("thief", guests::ungranted());
    let causes = ["task `thief`", "`example:ungranted/vault@1.0.0`", "task.toml"];
    check_refused(&tasks, "thief", "Task.Invalid", &causes).await;
}

#[tokio::test]
async fn compiled_code_is_never_taken_from_the_registry() {
    let tasks = TaskDirectory::with("echo", guests::echo());
    let cache = tasks.beside("cache");
    tasks.host_with(|builder| builder.cache_dir(&cache)).call("echo", "1").await.unwrap();
    let kept = fs::read_dir(&cache).unwrap().next().unwrap().unwrap();
    // The checksum in front of it is the cache's own.
    let code = fs::read(kept.path()).unwrap().split_off(32);
    tasks.write("native.wasm", &code);
    check_refused(&tasks, "native", "Task.Invalid", &["compiled machine code"]).await;
}

#[tokio::test]
async fn a_link_out_of_the_registry_is_not_followed() {
    let tasks = TaskDirectory::new();
    symlink(guests::echo(), tasks.registry().join("echo.wasm")).unwrap();
    check_refused(&tasks, "echo", "Task.Invalid", &["led outside"]).await;
}

#[tokio::test]
async fn a_bad_manifest_keeps_the_task_from_running() {
    let tasks = TaskDirectory::with_manifest("echo", guests::echo(), "[limits]\nmemory_mib = 4096");
    let causes = ["echo/task.toml", "`limits.memory_mib` is 4096", "at most 1024"];
    check_refused(&tasks, "echo", "Task.Invalid", &causes).await;
}

#[tokio::test]
async fn versions_and_aliases_lead_to_their_components() {
    let tasks = TaskDirectory::new();
    tasks.install("task/1.0.0.wasm", guests::echo());
    tasks.install("task/2.0.0.wasm", guests::hostile());
    tasks.write("task/task.toml", b"idempotent = true\n[aliases]\nprod = \"1.0.0\"");
    let host = tasks.host();
    let (old, new) =
        (host.prepare("task:prod").await.unwrap(), host.prepare("task").await.unwrap());
    assert_eq!(old.version().unwrap().as_str(), "1.0.0");
    assert_eq!(old.digest(), Digest::of(&fs::read(guests::echo()).unwrap()));
    assert_eq!(new.version().unwrap().as_str(), "2.0.0");
    assert!(new.manifest().idempotent);
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:task:prod";
    assert_eq!(host.prepare(arn).await.unwrap().digest(), old.digest());
    assert_eq!(host.call(arn, "[1]").await.as_deref(), Ok("[1]"));
}

#[tokio::test]
async fn a_changed_file_is_live_at_the_next_call() {
    let tasks = TaskDirectory::with("task", guests::echo());
    let host = tasks.host();
    let input = r#"{"do":"count"}"#;
    assert_eq!(host.call("task", input).await.as_deref(), Ok(input));
    tasks.install("task.wasm", guests::hostile());
    assert_eq!(host.call("task", input).await.as_deref(), Ok("1"));
    tasks.write("task/task.toml", b"description = \"counts\"");
    let prepared = host.prepare("task").await.unwrap();
    assert_eq!(prepared.manifest().description.as_deref(), Some("counts"));
    fs::remove_file(tasks.registry().join("task.wasm")).unwrap();
    let failure = host.call("task", input).await.unwrap_err();
    check_failure(&failure, "Task.NotFound", &["directory without a component"]);
    tasks.install("task.wasm", guests::echo());
    assert_eq!(host.call("task", input).await.as_deref(), Ok(input));
}

#[tokio::test]
async fn a_task_that_has_not_changed_is_prepared_once() {
    let tasks = TaskDirectory::with("task", guests::echo());
    tasks.install("same.wasm", guests::echo());
    let host = tasks.host();
    let first = host.prepare("task").await.unwrap();
    let again = host.prepare("task").await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &again));
    assert_eq!(host.prepare("same").await.unwrap().digest(), first.digest());
}

#[tokio::test]
async fn a_host_needs_a_registry_and_sensible_limits() {
    let tasks = TaskDirectory::new();
    fs::remove_dir(tasks.registry()).unwrap();
    let error = tasks.try_host_with(|builder| builder).expect_err("there is no registry");
    assert!(matches!(error, BuildError::Registry { .. }), "{error}");
    assert!(error.to_string().contains(&tasks.registry().display().to_string()), "{error}");

    let tasks = TaskDirectory::new();
    let limits = Limits { memory_bytes: 2 << 30, ..Limits::default() };
    let error = tasks.try_host_with(|builder| builder.limits(limits)).expect_err("too much");
    assert!(error.to_string().contains("`limits.memory_bytes` is 2147483648"), "{error}");
    let error = tasks.try_host_with(|builder| builder.instances_max(0)).expect_err("too few");
    assert!(matches!(error, BuildError::NoInstances), "{error}");
}
