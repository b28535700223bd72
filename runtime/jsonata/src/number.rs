//! Numbers as `JSONata` has them: exact integers while they fit into 64 bits, binary64 otherwise,
//! and the texts that the reference gives them.

use std::fmt::Write;

use stepwell_value::{Str, Value};

use crate::callable;

/// Above this, neighbouring integers share one binary64 and a whole float stays a float.
const SAFE_INTEGER: f64 = 9_007_199_254_740_992.0;

/// A computed number. Whole results become integers, so that `6 / 2` is `3`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "exact for whole numbers among the safe integers, and the others are told apart"
)]
pub(crate) fn from_f64(number: f64) -> Value {
    let whole = number as i64;
    if whole as f64 == number && number.abs() < SAFE_INTEGER {
        Value::Int(whole)
    } else {
        // The sign and payload of a NaN mean something here: see `callable`.
        Value::Float(if number.is_nan() { f64::NAN } else { number })
    }
}

/// A count or an index.
#[expect(clippy::cast_possible_wrap, reason = "no collection has more than i64::MAX members")]
pub(crate) fn from_count(count: usize) -> Value {
    Value::Int(count as i64)
}

/// What JavaScript prints for a number: the shortest digits, with an exponent from 1e21 on and
/// below 1e-6.
pub(crate) fn text_of(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number < 0.0 { "-Infinity" } else { "Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let (digits, exponent) = digits_of(&format!("{number:e}"));
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}", layout(&digits, exponent))
}

/// The number rounded to so many significant digits, half away from zero on the exact value.
pub(crate) fn to_precision(number: f64, significant: usize) -> f64 {
    if !number.is_finite() || number == 0.0 {
        return number;
    }
    format!("{number:.*e}", significant - 1).parse().unwrap_or(number)
}

/// Splits `1.25e3` into the digits `125` and the decimal exponent 3.
fn digits_of(scientific: &str) -> (String, i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let digits = mantissa.chars().filter(char::is_ascii_digit).collect();
    (digits, exponent.parse().unwrap_or_default())
}

#[expect(
    clippy::cast_sign_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a binary64 has at most 17 digits and 3 digits of exponent"
)]
fn layout(digits: &str, exponent: i32) -> String {
    let count = digits.len() as i32;
    if (0..21).contains(&exponent) {
        if count <= exponent + 1 {
            return format!("{digits}{}", "0".repeat((exponent + 1 - count) as usize));
        }
        let (whole, fraction) = digits.split_at((exponent + 1) as usize);
        return format!("{whole}.{fraction}");
    }
    if (-6..0).contains(&exponent) {
        return format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{first}{point}{rest}e{sign}{}", exponent.abs())
}

/// From so many bytes on, a message shows no further members: a value whose parts are shared may
/// have a text without an end.
const MESSAGE_BYTES_MAX: usize = 32 * 1024;

/// Compact JSON with JavaScript's numbers, for messages; functions and what is not finite print as
/// `null`.
pub(crate) fn to_json(value: &Value) -> String {
    let mut out = String::new();
    write_json(&mut out, value, Layout::Exact);
    out
}

/// How `$string` and messages differ in printing the same value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// All digits, on one line: messages.
    Exact,
    /// Fractions to 15 significant digits, on one line: `$string`.
    Rounded,
    /// The same, indented.
    Indented(usize),
}

impl Layout {
    fn deeper(self) -> Self {
        match self {
            Self::Indented(depth) => Self::Indented(depth + 1),
            other => other,
        }
    }
}

pub(crate) fn write_json(out: &mut String, value: &Value, layout: Layout) {
    if layout == Layout::Exact && out.len() > MESSAGE_BYTES_MAX {
        return;
    }
    match value {
        Value::Float(number) if callable::is_function(value) => {
            // A function is an empty text to `$string` and nothing at all to JSON.
            debug_assert!(number.is_nan());
            out.push_str(if layout == Layout::Exact { "null" } else { "\"\"" });
        }
        Value::Float(number) => out.push_str(&float_json(*number, layout)),
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (nth, item) in items.iter().enumerate() {
                start_member(out, nth, layout.deeper());
                write_json(out, item, layout.deeper());
            }
            end_members(out, layout, ']');
        }
        Value::Object(members) if !members.is_empty() => {
            out.push('{');
            for (nth, (name, member)) in members.iter().enumerate() {
                start_member(out, nth, layout.deeper());
                push_display(out, &Value::String(Str::clone(name)));
                out.push_str(if matches!(layout, Layout::Indented(_)) { ": " } else { ":" });
                write_json(out, member, layout.deeper());
            }
            end_members(out, layout, '}');
        }
        other => push_display(out, other),
    }
}

fn push_display(out: &mut String, value: &Value) {
    write!(out, "{value}").expect("writing to a string does not fail");
}

fn float_json(number: f64, layout: Layout) -> String {
    if !number.is_finite() {
        return "null".to_owned();
    }
    if layout == Layout::Exact || number.fract() == 0.0 {
        return text_of(number);
    }
    text_of(to_precision(number, 15))
}

fn start_member(out: &mut String, nth: usize, layout: Layout) {
    if nth > 0 {
        out.push(',');
    }
    new_line(out, layout);
}

fn end_members(out: &mut String, layout: Layout, close: char) {
    new_line(out, layout);
    out.push(close);
}

fn new_line(out: &mut String, layout: Layout) {
    if let Layout::Indented(depth) = layout {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}

#[cfg(test)]
mod tests;
