//! Ctrl-C.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command};

use crate::command::Folder;

const WAIT: &str =
    r#"{"StartAt":"Doze","States":{"Doze":{"Type":"Wait","Seconds":3600,"End":true}}}"#;

/// Reads what the command says up to a line.
fn read_until(stderr: &mut BufReader<ChildStderr>, line: &str) {
    let mut said = String::new();
    while !said.ends_with(line) {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "ended after {said:?}");
    }
}

fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn the_first_one_stops_the_execution_and_names_the_state() {
    let folder = Folder::with(&[("wait.json", WAIT)]);
    let mut child = folder.spawn(&["run", "wait.json", "-v"]);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    // The command watches for Ctrl-C before it waits for anything, but it may be a moment away.
    read_until(&mut stderr, "-> Doze\n");
    wait_until_watching(&child);
    interrupt(&child);
    read_until(&mut stderr, "stopping the execution; Ctrl-C again leaves at once\n");
    read_until(&mut stderr, ": stopped by Ctrl-C\n");
    read_until(&mut stderr, "stopped in state `Doze`\n");
    assert_eq!(child.wait().unwrap().code(), Some(4));
}

/// Waits until the process catches the signal, as the system tells.
fn wait_until_watching(child: &Child) {
    let status = format!("/proc/{}/status", child.id());
    for _ in 0..1_000_000 {
        let Ok(text) = std::fs::read_to_string(&status) else { return };
        let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:\t")).unwrap();
        let caught = u64::from_str_radix(caught.trim(), 16).unwrap();
        if caught & 0b10 != 0 {
            return;
        }
        std::thread::yield_now();
    }
    panic!("the command does not watch for Ctrl-C");
}
