//! The port through which executions of other machines are started.

use std::fmt;
use std::pin::Pin;

use stepwell_asl::Timestamp;
use stepwell_kernel::{ExecutionCall, Failure, Identity};
use stepwell_value::Str;

use crate::program::Program;

/// Knows the machines that a Task may start executions of. Implemented by whoever keeps them.
pub trait Machines: Send + Sync + 'static {
    /// Lets an execution begin, or says how the task fails; see [`Failure::no_such_machine`].
    ///
    /// It may be asked again for the same call after a crash; then it gives the same identity.
    fn admit(&self, call: &ExecutionCall) -> Result<Admitted, Failure>;
}

/// What is to be executed.
pub enum Admitted {
    /// An execution of this engine's.
    Here { program: Program, identity: Identity },
    /// One of another engine's, whose end nobody waits for.
    Elsewhere(Elsewhere),
}

/// Starts an execution somewhere else: done when the start is kept there, with the execution's ARN
/// and when it started.
pub type Elsewhere = Pin<Box<dyn Future<Output = Result<(Str, Timestamp), Failure>> + Send>>;

impl fmt::Debug for Admitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here { identity, .. } => f.debug_tuple("Here").field(identity).finish(),
            Self::Elsewhere(_) => f.debug_tuple("Elsewhere").finish_non_exhaustive(),
        }
    }
}

/// Nobody was asked, so there was no request that could be named.
const NO_REQUEST: &str = "00000000-0000-0000-0000-000000000000";

/// There are no other machines.
pub(crate) struct NoMachines;

impl Machines for NoMachines {
    fn admit(&self, call: &ExecutionCall) -> Result<Admitted, Failure> {
        Err(Failure::no_such_machine(&call.state_machine_arn, NO_REQUEST))
    }
}
