//! The version of a task, as its file name spells it.
//!
//! A version is one to three numbers with an optional pre-release: `3`, `1.2`, `1.2.0`,
//! `2.0.0-rc.1`. Missing numbers are zeros, so `1.2` and `1.2.0` are the same version.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A version that orders like Semantic Versioning and prints as it was written.
#[derive(Clone, Debug)]
pub struct Version {
    text: Arc<str>,
    order: semver::Version,
}

impl Version {
    /// `None` when the text is not a version.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers_end = text.find(['-', '+']).unwrap_or(text.len());
        let (numbers, rest) = text.split_at(numbers_end);
        let missing = 2usize.checked_sub(numbers.matches('.').count())?;
        let padded = format!("{numbers}{}{rest}", ".0".repeat(missing));
        let order = semver::Version::parse(&padded).ok()?;
        Some(Self { text: text.into(), order })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn is_prerelease(&self) -> bool {
        !self.order.pre.is_empty()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order.cmp(&other.order)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Version {}

#[cfg(test)]
mod tests;
