//! What one call may use. A task's manifest may set each of these for itself; what it leaves out
//! comes from the host's defaults.

use std::time::Duration;

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// The most memory that a manifest may ask for. The pool reserves address space in slots that are
/// at least this large, so that a task always meets its own limit before the pool's.
pub const MEMORY_BYTES_MAX: usize = 1024 * MIB;
/// The most output that a manifest may ask for.
pub const OUTPUT_BYTES_MAX: usize = 64 * MIB;
/// The most log text that a manifest may ask for.
pub const LOG_BYTES_MAX: usize = 64 * MIB;
/// The longest time limit that a manifest may ask for: a day.
pub const TIMEOUT_MAX: Duration = Duration::from_hours(24);
/// A component above this size is not compiled at all.
pub const COMPONENT_BYTES_MAX: usize = 32 * MIB;
/// A call may hold so many WASI resources (open files, streams, pollables) at once. It bounds the
/// file descriptors that a task can take from the host.
pub(crate) const RESOURCES_MAX: usize = 256;
/// The elements of one table of functions. Compilers write tables of a few thousand.
pub(crate) const TABLE_ELEMENTS_MAX: usize = 50_000;

/// The limits of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first instruction to the result. The clock on the wall: waiting counts.
    pub timeout: Duration,
    /// All linear memories and tables of the instance together.
    pub memory_bytes: usize,
    /// The JSON text of the result. Step Functions passes at most 262,144 bytes on.
    pub output_bytes: usize,
    /// Standard output, standard error and log messages together. What comes later is dropped.
    pub log_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(1),
            memory_bytes: 128 * MIB,
            output_bytes: 256 * KIB,
            log_bytes: 256 * KIB,
        }
    }
}
