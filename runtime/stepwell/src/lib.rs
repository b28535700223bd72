//! Stepwell as a library: workflows inside your own program.
//!
//! [`Stepwell::builder`] wires the parts together. Tasks are WebAssembly components from a registry
//! directory, or whatever you implement [`Tasks`] with. A [`Machine`] is a checked definition with
//! a name; [`Stepwell::start`] runs it and gives an [`Execution`] to wait for.
//!
//! `examples/embed.rs` is a whole program.

pub use stepwell_asl::{Code, Definition, Diagnostic, MachineType, Severity, Timestamp};
pub use stepwell_catalog as catalog;
/// Why an engine did not start an execution.
pub use stepwell_engine::StartError as EngineStartError;
pub use stepwell_engine::{
    ActivityWork, CommandError, Effect, Engine, Heartbeat, Lost, Observer, Program, RedriveError,
    TaskRequest, Tasks, TokenError, Trouble, Troubles,
};
pub use stepwell_host as host;
pub use stepwell_journal::{
    Ending, ExecutionId, Parent, Query, ReadError, Status, Subject, Summary,
};
/// An execution as its journal makes it.
pub use stepwell_kernel::Execution as Replay;
pub use stepwell_kernel::{
    Call, Counts, Detail, Event, Fact, Failure, HistoryEvent, Identity, Limits, MapRunFact,
    Outcome, StateType, TaskCall, Token, Tolerance,
};
pub use stepwell_telemetry as telemetry;
pub use stepwell_trial::MockConfig;
pub use stepwell_value::{Object, Payload, Str, Value};

pub use builder::{BuildError, Builder};
pub use execution::{Execution, StartError, Starting, Stepwell};
pub use library::{Chance, ChangeError, Library, LibraryError, Resolved};
pub use machine::{Machine, NameError};
pub use task_check::TaskProblem;

mod builder;
mod deletion;
mod deployed;
mod execution;
mod host_tasks;
mod library;
mod machine;
pub mod store;
mod task_check;
mod telling;
mod test_case;
