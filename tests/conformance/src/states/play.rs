//! Tests a recorded state with the kernel alone, in virtual time.

use anyhow::{Result, bail};
use stepwell_asl::Timestamp;
use stepwell_kernel::{Env, Input, Limits, Obligation, Progress, TaskCall, Tested};
use stepwell_value::Value;

use super::request;
use crate::answer::Answer;
use crate::field;
use crate::play::{Dice, START, function_name};
use crate::tasks::{self, Behaviour, no_such_function};

/// How often a state may ask for something.
const REPORTS_MAX: usize = 100;

/// What the kernel makes of the case, as the API would answer it.
pub(super) fn play(case: &Value) -> Result<Answer> {
    let (definition, state) = match request::definition(case)? {
        Ok(found) => found,
        Err(exception) => return Ok(Err(exception)),
    };
    let test = match request::test(case, (&definition, state))? {
        Ok(test) => test,
        Err(exception) => return Ok(Err(exception)),
    };
    let (mut dice, limits) = (Dice(0), Limits::default());
    let mut now = Timestamp::from_unix_millis(START);
    let begun = test.begin(Env { now, entropy: &mut dice, limits: &limits });
    let mut progress = match begun {
        Ok(progress) => progress,
        Err(refusal) => return Ok(Err(request::refused(&refusal))),
    };
    for _ in 0..REPORTS_MAX {
        let pending = match progress {
            Progress::Done(tested) => return response(case, &definition, &tested),
            Progress::Pending(pending) => pending,
        };
        let input = answer(case, &pending.obligations(), &mut now)?;
        progress = pending.report(input, Env { now, entropy: &mut dice, limits: &limits });
    }
    bail!("nothing comes of the state after {REPORTS_MAX} reports")
}

fn response(
    case: &Value,
    definition: &stepwell_asl::Definition,
    tested: &Tested,
) -> Result<Answer> {
    let level = field::optional_text(field::member(case, "request")?, "inspectionLevel");
    let is_shown = matches!(level, Some("DEBUG" | "TRACE"));
    Ok(Ok(Value::from(stepwell_wire::tested(definition, tested, is_shown))))
}

/// What the world does next: it runs the task, or time goes by.
fn answer(case: &Value, owed: &[Obligation], now: &mut Timestamp) -> Result<Input> {
    for obligation in owed {
        if let Obligation::RunTask(call) = obligation {
            return run(case, call, now);
        }
    }
    for obligation in owed {
        if let Obligation::WakeAt(at) = obligation {
            *now = *at;
            return Ok(Input::Wake);
        }
    }
    bail!("the state waits for nothing")
}

fn run(case: &Value, call: &TaskCall, now: &mut Timestamp) -> Result<Input> {
    let name = function_name(&call.call.function);
    let function = case.get("functions").and_then(|functions| functions.get(name));
    let (pause, outcome): tasks::Answer = match function {
        Some(function) => Behaviour::parse(function)?.answer(&call.call.input, 0),
        None => (std::time::Duration::ZERO, Err(no_such_function(name, 0))),
    };
    *now = now.saturating_add(pause);
    Ok(Input::TaskReported { task: call.task, outcome })
}
