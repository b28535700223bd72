//! The reference implementation, if this machine has it: it decides where two others differ.
//!
//! `STEPWELL_JSONATA` names a folder in which `npm install jsonata@2.0.6` was run.

use std::io::Write as _;
use std::process::{Command, Stdio};

use stepwell_value::Value;

use super::Answer;

/// Reads `[expression, data]` and prints `[kind, value]`.
const PROGRAM: &str = r"
const jsonata = require('jsonata');
const isFunction = v => v && (v._jsonata_lambda || v._jsonata_function);
const print = (kind, value) => process.stdout.write(JSON.stringify([kind, value],
  (_, v) => typeof v === 'number' && !Number.isFinite(v) ? null : v));
const [text, data] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
setTimeout(() => { print('too much', null); process.exit(); }, 2000);
(async () => {
  try {
    const found = await jsonata(text).evaluate(data);
    if (found === undefined) print('undefined', null);
    else if (isFunction(found)) print('function', null);
    else print('value', found);
  } catch (error) { print('error', `${error.code}: ${error.message}`); }
  process.exit();
})();";

/// None without the reference.
pub(super) fn answer(text: &str, data: &Value) -> Result<Option<Answer>, String> {
    let Some(folder) = std::env::var_os("STEPWELL_JSONATA") else { return Ok(None) };
    let failed = |error: &dyn std::fmt::Display| format!("the reference does not run: {error}");
    let mut child = Command::new("node")
        .args(["-e", PROGRAM])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error))?;
    let question = Value::from(vec![Value::from(text), data.clone()]).to_string();
    if let Some(mut input) = child.stdin.take() {
        input.write_all(question.as_bytes()).map_err(|error| failed(&error))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(&error))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let said = Value::parse(&said).map_err(|error| failed(&error))?;
    Ok(Some(match said.as_array() {
        Some([Value::String(kind), value]) => match &**kind {
            "value" => Answer::Value(value.clone()),
            "undefined" => Answer::Undefined,
            "function" => Answer::Function,
            "error" => Answer::Error(value.to_string()),
            _ => Answer::TooMuch,
        },
        _ => return Err(failed(&said)),
    }))
}
