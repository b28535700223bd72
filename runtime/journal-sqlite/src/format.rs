//! How records lie in a row: as they are or, where that is worth it, compressed.
//!
//! What is unpacked takes room in proportion to what is there, whatever it claims to hold.

use std::borrow::Cow;

/// As the column has it; a number never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Format {
    /// A record.
    Plain = 0,
    /// A record's length (four bytes, lowest first), and the record as a block of LZ4.
    Lz4 = 1,
}

/// The row is not what this program writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Smaller records are kept as they are.
const COMPRESSED_MIN: usize = 128;

/// LZ4 does not make more than so many bytes of one.
const LZ4_RATIO_MAX: usize = 255;

/// A record as a row has it.
pub(crate) fn write(record: Vec<u8>) -> (Format, Vec<u8>) {
    if record.len() >= COMPRESSED_MIN
        && let Ok(length) = u32::try_from(record.len())
    {
        let mut compressed = vec![0; 4 + lz4_flex::block::get_maximum_output_size(record.len())];
        compressed[..4].copy_from_slice(&length.to_le_bytes());
        if let Ok(size) = lz4_flex::block::compress_into(&record, &mut compressed[4..])
            && is_worth_it(4 + size, record.len())
        {
            // What is left over would wait in the queue as well.
            return (Format::Lz4, compressed[..4 + size].to_vec());
        }
    }
    (Format::Plain, record)
}

/// Whether so much is saved that it pays to unpack it later.
fn is_worth_it(compressed: usize, plain: usize) -> bool {
    compressed < plain - plain / 8
}

/// The record that a row has.
pub(crate) fn read(format: u8, data: &[u8]) -> Result<Cow<'_, [u8]>, Unreadable> {
    if format == Format::Plain as u8 {
        return Ok(data.into());
    }
    if format != Format::Lz4 as u8 {
        return Err(Unreadable);
    }
    let (length, block) = data.split_first_chunk().ok_or(Unreadable)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok().ok_or(Unreadable)?;
    if length > block.len().saturating_mul(LZ4_RATIO_MAX) {
        return Err(Unreadable);
    }
    let record = lz4_flex::block::decompress(block, length).ok().ok_or(Unreadable)?;
    if record.len() == length { Ok(record.into()) } else { Err(Unreadable) }
}

#[cfg(test)]
mod tests;
