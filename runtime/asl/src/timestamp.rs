//! Instants and their RFC 3339 text.

use std::fmt;
use std::time::Duration;

/// An instant in UTC, exact to the nanosecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Since 1970-01-01T00:00:00Z.
    seconds: i64,
    /// Below 1,000,000,000.
    nanos: u32,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z
    pub const EPOCH: Self = Self { seconds: 0, nanos: 0 };

    pub fn from_unix_millis(millis: i64) -> Self {
        let nanos =
            u32::try_from(millis.rem_euclid(1000)).expect("a remainder of 1000") * 1_000_000;
        Self { seconds: millis.div_euclid(1000), nanos }
    }

    /// None if there are not fewer than 1,000,000,000 nanoseconds.
    pub fn from_unix(seconds: i64, nanos: u32) -> Option<Self> {
        (nanos < 1_000_000_000).then_some(Self { seconds, nanos })
    }

    /// Whole seconds since 1970, rounded down.
    pub fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// What the whole seconds leave: below 1,000,000,000.
    pub fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Whole milliseconds since 1970, rounded down.
    pub fn unix_millis(self) -> i64 {
        self.seconds.saturating_mul(1000).saturating_add(i64::from(self.nanos / 1_000_000))
    }

    /// The instant a while later. Past the end of time it stays at the end.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        let nanos = self.nanos + duration.subsec_nanos();
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        let carry = i64::from(nanos / 1_000_000_000);
        Self {
            seconds: self.seconds.saturating_add(seconds).saturating_add(carry),
            nanos: nanos % 1_000_000_000,
        }
    }

    /// The instant a while earlier. Before the beginning of time it stays at the beginning.
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        let (borrow, nanos) = match self.nanos.checked_sub(duration.subsec_nanos()) {
            Some(nanos) => (0, nanos),
            None => (1, self.nanos + 1_000_000_000 - duration.subsec_nanos()),
        };
        Self { seconds: self.seconds.saturating_sub(seconds).saturating_sub(borrow), nanos }
    }

    /// How long it is from an earlier instant to this one; zero if it is not earlier.
    pub fn saturating_since(self, earlier: Self) -> Duration {
        if self <= earlier {
            return Duration::ZERO;
        }
        let nanos = i128::from(self.seconds - earlier.seconds) * 1_000_000_000
            + i128::from(self.nanos)
            - i128::from(earlier.nanos);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// Reads the profile of RFC 3339 that the language prescribes: an upper-case `T`, and an
    /// upper-case `Z` where no offset is given. Seconds may be left out, as the service allows.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let [year, month, day] = fields(date, '-', [4, 2, 2])?;
        let days = days_of(year, month, day)?;
        let zone_at = time.find(['Z', '+', '-'])?;
        let (clock, zone) = time.split_at(zone_at);
        let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(c, f)| (c, Some(f)));
        let [hour, minute, second] = match fields(clock, ':', [2, 2, 2]) {
            Some(fields) => fields,
            None if fraction.is_none() => {
                let [hour, minute] = fields(clock, ':', [2, 2])?;
                [hour, minute, 0]
            }
            None => return None,
        };
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset_seconds(zone)?;
        Some(Self { seconds, nanos: fraction.map_or(Some(0), nanos_of)? })
    }
}

impl Timestamp {
    /// A text that reads as this very instant: in UTC, unless its year there takes more than four
    /// digits.
    pub(crate) fn to_exact_text(self) -> String {
        const FIRST: i64 = -62_167_219_200; // 0000-01-01T00:00:00Z
        const BEHIND: i64 = 253_402_300_800; // 10000-01-01T00:00:00Z
        // The farthest offset that is read, so every instant that is read is within it.
        const FARTHEST: i64 = (18 * 60 + 59) * 60;
        let (offset, zone) = match self.seconds {
            ..FIRST => (FARTHEST, "+18:59"),
            BEHIND.. => (-FARTHEST, "-18:59"),
            _ => (0, "Z"),
        };
        let local = self.seconds.saturating_add(offset);
        let (year, month, day) = date_of(local.div_euclid(86_400));
        let second = local.rem_euclid(86_400);
        let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        let fraction = match self.nanos {
            0 => String::new(),
            nanos => format!(".{nanos:09}").trim_end_matches('0').to_owned(),
        };
        format!("{year:04}-{month:02}-{day:02}T{clock}{fraction}{zone}")
    }
}

/// UTC with milliseconds, as the service writes it: `2026-03-01T12:00:00.000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.seconds.div_euclid(86_400));
        let second = self.seconds.rem_euclid(86_400);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
            second / 3600,
            second / 60 % 60,
            second % 60,
            self.nanos / 1_000_000
        )
    }
}

/// Splits a text into numbers that have exactly those many digits.
fn fields<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        *number = digits(parts.next()?).filter(|(_, len)| *len == width)?.0;
    }
    parts.next().is_none().then_some(numbers)
}

fn digits(text: &str) -> Option<(i64, usize)> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Some((text.parse().ok()?, text.len())) } else { None }
}

fn nanos_of(fraction: &str) -> Option<u32> {
    let (number, len) = digits(fraction).filter(|(_, len)| *len <= 9)?;
    let scale = 10_i64.pow(9 - u32::try_from(len).ok()?);
    u32::try_from(number * scale).ok()
}

fn offset_seconds(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let [hours, minutes] = fields(zone.get(1..)?, ':', [2, 2])?;
    (hours <= 18 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Days since 1970-01-01 in the Gregorian calendar, counted in eras of 400 years that begin on the
/// first of March, so that the leap day is a year's last.
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let shifted_year = if month > 2 { year } else { year - 1 };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    // A date that does not exist, such as 30 February, comes back as another one.
    (date_of(days) == (year, month, day)).then_some(days)
}

fn date_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests;
