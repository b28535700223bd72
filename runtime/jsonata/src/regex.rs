//! Regular expressions: ECMAScript's notation, run with a bound on backtracking.
//!
//! The notation is rewritten into that of the `fancy-regex` crate, which runs what it can in linear
//! time and the rest, look-around and back-references, with a limit.

use stepwell_value::Str;

use crate::error::{Code, Error};
use crate::lexer::RegexSource;

/// How often a match may go back on a choice.
const BACKTRACKS_MAX: usize = 1_000_000;

#[derive(Debug)]
pub(crate) struct Regex {
    compiled: fancy_regex::Regex,
}

/// Where a match was found, in bytes.
pub(crate) struct Match {
    pub start: usize,
    pub end: usize,
    /// The captured groups; a group that took no part is none.
    pub groups: Vec<Option<Str>>,
}

impl Regex {
    pub(crate) fn new(source: &RegexSource) -> Result<Self, String> {
        let flags = match (source.ignore_case, source.multi_line) {
            (false, false) => "",
            (true, false) => "(?i)",
            (false, true) => "(?m)",
            (true, true) => "(?im)",
        };
        let pattern = format!("{flags}{}", translate(&source.pattern));
        let compiled = fancy_regex::RegexBuilder::new(&pattern)
            .backtrack_limit(BACKTRACKS_MAX)
            .delegate_size_limit(1 << 20)
            .delegate_dfa_size_limit(1 << 20)
            .build();
        match compiled {
            Ok(compiled) => Ok(Self { compiled }),
            Err(error) => Err(error.to_string()),
        }
    }

    pub(crate) fn is_match(&self, text: &str) -> Result<bool, Error> {
        let Ok(found) = self.compiled.is_match(text) else { return Err(out_of_time()) };
        Ok(found)
    }

    /// The first match at or behind a byte.
    pub(crate) fn find_from(&self, text: &str, from: usize) -> Result<Option<Match>, Error> {
        let Ok(found) = self.compiled.captures_from_pos(text, from) else {
            return Err(out_of_time());
        };
        let Some(captures) = found else { return Ok(None) };
        let Some(whole) = captures.get(0) else { return Ok(None) };
        let groups = (1..captures.len())
            .map(|nth| captures.get(nth).map(|group| Str::from(group.as_str())))
            .collect();
        Ok(Some(Match { start: whole.start(), end: whole.end(), groups }))
    }
}

/// The only thing that can go wrong in a match is that it goes back and forth too often.
fn out_of_time() -> Error {
    Error::new(Code::OutOfTime)
}

/// What ECMAScript's `\s` stands for, as members of a class.
const BLANKS: &str = r"\t\n\x0B\x0C\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";

/// From ECMAScript's notation to Rust's: the same meaning, however different by default.
fn translate(pattern: &str) -> String {
    let letters: Vec<char> = pattern.chars().collect();
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut at = 0;
    let mut is_in_class = false;
    while let Some(letter) = letters.get(at) {
        at += 1;
        match letter {
            '\\' => {
                if let Some(escaped) = letters.get(at) {
                    at += 1;
                    at += escape(
                        &mut out,
                        *escaped,
                        is_in_class,
                        letters.get(at..).unwrap_or_default(),
                    );
                }
            }
            '[' if !is_in_class => {
                is_in_class = true;
                out.push('[');
                if letters.get(at) == Some(&'^') {
                    out.push('^');
                    at += 1;
                }
                if letters.get(at) == Some(&']') {
                    // `[]` matches nothing and `[^]` everything.
                    out.push_str(r"&&[^\s\S]");
                }
            }
            ']' if is_in_class => {
                is_in_class = false;
                out.push(']');
            }
            '[' | '&' | '~' | '-' if is_in_class => class_member(&mut out, *letter),
            '.' if !is_in_class => out.push_str(r"[^\n\r\u{2028}\u{2029}]"),
            '{' if !is_in_class && !is_quantifier(letters.get(at..).unwrap_or_default()) => {
                out.push_str(r"\{");
            }
            '#' | ' ' => {
                out.push('\\');
                out.push(*letter);
            }
            other => out.push(*other),
        }
    }
    out
}

/// A symbol that Rust gives a meaning in classes and ECMAScript does not; the dash means the same
/// in both as long as it is single.
fn class_member(out: &mut String, letter: char) {
    if letter != '-' || out.ends_with('-') {
        out.push('\\');
    }
    out.push(letter);
}

/// Writes an escape; tells how many letters behind it belong to it.
fn escape(out: &mut String, escaped: char, is_in_class: bool, rest: &[char]) -> usize {
    let class = |out: &mut String, negated: bool, members: &str| {
        let caret = if negated { "^" } else { "" };
        if is_in_class && !negated {
            out.push_str(members);
        } else {
            out.extend(["[", caret, members, "]"]);
        }
    };
    match escaped {
        'd' | 'D' => class(out, escaped == 'D', "0-9"),
        'w' | 'W' => class(out, escaped == 'W', "0-9A-Za-z_"),
        's' | 'S' => class(out, escaped == 'S', BLANKS),
        'b' if is_in_class => out.push_str(r"\x08"),
        'b' => {
            out.push_str(
                r"(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))",
            );
        }
        'B' => {
            out.push_str(
                r"(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))",
            );
        }
        'v' => out.push_str(r"\x0B"),
        '0' if !rest.first().is_some_and(char::is_ascii_digit) => out.push_str(r"\x00"),
        'u' => return unicode(out, rest),
        'x' if rest.len() >= 2 => out.push_str(r"\x"),
        't' | 'n' | 'r' | 'f' | 'k' => {
            out.push('\\');
            out.push(escaped);
        }
        digit if digit.is_ascii_digit() => {
            out.push('\\');
            out.push(digit);
        }
        // Other letters stand for themselves, and so does what only ECMAScript lets escape.
        letter if letter.is_alphanumeric() || !letter.is_ascii() => out.push(letter),
        symbol => {
            out.push('\\');
            out.push(symbol);
        }
    }
    0
}

fn unicode(out: &mut String, rest: &[char]) -> usize {
    let digits: String =
        rest.iter().take(4).take_while(|digit| digit.is_ascii_hexdigit()).collect();
    if digits.len() == 4 {
        out.extend(["\\u{", &digits, "}"]);
        return 4;
    }
    out.push('u');
    0
}

/// Whether what follows an opening brace is `n}`, `n,}` or `n,m}`.
fn is_quantifier(rest: &[char]) -> bool {
    let digits = |from: usize| rest.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let least = digits(0);
    let comma = usize::from(rest.get(least) == Some(&','));
    let most = if comma == 1 { digits(least + 1) } else { 0 };
    least > 0 && rest.get(least + comma + most) == Some(&'}')
}

#[cfg(test)]
mod tests;
