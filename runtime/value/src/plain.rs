//! How far a text goes on with nothing of interest, found a word at a time.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Long texts are looked through in blocks of this size, which the compiler makes wide compares of.
const BLOCK: usize = 32;
/// As many words are tried before that, because most texts are short.
const WORDS_FIRST: usize = 3;

/// The place of the next character that is special inside of a JSON string: a quote, a backslash or
/// a control character. The end of the text if there is none.
#[inline]
pub(crate) fn end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    for _ in 0..WORDS_FIRST {
        let Some(word) = word_at(bytes, at) else { return end_bytewise(bytes, at) };
        let marks = marks(word);
        if marks != 0 {
            return at + (marks.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    end_blockwise(bytes, at)
}

/// The place of the next byte that is no space. Indented documents have many spaces in a row.
#[inline]
pub(crate) fn spaces_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(word) = word_at(bytes, at) {
        let others = word ^ (ONES * u64::from(b' '));
        if others != 0 {
            return at + (others.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| *byte != b' ').unwrap_or(rest.len())
}

#[inline(never)]
fn end_blockwise(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>)
        && !block.iter().fold(false, |found, byte| found | is_special(*byte))
    {
        at += BLOCK;
    }
    while let Some(word) = word_at(bytes, at) {
        let marks = marks(word);
        if marks != 0 {
            return at + (marks.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    end_bytewise(bytes, at)
}

#[inline]
fn end_bytewise(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    start + rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len())
}

#[inline]
fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

#[inline]
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>)?;
    Some(u64::from_le_bytes(*chunk))
}

/// The high bit of each byte that is special. A borrow can set one above a true one, never below
/// it: the lowest is exact.
#[inline]
fn marks(word: u64) -> u64 {
    let quotes = word ^ (ONES * u64::from(b'"'));
    let backslashes = word ^ (ONES * u64::from(b'\\'));
    let low = quotes.wrapping_sub(ONES) & !quotes
        | backslashes.wrapping_sub(ONES) & !backslashes
        | word.wrapping_sub(ONES * 0x20) & !word;
    low & HIGHS
}
