//! A value as Java prints a parsed document, which is how it appears in error messages and in the
//! texts that the service puts together: `{a=1, b=[x, null]}`.

use std::fmt::{self, Write};

use stepwell_value::{DEPTH_MAX, Value};

/// Prints a value as Java's `toString` does.
///
/// Texts print without quotes. What nests deeper than a parsed document can is left out.
#[derive(Clone, Copy, Debug)]
pub struct JavaText<'v>(pub &'v Value);

impl fmt::Display for JavaText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_value(f, self.0, DEPTH_MAX)
    }
}

fn write_value(out: &mut impl Write, value: &Value, depth_left: usize) -> fmt::Result {
    let Some(depth_left) = depth_left.checked_sub(1) else { return out.write_str("...") };
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(flag) => write!(out, "{flag}"),
        Value::Int(number) => write!(out, "{number}"),
        Value::Float(number) => write_double(out, *number),
        Value::String(text) => out.write_str(text),
        Value::Array(items) => {
            out.write_char('[')?;
            for (nth, item) in items.iter().enumerate() {
                out.write_str(if nth == 0 { "" } else { ", " })?;
                write_value(out, item, depth_left)?;
            }
            out.write_char(']')
        }
        Value::Object(object) => {
            out.write_char('{')?;
            for (nth, (name, member)) in object.iter().enumerate() {
                write!(out, "{}{name}=", if nth == 0 { "" } else { ", " })?;
                write_value(out, member, depth_left)?;
            }
            out.write_char('}')
        }
    }
}

/// `Double.toString`: plain from a thousandth up to ten million, else `1.0E10`.
fn write_double(out: &mut impl Write, number: f64) -> fmt::Result {
    if number == 0.0 || (1e-3..1e7).contains(&number.abs()) {
        return write!(out, "{number:?}");
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').expect("the notation has an exponent");
    let fraction = if digits.contains('.') { "" } else { ".0" };
    write!(out, "{digits}{fraction}E{exponent}")
}

#[cfg(test)]
mod tests;
