//! Damages a text: cuts, copies, swaps and inserts, always between characters.

use crate::chance::Chance;

/// Numbers at which something often changes.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "-1",
    "1",
    "2",
    "0.5",
    "1e9",
    "1e21",
    "1e-7",
    "1e400",
    "-1e400",
    "99",
    "100",
    "101",
    "255",
    "256",
    "65536",
    "2147483647",
    "2147483648",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
];

/// Characters that are longer, wider or stranger than they look.
const CHARACTERS: &[&str] =
    &["\0", "\t", "\n", " ", "\u{a0}", "é", "ß", "İ", "一", "😀", "\u{301}", "\u{feff}", "\u{7f}"];

/// Does a few things to the text. `pieces` are worth inserting, `other` is worth copying from.
pub(crate) fn damaged(text: &str, pieces: &[&str], other: &str, chance: &mut Chance) -> String {
    let mut text = text.to_owned();
    for _ in 0..=chance.few(6) {
        damage(&mut text, pieces, other, chance);
    }
    text
}

fn damage(text: &mut String, pieces: &[&str], other: &str, chance: &mut Chance) {
    let (from, to) = range(text, chance);
    match chance.below(10) {
        0 | 1 => text.replace_range(from..to, ""),
        2 => {
            let copy = slice(text, from, to).to_owned();
            text.insert_str(place(text, chance), &copy);
        }
        3 => {
            // Nests or repeats until something gives.
            let copy = slice(text, from, to).to_owned();
            let times = *chance.item(&[2, 3, 10, 100, 300, 2000]);
            let times = times.min(20_000 / copy.len().max(1)).max(1);
            text.insert_str(from, &copy.repeat(times));
        }
        4 | 5 if !pieces.is_empty() => text.insert_str(from, chance.pick(pieces)),
        6 if !pieces.is_empty() => text.replace_range(from..to, chance.pick(pieces)),
        7 => replace_number(text, chance),
        8 => text.insert_str(from, chance.pick(CHARACTERS)),
        _ => {
            let (other_from, other_to) = range(other, chance);
            text.replace_range(from..to, slice(other, other_from, other_to));
        }
    }
}

/// Puts another number where one is.
fn replace_number(text: &mut String, chance: &mut Chance) {
    let start = place(text, chance);
    let digit = |byte: &u8| byte.is_ascii_digit();
    let Some(from) = text.bytes().skip(start).position(|byte| digit(&byte)) else { return };
    let from = start + from;
    let length = text.bytes().skip(from).take_while(digit).count();
    text.replace_range(from..from + length, chance.pick(NUMBERS));
}

/// A place between two characters.
fn place(text: &str, chance: &mut Chance) -> usize {
    let mut at = chance.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Two places in order, near each other mostly.
fn range(text: &str, chance: &mut Chance) -> (usize, usize) {
    let first = place(text, chance);
    if chance.one_in(4) {
        let second = place(text, chance);
        return (first.min(second), first.max(second));
    }
    let mut end = (first + chance.below(8)).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    (first, end)
}

fn slice(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).expect("places are between characters")
}
