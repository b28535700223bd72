//! How many executions there were, how they ended, and how long things took, by state machine.
//!
//! | series | in the service |
//! |---|---|
//! | `stepwell_executions_started_total` | `ExecutionsStarted` |
//! | `stepwell_executions_succeeded_total` | `ExecutionsSucceeded` |
//! | `stepwell_executions_failed_total` | `ExecutionsFailed` |
//! | `stepwell_executions_timed_out_total` | `ExecutionsTimedOut` |
//! | `stepwell_executions_aborted_total` | `ExecutionsAborted` |
//! | `stepwell_executions_redriven_total` | `ExecutionsRedriven` |
//! | `stepwell_execution_seconds` | `ExecutionTime` |
//! | `stepwell_lambda_functions_{scheduled,succeeded,failed,timed_out}_total` | `LambdaFunctionsScheduled` ... |
//! | `stepwell_lambda_function_seconds` | `LambdaFunctionTime` |
//! | `stepwell_activities_{scheduled,started,succeeded,failed,timed_out}_total` | `ActivitiesScheduled` ... |
//! | `stepwell_activities_heartbeat_timed_out_total` | `ActivitiesHeartbeatTimedOut` |
//! | `stepwell_activity_schedule_seconds` | `ActivityScheduleTime` |
//! | `stepwell_activity_seconds` | `ActivityTime` |
//! | `stepwell_service_integrations_{scheduled,succeeded,failed,timed_out}_total` | `ServiceIntegrationsScheduled` ... |
//! | `stepwell_service_integration_seconds` | `ServiceIntegrationTime` |
//!
//! Counts begin at zero with the process. Every attempt of a task counts. The service counts tasks
//! by what they call; here everything is counted by the state machine that calls. A machine shows a
//! group of series once it has something of that kind.
//!
//! An execution of a map run is part of the execution that started the run: its tasks are counted,
//! and it is not.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use stepwell_value::Str;

pub use tally::Tally;

mod render;
mod tally;

/// The name that stands for all machines beyond the bound.
const OTHERS: &str = "other";

/// The counts of a process.
#[derive(Debug)]
pub struct Metrics {
    /// Threads that see executions ask for their machines, and whoever reads the metrics goes
    /// through them.
    machines: Mutex<BTreeMap<Str, Arc<Machine>>>,
    machines_max: usize,
}

impl Metrics {
    pub const MACHINES_MAX: usize = 1000;

    /// Machines beyond the bound are counted together.
    pub fn new(machines_max: usize) -> Self {
        Self { machines: Mutex::default(), machines_max }
    }

    /// The counts of the machine of that name.
    pub fn machine(&self, name: &Str) -> Arc<Machine> {
        let mut machines = self.machines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(machine) = machines.get(name) {
            return Arc::clone(machine);
        }
        let is_full = machines.len() >= self.machines_max;
        let name = if is_full { Str::from(OTHERS) } else { Str::clone(name) };
        Arc::clone(machines.entry(name).or_default())
    }

    /// In Prometheus' text format, version 0.0.4.
    pub fn render(&self) -> String {
        render::text(&self.machines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new(Self::MACHINES_MAX)
    }
}

/// What was counted of one machine.
#[derive(Debug, Default)]
pub struct Machine {
    counters: [AtomicU64; COUNTERS.len()],
    histograms: [Histogram; HISTOGRAMS.len()],
}

impl Machine {
    fn count(&self, counter: Counter) {
        self.counters[counter as usize].fetch_add(1, Ordering::Relaxed);
    }

    fn took(&self, what: Took, duration: Duration) {
        self.histograms[what as usize].add(duration);
    }

    fn counted(&self, counter: Counter) -> u64 {
        self.counters[counter as usize].load(Ordering::Relaxed)
    }

    fn shows(&self, group: Group) -> bool {
        match group {
            Group::Executions => true,
            Group::Functions => self.counted(Counter::FunctionsScheduled) > 0,
            Group::Activities => self.counted(Counter::ActivitiesScheduled) > 0,
            Group::Integrations => self.counted(Counter::IntegrationsScheduled) > 0,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Executions,
    Functions,
    Activities,
    Integrations,
}

/// In the order of [`COUNTERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counter {
    ExecutionsStarted,
    ExecutionsSucceeded,
    ExecutionsFailed,
    ExecutionsTimedOut,
    ExecutionsAborted,
    ExecutionsRedriven,
    FunctionsScheduled,
    FunctionsSucceeded,
    FunctionsFailed,
    FunctionsTimedOut,
    ActivitiesScheduled,
    ActivitiesStarted,
    ActivitiesSucceeded,
    ActivitiesFailed,
    ActivitiesTimedOut,
    ActivitiesHeartbeatTimedOut,
    IntegrationsScheduled,
    IntegrationsSucceeded,
    IntegrationsFailed,
    IntegrationsTimedOut,
}

/// In the order of [`HISTOGRAMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Took {
    Execution,
    Function,
    ActivitySchedule,
    Activity,
    Integration,
}

/// Names without the prefix and, for counters, without the suffix that all have.
const COUNTERS: [(Counter, Group, &str); 20] = [
    (Counter::ExecutionsStarted, Group::Executions, "executions_started"),
    (Counter::ExecutionsSucceeded, Group::Executions, "executions_succeeded"),
    (Counter::ExecutionsFailed, Group::Executions, "executions_failed"),
    (Counter::ExecutionsTimedOut, Group::Executions, "executions_timed_out"),
    (Counter::ExecutionsAborted, Group::Executions, "executions_aborted"),
    (Counter::ExecutionsRedriven, Group::Executions, "executions_redriven"),
    (Counter::FunctionsScheduled, Group::Functions, "lambda_functions_scheduled"),
    (Counter::FunctionsSucceeded, Group::Functions, "lambda_functions_succeeded"),
    (Counter::FunctionsFailed, Group::Functions, "lambda_functions_failed"),
    (Counter::FunctionsTimedOut, Group::Functions, "lambda_functions_timed_out"),
    (Counter::ActivitiesScheduled, Group::Activities, "activities_scheduled"),
    (Counter::ActivitiesStarted, Group::Activities, "activities_started"),
    (Counter::ActivitiesSucceeded, Group::Activities, "activities_succeeded"),
    (Counter::ActivitiesFailed, Group::Activities, "activities_failed"),
    (Counter::ActivitiesTimedOut, Group::Activities, "activities_timed_out"),
    (Counter::ActivitiesHeartbeatTimedOut, Group::Activities, "activities_heartbeat_timed_out"),
    (Counter::IntegrationsScheduled, Group::Integrations, "service_integrations_scheduled"),
    (Counter::IntegrationsSucceeded, Group::Integrations, "service_integrations_succeeded"),
    (Counter::IntegrationsFailed, Group::Integrations, "service_integrations_failed"),
    (Counter::IntegrationsTimedOut, Group::Integrations, "service_integrations_timed_out"),
];

const HISTOGRAMS: [(Took, Group, &str); 5] = [
    (Took::Execution, Group::Executions, "execution_seconds"),
    (Took::Function, Group::Functions, "lambda_function_seconds"),
    (Took::ActivitySchedule, Group::Activities, "activity_schedule_seconds"),
    (Took::Activity, Group::Activities, "activity_seconds"),
    (Took::Integration, Group::Integrations, "service_integration_seconds"),
];

/// Upper bounds in milliseconds: from tasks that only compute to executions that wait for people.
const BOUNDS_MILLIS: [u64; 16] = [
    1, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 30_000, 60_000, 300_000, 1_800_000, 3_600_000,
    21_600_000, 86_400_000,
];

#[derive(Debug, Default)]
struct Histogram {
    /// How many fell into each bucket and none before; those beyond all bounds come last.
    buckets: [AtomicU64; BOUNDS_MILLIS.len() + 1],
    sum_micros: AtomicU64,
}

impl Histogram {
    fn add(&self, duration: Duration) {
        let is_within = |bound: &u64| duration <= Duration::from_millis(*bound);
        let bucket = BOUNDS_MILLIS.iter().position(is_within).unwrap_or(BOUNDS_MILLIS.len());
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_micros.fetch_add(micros, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
