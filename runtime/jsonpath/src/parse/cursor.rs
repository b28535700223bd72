//! A place in the text of a path.

use crate::{ParseError, Problem};

#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
    /// Where `rest` starts in the whole text, in bytes.
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn over_trimmed(text: &'a str) -> Self {
        Self::at(text, 0)
    }

    /// Over a part of a text that starts at `offset`, without the blanks around it.
    pub(super) fn at(part: &'a str, offset: usize) -> Self {
        let start = part.trim_start();
        Self { rest: start.trim_end(), offset: offset + part.len() - start.len() }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn eat(&mut self, wanted: char) -> bool {
        self.strip(|rest| rest.strip_prefix(wanted))
    }

    pub(super) fn eat_text(&mut self, wanted: &str) -> bool {
        self.strip(|rest| rest.strip_prefix(wanted))
    }

    fn strip(&mut self, prefix: impl FnOnce(&'a str) -> Option<&'a str>) -> bool {
        let Some(rest) = prefix(self.rest) else { return false };
        self.offset += self.rest.len() - rest.len();
        self.rest = rest;
        true
    }

    pub(super) fn expect(
        &mut self,
        wanted: char,
        expected: &'static str,
    ) -> Result<(), ParseError> {
        if self.eat(wanted) { Ok(()) } else { Err(self.error(Problem::Expected(expected))) }
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|c| c == ' ');
    }

    pub(super) fn take_while(&mut self, mut wanted: impl FnMut(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        self.take(end)
    }

    /// The next `length` bytes, which have to end between two characters.
    pub(super) fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.offset += length;
        self.rest = rest;
        taken
    }

    pub(super) fn error(&self, problem: Problem) -> ParseError {
        ParseError { offset: self.offset, problem }
    }
}
