//! Functions on arrays.
//!
//! Values are equal as they are in Java: objects by their members in whatever order, and `1` is not
//! `1.0`.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use sha2::{Digest, Sha256};
use stepwell_value::{Str, Value};

use crate::arguments::Arguments;
use crate::failure::Reason;
use crate::print;
use crate::{PARTITION_BYTES_MAX, RANGE_ITEMS_MAX, UNIQUE_BYTES_MAX};

pub(crate) fn contains(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let wanted = arguments.value(2);
    Ok(Value::Bool(arguments.array(1)?.contains(wanted)))
}

pub(crate) fn get_item(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let (items, index) = (arguments.array(1)?, arguments.integer(2)?);
    let item = usize::try_from(index).ok().and_then(|index| items.get(index));
    item.cloned().ok_or(Reason::NoSuchItem { index, length: items.len() })
}

pub(crate) fn length(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let length = arguments.array(1)?.len();
    Ok(Value::Int(i64::try_from(length).expect("no array is longer than memory")))
}

/// The last part may be shorter than the others.
pub(crate) fn partition(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let (items, size) = (arguments.array(1)?, arguments.integer(2)?);
    if size < 1 {
        return Err(Reason::NotPositive { nth: 2, found: size });
    }
    if print::within(PARTITION_BYTES_MAX, arguments.value(1)).is_none() {
        return Err(Reason::ArrayTooLarge);
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    Ok(items.chunks(size).map(|part| Value::from(part.to_vec())).collect::<Vec<_>>().into())
}

/// From the first number to the second, included if a step meets it. A step below zero goes down;
/// one that leads away from the end gives nothing.
pub(crate) fn range(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let (start, end) = (arguments.integer(1)?, arguments.integer(2)?);
    let step = arguments.integer(3)?;
    if step == 0 {
        return Err(Reason::ZeroStep);
    }
    let (reach, step) = (i128::from(end) - i128::from(start), i128::from(step));
    let is_away = reach != 0 && (reach > 0) != (step > 0);
    let count = if is_away { 0 } else { reach / step + 1 };
    if usize::try_from(count).map_or(true, |count| count > RANGE_ITEMS_MAX) {
        return Err(Reason::TooManyItems);
    }
    let numbers = (0..count).map(|nth| {
        let number = i128::from(start) + nth * step;
        Value::Int(i64::try_from(number).expect("it lies between start and end"))
    });
    Ok(numbers.collect::<Vec<_>>().into())
}

/// Of equal values the first stays.
///
/// They are compared by digests of a text that equal values share, so the time grows with the size of
/// the array and not with its square.
pub(crate) fn unique(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let mut seen = BTreeSet::new();
    let mut digester = Digester { hash: Sha256::new(), bytes_left: UNIQUE_BYTES_MAX };
    let mut kept = Vec::new();
    for item in arguments.array(1)? {
        write_canonical(&mut digester, item).ok().ok_or(Reason::TooMuchToCompare)?;
        if seen.insert(digester.hash.finalize_reset()) {
            kept.push(item.clone());
        }
    }
    Ok(kept.into())
}

struct Digester {
    hash: Sha256,
    bytes_left: usize,
}

impl Write for Digester {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes_left = self.bytes_left.checked_sub(text.len()).ok_or(fmt::Error)?;
        self.hash.update(text);
        Ok(())
    }
}

/// JSON with the members of objects sorted by name, and with one zero.
fn write_canonical(out: &mut Digester, value: &Value) -> fmt::Result {
    match value {
        Value::Array(items) => {
            out.write_char('[')?;
            for item in &**items {
                write_canonical(out, item)?;
                out.write_char(',')?;
            }
            out.write_char(']')
        }
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            out.write_char('{')?;
            for (name, member) in members {
                write!(out, "{}:", Value::String(Str::clone(name)))?;
                write_canonical(out, member)?;
                out.write_char(',')?;
            }
            out.write_char('}')
        }
        Value::Float(0.0) => out.write_str("0.0"),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {
            write!(out, "{value}")
        }
    }
}

#[cfg(test)]
mod tests;
