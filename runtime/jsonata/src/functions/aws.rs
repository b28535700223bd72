//! The functions that AWS Step Functions adds.

use std::collections::BTreeSet;
use std::fmt::Write;

use sha1::Digest;
use stepwell_value::{Str, Value};

use super::{Args, numeric};
use crate::error::{Code, Error};
use crate::evaluator::Evaluator;
use crate::number::from_f64;
use crate::sequence::Out;

type Eval<'x, 'a, 'e> = &'x mut Evaluator<'a, 'e>;

/// A seed gives Java's number for it, and the same seed the same number.
pub(super) fn random(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    match args.f64(0) {
        None => numeric::random(evaluator, args),
        Some(seed) => Ok(Out::from(from_f64(java_double(seed)))),
    }
}

/// The first `nextDouble()` of `java.util.Random`, a linear congruential generator of 48 bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a seed is truncated as Java does, and 53 bits fit exactly"
)]
fn java_double(seed: f64) -> f64 {
    const MULTIPLIER: u64 = 0x5_deec_e66d;
    const MASK: u64 = (1 << 48) - 1;
    let mut state = (seed as i64 as u64 ^ MULTIPLIER) & MASK;
    let mut next = |bits: u32| {
        state = state.wrapping_mul(MULTIPLIER).wrapping_add(0xb) & MASK;
        state >> (48 - bits)
    };
    let high = next(26) << 27;
    (high + next(27)) as f64 / (1_u64 << 53) as f64
}

/// Cuts an array into parts of so many members.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "not negative, and no array is that long"
)]
pub(super) fn partition(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(items) = args.items(0) else { return Ok(Out::UNDEFINED) };
    let size = args.f64(1).map_or(items.len() as f64, f64::trunc);
    if size < 0.0 {
        return Err(Error::new(Code::D3137).message("Second argument must be zero or greater"));
    }
    if size == 0.0 || size.is_nan() || items.is_empty() {
        return Ok(Out::UNDEFINED);
    }
    evaluator.charge_members(items.len().saturating_mul(2))?;
    Ok(Out::from(
        items.chunks(size as usize).map(|part| Value::from(part.to_vec())).collect::<Vec<_>>(),
    ))
}

/// The numbers from the first to the second in steps of the third, fractions cut off.
#[expect(clippy::cast_possible_truncation, reason = "saturates")]
pub(super) fn range(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(first), Some(last), Some(step)) = (args.f64(0), args.f64(1), args.f64(2)) else {
        return Ok(Out::UNDEFINED);
    };
    let (first, last, step) = (first as i64, last as i64, step as i64);
    let reach = i128::from(last) - i128::from(first);
    if step == 0 || (reach != 0 && (reach > 0) != (step > 0)) {
        return Ok(Out::UNDEFINED);
    }
    let count = usize::try_from(reach / i128::from(step) + 1).unwrap_or(usize::MAX);
    evaluator.spend(count / 16)?;
    evaluator.charge_growing(count)?;
    let numbers = std::iter::successors(Some(first), |number| number.checked_add(step));
    Ok(Out::sequence(numbers.take(count).map(Value::Int).collect()))
}

pub(super) fn hash(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(text), Some(algorithm)) = (args.text(0), args.text(1)) else {
        return Ok(Out::UNDEFINED);
    };
    evaluator.spend(text.len() / 16)?;
    let digest: Vec<u8> = match &*algorithm {
        "MD5" => md5::Md5::digest(text.as_bytes()).to_vec(),
        "SHA-1" => sha1::Sha1::digest(text.as_bytes()).to_vec(),
        "SHA-256" => sha2::Sha256::digest(text.as_bytes()).to_vec(),
        "SHA-384" => sha2::Sha384::digest(text.as_bytes()).to_vec(),
        "SHA-512" => sha2::Sha512::digest(text.as_bytes()).to_vec(),
        other => {
            return Err(Error::new(Code::D3137).message(format!(
                "Hash algorithm '{other}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"
            )));
        }
    };
    Ok(Out::from(hexadecimal(&digest)))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").expect("writing to a string does not fail");
        out
    })
}

/// A random UUID of version 4.
pub(super) fn uuid(evaluator: Eval<'_, '_, '_>, _: Args) -> Result<Out, Error> {
    let (high, low) = ((evaluator.env.entropy)(), (evaluator.env.entropy)());
    let high = (high & !0xf000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    Ok(Out::from(format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )))
}

/// Reads JSON text. Two members of one name and numbers out of range are refused.
pub(super) fn parse(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.spend(text.len() / 16)?;
    evaluator.charge_text(text.len())?;
    match Value::parse(&text) {
        Ok(value) if is_strict(&text) => Ok(Out::from(value)),
        _ => Err(Error::new(Code::D3137).message("Invalid JSON")),
    }
}

/// Looks for what the parser lets pass in a text that it has accepted.
fn is_strict(text: &str) -> bool {
    let mut open: Vec<Option<BTreeSet<Str>>> = Vec::new();
    let mut at = 0;
    let mut is_key = false;
    while let Some(letter) = text.as_bytes().get(at) {
        let rest = text.get(at..).unwrap_or("");
        let mut length = 1;
        match letter {
            b'{' => {
                open.push(Some(BTreeSet::new()));
                is_key = true;
            }
            b'[' => {
                open.push(None);
                is_key = false;
            }
            b'}' | b']' => {
                open.pop();
            }
            b',' => is_key = matches!(open.last(), Some(Some(_))),
            b':' => is_key = false,
            b'"' => {
                length = string_length(rest);
                if is_key && !is_new_key(&mut open, rest.get(..length).unwrap_or("")) {
                    return false;
                }
            }
            b'-' | b'0'..=b'9' => {
                length = rest.find([',', ']', '}', ' ', '\n', '\r', '\t']).unwrap_or(rest.len());
                if !is_in_range(rest.get(..length).unwrap_or("")) {
                    return false;
                }
            }
            _ => {}
        }
        at += length;
    }
    true
}

fn string_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return at + 1,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    rest.len()
}

fn is_new_key(open: &mut [Option<BTreeSet<Str>>], quoted: &str) -> bool {
    let (Some(Some(keys)), Ok(Value::String(key))) = (open.last_mut(), Value::parse(quoted)) else {
        return true;
    };
    keys.insert(key)
}

fn is_in_range(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(f64::is_finite)
}
