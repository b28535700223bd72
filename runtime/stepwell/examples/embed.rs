//! A program that runs a workflow inside of itself, with a task written in Rust.
//!
//! `cargo run -p stepwell --example embed`
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::pin::Pin;
use std::sync::Arc;

use stepwell::{Failure, Machine, Outcome, Payload, Program, Stepwell, TaskRequest, Tasks, Value};

const WORKFLOW: &str = r#"{
  "StartAt": "Greet",
  "States": {
    "Greet": { "Type": "Task", "Resource": "greet", "ResultPath": "$.greeting", "End": true }
  }
}"#;

/// The host program's own tasks, by name.
struct Greeter;

impl Tasks for Greeter {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        Box::pin(async move {
            let input = request.call.call.input.value();
            let name = input.get("name").and_then(Value::as_str);
            let name = name.ok_or_else(|| Failure::new("NoName", "the input has no `name`"))?;
            Ok(Payload::from(Value::from(format!("Good morning, {name}."))))
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let program = Program::parse(WORKFLOW).map_err(|found| format!("{found:?}"))?;
    let machine = Machine::new("greeting", program)?;
    let stepwell = Stepwell::builder().tasks(Arc::new(Greeter)).build()?;

    let mut execution = stepwell.start(&machine, Payload::parse(r#"{"name":"Ada"}"#)?)?;
    match execution.outcome().await? {
        Outcome::Succeeded { output } => println!("{output}"),
        other => println!("{other:?}"),
    }
    Ok(())
}
