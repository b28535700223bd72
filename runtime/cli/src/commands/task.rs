//! `stepwell task`: what the registry holds, and what is said about tasks that have a token.

use std::path::Path;

use stepwell::host::{Entry, Registry};

use crate::Ended;
use crate::arguments::{Task, TaskCommand};
use crate::complaint::Complaint;
use crate::printer::Printer;

mod inspect;
mod list;
mod token;

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Task) -> Ended {
    match &options.command {
        TaskCommand::List { registry, output } => {
            list::run(printer, registry.config(file)?.registry(), *output)
        }
        TaskCommand::Inspect { name, registry, output } => {
            inspect::run(printer, name, &registry.config(file)?, *output)
        }
        TaskCommand::Success { token, output, remote } => {
            token::success(printer, file, remote, (token, output))
        }
        TaskCommand::Failure { token, error, cause, remote } => {
            token::failure(printer, file, remote, (token, error.as_deref(), cause.as_deref()))
        }
        TaskCommand::Heartbeat { token, remote } => token::heartbeat(printer, file, remote, token),
    }
}

pub(super) fn open(path: &Path) -> Result<Registry, Complaint> {
    Registry::open(path).map_err(|error| {
        Complaint::new(format_args!("cannot open the task registry {}: {error}", path.display()))
            .hint("`--registry DIR` or STEPWELL_REGISTRY names another one")
    })
}

pub(super) fn entries(registry: &Registry) -> Result<Vec<Entry>, Complaint> {
    registry.list().map_err(|error| Complaint::of(&error))
}
