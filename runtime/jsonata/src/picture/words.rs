//! Numbers in English words and in Roman numerals.

use std::fmt::Write;

const SMALL: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const SMALL_ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
const TENS: [&str; 8] =
    ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];
const MAGNITUDES: [(f64, &str); 4] =
    [(1e12, "Trillion"), (1e9, "Billion"), (1e6, "Million"), (1e3, "Thousand")];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Cardinal,
    Ordinal,
}

/// How a part is joined to what stands before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    First,
    After,
}

/// `One Hundred and Twenty-Third`
pub(super) fn to_words(number: f64, is_ordinal: bool) -> String {
    let mut out = String::new();
    let ending = if is_ordinal { Ending::Ordinal } else { Ending::Cardinal };
    push_words(&mut out, number, Join::First, ending);
    out
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "less than a thousand")]
fn push_words(out: &mut String, number: f64, join: Join, ending: Ending) {
    if number < 100.0 {
        if join == Join::After {
            out.push_str(" and ");
        }
        push_below_hundred(out, number as usize, ending);
        return;
    }
    if join == Join::After {
        out.push_str(", ");
    }
    let (unit, name) = match MAGNITUDES.iter().find(|(unit, _)| number >= *unit) {
        Some(magnitude) => *magnitude,
        None => (100.0, "Hundred"),
    };
    let count = (number / unit).floor();
    if count.is_finite() {
        push_words(out, count, Join::First, Ending::Cardinal);
    }
    write!(out, " {name}").expect("writing to a string does not fail");
    let rest = number - count * unit;
    if rest > 0.0 {
        push_words(out, rest, Join::After, ending);
    } else if ending == Ending::Ordinal {
        out.push_str("th");
    }
}

fn push_below_hundred(out: &mut String, number: usize, ending: Ending) {
    let small = if ending == Ending::Ordinal { &SMALL_ORDINALS } else { &SMALL };
    if let Some(word) = small.get(number) {
        out.push_str(word);
        return;
    }
    let (tens, ones) = (TENS.get(number / 10 - 2).unwrap_or(&""), number % 10);
    if ones > 0 {
        write!(out, "{tens}-{}", small[ones]).expect("writing to a string does not fail");
    } else if ending == Ending::Ordinal {
        write!(out, "{}ieth", tens.trim_end_matches('y'))
            .expect("writing to a string does not fail");
    } else {
        out.push_str(tens);
    }
}

/// What a word, in lower case, adds or multiplies by.
#[expect(clippy::cast_precision_loss, reason = "small places")]
fn value_of(word: &str) -> Option<f64> {
    let find = |words: &[&str]| words.iter().position(|known| known.eq_ignore_ascii_case(word));
    if let Some(small) = find(&SMALL).or_else(|| find(&SMALL_ORDINALS)) {
        return Some(small as f64);
    }
    let tens = match word.strip_suffix("ieth") {
        Some(stem) => format!("{stem}y"),
        None => word.to_owned(),
    };
    if let Some(nth) = TENS.iter().position(|known| known.eq_ignore_ascii_case(&tens)) {
        return Some((nth as f64 + 2.0) * 10.0);
    }
    let stem = word.strip_suffix("th").unwrap_or(word);
    if stem == "hundred" {
        return Some(100.0);
    }
    let magnitude = MAGNITUDES.iter().find(|(_, name)| name.eq_ignore_ascii_case(stem));
    magnitude.map(|(unit, _)| *unit)
}

/// Adds up what words, in lower case, say.
pub(super) fn from_words(text: &str) -> f64 {
    let words = text.split([' ', ',', '-', '\t', '\n']).filter(|word| !word.is_empty());
    let mut parts = vec![0.0_f64];
    for word in words.filter(|word| *word != "and") {
        let value = value_of(word).unwrap_or(f64::NAN);
        let top = parts.pop().unwrap_or(0.0);
        if value >= 100.0 {
            parts.push(top * value);
        } else if top >= 1000.0 {
            parts.extend([top, value]);
        } else {
            parts.push(top + value);
        }
    }
    parts.iter().sum()
}

/// A regular expression for numbers in words.
pub(super) fn pattern() -> String {
    let mut words: Vec<String> =
        SMALL.iter().chain(&SMALL_ORDINALS).map(|w| w.to_lowercase()).collect();
    words.extend(
        TENS.iter().map(|word| format!("{}(?:y|ieth)", word.trim_end_matches('y').to_lowercase())),
    );
    words.push("hundred(?:th)?".to_owned());
    words.extend(MAGNITUDES.iter().map(|(_, name)| format!("{}(?:th)?", name.to_lowercase())));
    // A longer word goes before one that it starts with.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    format!("(?:{}|and|[\\-, ])+", words.join("|"))
}

const ROMAN: [(u64, &str); 13] = [
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];

pub(super) fn to_roman(mut number: u64) -> String {
    let mut out = String::new();
    for (value, numeral) in ROMAN {
        while number >= value {
            out.push_str(numeral);
            number -= value;
        }
    }
    out
}

/// A smaller numeral before a greater one counts against it.
pub(super) fn from_roman(text: &str) -> f64 {
    let value = |letter: char| match letter.to_ascii_lowercase() {
        'm' => 1000.0,
        'd' => 500.0,
        'c' => 100.0,
        'l' => 50.0,
        'x' => 10.0,
        'v' => 5.0,
        'i' => 1.0,
        _ => f64::NAN,
    };
    let (mut sum, mut greatest) = (0.0, 1.0);
    for value in text.chars().rev().map(value) {
        if value < greatest {
            sum -= value;
        } else {
            greatest = value;
            sum += value;
        }
    }
    sum
}
