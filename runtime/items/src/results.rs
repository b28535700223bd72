//! What became of child executions, as records in the files of a `ResultWriter`.

use stepwell_value::{Object, Payload, Str, Value};

pub use export::{Export, FILE_BYTES_MAX, Place, Target, WriterConfig};

mod export;

/// A child execution that ended, or one that was never started.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildResult {
    pub input: Payload,
    pub ending: Ending,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    Succeeded {
        child: Child,
        output: Payload,
    },
    Failed {
        child: Child,
        error: Option<Str>,
        cause: Option<Str>,
    },
    TimedOut {
        child: Child,
        error: Option<Str>,
        cause: Option<Str>,
    },
    Aborted {
        child: Child,
        error: Option<Str>,
        cause: Option<Str>,
    },
    /// The map run ended before the child was started.
    Pending,
}

/// Which execution it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    pub execution_arn: Str,
    pub name: Str,
    pub state_machine_arn: Str,
    /// As the service prints it: `2025-02-04T01:49:50.099Z`.
    pub start_date: Str,
    pub stop_date: Str,
    pub redrive_count: u32,
}

/// What is left of a result that is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transformation {
    /// The output and everything about the execution.
    #[default]
    None,
    /// The output.
    Compact,
    /// The output, and of an array its elements.
    Flatten,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputType {
    /// One array.
    #[default]
    Json,
    /// A document to a line.
    JsonLines,
}

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Failed,
    Pending,
    Succeeded,
}

impl Status {
    pub(crate) const ALL: [Self; 3] = [Self::Failed, Self::Pending, Self::Succeeded];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Failed => "FAILED",
            Self::Pending => "PENDING",
            Self::Succeeded => "SUCCEEDED",
        }
    }
}

impl ChildResult {
    /// What is written about this result: several records only when an array is flattened, which
    /// may be none. A result that is no success is written whole, whatever the transformation.
    pub fn records(&self, transformation: Transformation) -> Vec<Value> {
        match (transformation, &self.ending) {
            (Transformation::Compact, Ending::Succeeded { output, .. }) => {
                vec![output.value().clone()]
            }
            (Transformation::Flatten, Ending::Succeeded { output, .. }) => {
                match output.value().as_array() {
                    Some(elements) => elements.to_vec(),
                    None => vec![output.value().clone()],
                }
            }
            _ => vec![self.whole()],
        }
    }

    /// The file that it is written to: whatever failed is in one.
    pub(crate) fn status(&self) -> Status {
        match self.ending {
            Ending::Succeeded { .. } => Status::Succeeded,
            Ending::Failed { .. } | Ending::TimedOut { .. } | Ending::Aborted { .. } => {
                Status::Failed
            }
            Ending::Pending => Status::Pending,
        }
    }

    fn whole(&self) -> Value {
        let record = match &self.ending {
            Ending::Succeeded { child, output } => {
                let reason = "Execution is SUCCEEDED and cannot be redriven";
                let mut record = self.of_child(child, Some(output), "NOT_REDRIVABLE", Some(reason));
                record.insert("Status", "SUCCEEDED");
                record.insert("StopDate", Str::clone(&child.stop_date));
                record
            }
            Ending::Failed { child, error, cause } => {
                self.failed(child, "FAILED", error.as_ref(), cause.as_ref())
            }
            Ending::TimedOut { child, error, cause } => {
                self.failed(child, "TIMED_OUT", error.as_ref(), cause.as_ref())
            }
            Ending::Aborted { child, error, cause } => {
                self.failed(child, "ABORTED", error.as_ref(), cause.as_ref())
            }
            Ending::Pending => {
                let mut record = Object::new();
                record.insert("Input", self.input.text());
                record.insert("InputDetails", included());
                record.insert("Status", "PENDING");
                record
            }
        };
        Value::from(record)
    }

    fn failed(
        &self,
        child: &Child,
        status: &str,
        error: Option<&Str>,
        cause: Option<&Str>,
    ) -> Object {
        let mut record = Object::new();
        for (name, text) in [("Cause", cause), ("Error", error)] {
            if let Some(text) = text {
                record.insert(name, Str::clone(text));
            }
        }
        for (name, member) in self.of_child(child, None, "REDRIVABLE_BY_MAP_RUN", None).iter() {
            record.insert(Str::clone(name), member.clone());
        }
        record.insert("Status", status);
        record.insert("StopDate", Str::clone(&child.stop_date));
        record
    }

    /// What every execution has, in the order of the names.
    fn of_child(
        &self,
        child: &Child,
        output: Option<&Payload>,
        redrive_status: &str,
        redrive_reason: Option<&str>,
    ) -> Object {
        let mut record = Object::new();
        record.insert("ExecutionArn", Str::clone(&child.execution_arn));
        record.insert("Input", self.input.text());
        record.insert("InputDetails", included());
        record.insert("Name", Str::clone(&child.name));
        if let Some(output) = output {
            record.insert("Output", output.text());
        }
        record.insert("OutputDetails", included());
        record.insert("RedriveCount", child.redrive_count);
        record.insert("RedriveStatus", redrive_status);
        if let Some(reason) = redrive_reason {
            record.insert("RedriveStatusReason", reason);
        }
        record.insert("StartDate", Str::clone(&child.start_date));
        record.insert("StateMachineArn", Str::clone(&child.state_machine_arn));
        record
    }
}

fn included() -> Value {
    Value::from([("Included", true)].into_iter().collect::<Object>())
}

#[cfg(test)]
mod tests;
