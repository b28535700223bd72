//! Two objects in one, in the order of a `java.util.HashMap`.
//!
//! Recorded executions show the members of a merged object neither in the order of the arguments nor
//! sorted, but in the order in which a `HashMap` walks its buckets when the first object is copied
//! into it and the second is put on top. The order depends on nothing but names and their number.

use stepwell_value::{Object, Str, Value};

pub(crate) fn merged(first: &Object, second: &Object) -> Object {
    let mut together = first.clone();
    for (name, member) in second.iter() {
        together.insert(Str::clone(name), member.clone());
    }
    let copied = if first.is_empty() { second.len() } else { first.len() };
    let buckets = buckets(copied, together.len());
    let mut members: Vec<(&Str, &Value)> = together.iter().collect();
    // The sort is stable: within a bucket, names stay in the order in which they came.
    members.sort_by_key(|(name, _)| spread_hash(name) & (buckets - 1));
    members.into_iter().map(|(name, member)| (Str::clone(name), member.clone())).collect()
}

/// A power of two: sized for the copy, doubled when more than three quarters are taken.
fn buckets(copied: usize, total: usize) -> u32 {
    let mut buckets = u32::try_from(copied * 4 / 3 + 1).unwrap_or(1 << 30).next_power_of_two();
    while total > buckets as usize * 3 / 4 {
        buckets *= 2;
    }
    buckets
}

/// `String.hashCode`, with its upper half folded into the lower.
fn spread_hash(name: &str) -> u32 {
    let hash = name
        .encode_utf16()
        .fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(unit.into()));
    hash ^ hash >> 16
}

#[cfg(test)]
mod tests;
