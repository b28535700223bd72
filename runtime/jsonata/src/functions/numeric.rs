//! Numbers: adding them up, rounding them, reading and writing them.

use stepwell_value::Value;

use super::{Args, Items};
use crate::error::{Code, Error};
use crate::evaluator::Evaluator;
use crate::number::{from_count, from_f64};
use crate::picture::{integer, number as number_picture};
use crate::sequence::Out;

type Eval<'x, 'a, 'e> = &'x mut Evaluator<'a, 'e>;

/// The sum: exact while everything is an integer and fits.
fn total(items: &Items) -> Value {
    let mut exact = Some(0_i64);
    let mut float = 0.0;
    for item in items.iter() {
        exact = match (exact, item) {
            (Some(sum), Value::Int(number)) => sum.checked_add(*number),
            _ => None,
        };
        float += item.as_f64().unwrap_or(f64::NAN);
    }
    exact.map_or_else(|| from_f64(float), Value::Int)
}

pub(super) fn sum(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(items) = args.items(0) else { return Ok(Out::UNDEFINED) };
    evaluator.spend(items.len() / 16)?;
    Ok(Out::from(total(&items)))
}

pub(super) fn average(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(items) = args.items(0).filter(|items| !items.is_empty()) else {
        return Ok(Out::UNDEFINED);
    };
    evaluator.spend(items.len() / 16)?;
    let count = from_count(items.len()).as_f64().unwrap_or(1.0);
    Ok(Out::from(from_f64(total(&items).as_f64().unwrap_or(f64::NAN) / count)))
}

pub(super) fn max(evaluator: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    extreme(evaluator, args, |item, best| item > best)
}

pub(super) fn min(evaluator: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    extreme(evaluator, args, |item, best| item < best)
}

fn extreme(
    evaluator: Eval<'_, '_, '_>,
    mut args: Args,
    is_better: fn(f64, f64) -> bool,
) -> Result<Out, Error> {
    let Some(items) = args.items(0) else { return Ok(Out::UNDEFINED) };
    evaluator.spend(items.len() / 16)?;
    let mut best: Option<&Value> = None;
    for item in items.iter() {
        let better = match (best, item.as_f64()) {
            (Some(best), Some(item)) => is_better(item, best.as_f64().unwrap_or(f64::NAN)),
            (None, _) => true,
            (_, None) => false,
        };
        if better {
            best = Some(item);
        }
    }
    Ok(best.map_or(Out::UNDEFINED, |best| Out::from(best.clone())))
}

pub(super) fn number(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    Ok(match args.value(0) {
        None => Out::UNDEFINED,
        Some(Value::Bool(flag)) => Out::from(i64::from(flag)),
        Some(Value::String(text)) => match parsed(&text) {
            Some(number) => Out::from(number),
            None => return Err(Error::new(Code::D3030).value(text).argument(1)),
        },
        Some(number) => Out::from(number),
    })
}

/// Reads a number as JSON has it, or with `0x`, `0o` or `0b` in front.
fn parsed(text: &str) -> Option<Value> {
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let are_digits = digits.chars().all(|digit| digit.is_digit(radix));
            return i64::from_str_radix(digits, radix).ok().filter(|_| are_digits).map(Value::Int);
        }
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    if !digits(whole) || !fraction.is_none_or(digits) || !exponent.is_none_or(digits) {
        return None;
    }
    if let Ok(integer) = text.parse() {
        return Some(Value::Int(integer));
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(from_f64)
}

fn unary(mut args: Args, int: fn(i64) -> i64, float: fn(f64) -> f64) -> Out {
    match args.value(0) {
        None => Out::UNDEFINED,
        Some(Value::Int(number)) => Out::from(int(number)),
        Some(number) => Out::from(from_f64(float(number.as_f64().unwrap_or(f64::NAN)))),
    }
}

pub(super) fn floor(_: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    Ok(unary(args, |number| number, f64::floor))
}

pub(super) fn ceil(_: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    Ok(unary(args, |number| number, f64::ceil))
}

pub(super) fn abs(_: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    Ok(unary(args, i64::saturating_abs, f64::abs))
}

/// Half goes to the even neighbour, judged by the decimal digits that the number prints.
pub(super) fn round(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let precision = args.f64(1).unwrap_or(0.0);
    Ok(match args.value(0) {
        None => Out::UNDEFINED,
        Some(number @ Value::Int(_)) if precision >= 0.0 => Out::from(number),
        Some(number) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            Out::from(from_f64(rounded(number, precision)))
        }
    })
}

/// The same, for pictures.
#[expect(clippy::cast_precision_loss, reason = "a small count")]
pub(crate) fn round_half_even(number: f64, places: usize) -> f64 {
    rounded(number, places as f64)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "an exponent beyond i32 is out of range anyway"
)]
fn rounded(number: f64, precision: f64) -> f64 {
    let precision = precision as i32;
    let shifted = shift(number, precision);
    let mut whole = (shifted + 0.5).floor();
    // `Math.round` sends halves up; of two neighbours an odd one is the wrong one.
    let is_half = (whole - shifted).to_bits() == 0.5_f64.to_bits();
    if is_half && (whole % 2.0).abs() > 0.5 {
        whole -= 1.0;
    }
    let back = shift(whole, precision.saturating_neg());
    if back == 0.0 { 0.0 } else { back }
}

/// Up to here every whole number has a binary64.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// Powers of ten that have one too, as far as people round.
const TENS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Moves the decimal point in the printed number, which loses nothing.
fn shift(number: f64, places: i32) -> f64 {
    if !number.is_finite() || places == 0 {
        return number;
    }
    // Of two exact numbers the quotient is rounded once, as reading the digits would.
    let divisor = places.checked_neg().and_then(|zeros| TENS.get(usize::try_from(zeros).ok()?));
    if let Some(divisor) = divisor.filter(|_| number.fract() == 0.0 && number.abs() <= EXACT_MAX) {
        return number / divisor;
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(number);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}", exponent.saturating_add(places)).parse().unwrap_or(number)
}

pub(super) fn sqrt(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(number) = args.f64(0) else { return Ok(Out::UNDEFINED) };
    if number < 0.0 {
        return Err(Error::new(Code::D3060).value(from_f64(number)).argument(1));
    }
    Ok(Out::from(from_f64(number.sqrt())))
}

pub(super) fn power(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(base) = args.value(0) else { return Ok(Out::UNDEFINED) };
    let Some(exponent) = args.value(1) else {
        return Err(Error::new(Code::D3061).value(base).argument(1));
    };
    if let (Value::Int(base), Value::Int(exponent)) = (&base, &exponent)
        && let Some(exact) = u32::try_from(*exponent).ok().and_then(|e| base.checked_pow(e))
    {
        return Ok(Out::from(exact));
    }
    let float = |number: &Value| number.as_f64().unwrap_or(f64::NAN);
    let result = float(&base).powf(float(&exponent));
    if !result.is_finite() {
        return Err(Error::new(Code::D3061).value(base).second(exponent).argument(1));
    }
    Ok(Out::from(from_f64(result)))
}

/// A number of at least 0 and less than 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
pub(super) fn random(evaluator: Eval<'_, '_, '_>, _: Args) -> Result<Out, Error> {
    let bits = (evaluator.env.entropy)() >> 11;
    Ok(Out::from(from_f64(bits as f64 / (1_u64 << 53) as f64)))
}

pub(super) fn format_base(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(number) = args.value(0) else { return Ok(Out::UNDEFINED) };
    let radix = args.f64(1).unwrap_or(10.0);
    let radix = rounded(radix, 0.0);
    if !(2.0..=36.0).contains(&radix) {
        return Err(Error::new(Code::D3100).value(from_f64(radix)));
    }
    Ok(Out::from(in_base(&number, radix)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "2 to 36, and saturates"
)]
fn in_base(number: &Value, radix: f64) -> String {
    let number = match number {
        Value::Int(number) => i128::from(*number),
        other => rounded(other.as_f64().unwrap_or(f64::NAN), 0.0) as i128,
    };
    let radix = radix as u32;
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        let digit = (rest % u128::from(radix)) as u32;
        digits.push(char::from_digit(digit, radix).unwrap_or('0'));
        rest /= u128::from(radix);
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push('-');
    }
    digits.into_iter().rev().collect()
}

pub(super) fn format_number(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(number) = args.f64(0) else { return Ok(Out::UNDEFINED) };
    let picture = args.text(1).unwrap_or_default();
    let options = args.value(2);
    let text =
        number_picture::format(number, &picture, options.as_ref().and_then(Value::as_object))?;
    Ok(Out::from(text))
}

pub(super) fn format_integer(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(number) = args.f64(0) else { return Ok(Out::UNDEFINED) };
    let picture = args.text(1).unwrap_or_default();
    Ok(Out::from(integer::Picture::parse(&picture)?.format(number.floor())?))
}

pub(super) fn parse_integer(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(text), Some(picture)) = (args.text(0), args.text(1)) else {
        return Ok(Out::UNDEFINED);
    };
    match integer::Picture::parse(&picture)?.read(&text)? {
        Some(number) => Ok(Out::from(from_f64(number))),
        None => Ok(Out::UNDEFINED),
    }
}

#[cfg(test)]
mod tests;
