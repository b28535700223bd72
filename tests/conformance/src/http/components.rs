//! The functions of a case as components in a registry.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use stepwell::Value;
use stepwell_tests::guests;

use crate::case::Case;
use crate::tasks::Behaviour;

/// A function that answers more than a task may by default does so as a component too.
const OUTPUT_KIB: u32 = 1024;

/// Why a case cannot be played with components.
pub(super) fn unplayable(case: &Case, document: &Value) -> Option<String> {
    let is_format = |behaviour: &Behaviour| matches!(behaviour, Behaviour::Format { .. });
    if case.functions.values().any(is_format) {
        return Some("have a function that prints as Python does".to_owned());
    }
    // A component reaches no network.
    let is_caller = document.to_string().contains(":states:::aws-sdk:sfn:");
    is_caller.then(|| "call the service's own interface".to_owned())
}

/// Makes a registry in which each function is a component that does the same.
pub(super) fn registry(folder: &Path, behaviours: &BTreeMap<String, Behaviour>) -> Result<PathBuf> {
    let registry = folder.join("registry");
    for (name, behaviour) in behaviours {
        let task = registry.join(name);
        std::fs::create_dir_all(&task).context("cannot make the folder of a task")?;
        std::fs::copy(guests::scripted(), registry.join(format!("{name}.wasm")))
            .with_context(|| format!("cannot put `{name}` into the registry"))?;
        std::fs::write(task.join("task.toml"), manifest(behaviour))
            .with_context(|| format!("cannot write the manifest of `{name}`"))?;
    }
    std::fs::create_dir_all(&registry).context("cannot make the registry")?;
    Ok(registry)
}

fn manifest(behaviour: &Behaviour) -> String {
    let mut text = format!(
        "[limits]\ntimeout_seconds = 600\noutput_kib = {OUTPUT_KIB}\n\n[capabilities.environment]\n"
    );
    for (name, value) in environment(behaviour) {
        // The texts of JSON are texts of TOML too, but for one that both escape alike.
        let value = Value::from(value).to_string().replace('\u{7f}', "\\u007f");
        // A text takes what is written to it.
        let _written = writeln!(text, "{name} = {value}");
    }
    text
}

/// What the component is told.
fn environment(behaviour: &Behaviour) -> Vec<(&'static str, String)> {
    match behaviour {
        Behaviour::Echo => Vec::new(),
        Behaviour::Return(output) => vec![("OUTPUT", output.text().to_owned())],
        Behaviour::SleepThenEcho(pause) => vec![("PAUSE_SECONDS", pause.as_secs().to_string())],
        Behaviour::Raise { error, message, stack_trace } => {
            let cause = crate::tasks::cause(error, message, stack_trace, 0);
            vec![("ERROR", error.to_string()), ("CAUSE", cause)]
        }
        Behaviour::Format { .. } => Vec::new(),
    }
}
