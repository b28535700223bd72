//! Durations as people write them: a whole number and a unit.

use std::time::Duration;

/// From the longest, each with its length in milliseconds.
const UNITS: &[(&str, u64)] =
    &[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

pub(crate) fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(unit_at)?;
    let (_, millis) = UNITS.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*millis).map(Duration::from_millis)
}

/// In the longest unit in which it is a whole number.
pub(super) fn print(duration: Duration) -> String {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let fits = UNITS.iter().find(|(_, length)| millis > 0 && millis.is_multiple_of(*length));
    let (unit, length) = fits.copied().unwrap_or(("s", 1_000));
    format!("{}{unit}", millis / length)
}

#[cfg(test)]
mod tests;
