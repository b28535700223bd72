//! The tokens of an expression, read off one after the other.
//!
//! Positions count UTF-16 units, as the reference does, and name the end of a token. A slash starts
//! a regular expression where an operand is expected and is an operator elsewhere, so the parser
//! says which of the two it expects.

use stepwell_value::{Str, Value};

use crate::error::{Code, Error};
use crate::number;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub position: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind {
    /// A symbol of the language, `and`, `or` and `in` included.
    Operator(&'static str),
    Name(Str),
    /// Without its `$`.
    Variable(Str),
    Text(Str),
    Number(Value),
    /// `true`, `false` and `null`.
    Literal(Value),
    Regex(RegexSource),
    End,
}

/// A regular expression between its slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RegexSource {
    pub pattern: Str,
    pub ignore_case: bool,
    pub multi_line: bool,
}

/// Longer symbols come first.
const SYMBOLS: [&str; 32] = [
    "..", ":=", "!=", ">=", "<=", "**", "~>", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#",
    ";", ":", "?", "+", "-", "*", "/", "%", "|", "=", "<", ">", "^", "&", "!",
];

const BLANKS: [char; 5] = [' ', '\t', '\n', '\r', '\u{b}'];

fn is_symbol(character: char) -> bool {
    ".[]{}(),@#;:?+-*/%|=<>^&!~".contains(character)
}

pub(crate) struct Lexer<'a> {
    rest: &'a str,
    /// UTF-16 units before `rest`.
    position: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { rest: text, position: 0 }
    }

    /// The next token, where an operand may start.
    pub(crate) fn operand(&mut self) -> Result<Token, Error> {
        self.skip_blanks()?;
        if self.rest.starts_with('/') {
            return self.regex();
        }
        self.token()
    }

    /// The next token behind an operand.
    pub(crate) fn operator(&mut self) -> Result<Token, Error> {
        self.skip_blanks()?;
        self.token()
    }

    fn token(&mut self) -> Result<Token, Error> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(self.made(TokenKind::End));
        };
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| self.rest.starts_with(**symbol)) {
            self.take(symbol.len());
            return Ok(self.made(TokenKind::Operator(symbol)));
        }
        match first {
            '~' => {
                self.take(1);
                Ok(self.made(TokenKind::Operator("~")))
            }
            '"' | '\'' => self.text(first),
            '`' => self.quoted_name(),
            '0'..='9' => self.number(),
            _ => Ok(self.word()),
        }
    }

    fn made(&self, kind: TokenKind) -> Token {
        Token { kind, position: self.position }
    }

    /// Goes forward by so many bytes and returns them.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.position += taken.encode_utf16().count();
        self.rest = rest;
        taken
    }

    fn skip_blanks(&mut self) -> Result<(), Error> {
        loop {
            let blanks = self.rest.len() - self.rest.trim_start_matches(BLANKS).len();
            self.take(blanks);
            if !self.rest.starts_with("/*") {
                return Ok(());
            }
            let Some(end) = self.rest.get(2..).and_then(|rest| rest.find("*/")) else {
                return Err(Error::new(Code::S0106).at(self.position));
            };
            self.take(end + 4);
        }
    }

    fn text(&mut self, quote: char) -> Result<Token, Error> {
        self.take(1);
        let mut units = String::new();
        loop {
            let Some(plain) = self.rest.find([quote, '\\']) else {
                self.take(self.rest.len());
                return Err(Error::new(Code::S0101).at(self.position));
            };
            units.push_str(self.take(plain));
            if self.take(1) != "\\" {
                return Ok(self.made(TokenKind::Text(units.into())));
            }
            self.escape(&mut units)?;
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), Error> {
        let Some(kind) = self.rest.chars().next() else {
            return Err(Error::new(Code::S0101).at(self.position));
        };
        out.push(match kind {
            '"' | '\\' | '/' => kind,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode_escape(out),
            _ => {
                let token = kind.to_string();
                return Err(Error::new(Code::S0103).at(self.position).token(token));
            }
        });
        self.take(1);
        Ok(())
    }

    /// Reads `u` and its digits, and the second half of a pair where there is one. Half a pair
    /// that stands alone becomes the replacement character: no text can hold it.
    fn unicode_escape(&mut self, out: &mut String) -> Result<(), Error> {
        let first = self.unit()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.rest.starts_with("\\u") {
            let before = (self.rest, self.position);
            self.take(1);
            match self.unit() {
                Ok(second) if (0xdc00..0xe000).contains(&second) => units.push(second),
                _ => (self.rest, self.position) = before,
            }
        }
        out.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')));
        Ok(())
    }

    fn unit(&mut self) -> Result<u16, Error> {
        let digits = self.rest.get(1..5).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| Error::new(Code::S0104).at(self.position))?;
        self.take(5);
        Ok(unit)
    }

    fn quoted_name(&mut self) -> Result<Token, Error> {
        self.take(1);
        let Some(end) = self.rest.find('`') else {
            self.take(self.rest.len());
            return Err(Error::new(Code::S0105).at(self.position));
        };
        let name = self.take(end);
        self.take(1);
        Ok(self.made(TokenKind::Name(name.into())))
    }

    fn number(&mut self) -> Result<Token, Error> {
        let text = number_prefix(self.rest);
        if let Ok(integer) = text.parse::<i64>() {
            self.take(text.len());
            return Ok(self.made(TokenKind::Number(Value::Int(integer))));
        }
        let parsed: f64 = text.parse().unwrap_or(f64::INFINITY);
        if !parsed.is_finite() {
            return Err(Error::new(Code::S0102).at(self.position).token(text));
        }
        self.take(text.len());
        Ok(self.made(TokenKind::Number(number::from_f64(parsed))))
    }

    fn regex(&mut self) -> Result<Token, Error> {
        self.take(1);
        let end = match regex_end(self.rest) {
            Some(0) => return Err(Error::new(Code::S0301).at(self.position)),
            Some(end) => end,
            None => {
                self.take(self.rest.len());
                return Err(Error::new(Code::S0302).at(self.position));
            }
        };
        let pattern = Str::from(self.take(end));
        self.take(1);
        let flags = self.rest.len() - self.rest.trim_start_matches(['i', 'm']).len();
        let flags = self.take(flags);
        Ok(self.made(TokenKind::Regex(RegexSource {
            pattern,
            ignore_case: flags.contains('i'),
            multi_line: flags.contains('m'),
        })))
    }

    /// A name, a variable or a keyword: everything up to the next blank or symbol.
    fn word(&mut self) -> Token {
        let end = self.rest.find(|c| BLANKS.contains(&c) || is_symbol(c));
        let word = self.take(end.unwrap_or(self.rest.len()));
        self.made(match word {
            "and" => TokenKind::Operator("and"),
            "or" => TokenKind::Operator("or"),
            "in" => TokenKind::Operator("in"),
            "true" => TokenKind::Literal(Value::Bool(true)),
            "false" => TokenKind::Literal(Value::Bool(false)),
            "null" => TokenKind::Literal(Value::Null),
            _ => match word.strip_prefix('$') {
                Some(name) => TokenKind::Variable(name.into()),
                None => TokenKind::Name(word.into()),
            },
        })
    }
}

/// As much of the text as is a number: no leading zeros, digits on both sides of the point.
fn number_prefix(text: &str) -> &str {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        from + bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut end = if bytes.first() == Some(&b'0') { 1 } else { digits(0) };
    if bytes.get(end) == Some(&b'.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digits(end + 1 + sign) > end + 1 + sign {
            end = digits(end + 1 + sign);
        }
    }
    text.get(..end).unwrap_or(text)
}

/// Where the closing slash stands: outside of all brackets and not escaped.
fn regex_end(text: &str) -> Option<usize> {
    let mut depth = 0_i64;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        if before != '\\' {
            match character {
                '/' if depth == 0 => return Some(at),
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
        }
        before = if before == '\\' { ' ' } else { character };
    }
    None
}

#[cfg(test)]
mod tests;
