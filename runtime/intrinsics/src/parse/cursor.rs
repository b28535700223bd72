//! A place in the text of a call.

use crate::{ParseError, Problem};

pub(super) struct Cursor<'a> {
    text: &'a str,
    /// In bytes, between two characters.
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, offset: 0 }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// The text between two offsets that this cursor has given.
    pub(super) fn between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).expect("offsets lie between two characters")
    }

    fn rest(&self) -> &'a str {
        self.between(self.offset, self.text.len())
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let eaten = self.peek() == Some(wanted);
        if eaten {
            self.offset += wanted.len_utf8();
        }
        eaten
    }

    /// Eats a word that ends here.
    pub(super) fn eat_word(&mut self, wanted: &str) -> bool {
        let Some(rest) = self.rest().strip_prefix(wanted) else { return false };
        let ends = !rest.starts_with(super::is_name_character);
        if ends {
            self.offset += wanted.len();
        }
        ends
    }

    pub(super) fn expect(
        &mut self,
        wanted: char,
        expected: &'static str,
    ) -> Result<(), ParseError> {
        if self.eat(wanted) { Ok(()) } else { Err(self.error(Problem::Expected(expected))) }
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|letter| matches!(letter, ' ' | '\t' | '\n' | '\r'));
    }

    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let start = self.offset;
        let rest = self.rest();
        self.offset += rest.find(|letter| !wanted(letter)).unwrap_or(rest.len());
        self.between(start, self.offset)
    }

    /// From an opening bracket past the one that closes it. What stands between quotes does not
    /// count.
    pub(super) fn skip_brackets(&mut self) -> Result<(), ParseError> {
        let (mut depth, mut quote) = (0_usize, None);
        for (at, letter) in self.rest().char_indices() {
            match (quote, letter) {
                (Some(open), _) if letter == open => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(letter),
                (None, '[') => depth += 1,
                (None, ']') => depth -= 1,
                (None, _) => {}
            }
            if depth == 0 {
                self.offset += at + letter.len_utf8();
                return Ok(());
            }
        }
        Err(self.error(Problem::Expected("a `]` for this bracket")))
    }

    pub(super) fn error(&self, problem: Problem) -> ParseError {
        ParseError { offset: self.offset, problem }
    }
}
