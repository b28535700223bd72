//! When a request says that it was signed.
//!
//! Whole seconds since 1970, as far as the year 9999: what the basic format of ISO 8601 can say.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::format_description::well_known::Rfc2822;
use time::{Date, Month, OffsetDateTime, Time};

/// 9999-12-31T23:59:59Z.
const SECONDS_MAX: u64 = 253_402_300_799;

/// A second of the calendar, shown as `20150830T123600Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The second in which an instant lies, or the nearest that can be shown.
    pub fn of(instant: SystemTime) -> Self {
        let since = instant.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self(since.as_secs().min(SECONDS_MAX))
    }

    /// Reads `20150830T123600Z`.
    pub(crate) fn parse_basic(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let [century, year, month, day] = pairs(date)?;
        let [hour, minute, second] = pairs(time)?;
        let year = i32::from(century) * 100 + i32::from(year);
        let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
        let time = Time::from_hms(hour, minute, second).ok()?;
        Self::of_calendar(OffsetDateTime::new_utc(date, time))
    }

    /// Reads the value of a `Date` header: `Sun, 30 Aug 2015 12:36:00 GMT`, or the basic format.
    pub(crate) fn parse_http(text: &str) -> Option<Self> {
        Self::parse_basic(text)
            .or_else(|| Self::of_calendar(OffsetDateTime::parse(text, &Rfc2822).ok()?))
    }

    fn of_calendar(date_time: OffsetDateTime) -> Option<Self> {
        let seconds = u64::try_from(date_time.unix_timestamp()).ok()?;
        (seconds <= SECONDS_MAX).then_some(Self(seconds))
    }

    pub(crate) fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration.as_secs()))
    }

    pub(crate) fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.as_secs()).min(SECONDS_MAX))
    }

    pub(crate) fn instant(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.0)
    }

    /// The day alone, as `20150830`.
    pub(crate) fn date(self) -> String {
        let date = self.calendar();
        format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
    }

    fn calendar(self) -> OffsetDateTime {
        let seconds = i64::try_from(self.0).unwrap_or(i64::MAX);
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.calendar();
        write!(f, "{}T{:02}{:02}{:02}Z", self.date(), time.hour(), time.minute(), time.second())
    }
}

/// Reads `N` numbers of two digits each, and nothing else.
fn pairs<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |[tens, ones]: &[u8; 2]| (tens - b'0') * 10 + (ones - b'0');
    pairs.iter().map(number).collect::<Vec<u8>>().try_into().ok()
}

#[cfg(test)]
mod tests;
