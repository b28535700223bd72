//! Base64 and URLs.

use std::fmt::Write;

use super::Args;
use super::string::owned;
use crate::error::{Code, Error};
use crate::evaluator::Evaluator;
use crate::limits::Dialect;
use crate::sequence::Out;

type Eval<'x, 'a, 'e> = &'x mut Evaluator<'a, 'e>;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `JSONata` encodes the low bytes of the characters; the service encodes UTF-8.
#[expect(clippy::cast_possible_truncation, reason = "the low byte is what the reference takes")]
pub(super) fn base64_encode(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.charge_text(text.len() * 4 / 3 + 4)?;
    let bytes: Vec<u8> = match evaluator.dialect() {
        Dialect::StepFunctions => text.bytes().collect(),
        Dialect::Jsonata => text.encode_utf16().map(|unit| unit as u8).collect(),
    };
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for nth in 0..4 {
            let letter = ALPHABET[(bits >> (18 - 6 * nth) & 63) as usize];
            out.push(if nth > chunk.len() { '=' } else { letter.into() });
        }
    }
    Ok(Out::from(out))
}

pub(super) fn base64_decode(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.charge_text(text.len())?;
    let Some(bytes) = decoded(&text) else {
        let message = "The argument of $base64decode() is not Base64";
        return Err(Error::new(Code::D3137).message(message));
    };
    Ok(Out::from(match evaluator.dialect() {
        Dialect::StepFunctions => String::from_utf8_lossy(&bytes).into_owned(),
        Dialect::Jsonata => bytes.into_iter().map(char::from).collect(),
    }))
}

#[expect(clippy::cast_possible_truncation, reason = "a byte at a time is cut off")]
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let six = ALPHABET.iter().position(|known| *known == letter)?;
        bits = bits << 6 | six as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

/// What stays as it is besides letters and digits.
const UNRESERVED: &str = "-_.!~*'()";
const RESERVED: &str = ";/?:@&=+$,#";

pub(super) fn encode_url_component(e: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    encode(e, args, |letter| UNRESERVED.contains(letter))
}

pub(super) fn encode_url(e: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    encode(e, args, |letter| UNRESERVED.contains(letter) || RESERVED.contains(letter))
}

fn encode(
    evaluator: Eval<'_, '_, '_>,
    mut args: Args,
    is_kept: impl Fn(char) -> bool,
) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.charge_text(text.len() * 3)?;
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || is_kept(letter) {
            out.push(letter);
        } else {
            let mut buffer = [0; 4];
            for byte in letter.encode_utf8(&mut buffer).bytes() {
                write!(out, "%{byte:02X}").expect("writing to a string does not fail");
            }
        }
    }
    Ok(Out::from(out))
}

pub(super) fn decode_url_component(e: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    decode(e, args, "decodeUrlComponent", "")
}

pub(super) fn decode_url(e: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    decode(e, args, "decodeUrl", RESERVED)
}

/// Replaces escapes by what they stand for, except those of the characters to keep.
fn decode(
    evaluator: Eval<'_, '_, '_>,
    mut args: Args,
    name: &str,
    kept: &str,
) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.charge_text(text.len())?;
    match unescaped(&text, kept) {
        Some(decoded) => Ok(owned(decoded.into())),
        None => Err(Error::new(Code::D3140).value(text).message(name)),
    }
}

fn unescaped(text: &str, kept: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte != b'%' {
            out.push(*byte);
            at += 1;
            continue;
        }
        let digits = text.get(at + 1..at + 3)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let value = u8::from_str_radix(digits, 16).ok()?;
        if value.is_ascii() && kept.contains(char::from(value)) {
            out.extend_from_slice(bytes.get(at..at + 3)?);
        } else {
            out.push(value);
        }
        at += 3;
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests;
