//! Executions in a store: killed, gone on with, copied and looked through.

use std::io::{BufRead, BufReader};

use crate::command::Folder;

const WAIT: &str = r#"{"StartAt":"Doze","States":{
    "Doze":{"Type":"Wait","Seconds":1,"Next":"Done"},"Done":{"Type":"Succeed"}}}"#;

#[test]
fn a_killed_execution_goes_on_with_the_same_command() {
    let folder = Folder::with(&[("wait.json", WAIT)]);
    let line = ["run", "wait.json", "--store", "s.db", "--name", "one", "-v"];
    let mut child = folder.spawn(&line);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    // What an observer sees is kept.
    while !said.contains("-> Doze") {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "ended after {said:?}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let ran = folder.run("run wait.json --store s.db --name one");
    assert_eq!((ran.code, &*ran.stdout), (Some(0), "{}\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("going on with execution one\n"), "{}", ran.stderr);
    let again = folder.run("run wait.json --store s.db --name one");
    assert_eq!(again.code, Some(2));
    assert!(again.stderr.contains("it has succeeded; give this one another --name"), "{again:?}");
}

#[test]
fn a_store_is_copied_and_a_copy_becomes_a_store() {
    let folder = Folder::with(&[("wait.json", WAIT)]);
    folder.run("run wait.json --store s.db --name one");
    for line in [
        "backup b.db --store s.db",
        "verify --store s.db",
        "verify --store b.db",
        "restore b.db --store r.db",
        "verify --store r.db",
    ] {
        let ran = folder.run(line);
        assert_eq!(ran.code, Some(0), "{line}: {}", ran.stderr);
    }
    for line in ["backup b.db --store s.db", "restore b.db --store r.db", "verify --store no.db"] {
        let ran = folder.run(line);
        assert_eq!(ran.code, Some(2), "{line}: {}", ran.stderr);
    }
}

#[test]
fn damage_is_found_and_named() {
    let folder = Folder::with(&[("wait.json", WAIT), ("text.db", "no store at all, just text")]);
    let foreign = folder.run("verify --store text.db");
    assert_eq!(foreign.code, Some(2));
    assert!(foreign.stderr.contains("is a file of another program"), "{}", foreign.stderr);
    folder.run("run wait.json --store s.db --name one");
    folder.run("backup b.db --store s.db");
    let file = folder.path().join("b.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let definition = b"\"StartAt\":\"Doze\"";
    let place = bytes.windows(definition.len()).position(|part| part == definition).unwrap();
    bytes[place + 1] = b's';
    std::fs::write(&file, bytes).unwrap();
    let ran = folder.run("verify --store b.db");
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("`stepwell restore FILE --store NEW`"), "{}", ran.stderr);
}
