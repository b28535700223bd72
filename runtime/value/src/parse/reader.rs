//! The tokens of JSON, read off a text one after the other.

use super::number::Digits;
use super::{Error, ErrorKind};
use crate::plain;

/// A place in a text. Its methods go forward past what they name, or note what is wrong and stay
/// at the place that is wrong.
pub(super) struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    wrong: Option<ErrorKind>,
}

/// The reader has noted what is wrong. Results stay small that way, and most are results of success.
pub(super) struct Refused;

/// Where a string stands, its quotes apart.
pub(super) struct StringSpan {
    start: usize,
    end: usize,
    pub is_escaped: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, wrong: None }
    }

    /// Notes what is wrong at this place.
    #[cold]
    pub(super) fn refuse(&mut self, kind: ErrorKind) -> Refused {
        self.wrong = Some(kind);
        Refused
    }

    /// What was noted, placed at the reader's position.
    pub(super) fn error(&mut self) -> Error {
        let kind = self.wrong.take().expect("the reader notes what it refuses");
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.get(line_start..).map_or(0, |line| line.chars().count()) + 1;
        Error { kind, line, column }
    }

    /// The first byte of the value that comes next, past blanks.
    #[inline]
    pub(super) fn peek_value(&mut self) -> Result<u8, Refused> {
        match self.peek() {
            Some(byte @ (b'"' | b'{' | b'[' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9')) => Ok(byte),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Enters a container, and leaves it again if it is empty; tells whether it was.
    #[inline]
    pub(super) fn open(&mut self, close: u8) -> bool {
        self.at += 1;
        let is_empty = self.peek() == Some(close);
        if is_empty {
            self.at += 1;
        }
        is_empty
    }

    /// Passes what stands behind an item: true for a comma, false for the bracket.
    #[inline]
    pub(super) fn array_goes_on(&mut self) -> Result<bool, Refused> {
        self.goes_on(b']', "`,` or `]`")
    }

    /// The same behind a member of an object.
    #[inline]
    pub(super) fn object_goes_on(&mut self) -> Result<bool, Refused> {
        self.goes_on(b'}', "`,` or `}`")
    }

    #[inline]
    fn goes_on(&mut self, close: u8, expected: &'static str) -> Result<bool, Refused> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Passes a member's name and its colon.
    #[inline]
    pub(super) fn name(&mut self) -> Result<StringSpan, Refused> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a member's name in double quotes"));
        }
        let name = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(name)
    }

    pub(super) fn literal(&mut self, literal: &'static str) -> Result<(), Refused> {
        for expected in literal.bytes() {
            if self.bytes.get(self.at) != Some(&expected) {
                return Err(self.unexpected(literal));
            }
            self.at += 1;
        }
        Ok(())
    }

    #[inline]
    pub(super) fn number(&mut self) -> Result<Digits<'a>, Refused> {
        let start = self.at;
        let is_negative = self.byte() == Some(b'-');
        if is_negative {
            self.at += 1;
        }
        let leading_zero = self.byte() == Some(b'0');
        let mut significand = 0;
        let integer = self.digits(&mut significand);
        if integer == 0 || (leading_zero && integer > 1) {
            return Err(self.refuse(ErrorKind::InvalidNumber));
        }
        let mut fraction = 0;
        if self.byte() == Some(b'.') {
            self.at += 1;
            fraction = self.digits(&mut significand);
            if fraction == 0 {
                return Err(self.refuse(ErrorKind::InvalidNumber));
            }
        }
        let has_exponent = matches!(self.byte(), Some(b'e' | b'E'));
        if has_exponent {
            self.exponent()?;
        }
        let text = self.span(start, self.at);
        let count = integer + fraction;
        Ok(Digits { text, is_negative, significand, count, fraction, has_exponent })
    }

    fn exponent(&mut self) -> Result<(), Refused> {
        self.at += 1;
        if matches!(self.byte(), Some(b'+' | b'-')) {
            self.at += 1;
        }
        if self.digits(&mut 0) == 0 {
            return Err(self.refuse(ErrorKind::InvalidNumber));
        }
        Ok(())
    }

    /// Passes a string, from quote to quote.
    #[inline]
    pub(super) fn string(&mut self) -> Result<StringSpan, Refused> {
        self.at += 1;
        let start = self.at;
        let mut is_escaped = false;
        loop {
            self.at = plain::end(self.bytes, self.at);
            match self.byte() {
                Some(b'"') => {
                    let end = self.at;
                    self.at += 1;
                    return Ok(StringSpan { start, end, is_escaped });
                }
                Some(b'\\') => {
                    is_escaped = true;
                    self.escape()?;
                }
                Some(_) => return Err(self.refuse(ErrorKind::ControlCharacter)),
                None => return Err(self.unexpected("the string's end")),
            }
        }
    }

    pub(super) fn text(&self, span: &StringSpan) -> &'a str {
        self.span(span.start, span.end)
    }

    pub(super) fn expect_end(&mut self) -> Result<(), Refused> {
        match self.peek() {
            None => Ok(()),
            Some(_) => {
                let found = self.character();
                Err(self.refuse(ErrorKind::TrailingCharacter { found }))
            }
        }
    }

    fn escape(&mut self) -> Result<(), Refused> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => self.unicode_escape(),
            _ => Err(self.refuse(ErrorKind::InvalidEscape)),
        }
    }

    /// Passes one `\u` and its digits, or two of them that make a pair.
    fn unicode_escape(&mut self) -> Result<(), Refused> {
        let is_whole = match self.utf16_unit() {
            None => return Err(self.refuse(ErrorKind::InvalidEscape)),
            Some(0xdc00..0xe000) => false,
            Some(0xd800..0xdc00) => matches!(self.utf16_unit(), Some(0xdc00..0xe000)),
            Some(_) => true,
        };
        if is_whole { Ok(()) } else { Err(self.refuse(ErrorKind::LoneSurrogate)) }
    }

    /// Passes `\u` and its four digits, if that is what comes next.
    fn utf16_unit(&mut self) -> Option<u32> {
        let escape = self.bytes.get(self.at..self.at + 6)?;
        let digits = escape.strip_prefix(b"\\u")?;
        let mut unit = 0;
        for digit in digits {
            unit = unit * 16 + char::from(*digit).to_digit(16)?;
        }
        self.at += 6;
        Some(unit)
    }

    /// Passes digits and appends them to a number, which is exact as long as it has few of them.
    #[inline]
    fn digits(&mut self, number: &mut u64) -> usize {
        let start = self.at;
        while let Some(byte @ b'0'..=b'9') = self.byte() {
            *number = number.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            self.at += 1;
        }
        self.at - start
    }

    /// The next byte past blanks.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        let byte = self.byte()?;
        if byte > b' ' { Some(byte) } else { self.peek_past_blanks() }
    }

    #[inline(never)]
    fn peek_past_blanks(&mut self) -> Option<u8> {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at = plain::spaces_end(self.bytes, self.at + 1);
        }
        self.byte()
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn span(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).expect("tokens end at ASCII characters")
    }

    #[cold]
    fn unexpected(&mut self, expected: &'static str) -> Refused {
        if self.at >= self.bytes.len() {
            self.refuse(ErrorKind::UnexpectedEnd { expected })
        } else {
            let found = self.character();
            self.refuse(ErrorKind::UnexpectedCharacter { found, expected })
        }
    }

    fn character(&self) -> char {
        self.text.get(self.at..).and_then(|rest| rest.chars().next()).unwrap_or('\u{fffd}')
    }
}
