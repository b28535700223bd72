//! Pictures for integers: digits, letters, Roman numerals and words.

use super::{regular_repeat, words};
use crate::error::{Code, Error};

/// Where Unicode has ten digits in a row.
const ZEROS: [u32; 37] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

/// What a mandatory width may ask for at most.
const WIDTH_MAX: usize = 1000;

#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(super) style: Style,
    is_ordinal: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Style {
    Letters(Case),
    Roman(Case),
    Words(Case),
    Digits(Digits),
    /// A sequence that nobody has defined.
    Other(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
    Title,
}

#[derive(Clone, Debug)]
pub(super) struct Digits {
    zero: char,
    pub mandatory: usize,
    pub optional: usize,
    pub separators: Separators,
    /// How many digits there are exactly, when digits follow.
    pub width: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum Separators {
    Every(usize, char),
    /// How many digits stand to the right of each.
    At(Vec<(usize, char)>),
}

impl Case {
    pub(super) fn apply(self, text: String) -> String {
        match self {
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
            Self::Title => text,
        }
    }
}

impl Picture {
    pub(crate) fn parse(picture: &str) -> Result<Self, Error> {
        let (primary, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
        let style = match primary {
            "A" => Style::Letters(Case::Upper),
            "a" => Style::Letters(Case::Lower),
            "I" => Style::Roman(Case::Upper),
            "i" => Style::Roman(Case::Lower),
            "W" => Style::Words(Case::Upper),
            "w" => Style::Words(Case::Lower),
            "Ww" => Style::Words(Case::Title),
            digits => Digits::parse(digits)?
                .map_or_else(|| Style::Other(digits.to_owned()), Style::Digits),
        };
        Ok(Self { style, is_ordinal: modifier.starts_with('o') })
    }

    pub(super) fn digits(&mut self) -> Option<&mut Digits> {
        match &mut self.style {
            Style::Digits(digits) => Some(digits),
            _ => None,
        }
    }

    /// Writes a whole number.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative, and saturates"
    )]
    pub(crate) fn format(&self, number: f64) -> Result<String, Error> {
        let (sign, number) = if number < 0.0 { ("-", -number) } else { ("", number) };
        let text = match &self.style {
            Style::Letters(case) => case.apply(letters(number as u64)),
            Style::Roman(case) => case.apply(words::to_roman((number as u64).min(1_000_000))),
            Style::Words(case) => case.apply(words::to_words(number, self.is_ordinal)),
            Style::Digits(digits) => {
                let mut text = digits.format(number);
                if self.is_ordinal {
                    text.push_str(ordinal_suffix(&text));
                }
                text
            }
            Style::Other(token) => return Err(unsupported(token)),
        };
        Ok(format!("{sign}{text}"))
    }

    /// Reads what the picture writes.
    pub(crate) fn read(&self, text: &str) -> Result<Option<f64>, Error> {
        Ok(Some(match &self.style {
            Style::Letters(_) => from_letters(text),
            Style::Roman(_) => words::from_roman(text),
            Style::Words(_) => words::from_words(&text.to_lowercase()),
            Style::Digits(digits) => digits.read(text, self.is_ordinal),
            Style::Other(token) => return Err(unsupported(token)),
        }))
    }

    /// A regular expression for what the picture writes.
    pub(super) fn pattern(&self) -> Result<String, Error> {
        Ok(match &self.style {
            Style::Letters(Case::Upper) => "[A-Z]+".to_owned(),
            Style::Letters(_) => "[a-z]+".to_owned(),
            Style::Roman(Case::Upper) => "[MDCLXVI]+".to_owned(),
            Style::Roman(_) => "[mdclxvi]+".to_owned(),
            Style::Words(_) => words::pattern(),
            Style::Digits(digits) => {
                let suffix = if self.is_ordinal { "(?:th|st|nd|rd)" } else { "" };
                format!("{}{suffix}", digits.pattern())
            }
            Style::Other(token) => return Err(unsupported(token)),
        })
    }
}

fn unsupported(token: &str) -> Error {
    Error::new(Code::D3130).value(token)
}

impl Digits {
    pub(super) fn is_regular(&self) -> bool {
        matches!(self.separators, Separators::Every(..))
    }

    /// A picture without any digit is none.
    fn parse(picture: &str) -> Result<Option<Self>, Error> {
        let mut zero = None;
        let (mut mandatory, mut optional) = (0, 0);
        let mut separators = Vec::new();
        for letter in picture.chars().rev() {
            let family =
                ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&u32::from(letter)));
            match family {
                Some(family) if zero.is_some_and(|zero| zero != *family) => {
                    return Err(Error::new(Code::D3131));
                }
                Some(family) => {
                    zero = Some(*family);
                    mandatory += 1;
                }
                None if letter == '#' => optional += 1,
                None => separators.push((mandatory + optional, letter)),
            }
        }
        let Some(zero) = zero.and_then(char::from_u32) else { return Ok(None) };
        let positions: Vec<usize> = separators.iter().map(|(position, _)| *position).collect();
        let separators = match separators.first() {
            Some((_, first))
                if separators.iter().all(|(_, letter)| letter == first)
                    && regular_repeat(&positions) > 0 =>
            {
                Separators::Every(regular_repeat(&positions), *first)
            }
            _ => Separators::At(separators),
        };
        Ok(Some(Self { zero, mandatory, optional, separators, width: None }))
    }

    fn format(&self, number: f64) -> String {
        let plain = crate::number::text_of(number);
        let missing = self.mandatory.min(WIDTH_MAX).saturating_sub(plain.len());
        let zero = u32::from(self.zero);
        let digit = |letter: char| match letter.to_digit(10) {
            Some(value) => char::from_u32(zero + value).unwrap_or(letter),
            None => letter,
        };
        let mut letters: Vec<char> =
            std::iter::repeat_n('0', missing).chain(plain.chars()).map(digit).collect();
        let count = letters.len();
        match &self.separators {
            Separators::Every(every, letter) => {
                for nth in 1..=count.saturating_sub(1) / every {
                    letters.insert(count - nth * every, *letter);
                }
            }
            Separators::At(places) => {
                for (position, letter) in places {
                    if let Some(at) = count.checked_sub(*position) {
                        letters.insert(at, *letter);
                    }
                }
            }
        }
        letters.into_iter().collect()
    }

    fn read(&self, text: &str, is_ordinal: bool) -> f64 {
        let zero = u32::from(self.zero);
        let is_separator = |letter: char| match &self.separators {
            Separators::Every(_, separator) => letter == *separator,
            Separators::At(places) => places.iter().any(|(_, separator)| letter == *separator),
        };
        let count = text.chars().count();
        let kept = if is_ordinal { count.saturating_sub(2) } else { count };
        let mut digits = String::new();
        for letter in text.chars().take(kept).filter(|letter| !is_separator(*letter)) {
            match u32::from(letter).checked_sub(zero).and_then(|value| char::from_digit(value, 10))
            {
                Some(digit) => digits.push(digit),
                None if letter == '-' && digits.is_empty() => digits.push('-'),
                None => break,
            }
        }
        digits.parse().unwrap_or(f64::NAN)
    }

    fn pattern(&self) -> String {
        let zero = self.zero;
        let nine = char::from_u32(u32::from(zero) + 9).unwrap_or('9');
        match (&self.separators, self.width) {
            (_, Some(width)) => format!("[{zero}-{nine}]{{{width}}}"),
            (Separators::At(places), None) if places.is_empty() => format!("[{zero}-{nine}]+"),
            (Separators::Every(_, letter), None) => format!("[{zero}-{nine}\\{letter}]+"),
            (Separators::At(places), None) => {
                let letters: String =
                    places.iter().flat_map(|(_, letter)| ['\\', *letter]).collect();
                format!("[{zero}-{nine}{letters}]+")
            }
        }
    }
}

fn ordinal_suffix(text: &str) -> &'static str {
    let mut letters = text.chars().rev();
    match (letters.next(), letters.next()) {
        (_, Some('1')) => "th",
        (Some('1'), _) => "st",
        (Some('2'), _) => "nd",
        (Some('3'), _) => "rd",
        _ => "th",
    }
}

/// 1 is `a`, 26 is `z`, 27 is `aa`.
fn letters(mut number: u64) -> String {
    let mut found = Vec::new();
    while number > 0 {
        number -= 1;
        found.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    found.into_iter().rev().collect()
}

fn from_letters(text: &str) -> f64 {
    text.chars().fold(0.0, |sum, letter| {
        let value = u32::from(letter.to_ascii_lowercase()).saturating_sub(u32::from('a')) + 1;
        sum * 26.0 + f64::from(value)
    })
}
