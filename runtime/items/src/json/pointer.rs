//! Where in a document the items are: JSON pointers, as of RFC 6901.

use std::fmt;

use crate::ReadFailure;

/// A pointer has to be shorter than this.
pub const POINTER_CHARS_MAX: usize = 2000;

/// An `ItemsPointer` field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// The whole document.
    pub const ROOT: Self = Self(Vec::new());

    /// Reads `/inventory/0/a~1b`; the empty text is the whole document.
    pub fn parse(text: &str) -> Result<Self, ReadFailure> {
        let invalid = || ReadFailure::InvalidPointer { pointer: text.chars().take(100).collect() };
        if text.is_empty() {
            return Ok(Self::ROOT);
        }
        if text.chars().count() >= POINTER_CHARS_MAX {
            return Err(invalid());
        }
        let tokens = text.strip_prefix('/').ok_or_else(invalid)?.split('/');
        tokens.map(unescape).collect::<Option<_>>().map(Self).ok_or_else(invalid)
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn tokens(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for token in self.tokens() {
            write!(f, "/{}", token.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

/// `~1` is a slash and `~0` a tilde; a tilde before anything else is an error.
fn unescape(token: &str) -> Option<String> {
    let mut parts = token.split('~');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let (escaped, rest) = match part.as_bytes().first()? {
            b'0' => ('~', part.strip_prefix('0')?),
            b'1' => ('/', part.strip_prefix('1')?),
            _ => return None,
        };
        plain.push(escaped);
        plain.push_str(rest);
    }
    Some(plain)
}

/// The place in an array that a token names: digits without leading zeros.
pub(super) fn index(token: &str) -> Option<u64> {
    let is_plain = token == "0" || !token.starts_with(['0', '+']);
    if is_plain { token.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
