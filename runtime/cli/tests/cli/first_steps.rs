//! A new task, from nothing to its result: what the README promises.
//!
//! It needs the compilation target of tasks, and the dependencies of the SDK.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::{Folder, Ran};
use crate::server::Server;

/// Asks with a token: the answer to the token is the state's result.
const ASK: &str = r#"{"StartAt":"Ask","States":{"Ask":{"Type":"Task","End":true,
  "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
  "Parameters":{"FunctionName":"say-hello","Payload":{"name":"Ada","token.$":"$$.Task.Token"}}}}}"#;

#[test]
fn a_new_task_is_tested_built_and_run() {
    let folder = Folder::with(&[]);
    let made = folder.run("new say-hello --quiet");
    made.is(0, "", "");
    fs::write(folder.path().join("say-hello/ask.json"), ASK).unwrap();
    let home = folder.path().join("say-hello");

    let built = in_home(&home, &["build", "--quiet"]);
    built.is(0, "", "");
    let rebuilt = in_home(&home, &["build", "."]);
    let unchanged = "unchanged say-hello 0.1.0 (";
    assert!(rebuilt.stderr.contains(unchanged), "{rebuilt:?}");

    let run = ["run", "workflow.asl.json", "--input"];
    in_home(&home, &[&run[..], &["@input.json"]].concat()).is(
        0,
        "{\"text\":\"Good morning, Ada.\"}\n",
        "[Greet] greeting Ada\n  ok       Greet  Task T\nsucceeded in T\n",
    );
    in_home(&home, &[&run[..], &["{\"name\": \"\"}"]].concat()).is(
        1,
        "",
        "  failed   Greet  Task T  Greeting.NoName: the guest has no name
failed after T: Greeting.NoName: the guest has no name
",
    );
    tokens_are_answered(&home);
    the_registry_is_shown(&home);
    its_own_tests_pass(&home);
    a_change_is_live(&folder, &home);
}

/// The task that is changed while its folder is served is the one that runs from then on.
fn a_change_is_live(folder: &Folder, home: &Path) {
    let mut dev = folder.command(&["dev", "say-hello", "--address", "127.0.0.1:0"]);
    dev.env("CARGO_TARGET_DIR", tasks_target());
    let mut server = Server::of(folder, dev);
    let read_until = |server: &mut Server<'_>, end: &str| {
        while !server.next_line().starts_with(end) {}
    };
    read_until(&mut server, "unchanged say-hello 0.1.0 ");
    let source = home.join("src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text.replace("Good morning", "Good evening")).unwrap();
    read_until(&mut server, "installed say-hello 0.1.0 ");
    let ran = server.run("start say-hello --input @say-hello/input.json --wait -q");
    ran.is(0, "{\"text\":\"Good evening, Ada.\"}\n", "");
}

fn tokens_are_answered(home: &Path) {
    in_home(home, &["run", "ask.json"]).is(
        4,
        "",
        "[Ask] greeting Ada
error: state `Ask` waits for its task token, and there is nobody to ask
  hint: answer it with --answer 'Ask=JSON'
  stopped  Ask  Task T
stopped after T: nobody answers the task token of state `Ask`
stopped in state `Ask`
",
    );
    let yes = "{\"approved\": true}";
    in_home(home, &["run", "ask.json", "-q", "--answer", &format!("Ask={yes}")]).is(
        0,
        &format!("{yes}\n"),
        "",
    );
    in_home(home, &["run", "ask.json", "-q", "--answer", "Ask=fail No way, Ada"]).is(
        1,
        "",
        "error: the execution failed: No: way, Ada\n",
    );
}

fn the_registry_is_shown(home: &Path) {
    in_home(home, &["task", "list"]).is(0, "say-hello  0.1.0  Greets a guest\n", "");
    let shown = in_home(home, &["task", "inspect", "say-hello@0.1"]);
    assert_eq!((shown.code, &*shown.stderr), (Some(0), ""));
    for row in [
        "name            say-hello\n",
        "description     Greets a guest\n",
        "component       0.1.0  sha256:",
        "may             touch nothing outside of itself\n",
        "limit           time 5.00 s\n",
        "limit           memory 16 MiB\n",
        "callable        yes, sha256:",
    ] {
        assert!(shown.stdout.contains(row), "{row:?} in {shown:?}");
    }
}

fn its_own_tests_pass(home: &Path) {
    let output = Command::new(env!("CARGO"))
        .args(["test", "--quiet"])
        .env("CARGO_TARGET_DIR", tasks_target())
        .current_dir(home)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn in_home(home: &Path, words: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_stepwell"))
        .args(words)
        .current_dir(home)
        .stdin(std::process::Stdio::null())
        .env("CARGO_TARGET_DIR", tasks_target())
        .env("STEPWELL_CACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-cache"))
        .env_remove("STEPWELL_REGISTRY")
        .output()
        .unwrap();
    Ran::of(output)
}

/// Kept from run to run: the dependencies are compiled once.
fn tasks_target() -> std::path::PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("tasks")
}
