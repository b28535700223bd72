use std::process::Command;

use super::{Output, Request, check, parse};

fn parsed(arguments: &[&str]) -> Result<Request, String> {
    let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).into()).collect();
    parse(&arguments).map_err(|error| error.to_string())
}

#[test]
fn arguments_choose_the_steps() {
    let all = Request::Run { only: None, output: Output::OnFailure };
    assert_eq!(parsed(&[]), Ok(all));
    let one = Request::Run { only: Some("fmt".into()), output: Output::Live };
    assert_eq!(parsed(&["--verbose", "--only", "fmt"]), Ok(one));
    assert_eq!(parsed(&["--list"]), Ok(Request::List));
}

#[test]
fn wrong_arguments_are_refused() {
    let table: [(&[&str], &str); 3] = [
        (&["--only"], "--only needs the name of a step"),
        (&["--only", "lint"], "there is no step `lint`; `cargo xtask test --list` lists them"),
        (&["fmt"], "unknown argument `fmt`; there are --list, --only STEP, --verbose"),
    ];
    for (arguments, expected) in table {
        assert_eq!(parsed(arguments), Err(expected.into()));
    }
}

#[test]
fn a_program_that_fails_fails_its_step() {
    let rustc = || Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    for output in [Output::OnFailure, Output::Live] {
        assert!(check(rustc().arg("--version"), output).is_ok());
        let error = check(rustc().arg("--no-such-flag"), output).err().unwrap().to_string();
        assert!(error.contains("--no-such-flag"), "{error}");
    }
}
