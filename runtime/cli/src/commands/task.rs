//! `stepwell task`: what the registry holds.

use std::path::Path;

use stepwell::host::{Entry, Registry};

use crate::Ended;
use crate::arguments::{Task, TaskCommand};
use crate::complaint::Complaint;
use crate::printer::Printer;

mod inspect;
mod list;

pub(crate) fn run(printer: Printer, options: &Task) -> Ended {
    match &options.command {
        TaskCommand::List { registry, output } => list::run(printer, &registry.registry, *output),
        TaskCommand::Inspect { name, registry, output } => {
            inspect::run(printer, name, &registry.registry, *output)
        }
    }
}

fn open(path: &Path) -> Result<Registry, Complaint> {
    Registry::open(path).map_err(|error| {
        Complaint::new(format_args!("cannot open the task registry {}: {error}", path.display()))
            .hint("`--registry DIR` or STEPWELL_REGISTRY names another one")
    })
}

fn entries(registry: &Registry) -> Result<Vec<Entry>, Complaint> {
    registry.list().map_err(|error| Complaint::of(&error))
}
