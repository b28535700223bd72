//! The bounds of an execution, each a named value.

/// What an execution may use. The default is what AWS Step Functions allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of a state's or task's input or output as text
    /// (AWS quota "Maximum input or output size": 256 KiB).
    pub payload_bytes_max: usize,
    /// Events in an execution's history (AWS quota "Maximum execution history size": 25,000).
    pub history_events_max: u64,
    /// Iterations of an inline Map that run at once when its author sets no bound, and at most when
    /// he does (AWS: 40).
    pub map_concurrency_max: u32,
    /// What one JSONata expression may use.
    pub jsonata: stepwell_jsonata::Limits,
    /// Decisions within one call of [`crate::Execution::handle`]; after them the execution asks to
    /// be continued, so that a loop without a task cannot hold up its driver. Ours.
    pub decisions_per_step: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            payload_bytes_max: 262_144,
            history_events_max: 25_000,
            map_concurrency_max: 40,
            jsonata: stepwell_jsonata::Limits::STEP_FUNCTIONS,
            decisions_per_step: 1_000,
        }
    }
}
