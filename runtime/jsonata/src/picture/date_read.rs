//! Reading a moment by its picture.

use super::calendar::{Civil, DAY_MILLIS, days_of_civil};
use super::date::{DAYS, MILLIS_MAX, MONTHS, Marker, Part, analyse};
use super::date_format::fragment;
use super::integer::{Picture, Separators, Style};
use crate::error::{Code, Error};
use crate::lexer::RegexSource;
use crate::regex::Regex;

/// The parts that were read, by their letters.
#[derive(Default)]
struct Parts(Vec<(char, f64)>);

impl Parts {
    fn get(&self, component: char) -> Option<f64> {
        self.0.iter().find(|(known, _)| *known == component).map(|(_, value)| *value)
    }

    fn set(&mut self, component: char, value: f64) {
        self.0.retain(|(known, _)| *known != component);
        self.0.push((component, value));
    }

    /// Whether some of the parts were read, and none of the others in the list.
    fn are_only(&self, some: &str, all: &str) -> bool {
        // A part that is zero counts as one that is not there.
        let is_set = |component: char| self.get(component).is_some_and(|value| value != 0.0);
        some.chars().any(is_set) && !all.chars().any(|c| !some.contains(c) && is_set(c))
    }
}

/// Reads a text by a picture; a text that does not fit is none.
pub(crate) fn read(text: &str, picture: &str, now_millis: i64) -> Result<Option<f64>, Error> {
    let pictures = analyse(picture)?;
    let mut pattern = String::from("^");
    for part in &pictures {
        pattern.extend(["(", &part_pattern(part)?, ")"]);
    }
    pattern.push('$');
    let source = RegexSource { pattern: pattern.into(), ignore_case: true, multi_line: false };
    let regex = Regex::new(&source).map_err(|message| Error::new(Code::S0303).message(message))?;
    let Some(found) = regex.find_from(text, 0)? else { return Ok(None) };
    let mut parts = Parts::default();
    for (part, group) in pictures.iter().zip(found.groups) {
        if let (Part::Marker(marker), Some(text)) = (part, group) {
            // A name that is none fills its place all the same.
            parts.set(marker.component, part_value(marker, &text)?);
        }
    }
    if parts.0.is_empty() {
        return Ok(None);
    }
    complete(parts, now_millis).map(Some)
}

fn part_pattern(part: &Part) -> Result<String, Error> {
    let marker = match part {
        Part::Literal(text) => return Ok(quoted(text)),
        Part::Marker(marker) => marker,
    };
    match (marker.component, &marker.number) {
        ('Z' | 'z', Some(picture)) => {
            let prefix = if marker.component == 'z' { "GMT" } else { "" };
            let minutes = zone_separator(picture)
                .map(|separator| format!("{}[0-9]+", quoted(&separator.to_string())))
                .unwrap_or_default();
            Ok(format!("{prefix}[-+][0-9]+{minutes}"))
        }
        (_, Some(picture)) => picture.pattern(),
        ('M' | 'x' | 'F' | 'P', None) => Ok("[a-zA-Z]+".to_owned()),
        (other, None) => Err(Error::new(Code::D3133).value(other.to_string())),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if ".*+?^${}()|[]\\".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn zone_separator(picture: &Picture) -> Option<char> {
    match &picture.style {
        Style::Digits(digits) => match digits.separators {
            Separators::Every(_, letter) => Some(letter),
            Separators::At(_) => None,
        },
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn part_value(marker: &Marker, text: &str) -> Result<f64, Error> {
    match (marker.component, &marker.number) {
        ('Z' | 'z', Some(picture)) => Ok(zone_minutes(text, zone_separator(picture))),
        ('f', Some(_)) if text.len() > 3 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            // More digits than milliseconds have are digits of a fraction.
            Ok(text.get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(f64::NAN))
        }
        (_, Some(picture)) => Ok(picture.read(text)?.unwrap_or(f64::NAN)),
        (component, None) => {
            let width = marker.width_max.unwrap_or(usize::MAX);
            let find = |names: &[&str]| {
                names.iter().position(|name| name.chars().take(width).eq(text.chars()))
            };
            let place = match component {
                'P' => return Ok(if text.eq_ignore_ascii_case("pm") { 1.0 } else { 0.0 }),
                'F' => find(&DAYS),
                _ => find(&MONTHS),
            };
            Ok(place.map_or(f64::NAN, |place| place as f64 + 1.0))
        }
    }
}

fn zone_minutes(text: &str, separator: Option<char>) -> f64 {
    let text = text.get(3..).filter(|_| text.to_uppercase().starts_with("GMT")).unwrap_or(text);
    let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
    let (hours, minutes) = match separator.and_then(|separator| text.split_once(separator)) {
        Some((hours, minutes)) => (number(hours), number(minutes)),
        None if text.len() <= 3 => (number(text), 0.0),
        None => {
            let (hours, minutes) = text.split_at(3);
            (number(hours), number(minutes))
        }
    };
    hours * 60.0 + minutes
}

/// Fills in what was not read: the present above it, the least below it.
fn complete(mut parts: Parts, now_millis: i64) -> Result<f64, Error> {
    const DATE: &str = "YXMxWwdD";
    const TIME: &str = "PHhmsf";
    let is_day_of_year = !parts.are_only("YMD", DATE) && parts.are_only("Yd", DATE);
    let is_week_of_month = parts.are_only("Xxw", DATE);
    let is_week_of_year = !is_week_of_month && parts.are_only("XW", DATE);
    let is_half_day = !parts.are_only("Hmsf", TIME) && parts.are_only("Phmsf", TIME);
    let date = match (is_day_of_year, is_week_of_month, is_week_of_year) {
        (true, ..) => "Yd",
        (_, true, _) => "XxwF",
        (_, _, true) => "XWF",
        _ => "YMD",
    };
    let time = if is_half_day { "Phmsf" } else { "Hmsf" };
    fill(&mut parts, date.chars().chain(time.chars()), &Civil::of_millis(now_millis))?;
    if is_week_of_month || is_week_of_year {
        return Err(Error::new(Code::D3136));
    }
    Ok(millis(&parts, date, time))
}

#[expect(clippy::cast_precision_loss, reason = "parts of a date are small")]
fn fill(parts: &mut Parts, order: impl Iterator<Item = char>, now: &Civil) -> Result<(), Error> {
    let (mut has_started, mut has_ended) = (false, false);
    for component in order {
        match parts.get(component) {
            Some(_) if has_ended => return Err(Error::new(Code::D3136)),
            Some(_) => has_started = true,
            None if has_started => {
                parts.set(component, if "MDd".contains(component) { 1.0 } else { 0.0 });
                has_ended = true;
            }
            None => parts.set(component, fragment(now, component) as f64),
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "within the range of JavaScript's dates")]
fn millis(parts: &Parts, date: &str, time: &str) -> f64 {
    let part = |component: char| parts.get(component).unwrap_or(0.0);
    if parts.0.iter().any(|(component, value)| value.is_nan() && *component != 'F') {
        return f64::NAN;
    }
    let year = whole(part('Y'));
    let days = if date == "Yd" {
        days_of_civil(year, 1, 1) + whole(part('d')) - 1
    } else {
        let month = whole(part('M')).max(1);
        days_of_civil(year, month, 1) + whole(part('D')) - 1
    };
    let hour = match (time == "Phmsf", whole(part('h')), whole(part('P'))) {
        (false, ..) => whole(part('H')),
        (true, 12, half) => 12 * half,
        (true, hour, half) => hour + 12 * half,
    };
    let minutes = hour * 60 + whole(part('m')) - whole(part('Z')) - whole(part('z'));
    let millis = days * DAY_MILLIS + minutes * 60_000 + whole(part('s')) * 1000 + whole(part('f'));
    if millis.abs() > MILLIS_MAX { f64::NAN } else { millis as f64 }
}

/// A part as an integer of a size that cannot overflow.
#[expect(clippy::cast_possible_truncation, reason = "clamped")]
fn whole(value: f64) -> i64 {
    value.clamp(-1e7, 1e7) as i64
}

/// Reads an ISO 8601 timestamp: a year, a year and a month, a date, or a date and a time.
pub(crate) fn read_iso(text: &str) -> Option<i64> {
    let mut rest = text;
    let year = take_digits(&mut rest, 4)?;
    let (mut month, mut day) = (1, 1);
    if take(&mut rest, "-") {
        month = take_digits(&mut rest, 2)?;
        if take(&mut rest, "-") {
            day = take_digits(&mut rest, 2)?;
        }
    }
    let mut millis = 0;
    if take(&mut rest, "T") {
        let hour = take_digits(&mut rest, 2)?;
        let minute = take(&mut rest, ":").then(|| take_digits(&mut rest, 2))??;
        let second = take(&mut rest, ":").then(|| take_digits(&mut rest, 2))??;
        if hour > 24 || minute > 59 || second > 59 {
            return None;
        }
        millis = ((hour * 60 + minute) * 60 + second) * 1000;
        if take(&mut rest, ".") {
            millis += take_fraction(&mut rest)?;
        }
    }
    let zone = take_zone(&mut rest)?;
    if !rest.is_empty() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(days_of_civil(year, month, day) * DAY_MILLIS + millis - zone * 60_000)
}

fn take(rest: &mut &str, symbol: &str) -> bool {
    match rest.strip_prefix(symbol) {
        Some(tail) => {
            *rest = tail;
            true
        }
        None => false,
    }
}

fn take_digits(rest: &mut &str, count: usize) -> Option<i64> {
    let digits = rest.get(..count).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    *rest = rest.get(count..)?;
    digits.parse().ok()
}

/// The milliseconds of a fraction, further digits cut off.
fn take_fraction(rest: &mut &str) -> Option<i64> {
    let count = rest.bytes().take_while(u8::is_ascii_digit).count();
    let digits = rest.get(..count).filter(|digits| !digits.is_empty())?;
    *rest = rest.get(count..)?;
    format!("{digits}00").get(..3)?.parse().ok()
}

/// The minutes of a time zone; none at all is UTC.
fn take_zone(rest: &mut &str) -> Option<i64> {
    if rest.is_empty() || take(rest, "Z") {
        return Some(0);
    }
    let sign = if take(rest, "-") {
        -1
    } else if take(rest, "+") {
        1
    } else {
        return None;
    };
    let hours = take_digits(rest, 2)?;
    take(rest, ":");
    Some(sign * (hours * 60 + take_digits(rest, 2)?))
}
