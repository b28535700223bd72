//! Writing a moment by its picture.

use super::calendar::{Civil, Period, days_of_civil, weekday};
use super::date::{DAYS, MILLIS_MAX, MONTHS, Marker, Part, analyse};
use super::integer::{Case, Picture, Style};
use crate::error::{Code, Error};

/// What ISO 8601 writes.
pub(crate) const ISO: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

/// The distance of a time zone from UTC.
#[derive(Clone, Copy)]
struct Zone {
    hours: i64,
    minutes: i64,
}

impl Zone {
    /// Reads `+0530`, as far as it is a number. Like the reference, it takes the hours of a
    /// negative number downwards, so that `-0530` is six and a half hours.
    fn parse(text: Option<&str>) -> Self {
        let text = text.unwrap_or("");
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
        let number = digits.get(..end).and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(0);
        let number = sign * number.min(1_000_000);
        Self { hours: number.div_euclid(100), minutes: number % 100 }
    }

    fn millis(self) -> i64 {
        (60 * self.hours + self.minutes) * 60_000
    }

    fn number(self) -> i64 {
        self.hours * 100 + self.minutes
    }
}

/// Writes a moment, or nothing where no calendar reaches it.
pub(crate) fn format(millis: i64, picture: &str, zone: Option<&str>) -> Result<String, Error> {
    let parts = analyse(picture)?;
    let zone = Zone::parse(zone);
    let millis = millis.clamp(-MILLIS_MAX, MILLIS_MAX);
    let date = Civil::of_millis(millis + zone.millis());
    let mut out = String::new();
    for part in &parts {
        match part {
            Part::Literal(text) => out.push_str(text),
            Part::Marker(marker) => out.push_str(&component(&date, marker, zone)?),
        }
    }
    Ok(out)
}

fn component(date: &Civil, marker: &Marker, zone: Zone) -> Result<String, Error> {
    match marker.component {
        'Z' | 'z' => zone_text(marker, zone),
        'P' => {
            let half = if date.hour >= 12 { "pm" } else { "am" };
            let is_upper = marker.names == Some(Case::Upper);
            Ok(if is_upper { half.to_uppercase() } else { half.to_owned() })
        }
        'C' | 'E' => Ok("ISO".to_owned()),
        _ => number_or_name(date, marker),
    }
}

fn number_or_name(date: &Civil, marker: &Marker) -> Result<String, Error> {
    let value = fragment(date, marker.component);
    if let Some(case) = marker.names {
        let names: &[&str] = match marker.component {
            'M' | 'x' => &MONTHS,
            'F' => &DAYS,
            other => return Err(Error::new(Code::D3133).value(other.to_string())),
        };
        let nth = usize::try_from(value - 1).unwrap_or(0);
        let name = case.apply((*names.get(nth).unwrap_or(&"")).to_owned());
        let width = marker.width_max.unwrap_or(usize::MAX);
        return Ok(name.chars().take(width).collect());
    }
    let value = match marker.year_digits {
        Some(digits) if digits < 18 => value % 10_i64.pow(u32::try_from(digits).unwrap_or(17)),
        _ => value,
    };
    match &marker.number {
        Some(picture) => write(picture, value),
        None => Ok(value.to_string()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "parts of a date are small")]
fn write(picture: &Picture, value: i64) -> Result<String, Error> {
    picture.format(value as f64)
}

/// A part of a date as a number.
pub(super) fn fragment(date: &Civil, component: char) -> i64 {
    let days = days_of_civil(date.year, date.month, date.day);
    match component {
        'Y' => date.year,
        'M' => date.month,
        'D' => date.day,
        'd' => days - days_of_civil(date.year, 1, 1) + 1,
        'F' => weekday(days),
        'W' => Period::Year.week(date),
        'w' => Period::Month.week(date),
        'X' => date.year + Period::Year.belongs(date),
        'x' => (date.month - 1 + Period::Month.belongs(date)).rem_euclid(12) + 1,
        'H' => date.hour,
        'h' => (date.hour + 11) % 12 + 1,
        'P' => i64::from(date.hour >= 12),
        'm' => date.minute,
        's' => date.second,
        'f' => date.milli,
        _ => 0,
    }
}

fn zone_text(marker: &Marker, zone: Zone) -> Result<String, Error> {
    if marker.is_zulu && zone.number() == 0 {
        return Ok("Z".to_owned());
    }
    let Some(picture) = &marker.number else { return Ok(String::new()) };
    let text = match &picture.style {
        Style::Digits(digits) if !digits.is_regular() => match digits.mandatory {
            1 | 2 if zone.minutes != 0 => {
                format!("{}:{:02}", write(picture, zone.hours)?, zone.minutes)
            }
            1 | 2 => write(picture, zone.hours)?,
            3 | 4 => write(picture, zone.number())?,
            _ => return Err(Error::new(Code::D3134)),
        },
        _ => write(picture, zone.number())?,
    };
    let sign = if zone.number() >= 0 { "+" } else { "" };
    let greenwich = if marker.component == 'z' { "GMT" } else { "" };
    Ok(format!("{greenwich}{sign}{text}"))
}
