//! `stepwell test`: the test cases of workflows.

use std::fs;
use std::path::Path;

use stepwell_trial::{NoTasks, RealTasks, Report, discover};

use crate::arguments::Test;
use crate::complaint::Complaint;
use crate::printer::{self, Printer, Verbosity};
use crate::{Ended, Exit};

use components::Components;

mod components;

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Test) -> Ended {
    let config = options.registry.config(file)?;
    let found = discover(&options.path).map_err(|error| {
        Complaint::new(format_args!("cannot read {}: {error}", options.path.display()))
    })?;
    let components = if options.only_mocks { None } else { Components::open(printer, &config)? };
    let tasks: &dyn RealTasks = match &components {
        Some(components) => components,
        None => &NoTasks,
    };
    let report = found.run(tasks, &options.filter);
    show(printer, options, &report)?;
    write(options, &report)?;
    Ok(exit(&report))
}

/// The report is what the command is for, so it is data. Who wants quiet reads it when something
/// is wrong.
fn show(printer: Printer, options: &Test, report: &Report) -> Result<(), Complaint> {
    if printer.verbosity > Verbosity::Quiet || exit(report) != Exit::Success {
        printer::data(report.to_text().trim_end())?;
    }
    let coverage = report.coverage_text();
    if options.coverage && !coverage.is_empty() {
        printer::data(coverage.trim_end())?;
    }
    if report.suites.is_empty() {
        printer.hint("the tests of NAME.asl.json stand beside it, in NAME.test.json");
    } else if report.cases() == 0 && report.is_success() && !options.filter.is_empty() {
        printer.hint(format_args!("no case's name contains {:?}", options.filter));
    }
    Ok(())
}

fn write(options: &Test, report: &Report) -> Result<(), Complaint> {
    if let Some(path) = &options.junit {
        write_file(path, &report.to_junit())?;
    }
    if let Some(path) = &options.coverage_json {
        write_file(path, &format!("{}\n", report.coverage_json()))?;
    }
    Ok(())
}

fn write_file(path: &Path, text: &str) -> Result<(), Complaint> {
    fs::write(path, text)
        .map_err(|error| Complaint::new(format_args!("cannot write {}: {error}", path.display())))
}

/// A build server that has run nothing has proved nothing, so no case at all is no success.
fn exit(report: &Report) -> Exit {
    let is_refused = report.suites.iter().any(|suite| !suite.problems.is_empty());
    if is_refused || report.cases() == 0 {
        Exit::BadInput
    } else if report.is_success() {
        Exit::Success
    } else {
        Exit::Failed
    }
}
