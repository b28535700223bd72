//! The server's own numbers, in Prometheus' format.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::operation::Operation;

/// Calls by what they asked for and how they ended.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// Taken to count a call and no longer.
    calls: Mutex<BTreeMap<Label, Calls>>,
}

/// The name of the operation, and of the exception that it ended with. Both come from lists of
/// ours, so there are only so many.
type Label = (&'static str, &'static str);

#[derive(Clone, Copy, Debug, Default)]
struct Calls {
    count: u64,
    time: Duration,
}

/// For what was none of the service's operations.
const UNKNOWN: &str = "unknown";

impl Metrics {
    pub(crate) fn note(
        &self,
        operation: Option<Operation>,
        exception: Option<&'static str>,
        time: Duration,
    ) {
        let label = (operation.map_or(UNKNOWN, Operation::name), exception.unwrap_or(""));
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = calls.entry(label).or_default();
        calls.count += 1;
        calls.time += time;
    }
}

impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let name = "stepwell_api_calls_total";
        writeln!(f, "# HELP {name} Calls of the API that have been answered.")?;
        writeln!(f, "# TYPE {name} counter")?;
        for ((operation, exception), calls) in &calls {
            let labels = format!("operation=\"{operation}\",exception=\"{exception}\"");
            writeln!(f, "{name}{{{labels}}} {}", calls.count)?;
        }
        let name = "stepwell_api_call_seconds_total";
        writeln!(f, "# HELP {name} How long answering them took together.")?;
        writeln!(f, "# TYPE {name} counter")?;
        for ((operation, exception), calls) in &calls {
            let labels = format!("operation=\"{operation}\",exception=\"{exception}\"");
            writeln!(f, "{name}{{{labels}}} {}", calls.time.as_secs_f64())?;
        }
        Ok(())
    }
}
