//! A call that did not succeed, in the words of the Amazon States Language.

/// The lengths at which Step Functions cuts them.
pub(crate) const ERROR_CHARS_MAX: usize = 256;
pub(crate) const CAUSE_BYTES_MAX: usize = 32_768;

/// Why a task did not succeed. `Retry` and `Catch` compare `error` with their `ErrorEquals`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// At most 256 characters, and never empty.
    pub error: String,
    /// At most 32,768 bytes.
    pub cause: String,
}

impl Failure {
    /// Cuts both texts to what they may have.
    pub(crate) fn new(error: &str, mut cause: String) -> Self {
        cause.truncate(cause.floor_char_boundary(CAUSE_BYTES_MAX));
        Self { error: error.chars().take(ERROR_CHARS_MAX).collect(), cause }
    }
}
