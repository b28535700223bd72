//! The workflows of one folder, by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use stepwell_asl::{Definition, Diagnostic, MachineType};
use stepwell_value::Str;

use crate::rehearsal::Program;

/// What a workflow's file is called behind the workflow's name.
const WORKFLOW: &str = ".asl.json";
const TESTS: &str = ".test.json";

/// What can be started by name: every `NAME.asl.json` of a folder.
#[derive(Debug)]
pub(crate) struct Folder {
    pub path: PathBuf,
    /// With what is wrong with a file, if something is.
    programs: BTreeMap<String, Result<Arc<Program>, String>>,
    /// The files of test cases, by the names of their workflows.
    pub tests: BTreeMap<String, PathBuf>,
    pub folders: Vec<PathBuf>,
}

impl Folder {
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let mut folder = Self {
            path: path.to_owned(),
            programs: BTreeMap::new(),
            tests: BTreeMap::new(),
            folders: Vec::new(),
        };
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            // A link to a folder may lead in a circle.
            if entry.file_type()?.is_dir() {
                folder.folders.push(path);
            } else if let Some(name) = name.strip_suffix(TESTS) {
                folder.tests.insert(name.to_owned(), path);
            } else if let Some(name) = name.strip_suffix(WORKFLOW) {
                let program = read_program(&path, name, MachineType::Standard);
                folder.programs.insert(name.to_owned(), program);
            }
        }
        folder.folders.sort();
        Ok(folder)
    }

    pub(crate) fn program(&self, name: &str) -> Option<Result<Arc<Program>, String>> {
        self.programs.get(name).cloned()
    }

    /// The workflows, each with its file.
    pub(crate) fn workflows(&self) -> impl Iterator<Item = (&String, PathBuf)> {
        self.programs.keys().map(|name| (name, self.path.join(format!("{name}{WORKFLOW}"))))
    }

    /// The file of the workflow that tests are about, if it is there.
    pub(crate) fn workflow_of(&self, tests: &str) -> Result<PathBuf, String> {
        let candidates = [format!("{tests}{WORKFLOW}"), format!("{tests}.json")];
        let found = candidates.iter().map(|name| self.path.join(name)).find(|path| path.is_file());
        found.ok_or_else(|| {
            let [first, second] = &candidates;
            format!(
                "there is no workflow for these tests: neither {first} nor {second} is beside them; \
                 name another file under \"workflow\""
            )
        })
    }
}

/// The name of a workflow by its file.
pub(crate) fn workflow_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.strip_suffix(WORKFLOW).or_else(|| name.strip_suffix(".json"));
    stem.map(str::to_owned).unwrap_or(name)
}

/// Reads a definition, or says everything that is wrong with it, a line for each.
pub(crate) fn read_program(
    path: &Path,
    name: &str,
    machine_type: MachineType,
) -> Result<Arc<Program>, String> {
    let text = read_text(path)?;
    let definition = Definition::parse_as(&text, machine_type).map_err(|diagnostics| {
        let lines: Vec<String> = diagnostics.iter().map(|found| described(path, found)).collect();
        lines.join("\n")
    })?;
    Ok(Arc::new(Program { name: Str::from(name), definition: Arc::new(definition) }))
}

pub(crate) fn read_text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn described(path: &Path, diagnostic: &Diagnostic) -> String {
    let hint = diagnostic.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("{}: {diagnostic}{hint}", path.display())
}
