//! `stepwell new`: a task crate that is ready to build, with a workflow that uses it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::arguments::New;
use crate::complaint::Complaint;
use crate::printer::Printer;
use crate::{Ended, Exit};

/// The files of a task crate. `{{name}}` is the task's name, `{{function}}` the name as Rust can
/// spell it, and `{{sdk}}` where the SDK comes from.
const FILES: &[(&str, &str)] = &[
    (".gitignore", include_str!("new/template/gitignore")),
    ("Cargo.toml", include_str!("new/template/Cargo.toml.txt")),
    ("README.md", include_str!("new/template/README.md.txt")),
    ("input.json", include_str!("new/template/input.json")),
    ("src/lib.rs", include_str!("new/template/src/lib.rs.txt")),
    ("task.toml", include_str!("new/template/task.toml.txt")),
    ("workflow.asl.json", include_str!("new/template/workflow.asl.json.txt")),
];

/// Longer names cannot be called: the registry takes no more.
const NAME_CHARS_MAX: usize = 64;

/// What Cargo refuses as a crate's name, or what cannot be a function's.
const RESERVED: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

pub(crate) fn run(printer: Printer, options: &New) -> Ended {
    let name = options.name.as_str();
    check_name(name)?;
    let folder = options.dir.clone().unwrap_or_else(|| PathBuf::from(name));
    check_folder(&folder)?;
    let sdk = sdk_dependency(options.sdk.as_deref())?;
    for (file, template) in FILES {
        let text = fill(template, name, &sdk);
        let path = folder.join(file);
        write(&path, &text).map_err(|error| {
            Complaint::new(format_args!("cannot write {}: {error}", path.display()))
        })?;
    }
    printer.say(format_args!("made the task `{name}` in {}", folder.display()));
    printer.say("next:");
    printer.say(format_args!("  cd {}", folder.display()));
    printer.say("  stepwell build");
    printer.say("  stepwell run workflow.asl.json --input @input.json");
    Ok(Exit::Success)
}

fn check_name(name: &str) -> Result<(), Complaint> {
    let is_good_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_good = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(is_good_char)
        && !name.ends_with('-')
        && name.len() <= NAME_CHARS_MAX;
    if !is_good {
        return Err(Complaint::new(format_args!("{name:?} cannot be a task's name")).hint(
            format_args!(
                "a name has at most {NAME_CHARS_MAX} lower-case letters, digits and hyphens, \
                 begins with a letter and does not end with a hyphen"
            ),
        ));
    }
    if RESERVED.contains(&name) {
        return Err(Complaint::new(format_args!("`{name}` cannot be a task's name: Rust has it"))
            .hint(format_args!("a name of two words is free, such as `{name}-order`")));
    }
    Ok(())
}

/// Nothing of the user's is written over.
fn check_folder(folder: &Path) -> Result<(), Complaint> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(Complaint::new(format_args!("{} is not empty", folder.display()))
                .hint("--dir DIR names another folder")),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Complaint::new(format_args!("cannot use {}: {error}", folder.display()))),
    }
}

/// The value of the dependency on the SDK: its folder where that is known, or else its version.
fn sdk_dependency(given: Option<&Path>) -> Result<String, Complaint> {
    // Where the source that this binary was built from lies, unless it has been moved since.
    let built_with = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/rust");
    let folder = match given {
        Some(folder) if is_sdk(folder) => folder,
        Some(folder) => {
            return Err(Complaint::new(format_args!(
                "--sdk {}: this is not the folder of the task SDK",
                folder.display()
            ))
            .hint("the folder holds the Cargo.toml of the package stepwell-task"));
        }
        None if is_sdk(&built_with) => &built_with,
        None => return Ok(format!("\"{}\"", env!("CARGO_PKG_VERSION"))),
    };
    let folder = folder.canonicalize().map_err(|error| {
        Complaint::new(format_args!("cannot find {}: {error}", folder.display()))
    })?;
    let path = toml::Value::String(folder.display().to_string());
    Ok(format!("{{ path = {path} }}"))
}

fn is_sdk(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    let name = manifest.get("package").and_then(|package| package.get("name"));
    name.and_then(toml::Value::as_str) == Some("stepwell-task")
}

fn fill(template: &str, name: &str, sdk: &str) -> String {
    let function = name.replace('-', "_");
    template.replace("{{name}}", name).replace("{{function}}", &function).replace("{{sdk}}", sdk)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

#[cfg(test)]
mod tests;
