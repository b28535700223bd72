//! The bounds of an execution, each a named value.

use std::time::Duration;

/// What an execution may use. The default is what AWS Step Functions allows a Standard execution.
///
/// The kernel enforces what concerns a running execution. The lengths of texts that come from
/// outside are kept here for the API, which lets them in. The kernel does not know a machine's
/// type: a driver gives each execution the limits of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of a state's or task's input or output as text
    /// (AWS quota "Maximum input or output size": 256 KiB).
    pub payload_bytes_max: usize,
    /// Size of what one state assigns as text, and so of each variable (AWS: 256 KiB).
    pub assign_bytes_max: usize,
    /// Size of all variables that an execution has at one time as text (AWS: 10 MiB).
    pub variables_bytes_max: usize,
    /// Events in an execution's history (AWS quota "Maximum execution history size": 25,000;
    /// Express executions have no bound).
    pub history_events_max: u64,
    /// Iterations of an inline Map that run at once when its author sets no bound, and at most when
    /// he does (AWS: 40).
    pub map_concurrency_max: u32,
    /// The same for the executions of a distributed Map (AWS: 10,000).
    pub distributed_map_concurrency_max: u32,
    /// How long a Wait state may wait (AWS counts seconds in 31 bits).
    pub wait_max: Duration,
    /// How long an execution may run (AWS quota "Maximum execution time": one year, and five
    /// minutes for an Express execution), if its machine's `TimeoutSeconds` is not shorter. It is
    /// read when the execution starts and when it is redriven. [`Duration::MAX`] is no bound.
    pub execution_duration_max: Duration,
    /// Characters of an execution's name (AWS: 80). Kept here, enforced by the API.
    pub name_characters_max: usize,
    /// Characters of an error's name that somebody reports (AWS: 256). Kept here, enforced by the
    /// API.
    pub error_characters_max: usize,
    /// Characters of a cause that somebody reports (AWS: 32,768). Kept here, enforced by the API.
    pub cause_characters_max: usize,
    /// What one JSONata expression may use.
    pub jsonata: stepwell_jsonata::Limits,
    /// Decisions within one call of [`crate::Execution::handle`]; after them the execution asks to
    /// be continued, so that a loop without a task cannot hold up its driver. Ours.
    pub decisions_per_step: u32,
}

impl Limits {
    /// What AWS Step Functions allows an Express execution.
    pub fn express() -> Self {
        Self {
            history_events_max: u64::MAX,
            execution_duration_max: Duration::from_mins(5),
            ..Self::default()
        }
    }

    /// None of the service's quotas, for definitions that are trusted: a template may fill the
    /// memory. An expression is still stopped when it has run away, and a step still ends.
    pub fn unbounded() -> Self {
        let depth_max = stepwell_jsonata::Limits::STEP_FUNCTIONS.depth_max;
        Self {
            payload_bytes_max: usize::MAX,
            assign_bytes_max: usize::MAX,
            variables_bytes_max: usize::MAX,
            history_events_max: u64::MAX,
            map_concurrency_max: u32::MAX,
            distributed_map_concurrency_max: u32::MAX,
            wait_max: Duration::MAX,
            execution_duration_max: Duration::MAX,
            name_characters_max: usize::MAX,
            error_characters_max: usize::MAX,
            cause_characters_max: usize::MAX,
            // The depth of an evaluation takes room on the stack, of which a thread has only so much.
            jsonata: stepwell_jsonata::Limits { depth_max, ..stepwell_jsonata::Limits::GENEROUS },
            decisions_per_step: Self::default().decisions_per_step,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            payload_bytes_max: 262_144,
            assign_bytes_max: 262_144,
            variables_bytes_max: 10 * 1024 * 1024,
            history_events_max: 25_000,
            map_concurrency_max: 40,
            distributed_map_concurrency_max: 10_000,
            wait_max: Duration::from_secs(2_147_483_647),
            execution_duration_max: Duration::from_hours(365 * 24),
            name_characters_max: 80,
            error_characters_max: 256,
            cause_characters_max: 32_768,
            jsonata: stepwell_jsonata::Limits::STEP_FUNCTIONS,
            decisions_per_step: 1_000,
        }
    }
}
