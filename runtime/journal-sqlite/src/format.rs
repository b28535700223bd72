//! How records lie in a row: as they are or, where that is worth it, compressed.
//!
//! What is unpacked takes room in proportion to what is there, whatever it claims to hold.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// As the column has it; a number never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Format {
    /// A record.
    Plain = 0,
    /// A record's length (four bytes, lowest first), and the record as a block of LZ4.
    Lz4 = 1,
    /// The length of all that follows once it is unpacked (as above), and as deflate has it: records,
    /// each with its length before it (as above).
    Joined = 2,
}

/// The row is not what this program writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Smaller records are kept as they are.
const COMPRESSED_MIN: usize = 128;

/// LZ4 does not make more than so many bytes of one.
const LZ4_RATIO_MAX: usize = 255;

/// Deflate does not make more than so many bytes of one.
const DEFLATE_RATIO_MAX: usize = 1032;

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

/// Records as a row has them.
pub(crate) fn join<'r>(records: impl Iterator<Item = &'r [u8]>) -> Result<Vec<u8>, Unreadable> {
    let mut plain = Vec::new();
    for record in records {
        plain.extend_from_slice(&length_of(record)?);
        plain.extend_from_slice(record);
    }
    let mut to = DeflateEncoder::new(length_of(&plain)?.to_vec(), Compression::fast());
    to.write_all(&plain).and_then(|()| to.finish()).ok().ok_or(Unreadable)
}

fn length_of(bytes: &[u8]) -> Result<[u8; 4], Unreadable> {
    Ok(u32::try_from(bytes.len()).ok().ok_or(Unreadable)?.to_le_bytes())
}

/// Hands out the records that a row has, in order.
pub(crate) fn read<E: From<Unreadable>>(
    format: u8,
    data: &[u8],
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    if format == Format::Plain as u8 {
        take(data)
    } else if format == Format::Lz4 as u8 {
        let (length, block) = claim(data, LZ4_RATIO_MAX)?;
        let record = lz4_flex::block::decompress(block, length).ok().ok_or(Unreadable)?;
        if record.len() == length { take(&record) } else { Err(Unreadable.into()) }
    } else if format == Format::Joined as u8 {
        let (length, block) = claim(data, DEFLATE_RATIO_MAX)?;
        let plain = inflate(block, length)?;
        let mut rest = &plain[..];
        while !rest.is_empty() {
            let (record, after) = split(rest).ok_or(Unreadable)?;
            take(record)?;
            rest = after;
        }
        Ok(())
    } else {
        Err(Unreadable.into())
    }
}

/// What is claimed to come of a block, as far as that is possible.
fn claim(data: &[u8], ratio_max: usize) -> Result<(usize, &[u8]), Unreadable> {
    let (length, block) = data.split_first_chunk().ok_or(Unreadable)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok().ok_or(Unreadable)?;
    let is_possible = length <= block.len().saturating_mul(ratio_max);
    if is_possible { Ok((length, block)) } else { Err(Unreadable) }
}

fn inflate(block: &[u8], length: usize) -> Result<Vec<u8>, Unreadable> {
    let mut plain = Vec::with_capacity(length);
    // One byte more than there may be shows that there is more.
    let mut from = DeflateDecoder::new(block).take(length as u64 + 1);
    from.read_to_end(&mut plain).ok().ok_or(Unreadable)?;
    if plain.len() == length { Ok(plain) } else { Err(Unreadable) }
}

fn split(joined: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = joined.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests;
