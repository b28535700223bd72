//! From a configuration to a runtime.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use stepwell::telemetry::Metrics;
use stepwell::{Builder, MockConfig, Stepwell, host};

use crate::commands::run::{logs, of_build_error};
use crate::complaint::{Complaint, chain};
use crate::config::{Config, Source, keys};
use crate::printer::Printer;

use super::telling;

/// So many machines are counted by name; the others are counted together.
const MACHINES_COUNTED_MAX: usize = 1_000;

/// A runtime, and what it counts.
pub(super) struct Assembled {
    pub stepwell: Stepwell,
    pub metrics: Arc<Metrics>,
}

/// Opens everything, and warns of what can be lived with.
pub(super) fn assemble(printer: Printer, config: &Config) -> Result<Assembled, Complaint> {
    let registry = config.registry();
    if config.source(&keys::REGISTRY) == Some(Source::Default) {
        make_registry(printer, registry)?;
    }
    let builder = Stepwell::builder().registry(registry).logs(Arc::new(logs::Stderr(printer)));
    let builder = builder.troubles(Arc::new(move |trouble| printer.warning(trouble)));
    let builder = config.path(&keys::CACHE).into_iter().fold(builder, Builder::cache_dir);
    let builder = config.path(&keys::BUCKETS).into_iter().fold(builder, Builder::buckets);
    let builder = config.store().into_iter().fold(builder, Builder::store);
    let builder = config.duration(&keys::RETENTION).into_iter().fold(builder, Builder::retention);
    let express = config.duration(&keys::EXPRESS_RETENTION);
    let builder = express.into_iter().fold(builder, Builder::express_retention);
    let megabytes = config.count(&keys::EXPRESS_MEGABYTES).map(usize::try_from);
    let bytes = megabytes.map(|count| count.unwrap_or(usize::MAX).saturating_mul(1 << 20));
    let builder = bytes.into_iter().fold(builder, Builder::express_bytes_max);
    let builder = config.count(&keys::OPEN_MAX).into_iter().fold(builder, Builder::open_max);
    let builder = config.count(&keys::TASKS_MAX).into_iter().fold(builder, Builder::tasks_max);
    let builder = match config.path(&keys::MOCKS) {
        Some(file) => builder.mocks(mocks(file)?),
        None => builder,
    };
    let metrics = Arc::new(Metrics::new(MACHINES_COUNTED_MAX));
    let builder = builder.telemetry(telling::outlets(printer, config, &metrics)?);
    let stepwell = builder.build().map_err(|error| of_build_error(&error))?;
    if let Some(problem) = stepwell.host().and_then(host::Host::cache_problem) {
        printer.warning(chain(problem));
    }
    Ok(Assembled { stepwell, metrics })
}

/// The test cases of a mock configuration, or everything that is wrong with it.
fn mocks(file: &Path) -> Result<MockConfig, Complaint> {
    let unreadable = |error| {
        Complaint::new(format_args!("cannot read the mocks {}: {error}", file.display()))
            .hint("`--mocks FILE` or STEPWELL_MOCKS names another file")
    };
    let text = fs::read_to_string(file).map_err(unreadable)?;
    MockConfig::parse(&text).map_err(|problems| {
        let mut complaint = Complaint::default();
        for problem in problems {
            complaint.push(format_args!("{}: {problem}", file.display()), None);
        }
        complaint
    })
}

/// A folder that nobody has named and that is not there has no tasks yet.
fn make_registry(printer: Printer, registry: &Path) -> Result<(), Complaint> {
    if registry.exists() {
        return Ok(());
    }
    fs::create_dir_all(registry).map_err(|error| {
        Complaint::new(format_args!("cannot make the registry {}: {error}", registry.display()))
            .hint("`--registry DIR` or STEPWELL_REGISTRY names another one")
    })?;
    printer.say(format_args!(
        "made the task registry {}; `stepwell build` puts tasks into it",
        registry.display()
    ));
    Ok(())
}
