//! A number's text as a value.

use crate::Value;

/// A number that the reader has accepted.
pub(super) struct Digits<'t> {
    pub text: &'t str,
    pub is_negative: bool,
    /// All digits as one integer, fraction included, if there are at most [`Digits::EXACT`].
    pub significand: u64,
    /// How many digits there are.
    pub count: usize,
    /// How many of them stand behind the point.
    pub fraction: usize,
    pub has_exponent: bool,
}

impl Digits<'_> {
    /// Any integer of so many digits fits into an `i64`.
    pub(super) const EXACT: usize = 18;
}

/// Powers of ten that an `f64` holds exactly.
const TENS: [f64; 19] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];

/// Integers stay exact while they fit into an `i64`, and `-0` is the integer 0, as the service reads
/// it; a number too great for an `f64` becomes its greatest.
pub(super) fn value(digits: &Digits<'_>) -> Value {
    if digits.count > Digits::EXACT || digits.has_exponent {
        return from_text(digits);
    }
    if digits.fraction == 0 {
        let number = digits.significand.cast_signed();
        return Value::Int(if digits.is_negative { -number } else { number });
    }
    exact_quotient(digits).map_or_else(|| from_text(digits), Value::Float)
}

/// Two integers that are exact as `f64` have a quotient that is rounded once, and so is the number
/// nearest to the text.
fn exact_quotient(digits: &Digits<'_>) -> Option<f64> {
    const EXACT_MAX: u64 = 1 << f64::MANTISSA_DIGITS;
    if digits.significand > EXACT_MAX {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "it is small enough to be exact")]
    let number = digits.significand as f64 / TENS.get(digits.fraction)?;
    Some(if digits.is_negative { -number } else { number })
}

fn from_text(digits: &Digits<'_>) -> Value {
    if digits.fraction == 0
        && !digits.has_exponent
        && let Ok(number) = digits.text.parse::<i64>()
    {
        return Value::Int(number);
    }
    let number: f64 = digits.text.parse().expect("the reader accepts only numbers");
    Value::Float(number.clamp(f64::MIN, f64::MAX))
}
