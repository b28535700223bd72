//! The registry's components, for tasks that no case mocks.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use stepwell::host::{Host, TaskRef};
use stepwell::{Builder, Failure, Payload, Stepwell};
use stepwell_trial::{RealTask, RealTasks};
use tokio::runtime::{self, Runtime};

use crate::commands::run::{logs, of_build_error};
use crate::complaint::{Complaint, chain};
use crate::config::{Config, Source, keys};
use crate::printer::Printer;
use crate::visible::Visible;

pub(super) struct Components {
    printer: Printer,
    runtime: Runtime,
    stepwell: Stepwell,
    /// The names that have been warned of: every case may call the same task.
    missing: RefCell<BTreeSet<String>>,
}

impl Components {
    /// None if there is no registry, and nobody has named one.
    pub(super) fn open(printer: Printer, config: &Config) -> Result<Option<Self>, Complaint> {
        let registry = config.registry();
        if config.source(&keys::REGISTRY) == Some(Source::Default) && !registry.exists() {
            return Ok(None);
        }
        let runtime = runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Complaint::of(&error))?;
        let inside = runtime.enter();
        let builder = Stepwell::builder().registry(registry).logs(Arc::new(logs::Stderr(printer)));
        let builder = config.path(&keys::CACHE).into_iter().fold(builder, Builder::cache_dir);
        let stepwell = builder.build().map_err(|error| of_build_error(&error))?;
        drop(inside);
        if let Some(problem) = stepwell.host().and_then(Host::cache_problem) {
            printer.warning(chain(problem));
        }
        Ok(Some(Self { printer, runtime, stepwell, missing: RefCell::default() }))
    }

    /// Why there is no such task; nothing of one that is there, even if it cannot be used.
    fn missing(&self, function: &str) -> Option<String> {
        let task = match TaskRef::parse(function) {
            Ok(task) => task,
            Err(error) => return Some(chain(&error)),
        };
        let host = self.stepwell.host()?;
        let error = self.runtime.block_on(host.prepare(&task)).err()?;
        error.is_not_found().then(|| chain(&error))
    }
}

impl RealTasks for Components {
    fn run(&self, task: &RealTask<'_>) -> Option<Result<Payload, Failure>> {
        let function = &task.call.call.function;
        if let Some(problem) = self.missing(function) {
            if self.missing.borrow_mut().insert(function.to_string()) {
                self.printer.warning(Visible(&problem));
            }
            return None;
        }
        let mut call = task.call.clone();
        // It is in virtual time, and a component looks at a real clock.
        Arc::make_mut(&mut call.call).deadline = None;
        Some(self.runtime.block_on(self.stepwell.call_task(task.definition, call)))
    }
}
