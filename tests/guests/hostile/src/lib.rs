//! A task that does what its input says: `{"do": "…"}` and what that needs.

use exports::stepwell::task::handler::{Failure, Guest};
use serde_json::{Value, json};
use stepwell::task::{context, heartbeat, log};

mod behave;
mod files;

wit_bindgen::generate!({ path: "../../../wit", world: "task" });

struct Hostile;

impl Guest for Hostile {
    fn run(input: String) -> Result<String, Failure> {
        let order: Value = serde_json::from_str(&input).expect("the input is JSON");
        let text = |key: &str| order[key].as_str().unwrap_or_default();
        let number = |key: &str| order[key].as_u64().unwrap_or_default();
        let output = match text("do") {
            "echo" => order["value"].clone(),
            "context" => describe_context(),
            "beat" => (0..number("times")).map(|_| heartbeat::beat()).collect(),
            "log" => log_every_level(text("message")),
            "print" => behave::print(text("stdout"), text("stderr")),
            "print-unfinished" => behave::print_unfinished(text("stdout")),
            "environment" => std::env::vars().map(|(name, value)| json!([name, value])).collect(),
            "arguments" => std::env::args().map(Value::from).collect(),
            "fail" => {
                let (error, cause) = (text("error").to_owned(), text("cause").to_owned());
                return Err(Failure { error, cause });
            }
            "fail-at-length" => {
                let long = "é".repeat(number("chars") as usize);
                return Err(Failure { error: long.clone(), cause: long });
            }
            "return" => return Ok(text("text").to_owned()),
            "return-bytes" => {
                let filler = "x".repeat((number("bytes") as usize).saturating_sub(2));
                return Ok(format!("\"{filler}\""));
            }
            "count" => behave::count_in_memory(),
            "loop" => behave::run_for_ever(),
            "loop-in-the-host" => loop {
                heartbeat::beat();
            },
            "sleep" => behave::sleep(number("seconds")),
            "eat-memory-in-steps" => behave::eat_memory_in_steps(),
            "eat-memory-at-once" => behave::eat_memory_at_once(number("bytes") as usize),
            "grow-memory" => behave::grow_memory(number("pages") as usize),
            "recurse" => json!(behave::recurse(1)),
            "flood-stdout" => behave::flood_stdout(number("lines")),
            "flood-log" => {
                (0..number("lines")).for_each(|_| log::log(log::Level::Info, &"x".repeat(100)));
                json!(null)
            }
            "log-bytes" => {
                log::log(log::Level::Info, &"x".repeat(number("bytes") as usize));
                json!(null)
            }
            "panic" => panic!("{}", text("message")),
            "trap" => behave::trap(),
            "read-out-of-bounds" => behave::read_out_of_bounds(),
            "exit" => std::process::exit(number("code") as i32),
            "connect" => behave::connect(text("address")),
            "resolve" => behave::resolve(text("host")),
            "read" => files::read(text("path")),
            "write" => files::write(text("path"), text("text")),
            "list" => files::list(text("path")),
            "link" => files::link(text("target"), text("path")),
            "remove" => files::remove(text("path")),
            "open-many" => files::open_many(text("path")),
            other => panic!("`{other}` is nothing that this task can do"),
        };
        Ok(output.to_string())
    }
}

fn describe_context() -> Value {
    let info = context::current();
    json!({
        "execution": info.execution.arn,
        "executionName": info.execution.name,
        "stateMachine": info.execution.state_machine_arn,
        "stateMachineName": info.execution.state_machine_name,
        "startedAtMs": info.execution.started_at_ms,
        "state": info.state.name,
        "enteredAtMs": info.state.entered_at_ms,
        "attempt": info.state.attempt,
        "idempotencyKey": info.idempotency_key,
        "deadlineMs": info.deadline_ms,
        "taskToken": info.task_token,
    })
}

fn log_every_level(message: &str) -> Value {
    use log::Level::{Debug, Error, Info, Trace, Warn};
    for level in [Trace, Debug, Info, Warn, Error] {
        log::log(level, message);
    }
    json!(null)
}

export!(Hostile);
