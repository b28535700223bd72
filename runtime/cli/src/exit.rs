//! How a command ends, as a number for scripts.

use std::process::ExitCode;

/// Part of the command's face: a number never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Success,
    /// The execution failed.
    Failed,
    /// The command line, a file or the registry is at fault; nothing was run.
    BadInput,
    /// The execution ran out of time.
    TimedOut,
    /// The execution was stopped from outside.
    Stopped,
    /// Ctrl-C was typed a second time: nothing was waited for.
    Interrupted,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::BadInput => 2,
            Self::TimedOut => 3,
            Self::Stopped => 4,
            // What a shell reports of a program that Ctrl-C has ended.
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
