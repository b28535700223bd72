//! JSON text read: a scan that only checks, and a parse that builds.
//!
//! Both walk the text with the same [`Reader`], so what the scan accepts the parser parses. The
//! grammar is RFC 8259's, with two limits of ours: nesting up to [`DEPTH_MAX`], and no escape that
//! names half of a surrogate pair, because no text can hold one.

use std::fmt;

use crate::{Object, Str, Value};

use reader::{Reader, StringSpan};

mod reader;

/// How deep arrays and objects may nest.
pub const DEPTH_MAX: usize = 1000;

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub kind: ErrorKind,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text ends where more was needed.
    UnexpectedEnd {
        expected: &'static str,
    },
    UnexpectedCharacter {
        found: char,
        expected: &'static str,
    },
    /// Something follows the document.
    TrailingCharacter {
        found: char,
    },
    /// A number that JSON does not allow, such as `01` or `1.`.
    InvalidNumber,
    InvalidEscape,
    /// `\ud800` to `\udfff` without its other half.
    LoneSurrogate,
    /// A control character inside a string has to be written as an escape.
    ControlCharacter,
    TooDeep,
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::UnexpectedEnd { expected } => {
                write!(f, "the text ends where {expected} was expected")?;
            }
            ErrorKind::UnexpectedCharacter { found, expected } => {
                write!(f, "found {found:?} where {expected} was expected")?;
            }
            ErrorKind::TrailingCharacter { found } => {
                write!(f, "found {found:?} after the end of the document")?;
            }
            ErrorKind::InvalidNumber => f.write_str("this is not a number in JSON's notation")?,
            ErrorKind::InvalidEscape => f.write_str("this escape is not one of JSON's")?,
            ErrorKind::LoneSurrogate => f.write_str("half of a surrogate pair stands alone")?,
            ErrorKind::ControlCharacter => {
                f.write_str("a control character inside a string has to be escaped")?;
            }
            ErrorKind::TooDeep => write!(f, "arrays and objects nest deeper than {DEPTH_MAX}")?,
        }
        write!(f, " (line {}, column {})", self.line, self.column)
    }
}

/// Checks that a text is one JSON document, and builds nothing. Gives how deep it nests: 0 for a
/// scalar.
pub fn scan(text: &str) -> Result<usize, Error> {
    let mut reader = Reader::new(text);
    scan_document(&mut reader).map_err(|kind| reader.error(kind))
}

impl Value {
    /// Parses one JSON document. Of members with the same name the last one counts.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut reader = Reader::new(text);
        let parsed = parse_value(&mut reader, 0).and_then(|value| {
            reader.expect_end()?;
            Ok(value)
        });
        parsed.map_err(|kind| reader.error(kind))
    }
}

/// Goes through the document without recursion: which kind of container each level is takes a bit.
fn scan_document(reader: &mut Reader<'_>) -> Result<usize, ErrorKind> {
    let mut levels = Levels::default();
    loop {
        if scan_value_start(reader, &mut levels)? {
            continue;
        }
        loop {
            match levels.innermost() {
                None => return reader.expect_end().map(|()| levels.deepest),
                Some(Container::Array) if reader.separator(b']', "`,` or `]`")? => break,
                Some(Container::Object) if reader.separator(b'}', "`,` or `}`")? => {
                    reader.name()?;
                    break;
                }
                Some(_) => levels.leave(),
            }
        }
    }
}

/// Reads one value or enters a container; tells whether a value inside it comes next.
fn scan_value_start(reader: &mut Reader<'_>, levels: &mut Levels) -> Result<bool, ErrorKind> {
    match reader.peek_value()? {
        b'[' => {
            levels.enter(Container::Array)?;
            if reader.open(b']') {
                levels.leave();
                return Ok(false);
            }
            Ok(true)
        }
        b'{' => {
            levels.enter(Container::Object)?;
            if reader.open(b'}') {
                levels.leave();
                return Ok(false);
            }
            reader.name()?;
            Ok(true)
        }
        b'"' => reader.string().map(|_| false),
        b't' => reader.literal("true").map(|()| false),
        b'f' => reader.literal("false").map(|()| false),
        b'n' => reader.literal("null").map(|()| false),
        _ => reader.number().map(|_| false),
    }
}

#[derive(Clone, Copy)]
enum Container {
    Array,
    Object,
}

/// The containers that are open, one bit each.
struct Levels {
    depth: usize,
    deepest: usize,
    objects: [u64; DEPTH_MAX.div_ceil(64)],
}

impl Default for Levels {
    fn default() -> Self {
        Self { depth: 0, deepest: 0, objects: [0; DEPTH_MAX.div_ceil(64)] }
    }
}

impl Levels {
    fn enter(&mut self, container: Container) -> Result<(), ErrorKind> {
        if self.depth == DEPTH_MAX {
            return Err(ErrorKind::TooDeep);
        }
        let (word, bit) = (self.depth / 64, 1 << (self.depth % 64));
        match container {
            Container::Array => self.objects[word] &= !bit,
            Container::Object => self.objects[word] |= bit,
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn innermost(&self) -> Option<Container> {
        let level = self.depth.checked_sub(1)?;
        let is_object = self.objects[level / 64] & (1 << (level % 64)) != 0;
        Some(if is_object { Container::Object } else { Container::Array })
    }
}

fn parse_value(reader: &mut Reader<'_>, depth: usize) -> Result<Value, ErrorKind> {
    Ok(match reader.peek_value()? {
        b'[' => parse_array(reader, depth)?,
        b'{' => parse_object(reader, depth)?,
        b'"' => Value::String(to_str(&reader.string()?)),
        b't' => reader.literal("true").map(|()| Value::Bool(true))?,
        b'f' => reader.literal("false").map(|()| Value::Bool(false))?,
        b'n' => reader.literal("null").map(|()| Value::Null)?,
        _ => to_number(reader.number()?),
    })
}

fn parse_array(reader: &mut Reader<'_>, depth: usize) -> Result<Value, ErrorKind> {
    let depth = deeper(depth)?;
    let mut items = Vec::new();
    if !reader.open(b']') {
        loop {
            items.push(parse_value(reader, depth)?);
            if !reader.separator(b']', "`,` or `]`")? {
                break;
            }
        }
    }
    Ok(Value::from(items))
}

fn parse_object(reader: &mut Reader<'_>, depth: usize) -> Result<Value, ErrorKind> {
    let depth = deeper(depth)?;
    if reader.open(b'}') {
        return Ok(Value::Object(Object::new()));
    }
    let mut members = Vec::with_capacity(8);
    loop {
        let name = to_str(&reader.name()?);
        members.push((name, parse_value(reader, depth)?));
        if !reader.separator(b'}', "`,` or `}`")? {
            return Ok(Value::Object(members.into_iter().collect()));
        }
    }
}

fn deeper(depth: usize) -> Result<usize, ErrorKind> {
    if depth == DEPTH_MAX { Err(ErrorKind::TooDeep) } else { Ok(depth + 1) }
}

fn to_str(span: &StringSpan<'_>) -> Str {
    if span.is_escaped { unescape(span.text).into() } else { span.text.into() }
}

/// Integers stay exact while they fit into an `i64`, and `-0` is the integer 0, as the service reads
/// it; a number too great for an `f64` becomes its greatest.
fn to_number(text: &str) -> Value {
    if let Ok(number) = text.parse::<i64>() {
        return Value::Int(number);
    }
    let number: f64 = text.parse().expect("the reader accepts only numbers");
    Value::Float(number.clamp(f64::MIN, f64::MAX))
}

/// Resolves the escapes of a string that the reader has accepted.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let (kind, tail) = escape.split_at(1);
        rest = tail;
        match kind {
            "n" => out.push('\n'),
            "r" => out.push('\r'),
            "t" => out.push('\t'),
            "b" => out.push('\u{8}'),
            "f" => out.push('\u{c}'),
            "u" => rest = push_unicode(&mut out, tail),
            quoted => out.push_str(quoted),
        }
    }
    out.push_str(rest);
    out
}

/// Pushes the character whose digits (and whose second half, if it has one) start `tail`; returns
/// what follows.
fn push_unicode<'a>(out: &mut String, tail: &'a str) -> &'a str {
    let (digits, rest) = tail.split_at(4);
    let (first, second) = (unit(digits), rest.strip_prefix("\\u").map(|rest| rest.split_at(4)));
    let (code, rest) = match second {
        Some((digits, rest)) if (0xd800..0xdc00).contains(&first) => {
            (0x1_0000 + ((first - 0xd800) << 10) + (unit(digits) - 0xdc00), rest)
        }
        _ => (first, rest),
    };
    out.push(char::from_u32(code).expect("the reader refuses lone surrogates"));
    rest
}

fn unit(digits: &str) -> u32 {
    u32::from_str_radix(digits, 16).expect("the reader accepts only hexadecimal digits here")
}

#[cfg(test)]
mod tests;
