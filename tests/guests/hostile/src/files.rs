//! Attempts on the file system.

use std::fs::{self, File};

use serde_json::{Value, json};

use crate::behave::outcome;

pub fn read(path: &str) -> Value {
    outcome(fs::read_to_string(path))
}

pub fn write(path: &str, text: &str) -> Value {
    outcome(fs::write(path, text).map(|()| "written"))
}

pub fn list(path: &str) -> Value {
    let names = fs::read_dir(path).and_then(|entries| {
        entries
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<std::io::Result<Vec<String>>>()
    });
    outcome(names)
}

pub fn link(target: &str, path: &str) -> Value {
    #[expect(deprecated, reason = "the only name for it that every target has")]
    let linked = fs::soft_link(target, path);
    outcome(linked.map(|()| "linked"))
}

pub fn remove(path: &str) -> Value {
    outcome(fs::remove_file(path).map(|()| "removed"))
}

/// Opens a file again and again and closes none.
pub fn open_many(path: &str) -> Value {
    let mut open = Vec::new();
    loop {
        match File::open(path) {
            Ok(file) => open.push(file),
            Err(error) => return json!({ "open": open.len(), "err": error.to_string() }),
        }
    }
}
