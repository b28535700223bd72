//! What is remembered of an execution.

use std::sync::Arc;

use stepwell_asl::{Definition, Timestamp};
use stepwell_catalog::Tracing;
use stepwell_kernel::{Event, Fact, Identity};

use super::{Outlets, Source, Subject};
use crate::metrics::Tally;
use crate::{LogFold, SpanFold};

#[derive(Debug)]
pub(super) enum Life {
    Known {
        tally: Option<Tally>,
        /// None if it neither logs nor is traced.
        watch: Option<Box<Watch>>,
    },
    /// Its beginning cannot be found, or telling of it went wrong.
    Unknown,
}

#[derive(Debug)]
pub(super) struct Watch {
    definition: Arc<Definition>,
    logs: Option<LogFold>,
    spans: Option<SpanFold>,
}

impl Life {
    /// The execution as it was before those events.
    pub(super) fn begin(outlets: &Outlets, events: &[Event], source: &impl Source) -> Self {
        if matches!(events, [Event { fact: Fact::ExecutionStarted { .. }, .. }, ..]) {
            return Self::born(outlets, events, source).unwrap_or(Self::Unknown);
        }
        let Some(journal) = source.journal() else { return Self::Unknown };
        let Some(earlier) = before(&journal, events) else { return Self::Unknown };
        let life = Self::born(outlets, earlier, source).unwrap_or(Self::Unknown);
        life.replay(earlier)
    }

    /// None if those are not the first events of an execution.
    fn born(outlets: &Outlets, events: &[Event], source: &impl Source) -> Option<Self> {
        let Event { at, fact: Fact::ExecutionStarted { identity, .. } } = events.first()? else {
            return None;
        };
        let tally = outlets.metrics.as_ref();
        let tally = tally.map(|all| Tally::new(all.machine(&identity.state_machine_name)));
        let is_watching = outlets.logs.is_some() || outlets.spans.is_some();
        let subject = if is_watching { source.subject(identity) } else { None };
        let watch = subject.and_then(|subject| Watch::new(outlets, &subject, identity, *at));
        Some(Self::Known { tally, watch: watch.map(Box::new) })
    }

    fn replay(mut self, events: &[Event]) -> Self {
        if let Self::Known { tally, watch } = &mut self {
            for event in events {
                if let Some(tally) = tally {
                    tally.replay(event);
                }
                if let Some(watch) = watch {
                    watch.replay(event);
                }
            }
        }
        self
    }

    pub(super) fn tell(mut self, outlets: &Outlets, events: &[Event]) -> Self {
        if let Self::Known { tally, watch } = &mut self {
            if let Some(tally) = tally {
                for event in events {
                    tally.count(event);
                }
            }
            if let Some(watch) = watch {
                watch.tell(outlets, events);
            }
        }
        self
    }
}

impl Watch {
    fn new(
        outlets: &Outlets,
        subject: &Subject,
        identity: &Arc<Identity>,
        started_at: Timestamp,
    ) -> Option<Self> {
        let logs = outlets.logs.as_ref().and_then(|_| LogFold::new(&subject.logging, identity));
        let is_traced = outlets.spans.is_some() && subject.tracing == Tracing::Enabled;
        let header = subject.trace_header.as_deref();
        let spans = is_traced.then(|| SpanFold::new(header, identity, started_at)).flatten();
        let is_idle = logs.is_none() && spans.is_none();
        let definition = Arc::clone(&subject.definition);
        (!is_idle).then_some(Self { definition, logs, spans })
    }

    fn replay(&mut self, event: &Event) {
        if let Some(logs) = &mut self.logs {
            logs.replay(&self.definition, event);
        }
        if let Some(spans) = &mut self.spans {
            drop(spans.project(&self.definition, event));
        }
    }

    fn tell(&mut self, outlets: &Outlets, events: &[Event]) {
        if let (Some(logs), Some(sink)) = (&mut self.logs, &outlets.logs) {
            let mut records = Vec::new();
            for event in events {
                logs.record(&self.definition, event, |record| records.push(record));
            }
            if !records.is_empty() {
                sink.send(records);
            }
        }
        if let (Some(spans), Some(sink)) = (&mut self.spans, &outlets.spans) {
            let of = |event| spans.project(&self.definition, event).collect::<Vec<_>>();
            let ended: Vec<_> = events.iter().flat_map(of).collect();
            if !ended.is_empty() {
                sink(ended);
            }
        }
    }
}

/// What comes before those events. More may have come after them since. Where they stand twice, it
/// is the last time.
fn before<'j>(journal: &'j [Event], events: &[Event]) -> Option<&'j [Event]> {
    let place = journal.windows(events.len()).rposition(|window| window == events)?;
    journal.get(..place)
}
