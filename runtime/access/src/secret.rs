//! Text that is shown to nobody: the secret of an access key, the token of a session.

use std::fmt;

use subtle::ConstantTimeEq;

/// A secret. It has no `Display`, and its `Debug` shows nothing of it, not even how long it is.
#[derive(Clone)]
pub struct Secret(Box<str>);

impl Secret {
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// Whether these bytes are the secret, in a time that says nothing about where they differ.
    pub(crate) fn is(&self, bytes: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(bytes).into()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
