//! What an execution logs: its history, as far as its machine's level lets it.
//!
//! | level | what is logged |
//! |---|---|
//! | `ALL` | every event |
//! | `ERROR` | the end of an execution without success, and what led there: what failed, timed out or was aborted, and the entry of a Fail state |
//! | `FATAL` | the end of an execution without success |
//! | `OFF` | nothing |

use stepwell_asl::Definition;
use stepwell_catalog::{LogLevel, Logging};
use stepwell_kernel::{Detail, Event, Historian, HistoryEvent, Identity, StateType};
use stepwell_value::{Object, Str, Value};
use stepwell_wire::{Data, details};

/// The service cuts what takes more inside the record's JSON.
const PAYLOAD_BYTES_MAX: usize = 248 * 1024;

/// One execution's way from events to log records.
#[derive(Debug)]
pub struct LogFold {
    level: LogLevel,
    data: Data,
    execution_arn: Str,
    redrive_count: u32,
    historian: Historian,
}

impl LogFold {
    /// None if nothing is to be logged.
    pub fn new(logging: &Logging, identity: &Identity) -> Option<Self> {
        if logging.level == LogLevel::Off {
            return None;
        }
        let is_included = logging.include_execution_data;
        let data = if is_included { Data::UpTo(PAYLOAD_BYTES_MAX) } else { Data::LeftOut };
        Some(Self {
            level: logging.level,
            data,
            execution_arn: Str::clone(&identity.execution_arn),
            redrive_count: 0,
            historian: Historian::default(),
        })
    }

    /// Takes note of an event that was told before.
    pub fn replay(&mut self, definition: &Definition, event: &Event) {
        for event in self.historian.project(definition, event) {
            if let Detail::ExecutionRedriven { redrive_count } = event.detail {
                self.redrive_count = redrive_count;
            }
        }
    }

    /// Hands out the records that the event makes, each a JSON object.
    pub fn record(&mut self, definition: &Definition, event: &Event, mut emit: impl FnMut(String)) {
        let region = region(&self.execution_arn);
        for event in self.historian.project(definition, event) {
            if let Detail::ExecutionRedriven { redrive_count } = event.detail {
                self.redrive_count = redrive_count;
            }
            if !is_logged(self.level, &event.detail) {
                continue;
            }
            emit(record(
                &event,
                &Setting {
                    data: self.data,
                    region,
                    execution_arn: &self.execution_arn,
                    redrive_count: self.redrive_count,
                },
            ));
        }
    }
}

/// Whether a machine of that level logs the event.
pub fn is_logged(level: LogLevel, detail: &Detail) -> bool {
    match level {
        LogLevel::All => true,
        LogLevel::Error => weight(detail) >= Weight::Error,
        LogLevel::Fatal => weight(detail) == Weight::Fatal,
        LogLevel::Off => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Info,
    Error,
    Fatal,
}

fn weight(detail: &Detail) -> Weight {
    match detail {
        Detail::ExecutionFailed { .. }
        | Detail::ExecutionTimedOut { .. }
        | Detail::ExecutionAborted { .. } => Weight::Fatal,
        Detail::StateEntered { state: StateType::Fail, .. }
        | Detail::EvaluationFailed { .. }
        | Detail::StateAborted { .. }
        | Detail::LambdaFunctionFailed { .. }
        | Detail::LambdaFunctionTimedOut { .. }
        | Detail::ActivityFailed { .. }
        | Detail::ActivityTimedOut { .. }
        | Detail::TaskFailed { .. }
        | Detail::TaskTimedOut { .. }
        | Detail::ParallelStateFailed
        | Detail::MapStateFailed
        | Detail::MapRunFailed { .. }
        | Detail::MapIterationFailed { .. }
        | Detail::MapIterationAborted { .. } => Weight::Error,
        Detail::ExecutionStarted { .. }
        | Detail::ExecutionSucceeded { .. }
        | Detail::ExecutionRedriven { .. }
        | Detail::StateEntered { .. }
        | Detail::StateExited { .. }
        | Detail::LambdaFunctionScheduled { .. }
        | Detail::LambdaFunctionStarted
        | Detail::LambdaFunctionSucceeded { .. }
        | Detail::ActivityScheduled { .. }
        | Detail::ActivityStarted { .. }
        | Detail::ActivitySucceeded { .. }
        | Detail::TaskScheduled { .. }
        | Detail::TaskStarted { .. }
        | Detail::TaskSubmitted { .. }
        | Detail::TaskSucceeded { .. }
        | Detail::ParallelStateStarted
        | Detail::ParallelStateSucceeded
        | Detail::MapStateStarted { .. }
        | Detail::MapStateSucceeded
        | Detail::MapRunStarted { .. }
        | Detail::MapRunSucceeded
        | Detail::MapRunRedriven { .. }
        | Detail::MapIterationStarted { .. }
        | Detail::MapIterationSucceeded { .. } => Weight::Info,
    }
}

/// What is the same in an execution's records, or nearly.
struct Setting<'a> {
    data: Data,
    region: &'a str,
    execution_arn: &'a str,
    redrive_count: u32,
}

fn record(event: &HistoryEvent, setting: &Setting<'_>) -> String {
    let details = details(&event.detail, setting.data, setting.region).unwrap_or_default();
    // The service writes numbers as texts.
    let record = [
        ("id", event.id.to_string().into()),
        ("type", event.detail.to_string().into()),
        ("details", Value::from(details)),
        ("previous_event_id", event.previous.to_string().into()),
        ("event_timestamp", event.at.unix_millis().to_string().into()),
        ("execution_arn", setting.execution_arn.into()),
        ("redrive_count", setting.redrive_count.to_string().into()),
    ];
    Value::from(Object::from_iter(record)).to_string()
}

/// The part of an ARN that names its region; nothing for what is no ARN.
fn region(arn: &str) -> &str {
    arn.split(':').nth(3).unwrap_or_default()
}

#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;
