//! The port through which tasks are run that a case does not mock.

use std::sync::Arc;

use stepwell_asl::Definition;
use stepwell_kernel::{Failure, TaskCall};
use stepwell_value::{Payload, Str};

/// Runs tasks that are not mocked. Implemented by whoever knows what a task's name stands for.
pub trait RealTasks {
    /// Runs one task to its end, and may take its time. None if no tasks are run at all: then the
    /// case fails, and says how to mock the task.
    fn run(&self, task: &RealTask<'_>) -> Option<Result<Payload, Failure>>;
}

/// A call that an execution wants made.
#[derive(Clone, Copy, Debug)]
pub struct RealTask<'a> {
    pub call: &'a TaskCall,
    pub state_name: &'a Str,
    /// Of the workflow that the state is in.
    pub definition: &'a Arc<Definition>,
}

/// Runs nothing: every task has to be mocked.
#[derive(Clone, Copy, Debug)]
pub struct NoTasks;

impl RealTasks for NoTasks {
    fn run(&self, _task: &RealTask<'_>) -> Option<Result<Payload, Failure>> {
        None
    }
}
