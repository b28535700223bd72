//! A value as JSON text.

use std::fmt::{self, Write as _};

use crate::{Value, plain};

/// Prints compact JSON; `{:#}` prints it indented by two blanks, for people.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A formatter takes every piece through a pointer; in a text of our own they are appended.
        let mut text = String::new();
        push_value(&mut text, self, f.alternate().then_some(0));
        f.write_str(&text)
    }
}

/// The compact text.
pub(crate) fn compact(value: &Value) -> String {
    let mut text = String::new();
    push_value(&mut text, value, None);
    text
}

/// Escapes what JSON requires to be escaped, and nothing else.
pub(crate) fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some((before, special)) = rest.split_at_checked(plain::end(rest.as_bytes(), 0)) {
        out.push_str(before);
        let mut characters = special.chars();
        let Some(character) = characters.next() else { break };
        push_escape(out, character);
        rest = characters.as_str();
    }
    out.push('"');
}

fn push_escape(out: &mut String, character: char) {
    out.push_str(match character {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        control => {
            push_formatted(out, format_args!("\\u{:04x}", u32::from(control)));
            return;
        }
    });
}

/// `indent` is the depth of the value, or none for compact text.
fn push_value(out: &mut String, value: &Value, indent: Option<usize>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(number) => push_int(out, *number),
        Value::Float(number) => push_float(out, *number),
        Value::String(text) => push_string(out, text),
        Value::Array(items) => {
            push_members(out, ('[', ']'), items.iter(), indent, |out, item, indent| {
                push_value(out, item, indent);
            });
        }
        Value::Object(object) => {
            push_members(out, ('{', '}'), object.iter(), indent, |out, (name, value), indent| {
                push_string(out, name);
                out.push_str(if indent.is_some() { ": " } else { ":" });
                push_value(out, value, indent);
            });
        }
    }
}

fn push_members<T>(
    out: &mut String,
    (open, close): (char, char),
    members: impl ExactSizeIterator<Item = T>,
    indent: Option<usize>,
    mut push_member: impl FnMut(&mut String, T, Option<usize>),
) {
    let indent = indent.filter(|_| members.len() > 0);
    let inner = indent.map(|depth| depth + 1);
    out.push(open);
    for (nth, member) in members.enumerate() {
        if nth > 0 {
            out.push(',');
        }
        new_line(out, inner);
        push_member(out, member, inner);
    }
    new_line(out, indent);
    out.push(close);
}

fn new_line(out: &mut String, indent: Option<usize>) {
    if let Some(depth) = indent {
        push_formatted(out, format_args!("\n{:1$}", "", depth * 2));
    }
}

fn push_int(out: &mut String, number: i64) {
    if number < 0 {
        out.push('-');
    }
    push_digits(out, number.unsigned_abs());
}

fn push_digits(out: &mut String, number: u64) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    let mut rest = number;
    while rest > 0 || start == digits.len() {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.push_str(std::str::from_utf8(&digits[start..]).expect("digits are ASCII"));
}

/// The shortest digits that read back as the same number, and never an integer's text.
fn push_float(out: &mut String, number: f64) {
    // The two agree on the notation where there is no exponent.
    if (1e-4..1e16).contains(&number.abs()) {
        out.push_str(zmij::Buffer::new().format_finite(number));
    } else {
        push_formatted(out, format_args!("{number:?}"));
    }
}

fn push_formatted(out: &mut String, text: fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes any text");
}

#[cfg(test)]
mod tests;
