//! The machine that other workloads start executions of.

use stepwell_engine::{Admitted, Machines, Program};
use stepwell_kernel::{ExecutionCall, Failure};

use crate::{names, workloads};

pub(super) struct Children {
    program: Program,
}

impl Children {
    pub(super) fn new() -> Self {
        Self { program: workloads::CHILD.program() }
    }
}

impl Machines for Children {
    fn admit(&self, call: &ExecutionCall) -> Result<Admitted, Failure> {
        match names::workload_of_machine(&call.state_machine_arn) {
            Some("child") => {
                let identity = names::identity(&call.name);
                Ok(Admitted::Here { program: self.program.clone(), identity })
            }
            _ => Err(Failure::no_such_machine(&call.state_machine_arn, "none")),
        }
    }
}
