//! The test files of a folder, each with its workflow, and how their cases are run.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, io};

use stepwell_asl::MachineType;
use stepwell_value::Str;

use crate::coverage::Counter;
use crate::folder::{self, Folder};
use crate::props::Props;
use crate::rehearsal::{Program, Stage, rehearse};
use crate::report::{CaseReport, Report, SuiteReport};
use crate::test_file::Case;
use crate::verdict::judge;
use crate::{RealTasks, TestCase};

mod load;

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
/// with a dot are passed over, and so are links to folders.
pub fn discover(path: &Path) -> io::Result<Found> {
    let mut found = Found { suites: Vec::new(), untested: Vec::new() };
    if fs::metadata(path)?.is_file() {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = Arc::new(Folder::read(parent.unwrap_or_else(|| Path::new(".")))?);
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
        let loaded = load::load(name, file, folder);
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
        if !report.cases.is_empty() {
            report.coverage = Some(counter.coverage(&loaded.program.definition));
        }
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
