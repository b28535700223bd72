//! A test file with all that it refers to, held against its workflow.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use stepwell_asl::{Kind, MachineType, Map, MapMode};

use super::Loaded;
use crate::document::Problem;
use crate::folder::{self, Folder};
use crate::mock_config::check_state;
use crate::props::Props;
use crate::rehearsal::Program;
use crate::test_file::{Case, ConfigCase, Lines, Mock, TestFile};
use crate::{MockConfig, TestCase};

/// Reads a test file with all that it refers to, or says everything that is wrong with it.
pub(super) fn load(name: &str, file: &Path, folder: &Arc<Folder>) -> Result<Loaded, Vec<String>> {
    let located = |message: &str| format!("{}: {message}", file.display());
    let text = folder::read_text(file).map_err(|refused| vec![refused])?;
    let test_file = TestFile::parse(&text).map_err(|problems| {
        problems.iter().map(|problem| located(&problem.to_string())).collect::<Vec<_>>()
    })?;
    let workflow = workflow(&test_file, name, folder).map_err(|refused| vec![located(&refused)])?;
    let machine_type = test_file.machine_type;
    let name = folder::workflow_name(&workflow);
    let program = match folder.program(&name).filter(|_| machine_type == MachineType::Standard) {
        Some(program) if folder.workflows().any(|(_, path)| path == workflow) => program,
        _ => folder::read_program(&workflow, &name, machine_type),
    };
    let program =
        program.map_err(|refused| refused.lines().map(str::to_owned).collect::<Vec<_>>())?;
    let buckets = test_file.buckets.as_ref().map(|named| folder.path.join(&**named));
    let props = Props::open(buckets.as_deref()).map_err(|error| {
        let path = buckets.unwrap_or_default();
        vec![located(&format!("/buckets: the folder {} cannot be opened: {error}", path.display()))]
    })?;
    let mut problems = Vec::new();
    let mut cases = Vec::new();
    for case in test_file.cases {
        let mut found = check_names(&case, &program, folder);
        let config = case.config.as_ref().map(|config| config_case(config, &program, folder));
        match config.transpose() {
            Ok(config) => cases.push((case, config)),
            Err(of_config) => found.extend(of_config),
        }
        // A mock that is there for every case is wrong once.
        found.retain(|problem| !problems.contains(problem));
        problems.extend(found);
    }
    if problems.is_empty() {
        return Ok(Loaded { program, machine_type, folder: Arc::clone(folder), props, cases });
    }
    Err(problems.iter().map(|problem| located(&problem.to_string())).collect())
}

fn workflow(test_file: &TestFile, tests: &str, folder: &Folder) -> Result<PathBuf, String> {
    let Some(named) = &test_file.workflow else { return folder.workflow_of(tests) };
    let path = folder.path.join(&**named);
    if path.is_file() {
        return Ok(path);
    }
    Err(format!("/workflow: there is no file {}", path.display()))
}

/// What a case names that the workflow does not have.
fn check_names(case: &Case, program: &Program, folder: &Folder) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, mock) in &case.mocks {
        if let Err(reason) = check_mock(name, mock, program, folder) {
            problems.push(mock.place.problem(reason));
        }
    }
    let expect = &case.expect;
    let paths = [("path", &expect.path), ("pathIncludes", &expect.path_includes)];
    for (member, names) in paths {
        for (nth, name) in names.iter().flatten().enumerate() {
            if program.definition.find(name).is_none() {
                let place = expect.place.member(member).item(nth);
                problems.push(place.problem(format_args!("the workflow has no state `{name}`")));
            }
        }
    }
    problems
}

fn check_mock(name: &str, mock: &Mock, program: &Program, folder: &Folder) -> Result<(), String> {
    let other = name.split_once('/').filter(|_| program.definition.find(name).is_none());
    let other = other.and_then(|(other, state)| Some((folder.program(other)?, state)));
    let (definition, state) = match &other {
        Some((Ok(other), state)) => (&other.definition, *state),
        Some((Err(refused), _)) => {
            let first = refused.lines().next().unwrap_or_default();
            return Err(format!("the other workflow cannot be used: {first}"));
        }
        None => (&program.definition, name),
    };
    let kind = definition.find(state).map(|state| &definition.state(state).kind);
    match (&mock.lines, kind) {
        (Lines::Items(_), Some(Kind::Map(map))) if has_reader(map) => Ok(()),
        (Lines::Items(_), Some(_)) => {
            Err(format!("`{name}` is no Map with an `ItemReader`, so it has no `items` to read"))
        }
        _ => check_state(definition, state),
    }
}

fn has_reader(map: &Map) -> bool {
    matches!(&map.mode, MapMode::Distributed(mode) if mode.reader.is_some())
}

fn config_case(
    config: &ConfigCase,
    program: &Program,
    folder: &Folder,
) -> Result<Arc<TestCase>, Vec<Problem>> {
    let at_file = config.place.member("file");
    let text = folder::read_text(&folder.path.join(&*config.file));
    let text = text.map_err(|refused| vec![at_file.problem(refused)])?;
    let located = |problems: Vec<Problem>| {
        let in_file = |problem: Problem| at_file.problem(format!("{}: {problem}", config.file));
        problems.into_iter().map(in_file).collect::<Vec<_>>()
    };
    let file = MockConfig::parse(&text).map_err(located)?;
    let machine = config.machine.as_ref().unwrap_or(&program.name);
    let Some(case) = file.test_case(machine, &config.case) else {
        let known: Vec<String> = file
            .machines()
            .flat_map(|machine| {
                file.test_cases(machine).map(move |case| format!("{machine}#{case}"))
            })
            .collect();
        let message = format!(
            "{} has no test case {machine}#{}; it has {}",
            config.file,
            config.case,
            known.join(", ")
        );
        return Err(vec![config.place.member("case").problem(message)]);
    };
    let problems = case.check(&program.definition);
    if problems.is_empty() { Ok(Arc::clone(case)) } else { Err(located(problems)) }
}
