//! Paths on documents: reading gives what the path promises, and what was written is read again.

use std::borrow::Cow;

use stepwell_jsonpath::{Path, ReferencePath};
use stepwell_value::Value;

use super::jsonpath_parse::path;
use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::documents::{NAMES, document};
use crate::target::{Target, join_parts, parts};

pub(crate) const TARGET: Target = Target {
    name: "jsonpath-read",
    about: "a path is read from a document; what a reference path writes is read again",
    generate,
    check,
    bytes_max: |input| (128 << 20) + 1000 * input,
    test_iterations: 4_000,
};

fn generate(chance: &mut Chance, corpus: &Corpus) -> String {
    let text = match chance.below(3) {
        0 => path(chance, corpus),
        1 => reference(chance),
        _ => steps(chance),
    };
    let size = chance.few(300);
    join_parts(&[&text, &document(chance, size).to_string()])
}

/// Names and indexes that the documents have.
fn reference(chance: &mut Chance) -> String {
    let mut text = String::from("$");
    for _ in 0..chance.few(6) {
        let step = match chance.below(3) {
            0 => format!("[{}]", chance.below(4)),
            _ => format!("['{}']", chance.pick(NAMES)),
        };
        text.push_str(&step);
    }
    text
}

/// Steps of every kind, with names that the documents have.
fn steps(chance: &mut Chance) -> String {
    let mut text = String::from("$");
    for _ in 0..=chance.few(8) {
        let name = chance.pick(NAMES);
        let number = chance.below(4);
        let step = match chance.below(12) {
            0 | 1 => format!("['{name}']"),
            2 => format!("..['{name}']"),
            3 => "[*]".into(),
            4 => "..*".into(),
            5 => format!("[{number}]"),
            6 => format!("[{number},0]"),
            7 => format!("[-{number}:]"),
            8 => format!("['{name}','a']"),
            9 => format!("[?(@['{name}'] > {number})]"),
            10 => format!("[?(@['{name}'] =~ /a+b?/)]"),
            _ => format!("[?(@['{name}'] || !(@.a == 'b'))]"),
        };
        text.push_str(&step);
    }
    text
}

fn check(input: &str) -> Result<(), String> {
    let [text, document] = parts(input);
    let (Ok(path), Ok(document)) = (Path::parse(text), Value::parse(document)) else {
        return Ok(());
    };
    let read = path.read(&document);
    if path.find(&document).map(Cow::into_owned) != read {
        return Err("finding and reading differ".into());
    }
    match &read {
        Ok(Value::Array(_)) => {}
        Ok(_) if !path.is_definite() => return Err(format!("{read:?} is not an array")),
        Ok(_) => {}
        Err(error) => drop(error.to_string()),
    }
    if let Ok(reference) = ReferencePath::parse(text) {
        write(&reference, &document, read.ok())?;
    }
    Ok(())
}

fn write(path: &ReferencePath, document: &Value, old: Option<Value>) -> Result<(), String> {
    let new = Value::from("new");
    let changed = match path.write(document, new.clone()) {
        Ok(changed) => changed,
        Err(error) if old.is_some() => return Err(format!("readable, but: {error}")),
        Err(_) => return Ok(()),
    };
    match path.read(&changed) {
        Ok(found) if *found == new => {}
        other => return Err(format!("written, but read as {other:?}")),
    }
    if let Some(old) = old {
        let restored = path.write(&changed, old);
        if restored.as_ref() != Ok(document) {
            return Err(format!("the old value does not restore the document: {restored:?}"));
        }
    }
    Ok(())
}
