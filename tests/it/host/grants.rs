//! What a task may touch: nothing, unless its manifest asks for it.

use std::fs;
use std::os::unix::fs::symlink;

use stepwell_tests::guests;
use stepwell_tests::tasks::{TaskDirectory, TaskHost};

const DIRECTORIES: &str = r#"
[[capabilities.directories]]
guest = "/photos"
host = "../photos"
access = "read"

[[capabilities.directories]]
guest = "/thumbnails"
host = "../thumbnails"
access = "write"
"#;

/// A task with a directory to read and one to write, and a secret beside them.
fn tasks_with_directories() -> TaskDirectory {
    let tasks = TaskDirectory::with_manifest("hostile", guests::hostile(), DIRECTORIES);
    for directory in ["photos", "thumbnails", "private"] {
        fs::create_dir(tasks.beside(directory)).unwrap();
    }
    fs::write(tasks.beside("photos/cat.txt"), "miaow").unwrap();
    fs::write(tasks.beside("private/secret.txt"), "secret").unwrap();
    symlink("../private/secret.txt", tasks.beside("photos/link-out")).unwrap();
    symlink(tasks.beside("private"), tasks.beside("photos/absolute")).unwrap();
    symlink("cat.txt", tasks.beside("photos/link-in")).unwrap();
    tasks
}

#[track_caller]
fn says(output: &Result<String, stepwell_host::Failure>, expected: &str, input: &str) {
    let output = output.as_deref().expect("the task itself does not fail");
    assert!(output.contains(expected), "{input} gave {output}, not {expected}");
}

async fn ask(host: &TaskHost, input: &str, expected: &str) {
    says(&host.call("hostile", input).await, expected, input);
}

#[tokio::test]
async fn a_task_without_grants_reaches_nothing() {
    let tasks = TaskDirectory::with("hostile", guests::hostile());
    let host = tasks.host();
    ask(&host, r#"{"do":"environment"}"#, "[]").await;
    ask(&host, r#"{"do":"arguments"}"#, "[]").await;
    for path in ["/etc/passwd", "etc/passwd", "../../etc/passwd", "/", "."] {
        ask(&host, &format!(r#"{{"do":"read","path":"{path}"}}"#), "\"err\"").await;
        ask(&host, &format!(r#"{{"do":"list","path":"{path}"}}"#), "\"err\"").await;
    }
    ask(&host, r#"{"do":"write","path":"/file","text":"x"}"#, "\"err\"").await;
    ask(&host, r#"{"do":"connect","address":"127.0.0.1:1"}"#, "permission denied").await;
    ask(&host, r#"{"do":"resolve","host":"localhost"}"#, "\"err\"").await;
}

#[tokio::test]
async fn a_granted_directory_is_there_and_no_more() {
    let tasks = tasks_with_directories();
    let host = tasks.host();
    ask(&host, r#"{"do":"read","path":"/photos/cat.txt"}"#, r#"{"ok":"miaow"}"#).await;
    ask(&host, r#"{"do":"read","path":"/photos/link-in"}"#, r#"{"ok":"miaow"}"#).await;
    ask(&host, r#"{"do":"read","path":"/thumbnails/../photos/cat.txt"}"#, "\"err\"").await;
    let out = [
        "/photos/../private/secret.txt",
        "/photos/link-out",
        "/photos/absolute/secret.txt",
        "/private/secret.txt",
        "/photos/./../../etc/passwd",
    ];
    for path in out {
        ask(&host, &format!(r#"{{"do":"read","path":"{path}"}}"#), "\"err\"").await;
    }
    let secret = tasks.beside("private/secret.txt");
    let input = format!(r#"{{"do":"read","path":"{}"}}"#, secret.display());
    ask(&host, &input, "\"err\"").await;
}

#[tokio::test]
async fn only_a_directory_granted_for_writing_can_be_written() {
    let tasks = tasks_with_directories();
    let host = tasks.host();
    ask(&host, r#"{"do":"write","path":"/photos/dog.txt","text":"x"}"#, "\"err\"").await;
    ask(&host, r#"{"do":"write","path":"/photos/cat.txt","text":"x"}"#, "\"err\"").await;
    ask(&host, r#"{"do":"remove","path":"/photos/cat.txt"}"#, "\"err\"").await;
    assert_eq!(fs::read_to_string(tasks.beside("photos/cat.txt")).unwrap(), "miaow");

    ask(&host, r#"{"do":"write","path":"/thumbnails/cat.txt","text":"m"}"#, "written").await;
    assert_eq!(fs::read_to_string(tasks.beside("thumbnails/cat.txt")).unwrap(), "m");
    ask(&host, r#"{"do":"read","path":"/thumbnails/cat.txt"}"#, r#"{"ok":"m"}"#).await;
    ask(&host, r#"{"do":"remove","path":"/thumbnails/cat.txt"}"#, "removed").await;
    assert!(!tasks.beside("thumbnails/cat.txt").exists());
}

#[tokio::test]
async fn a_link_that_a_task_makes_does_not_lead_it_out() {
    let tasks = tasks_with_directories();
    let host = tasks.host();
    let link =
        |target: &str| format!(r#"{{"do":"link","target":"{target}","path":"/thumbnails/made"}}"#);
    ask(&host, &link("/etc/passwd"), "\"err\"").await;
    ask(&host, &link("../private/secret.txt"), "linked").await;
    ask(&host, r#"{"do":"read","path":"/thumbnails/made"}"#, "\"err\"").await;
    ask(&host, r#"{"do":"write","path":"/thumbnails/made","text":"x"}"#, "\"err\"").await;
    assert_eq!(fs::read_to_string(tasks.beside("private/secret.txt")).unwrap(), "secret");
}

#[tokio::test]
async fn a_directory_that_goes_away_is_named() {
    let tasks = tasks_with_directories();
    let host = tasks.host();
    ask(&host, r#"{"do":"list","path":"/photos"}"#, "cat.txt").await;
    fs::remove_dir_all(tasks.beside("photos")).unwrap();
    let failure = host.call("hostile", r#"{"do":"echo"}"#).await.unwrap_err();
    assert_eq!(failure.error, "Sandbox.DirectoryMissing");
    assert!(failure.cause.contains("`/photos`"), "{}", failure.cause);
}

#[tokio::test]
async fn a_directory_that_was_never_there_is_found_out_before_the_first_call() {
    let tasks = TaskDirectory::with_manifest("hostile", guests::hostile(), DIRECTORIES);
    let failure = tasks.host().call("hostile", r#"{"do":"echo"}"#).await.unwrap_err();
    assert_eq!(failure.error, "Task.Invalid");
    assert!(failure.cause.contains("../photos as `/photos`"), "{}", failure.cause);
}

#[tokio::test]
async fn a_task_sees_the_variables_that_it_asks_for() {
    let tasks = TaskDirectory::with_manifest(
        "hostile",
        guests::hostile(),
        "[capabilities.environment]\nSTAGE = \"test\"\nROOT = { from = \"CARGO_MANIFEST_DIR\" }",
    );
    let output = tasks.host().call("hostile", r#"{"do":"environment"}"#).await.unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    assert_eq!(output, format!(r#"[["ROOT","{root}"],["STAGE","test"]]"#));
}

#[tokio::test]
async fn a_variable_that_is_not_set_is_named() {
    let tasks = TaskDirectory::with_manifest(
        "hostile",
        guests::hostile(),
        "[capabilities.environment]\nKEY = { from = \"STEPWELL_TESTS_NOT_SET\" }",
    );
    let failure = tasks.host().call("hostile", r#"{"do":"echo"}"#).await.unwrap_err();
    assert_eq!(failure.error, "Task.Invalid");
    let expected = "`KEY` from the environment variable `STEPWELL_TESTS_NOT_SET`, which is not set";
    assert!(failure.cause.contains(expected), "{}", failure.cause);
}
