//! Base64 and digests.
//!
//! Base64 is that of MIME without its line ends: encoding gives one line, and decoding passes over
//! whatever is not of the alphabet, as Java's MIME decoder does.

use std::fmt::Write;

use sha2::Digest;
use stepwell_value::{Str, Value};

use crate::TEXT_CHARACTERS_MAX;
use crate::arguments::Arguments;
use crate::failure::Reason;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(crate) fn base64_encode(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let bytes = short_text(arguments, 1)?.as_bytes();
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for nth in 0..4 {
            let letter = ALPHABET[(bits >> (18 - 6 * nth) & 63) as usize];
            out.push(if nth > chunk.len() { '=' } else { letter.into() });
        }
    }
    Ok(out.into())
}

/// What is not UTF-8 once decoded becomes replacement characters.
pub(crate) fn base64_decode(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let bytes = decoded(short_text(arguments, 1)?).ok_or(Reason::NotBase64)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned().into())
}

/// The last group may lack its padding, but not have a wrong one; nothing of the alphabet may follow
/// padding; one letter alone says nothing.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut letters = text.bytes();
    let (mut bits, mut count) = (0_u32, 0_usize);
    while let Some(letter) = letters.next() {
        if letter == b'=' {
            let is_whole = match count {
                2 => letters.next() == Some(b'='),
                count => count != 0,
            };
            if !is_whole {
                return None;
            }
            break;
        }
        let Some(six) = sextet(letter) else { continue };
        bits = bits << 6 | six;
        count += 1;
        if count == 4 {
            let [_, group @ ..] = bits.to_be_bytes();
            bytes.extend(group);
            (bits, count) = (0, 0);
        }
    }
    if count == 1 || letters.any(|letter| sextet(letter).is_some()) {
        return None;
    }
    let [_, group @ ..] = (bits << (6 * (4 - count))).to_be_bytes();
    bytes.extend(group.iter().take(count.saturating_sub(1)));
    Some(bytes)
}

fn sextet(letter: u8) -> Option<u32> {
    let six = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(six.into())
}

/// In lower-case hexadecimal.
pub(crate) fn hash(arguments: &Arguments<'_>) -> Result<Value, Reason> {
    let (data, algorithm) = (short_text(arguments, 1)?.as_bytes(), arguments.text(2)?);
    let digest: Vec<u8> = match &**algorithm {
        "MD5" => md5::Md5::digest(data).to_vec(),
        "SHA-1" => sha1::Sha1::digest(data).to_vec(),
        "SHA-256" => sha2::Sha256::digest(data).to_vec(),
        "SHA-384" => sha2::Sha384::digest(data).to_vec(),
        "SHA-512" => sha2::Sha512::digest(data).to_vec(),
        other => return Err(Reason::UnknownAlgorithm(other.chars().take(40).collect())),
    };
    let mut text = String::with_capacity(digest.len() * 2);
    for byte in digest {
        write!(text, "{byte:02x}").expect("a string takes any text");
    }
    Ok(text.into())
}

fn short_text<'v>(arguments: &Arguments<'v>, nth: usize) -> Result<&'v Str, Reason> {
    let text = arguments.text(nth)?;
    if text.encode_utf16().nth(TEXT_CHARACTERS_MAX).is_some() {
        return Err(Reason::TextTooLong { nth });
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
