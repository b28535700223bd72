//! The port through which executions of other machines are started.

use std::fmt;
use std::sync::Arc;

use stepwell_asl::Definition;
use stepwell_journal::ExecutionId;
use stepwell_kernel::{ExecutionCall, Failure, Identity};

/// Knows the machines that a Task may start executions of. Implemented by whoever keeps them.
pub trait Machines: Send + Sync + 'static {
    /// Lets an execution begin, under that number, or says how the task fails; see
    /// [`Failure::no_such_machine`]. It is called from
    /// the loops, so it must not take long.
    ///
    /// The execution stands beside the one that asks: the engine does not count it among that
    /// one's children, and keeps it until it is told to forget it.
    fn admit(&self, execution: ExecutionId, call: &ExecutionCall) -> Result<Admitted, Failure>;
}

/// What is to be executed, and who the execution is.
pub struct Admitted {
    pub definition: Arc<Definition>,
    pub identity: Identity,
}

impl fmt::Debug for Admitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admitted").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// There are no other machines.
pub(crate) struct NoMachines;

impl Machines for NoMachines {
    fn admit(&self, _execution: ExecutionId, call: &ExecutionCall) -> Result<Admitted, Failure> {
        Err(Failure::no_such_machine(&call.state_machine_arn))
    }
}
