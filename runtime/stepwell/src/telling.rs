//! What executions tell the outside: the engines' observers, and what they look up.

use std::sync::{Arc, OnceLock};

use stepwell_asl::Timestamp;
use stepwell_catalog::{LogLevel, Logging, Tracing};
use stepwell_engine::Observer;
use stepwell_journal::{ExecutionId, Journal, Query, Subject as Of};
use stepwell_kernel::{Event, Identity};
use stepwell_telemetry::{Source, Subject, Telemetry};

use crate::library::{Library, now};

/// The keys of Express executions, which count for themselves, lie above those of the others.
const EXPRESS: u64 = 1 << 63;

/// Connects an engine to what is told of its executions. The engine is built with the observer
/// before the rest is there.
#[derive(Clone)]
pub(crate) struct Teller {
    telemetry: Arc<Telemetry>,
    place: Arc<OnceLock<Place>>,
    offset: u64,
}

/// Where an engine's executions are kept, and their machines.
struct Place {
    library: Library,
    journal: Arc<dyn Journal>,
}

struct Known<'a> {
    place: Option<&'a Place>,
    execution: ExecutionId,
}

impl Teller {
    pub(crate) fn standard(telemetry: &Arc<Telemetry>) -> Self {
        Self { telemetry: Arc::clone(telemetry), place: Arc::default(), offset: 0 }
    }

    pub(crate) fn express(telemetry: &Arc<Telemetry>) -> Self {
        Self { offset: EXPRESS, ..Self::standard(telemetry) }
    }

    /// From now on what is not known can be looked up.
    pub(crate) fn settle(&self, library: &Library, journal: &Arc<dyn Journal>) {
        let (library, journal) = (library.clone(), Arc::clone(journal));
        // A teller settles once.
        let _settled = self.place.set(Place { library, journal });
    }

    /// What the engine calls, after whoever else wants to see events.
    pub(crate) fn observer(&self, first: Option<Observer>) -> Observer {
        let Self { telemetry, place, offset } = self.clone();
        Arc::new(move |execution, events| {
            if let Some(first) = &first {
                first(execution, events);
            }
            let known = Known { place: place.get(), execution };
            telemetry.observe(execution.0 | offset, events, &known);
        })
    }
}

impl Source for Known<'_> {
    fn subject(&self, identity: &Arc<Identity>) -> Option<Subject> {
        let place = self.place?;
        // Most machines tell nothing, and that is known without looking anything up.
        settings(place, identity, now())?;
        let query = Query::newest(Of::One(self.execution), 1);
        let summary = place.journal.list(&query).ok()?.pop()?;
        let (logging, tracing) = settings(place, identity, summary.opening.started_at)?;
        let revision = place.journal.revision(summary.revision?).ok()??;
        let definition = Arc::clone(place.library.program(&revision)?.definition());
        let trace_header = identity.trace_header.clone();
        Some(Subject { definition, logging, tracing, trace_header })
    }

    fn journal(&self) -> Option<Vec<Event>> {
        self.place?.journal.read(self.execution).ok()
    }
}

/// How the execution's machine logs and traces, if it does.
fn settings(
    place: &Place,
    identity: &Identity,
    started_at: Timestamp,
) -> Option<(Logging, Tracing)> {
    let revision = place.library.catalog().revision_at(
        &identity.state_machine_arn,
        identity.version_arn.as_deref(),
        started_at,
        None,
    )?;
    let tells = revision.logging.level != LogLevel::Off || revision.tracing == Tracing::Enabled;
    tells.then_some((revision.logging, revision.tracing))
}
