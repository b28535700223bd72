//! A value as JSON text, compact.

use std::fmt::{self, Write};

use crate::Value;

/// Prints compact JSON; `{:#}` prints it indented by two blanks, for people.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = f.alternate().then_some(0);
        write_value(f, self, indent)
    }
}

/// `indent` is the depth of the value, or none for compact text.
fn write_value(out: &mut impl Write, value: &Value, indent: Option<usize>) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(true) => out.write_str("true"),
        Value::Bool(false) => out.write_str("false"),
        Value::Int(number) => write!(out, "{number}"),
        // The shortest digits that read back as the same number, and never an integer's text.
        Value::Float(number) => write!(out, "{number:?}"),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            write_members(out, ('[', ']'), items.iter(), indent, |out, item, indent| {
                write_value(out, item, indent)
            })
        }
        Value::Object(object) => {
            write_members(out, ('{', '}'), object.iter(), indent, |out, (name, value), indent| {
                write_string(out, name)?;
                out.write_str(if indent.is_some() { ": " } else { ":" })?;
                write_value(out, value, indent)
            })
        }
    }
}

fn write_members<W: Write, T>(
    out: &mut W,
    (open, close): (char, char),
    members: impl ExactSizeIterator<Item = T>,
    indent: Option<usize>,
    mut write_member: impl FnMut(&mut W, T, Option<usize>) -> fmt::Result,
) -> fmt::Result {
    let indent = indent.filter(|_| members.len() > 0);
    let inner = indent.map(|depth| depth + 1);
    out.write_char(open)?;
    for (nth, member) in members.enumerate() {
        if nth > 0 {
            out.write_char(',')?;
        }
        new_line(out, inner)?;
        write_member(out, member, inner)?;
    }
    new_line(out, indent)?;
    out.write_char(close)
}

fn new_line(out: &mut impl Write, indent: Option<usize>) -> fmt::Result {
    match indent {
        Some(depth) => write!(out, "\n{:1$}", "", depth * 2),
        None => Ok(()),
    }
}

/// Escapes what JSON requires to be escaped, and nothing else.
fn write_string(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0x00..0x20 => "",
            _ => continue,
        };
        out.write_str(text.get(plain..at).expect("an escaped byte is a whole character"))?;
        plain = at + 1;
        if escape.is_empty() { write!(out, "\\u{byte:04x}")? } else { out.write_str(escape)? }
    }
    out.write_str(text.get(plain..).expect("an escaped byte is a whole character"))?;
    out.write_char('"')
}
