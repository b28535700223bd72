//! The test files of a folder, each with its workflow, and how their cases are run.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, io};

use stepwell_asl::{Kind, MachineType, Map, MapMode};
use stepwell_value::Str;

use crate::coverage::Counter;
use crate::document::{Place, Problem};
use crate::folder::{self, Folder};
use crate::mock_config::check_state;
use crate::props::Props;
use crate::rehearsal::{Program, Stage, rehearse};
use crate::report::{CaseReport, Report, SuiteReport};
use crate::test_file::{Case, ConfigCase, Lines, Mock, TestFile};
use crate::verdict::judge;
use crate::{MockConfig, RealTasks, TestCase};

/// The test files below a folder.
#[derive(Debug)]
pub struct Found {
    /// In the order of their paths.
    pub suites: Vec<Suite>,
    /// Workflows that have no test file.
    pub untested: Vec<PathBuf>,
}

/// The cases of one workflow.
#[derive(Debug)]
pub struct Suite {
    /// The name of the test file, without `.test.json`.
    pub name: String,
    pub file: PathBuf,
    /// What is wrong with the files, if something is: then no case is run.
    loaded: Result<Loaded, Vec<String>>,
}

#[derive(Debug)]
struct Loaded {
    program: Arc<Program>,
    machine_type: MachineType,
    folder: Arc<Folder>,
    props: Props,
    cases: Vec<(Case, Option<Arc<TestCase>>)>,
}

/// Finds the test files below a folder, or reads the one that is named. Folders whose name begins
/// with a dot are passed over.
pub fn discover(path: &Path) -> io::Result<Found> {
    let mut found = Found { suites: Vec::new(), untested: Vec::new() };
    if fs::metadata(path)?.is_file() {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = Arc::new(Folder::read(parent.unwrap_or(Path::new(".")))?);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let name = name.strip_suffix(".test.json").unwrap_or(&name);
        found.suites.push(Suite::load(name, path, &folder));
        return Ok(found);
    }
    found.search(path)?;
    Ok(found)
}

impl Found {
    fn search(&mut self, path: &Path) -> io::Result<()> {
        let folder = Arc::new(Folder::read(path)?);
        for (name, file) in &folder.tests {
            self.suites.push(Suite::load(name, file, &folder));
        }
        let is_tested = |path: &PathBuf| {
            let of_suites = self.suites.iter().filter_map(Suite::program);
            folder.tests.contains_key(&folder::workflow_name(path))
                || of_suites.into_iter().any(|name| **name == *folder::workflow_name(path))
        };
        let untested = folder.workflows().map(|(_, path)| path).filter(|path| !is_tested(path));
        let untested: Vec<PathBuf> = untested.collect();
        self.untested.extend(untested);
        folder.folders.iter().try_for_each(|folder| self.search(folder))
    }

    /// Runs every case whose name, as `SUITE/CASE`, contains the filter.
    pub fn run(self, tasks: &dyn RealTasks, filter: &str) -> Report {
        let suites = self.suites.iter().map(|suite| suite.run(tasks, filter));
        Report { suites: suites.collect(), untested: self.untested }
    }
}

impl Suite {
    fn load(name: &str, file: &Path, folder: &Arc<Folder>) -> Self {
        let loaded = load(name, file, folder);
        Self { name: name.to_owned(), file: file.to_owned(), loaded }
    }

    fn program(&self) -> Option<&Str> {
        self.loaded.as_ref().ok().map(|loaded| &loaded.program.name)
    }

    /// Runs every case whose name, as `SUITE/CASE`, contains the filter.
    pub fn run(&self, tasks: &dyn RealTasks, filter: &str) -> SuiteReport {
        let mut report = SuiteReport {
            name: self.name.clone(),
            file: self.file.clone(),
            problems: Vec::new(),
            cases: Vec::new(),
            coverage: None,
        };
        let loaded = match &self.loaded {
            Ok(loaded) => loaded,
            Err(problems) => {
                report.problems.clone_from(problems);
                return report;
            }
        };
        let mut counter = Counter::default();
        for (case, config) in &loaded.cases {
            if format!("{}/{}", self.name, case.name).contains(filter) {
                report.cases.push(loaded.run(case, config.as_deref(), tasks, &mut counter));
            }
        }
        report.coverage = Some(counter.coverage(&loaded.program.definition));
        report
    }
}

impl Loaded {
    fn run(
        &self,
        case: &Case,
        config: Option<&TestCase>,
        tasks: &dyn RealTasks,
        counter: &mut Counter,
    ) -> CaseReport {
        let began = Instant::now();
        let stage = Stage {
            program: Arc::clone(&self.program),
            machine_type: self.machine_type,
            folder: &self.folder,
            case,
            config,
            props: self.props.fresh(),
            real: tasks,
        };
        let performance = rehearse(&stage);
        counter.add(&performance.record);
        let used = &performance.record.used;
        let own = case.mocks.iter().filter(|(_, mock)| !mock.is_shared);
        let of_config = config.into_iter().flat_map(TestCase::states);
        let of_config = of_config.filter(|name| !case.mocks.contains_key(*name));
        let unused =
            own.map(|(name, _)| name).chain(of_config).filter(|name| !used.contains(*name));
        let warnings = unused.map(|name| format!("the mock of `{name}` was never used"));
        CaseReport {
            name: case.name.to_string(),
            misses: judge(&case.expect, &performance, &self.program.definition),
            warnings: warnings.collect(),
            took: performance.took,
            elapsed: Duration::from_micros(
                u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
            ),
        }
    }
}

/// Reads a test file with all that it refers to, or says everything that is wrong with it.
fn load(name: &str, file: &Path, folder: &Arc<Folder>) -> Result<Loaded, Vec<String>> {
    let located = |message: &str| format!("{}: {message}", file.display());
    let text = folder::read_text(file).map_err(|refused| vec![refused])?;
    let test_file = TestFile::parse(&text).map_err(|problems| {
        problems.iter().map(|problem| located(&problem.to_string())).collect::<Vec<_>>()
    })?;
    let workflow = match &test_file.workflow {
        Some(named) => Ok(folder.path.join(&**named)).and_then(|path| match path.is_file() {
            true => Ok(path),
            false => Err(format!("/workflow: there is no file {}", path.display())),
        }),
        None => folder.workflow_of(name),
    };
    let workflow = workflow.map_err(|refused| vec![located(&refused)])?;
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
                let place: Place = expect.place.member(member).item(nth);
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
