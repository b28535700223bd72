//! What an engine tells its operator.

use std::sync::Arc;

use stepwell_journal::{ExecutionId, ReadError};

/// Something that is wrong and that no caller hears of.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Trouble {
    #[error("{0}; it is left as it is")]
    Unreadable(ReadError),
    #[error("the journal of execution {execution} does not add up: {reason}; it is left as it is")]
    Corrupt { execution: ExecutionId, reason: String },
    #[error(
        "execution {0} is no longer driven, because of a mistake in this program; what its journal \
         holds is intact, and the next start goes on with it"
    )]
    Lost(ExecutionId),
    #[error("nothing is kept at the moment, and everything waits: {0}")]
    Stalled(String),
    #[error("the journal keeps what is decided again")]
    Recovered,
    #[error("nothing can be kept any more, and everything has stopped: {0}; start anew")]
    Broken(String),
}

/// Is told of every trouble, from the loops, so it must not take long.
pub type Troubles = Arc<dyn Fn(&Trouble) + Send + Sync>;
