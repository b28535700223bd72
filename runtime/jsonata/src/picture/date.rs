//! Pictures for dates and times, such as `[Y0001]-[M01]-[D01]`, taken apart.

use super::integer;
use crate::error::{Code, Error};

pub(crate) use super::date_format::{ISO, format};
pub(crate) use super::date_read::{read, read_iso};

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The greatest distance from 1970 that JavaScript's dates reach, in milliseconds.
pub(crate) const MILLIS_MAX: i64 = 8_640_000_000_000_000;

pub(super) enum Part {
    Literal(String),
    Marker(Marker),
}

pub(super) struct Marker {
    pub component: char,
    pub names: Option<integer::Case>,
    pub number: Option<integer::Picture>,
    pub width_max: Option<usize>,
    /// `t`: a `Z` for UTC.
    pub is_zulu: bool,
    /// How many digits of the year there are, if not all.
    pub year_digits: Option<usize>,
}

fn default_presentation(component: char) -> Option<&'static str> {
    Some(match component {
        'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => "1",
        'F' | 'P' | 'C' | 'E' => "n",
        'm' | 's' => "01",
        'Z' | 'z' => "01:01",
        _ => return None,
    })
}

/// Takes a picture apart.
pub(super) fn analyse(picture: &str) -> Result<Vec<Part>, Error> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = picture;
    while let Some((before, after)) = rest.split_once('[') {
        push_literal(&mut parts, before);
        if let Some(after) = after.strip_prefix('[') {
            parts.push(Part::Literal("[".to_owned()));
            rest = after;
            continue;
        }
        let Some((marker, after)) = after.split_once(']') else {
            return Err(Error::new(Code::D3135));
        };
        let marker: String = marker.chars().filter(|letter| !letter.is_whitespace()).collect();
        let marker = Marker::parse(&marker)?;
        if marker.number.is_some()
            && !matches!(marker.component, 'Z' | 'z')
            && let Some(Part::Marker(previous)) = parts.last_mut()
            && let Some(digits) = previous.number.as_mut().and_then(integer::Picture::digits)
        {
            // Digits follow digits: the first ones have to be counted.
            digits.width = Some(digits.mandatory);
        }
        parts.push(Part::Marker(marker));
        rest = after;
    }
    push_literal(&mut parts, rest);
    Ok(parts)
}

fn push_literal(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Literal(text.replace("]]", "]")));
    }
}

impl Marker {
    fn parse(marker: &str) -> Result<Self, Error> {
        let mut letters = marker.chars();
        let component = letters.next().unwrap_or(' ');
        let (presentation, width) = match letters.as_str().rsplit_once(',') {
            Some((presentation, width)) => (presentation, Some(width)),
            None => (letters.as_str(), None),
        };
        let (first, second) = split_presentation(presentation);
        let Some(default) = default_presentation(component) else {
            return Err(Error::new(Code::D3132).value(component.to_string().trim()));
        };
        let first = if first.is_empty() { default } else { first };
        let names = match (first.strip_prefix('n'), first.strip_prefix('N')) {
            (Some(_), _) => Some(integer::Case::Lower),
            (_, Some(rest)) if rest.starts_with('n') => Some(integer::Case::Title),
            (_, Some(_)) => Some(integer::Case::Upper),
            (None, None) => None,
        };
        let (least, most) = width.map_or((None, None), widths);
        let mut made = Self {
            component,
            names,
            number: None,
            width_max: most,
            is_zulu: second == Some('t'),
            year_digits: None,
        };
        if matches!(component, 'Z' | 'z') {
            made.number = Some(integer::Picture::parse(first)?);
        } else if names.is_none() && "YMDdFWwXxHhmsf".contains(component) {
            made.number = Some(made.integer(first, second, least)?);
        }
        Ok(made)
    }

    fn integer(
        &mut self,
        first: &str,
        second: Option<char>,
        least: Option<usize>,
    ) -> Result<integer::Picture, Error> {
        let modifier = second.map(|second| format!(";{second}")).unwrap_or_default();
        let mut picture = integer::Picture::parse(&format!("{first}{modifier}"))?;
        let Some(digits) = picture.digits() else { return Ok(picture) };
        digits.mandatory = digits.mandatory.max(least.unwrap_or(0));
        if self.component == 'Y' {
            if let Some(most) = self.width_max {
                digits.mandatory = most;
                self.year_digits = Some(most);
            } else if digits.mandatory + digits.optional >= 2 {
                self.year_digits = Some(digits.mandatory + digits.optional);
            }
        }
        Ok(picture)
    }
}

/// The last letter of more than one may be a modifier.
fn split_presentation(presentation: &str) -> (&str, Option<char>) {
    let mut letters = presentation.chars();
    match letters.next_back() {
        Some(last @ ('a' | 't' | 'c' | 'o')) if !letters.as_str().is_empty() => {
            (letters.as_str(), Some(last))
        }
        _ => (presentation, None),
    }
}

fn widths(width: &str) -> (Option<usize>, Option<usize>) {
    let (least, most) = match width.split_once('-') {
        Some((least, most)) => (least, Some(most)),
        None => (width, None),
    };
    (least.parse().ok(), most.and_then(|most| most.parse().ok()))
}
