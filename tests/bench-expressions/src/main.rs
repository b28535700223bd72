//! What expressions and JSON cost, beside other engines, in one run.
//!
//! Each row is one piece of work and each column one engine that does it. The rounds of all engines
//! alternate, so that whatever else the machine does strikes them alike: read the ratios, the times
//! belong to the machine. Before anything is measured the engines have to agree on every result.
//!
//! `cargo xtask bench expressions` builds and runs this; `--reference FOLDER` names the folder
//! where npm put the reference implementation.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::path::PathBuf;

use anyhow::{Result, bail};

use rounds::Row;

mod agreement;
mod cases;
mod core_engine;
mod json;
mod ours;
mod paths;
mod reference;
mod rounds;

fn main() -> Result<()> {
    let reference = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => None,
        [option, folder] if option == "--reference" => Some(PathBuf::from(folder)),
        other => bail!("unknown arguments {other:?}; there is --reference FOLDER"),
    };
    let cases = cases::all();
    let reference = reference.map(|folder| reference::start(&folder, &cases)).transpose()?;
    if reference.is_none() {
        println!("without the reference implementation\n");
    }
    for case in &cases {
        agreement::check(case, reference.as_ref())?;
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    for case in &cases {
        rows.extend(cases::rows(case, reference.as_ref())?);
    }
    rounds::run(&mut rows)?;
    println!("Expressions: microseconds, median (fastest)\n");
    rounds::print(&rows);

    let (documents, document) = (json::documents(), paths::document()?);
    let mut rows: Vec<Row<'_>> = json::rows(&documents)?;
    rounds::run(&mut rows)?;
    println!("\nJSON: microseconds, median (fastest)\n");
    rounds::print(&rows);

    let paths = paths::parse()?;
    let mut rows = paths::rows(&paths, &document);
    rounds::run(&mut rows)?;
    println!("\nJSONPath: microseconds, median (fastest)\n");
    rounds::print(&rows);
    Ok(())
}
