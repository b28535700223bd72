//! Functions on numbers. Fractions are rounded before anything else happens.

use stepwell_value::Value;

use crate::arguments::Arguments;
use crate::failure::Reason;
use crate::java_random::JavaRandom;

pub(crate) fn add(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let (left, right) = (arguments.small_integer(1)?, arguments.small_integer(2)?);
    let sum = left.checked_add(right).ok_or(Reason::SumNotInRange)?;
    Ok(Value::Int(sum.into()))
}

/// A number from the first up to, but not including, the second. The third is a seed: with it the
/// number is Java's, and always the same.
pub(crate) fn random(
    arguments: &Arguments<'_>,
    entropy: &mut dyn FnMut() -> u64,
) -> Result<Value, Reason> {
    let (start, end) = (arguments.small_integer(1)?, arguments.small_integer(2)?);
    if start >= end {
        return Err(Reason::NothingBetween { start, end });
    }
    let number = if arguments.has(3) {
        JavaRandom::new(arguments.integer(3)?).between(start, end).into()
    } else {
        between(start, end, entropy())
    };
    Ok(Value::Int(number))
}

/// Scales sixty-four random bits down. A range has at most 2^32 numbers, so none of them is likelier
/// than another by more than one in 2^32.
fn between(start: i32, end: i32, bits: u64) -> i64 {
    let span = u128::from(end.abs_diff(start));
    let offset = (u128::from(bits) * span) >> 64;
    i64::from(start) + i64::try_from(offset).expect("it is less than the span")
}

#[cfg(test)]
mod tests;
