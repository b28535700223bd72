//! A text with wildcards: `*` is any number of characters, `?` is one.
//!
//! The text between two stars is looked for where it first occurs, and never again: should the rest
//! not fit behind the first place, it does not fit behind a later one either. The work is therefore
//! linear in the text that is matched; pieces that have a `?` cost their own length at each place
//! as well.

/// A pattern, cut at its stars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    text: Box<str>,
    has_any: bool,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let piece = |text: &str| Piece { text: text.into(), has_any: text.contains('?') };
        Self(text.split('*').map(piece).collect())
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let [first, between @ ..] = self.0.as_slice() else { return false };
        let Some(rest) = first.strip(text) else { return false };
        let [between @ .., last] = between else { return rest.is_empty() };
        let rest = between.iter().try_fold(rest, |rest, piece| piece.skip(rest));
        rest.is_some_and(|rest| last.ends(rest))
    }
}

impl Piece {
    /// What follows the piece in a text that begins with it.
    fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !self.has_any {
            return text.strip_prefix(&*self.text);
        }
        let mut rest = text.chars();
        for expected in self.text.chars() {
            let found = rest.next()?;
            if expected != '?' && expected != found {
                return None;
            }
        }
        Some(rest.as_str())
    }

    /// What follows the piece where it first occurs.
    fn skip<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !self.has_any {
            return text.split_once(&*self.text).map(|(_, rest)| rest);
        }
        let mut rest = text.chars();
        loop {
            if let Some(after) = self.strip(rest.as_str()) {
                return Some(after);
            }
            rest.next()?;
        }
    }

    fn ends(&self, text: &str) -> bool {
        if !self.has_any {
            return text.ends_with(&*self.text);
        }
        let mut found = text.chars().rev();
        self.text
            .chars()
            .rev()
            .all(|expected| found.next().is_some_and(|found| expected == '?' || expected == found))
    }
}

#[cfg(test)]
mod tests;
