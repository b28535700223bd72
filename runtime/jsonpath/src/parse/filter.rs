//! The text between `[?(` and `)]` into a condition.
//!
//! The text is first cut at `||` and `&&`, then each part at its operator. Quoted texts and regular
//! expressions are not looked into.

use regex::RegexBuilder;

use super::{Cursor, steps};
use crate::filter::{Condition, Filter, FilterPath, Operand, Operator};
use crate::step::Step;
use crate::{ParseError, Problem};

/// How much memory a compiled regular expression may take.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// How deep groups may nest in a regular expression.
const PATTERN_DEPTH_MAX: u32 = 64;

/// In the order in which they are tried at one place: the long ones first.
const OPERATORS: [(&str, Option<Operator>); 7] = [
    ("==", Some(Operator::Equal)),
    (">=", Some(Operator::GreaterOrEqual)),
    ("<=", Some(Operator::LessOrEqual)),
    ("!=", Some(Operator::NotEqual)),
    ("=~", None),
    ("<", Some(Operator::Less)),
    (">", Some(Operator::Greater)),
];

/// From the `?` to the closing bracket.
pub(super) fn bracket(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    cursor.expect('?', "`?`")?;
    cursor.skip_blanks();
    if cursor.peek() != Some('(') {
        return Err(cursor.error(Problem::Expected("`(`")));
    }
    let length = length(cursor.rest())
        .ok_or_else(|| cursor.error(Problem::Expected("a `)]` that ends the filter")))?;
    let offset = cursor.offset();
    let text = cursor.take(length);
    cursor.expect(']', "`]`")?;
    if !text.trim_end().ends_with(')') {
        return Err(ParseError { offset, problem: Problem::Expected("`)` before `]`") });
    }
    let mut alternatives = Vec::new();
    for (start, alternative) in split(text, "||") {
        let mut conditions = Vec::new();
        for (nested, part) in split(alternative, "&&") {
            conditions.push(condition(part, offset + start + nested)?);
        }
        alternatives.push(conditions);
    }
    Ok(Step::Filter(Box::new(Filter { alternatives })))
}

/// The bytes up to the bracket that closes the filter.
fn length(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    plain_bytes(text)
        .find(|(_, byte)| {
            match byte {
                b'(' | b'[' => open += 1,
                b')' => open = open.saturating_sub(1),
                b']' if open == 0 => return true,
                b']' => open -= 1,
                _ => {}
            }
            false
        })
        .map(|(at, _)| at)
}

/// The bytes that stand outside of quoted texts and regular expressions.
fn plain_bytes(text: &str) -> impl Iterator<Item = (usize, u8)> {
    // What would end the text or the regular expression we are in.
    let mut until = None;
    let (mut escaped, mut before) = (false, b' ');
    text.bytes().enumerate().filter(move |&(_, byte)| {
        let plain = until.is_none();
        match until {
            Some(end) if byte == end && !escaped => until = None,
            None if byte == b'\'' => until = Some(byte),
            // A regular expression stands behind `=~` or at the start; elsewhere `/` is a character.
            None if byte == b'/' && matches!(before, b'~' | b'(' | b'&' | b'|') => {
                until = Some(byte);
            }
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
        before = if byte == b' ' { before } else { byte };
        plain
    })
}

/// The parts between separators, each with its offset.
fn split<'a>(text: &'a str, separator: &str) -> Vec<(usize, &'a str)> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in plain_bytes(text) {
        let found = text.get(at..).is_some_and(|rest| rest.starts_with(separator));
        if found && at >= start {
            parts.push((start, text.get(start..at).unwrap_or_default()));
            start = at + separator.len();
        }
    }
    parts.push((start, text.get(start..).unwrap_or_default()));
    parts
}

fn condition(text: &str, offset: usize) -> Result<Condition, ParseError> {
    let start = text.trim_start_matches([' ', '(']);
    let offset = offset + text.len() - start.len();
    let text = start.trim_end_matches([' ', ')']);
    let operator = plain_bytes(text).find_map(|(at, _)| {
        let rest = text.get(at..)?;
        OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign)).map(|found| (at, found))
    });
    let Some((at, (sign, operator))) = operator else { return existence(text, offset) };
    let left = (text.get(..at).unwrap_or_default(), offset);
    let right = at + sign.len();
    let right = (text.get(right..).unwrap_or_default(), offset + right);
    let Some(operator) = *operator else { return matching(left, right) };
    let (left, right) = (operand(left.0, left.1)?, operand(right.0, right.1)?);
    Ok(Condition::Compare { left, operator, right })
}

/// `@.a` or `!@.a`.
fn existence(text: &str, offset: usize) -> Result<Condition, ParseError> {
    let path = text.strip_prefix('!').unwrap_or(text);
    let wanted = path.len() == text.len();
    let cursor = Cursor::at(path, offset + text.len() - path.len());
    match cursor.peek() {
        Some('@' | '$') => Ok(Condition::Exists { path: filter_path(cursor)?, wanted }),
        _ => Err(cursor.error(Problem::Expected("a path that starts with `@` or `$`"))),
    }
}

/// The regular expression may stand on either side.
fn matching(left: (&str, usize), right: (&str, usize)) -> Result<Condition, ParseError> {
    let is_pattern = |text: &str| text.trim_start().starts_with('/');
    let (operand_text, pattern_text) =
        if is_pattern(left.0) { (right, left) } else { (left, right) };
    let pattern = pattern(&Cursor::at(pattern_text.0, pattern_text.1))?;
    Ok(Condition::Matches { operand: operand(operand_text.0, operand_text.1)?, pattern })
}

/// `/.../` or `/.../i`, which has to match the whole text.
fn pattern(cursor: &Cursor<'_>) -> Result<regex::Regex, ParseError> {
    let text = cursor.rest();
    let (body, ignore_case) = match text.strip_suffix("/i") {
        Some(body) if body.len() > 1 => (body, true),
        _ => (text.strip_suffix('/').unwrap_or_default(), false),
    };
    let Some(body) = body.strip_prefix('/') else {
        return Err(cursor.error(Problem::Expected("a regular expression between slashes")));
    };
    RegexBuilder::new(&format!(r"\A(?:{body})\z"))
        .case_insensitive(ignore_case)
        .size_limit(PATTERN_BYTES_MAX)
        .dfa_size_limit(PATTERN_BYTES_MAX)
        .nest_limit(PATTERN_DEPTH_MAX)
        .build()
        .map_err(|refusal| cursor.error(Problem::Pattern(refusal.to_string())))
}

/// A path, a text in single quotes, or a bare word such as `2` or `true`.
fn operand(text: &str, offset: usize) -> Result<Operand, ParseError> {
    let cursor = Cursor::at(text, offset);
    match cursor.peek() {
        None => Err(cursor.error(Problem::Expected("a path or a value"))),
        Some('@' | '$') => Ok(Operand::Path(filter_path(cursor)?)),
        Some('\'') => {
            let quoted = cursor.rest().strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
            let expected = Problem::Expected("a quote at the end of the text");
            let text = quoted.ok_or_else(|| cursor.error(expected))?;
            Ok(Operand::Text(text.replace(r"\'", "'").into()))
        }
        Some('/') => Err(cursor.error(Problem::Expected("`=~` before a regular expression"))),
        Some('!') => {
            let expected = "a path without `!`: only existence can be negated";
            Err(cursor.error(Problem::Expected(expected)))
        }
        Some(_) => Ok(Operand::Text(cursor.rest().into())),
    }
}

fn filter_path(mut cursor: Cursor<'_>) -> Result<FilterPath, ParseError> {
    let offset = cursor.offset();
    let from_document = cursor.eat('$');
    if !from_document {
        cursor.expect('@', "`@` or `$`")?;
    }
    // A filter in here would make the parser recurse as deep as the text nests.
    if cursor.rest().contains("[?") {
        return Err(ParseError { offset, problem: Problem::FilterPathNotDefinite });
    }
    let steps = steps(&mut cursor)?;
    if !steps.iter().all(Step::is_definite) {
        return Err(ParseError { offset, problem: Problem::FilterPathNotDefinite });
    }
    Ok(FilterPath { from_document, steps })
}
