//! Inputs worth damaging: those of `corpus/TARGET/`, and expressions that a directory may add.
//!
//! What made a finding is kept there, so that it is run again with every test.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use stepwell_value::Value;

use crate::chance::Chance;
use crate::target::Target;

#[derive(Debug, Default)]
pub(crate) struct Corpus {
    inputs: Vec<String>,
    /// Expressions of an official suite, if there is one on this machine.
    pub expressions: Vec<String>,
}

impl Corpus {
    /// What there is for a target. `STEPWELL_EXPRESSIONS` names a directory with the official
    /// JSONata suite, which is not part of the repository.
    pub(crate) fn read(target: &Target) -> Result<Self> {
        let mut inputs = Vec::new();
        for path in files(target)? {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            inputs.push(text);
        }
        let mut expressions = Vec::new();
        if let (true, Some(directory)) =
            (target.name.starts_with("jsonata"), std::env::var_os("STEPWELL_EXPRESSIONS"))
        {
            let suite = Path::new(&directory).join("jsonata-suite/suite-2.0.6.json");
            let text = fs::read_to_string(&suite).with_context(|| suite.display().to_string())?;
            collect_expressions(&Value::parse(&text)?, &mut expressions);
        }
        Ok(Self { inputs, expressions })
    }

    pub(crate) fn pick(&self, chance: &mut Chance) -> &str {
        if self.inputs.is_empty() { "" } else { chance.item(&self.inputs).as_str() }
    }
}

/// The files of a target's corpus, in order.
pub(crate) fn files(target: &Target) -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in folder.read_dir().with_context(|| folder.display().to_string())? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

/// Every text that is a member called `expr`.
fn collect_expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_expressions(item, found)),
        Value::Object(members) => {
            found.extend(members.get("expr").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect_expressions(member, found));
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {}
    }
}
