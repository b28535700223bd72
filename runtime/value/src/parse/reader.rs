//! The tokens of JSON, read off a text one after the other.

use super::{Error, ErrorKind};

/// A place in a text. Its methods go forward past what they name, or tell what is wrong and stay
/// at the place that is wrong.
pub(super) struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// A string between its quotes.
pub(super) struct StringSpan<'a> {
    pub text: &'a str,
    pub is_escaped: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    /// Places an error at the reader's position.
    pub(super) fn error(&self, kind: ErrorKind) -> Error {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.get(line_start..).map_or(0, |line| line.chars().count()) + 1;
        Error { kind, line, column }
    }

    /// The first byte of the value that comes next, past blanks.
    pub(super) fn peek_value(&mut self) -> Result<u8, ErrorKind> {
        match self.peek() {
            Some(byte @ (b'"' | b'{' | b'[' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9')) => Ok(byte),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Enters a container, and leaves it again if it is empty; tells whether it was.
    pub(super) fn open(&mut self, close: u8) -> bool {
        self.at += 1;
        let is_empty = self.peek() == Some(close);
        if is_empty {
            self.at += 1;
        }
        is_empty
    }

    /// Passes what stands behind a member: true for a comma, false for the closing bracket.
    pub(super) fn separator(
        &mut self,
        close: u8,
        expected: &'static str,
    ) -> Result<bool, ErrorKind> {
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
    pub(super) fn name(&mut self) -> Result<StringSpan<'a>, ErrorKind> {
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

    pub(super) fn literal(&mut self, literal: &'static str) -> Result<(), ErrorKind> {
        for expected in literal.bytes() {
            if self.bytes.get(self.at) != Some(&expected) {
                return Err(self.unexpected(literal));
            }
            self.at += 1;
        }
        Ok(())
    }

    pub(super) fn number(&mut self) -> Result<&'a str, ErrorKind> {
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.byte() == Some(b'0');
        let integer_digits = self.digits();
        if integer_digits == 0 || (leading_zero && integer_digits > 1) {
            return Err(ErrorKind::InvalidNumber);
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(ErrorKind::InvalidNumber);
            }
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(ErrorKind::InvalidNumber);
            }
        }
        Ok(self.span(start))
    }

    /// Passes a string, from quote to quote.
    pub(super) fn string(&mut self) -> Result<StringSpan<'a>, ErrorKind> {
        self.at += 1;
        let start = self.at;
        let mut is_escaped = false;
        loop {
            self.skip_plain();
            match self.byte() {
                Some(b'"') => {
                    let text = self.span(start);
                    self.at += 1;
                    return Ok(StringSpan { text, is_escaped });
                }
                Some(b'\\') => {
                    is_escaped = true;
                    self.escape()?;
                }
                Some(_) => return Err(ErrorKind::ControlCharacter),
                None => return Err(ErrorKind::UnexpectedEnd { expected: "the string's end" }),
            }
        }
    }

    pub(super) fn expect_end(&mut self) -> Result<(), ErrorKind> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(ErrorKind::TrailingCharacter { found: self.character() }),
        }
    }

    /// Goes on to the next quote, backslash or control character, eight bytes at a time.
    fn skip_plain(&mut self) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGHS: u64 = 0x8080_8080_8080_8080;
        let zero_bytes = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
        while let Some(chunk) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*chunk);
            let quotes = zero_bytes(word ^ (ONES * u64::from(b'"')));
            let backslashes = zero_bytes(word ^ (ONES * u64::from(b'\\')));
            let controls = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
            // A borrow can set a mark above a true one, never below it: the lowest is exact.
            let marks = quotes | backslashes | controls;
            if marks != 0 {
                self.at += (marks.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
        while self.byte().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
            self.at += 1;
        }
    }

    fn escape(&mut self) -> Result<(), ErrorKind> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => match self.utf16_unit()? {
                0xdc00..0xe000 => Err(ErrorKind::LoneSurrogate),
                0xd800..0xdc00 => match self.utf16_unit() {
                    Ok(0xdc00..0xe000) => Ok(()),
                    _ => Err(ErrorKind::LoneSurrogate),
                },
                _ => Ok(()),
            },
            _ => Err(ErrorKind::InvalidEscape),
        }
    }

    /// Passes `\u` and its four digits.
    fn utf16_unit(&mut self) -> Result<u32, ErrorKind> {
        let escape = self.bytes.get(self.at..self.at + 6).ok_or(ErrorKind::InvalidEscape)?;
        let digits = escape.strip_prefix(b"\\u").ok_or(ErrorKind::InvalidEscape)?;
        let mut unit = 0;
        for digit in digits {
            unit = unit * 16 + char::from(*digit).to_digit(16).ok_or(ErrorKind::InvalidEscape)?;
        }
        self.at += 6;
        Ok(unit)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    /// The next byte past blanks.
    fn peek(&mut self) -> Option<u8> {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn span(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).expect("tokens end at ASCII characters")
    }

    fn unexpected(&self, expected: &'static str) -> ErrorKind {
        if self.at >= self.bytes.len() {
            ErrorKind::UnexpectedEnd { expected }
        } else {
            ErrorKind::UnexpectedCharacter { found: self.character(), expected }
        }
    }

    fn character(&self) -> char {
        self.text.get(self.at..).and_then(|rest| rest.chars().next()).unwrap_or('\u{fffd}')
    }
}
