//! A text that is not JSON, in the service's words.
//!
//! The service reads JSON with Jackson and passes its messages on, so what is said here is what
//! Jackson says. Our own reader's words become the hint.

use stepwell_value::{Error, ErrorKind};

use crate::{Code, Diagnostic, Severity};

/// As much of the text the service shows.
const SHOWN_MAX: usize = 500;

const VALUES: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

pub(super) fn diagnostic(text: &str, error: &Error) -> Diagnostic {
    let (what, end) = explain(text, error);
    let location = source(text, end);
    Diagnostic {
        severity: Severity::Error,
        code: Code::InvalidJsonDescription,
        message: format!("{what}\n at {location}"),
        location,
        hint: Some(error.to_string()),
    }
}

/// Why a text is not JSON, as the service says it of an execution's input; nothing of one that is.
pub fn malformed(text: &str) -> Option<String> {
    let error = stepwell_value::scan(text).err()?;
    Some(explain(text, &error).0)
}

/// What is wrong, and the byte behind that at which Jackson stands when it says so.
fn explain(text: &str, error: &Error) -> (String, usize) {
    let at = offset(text, error);
    let next = text.get(at..).unwrap_or_default();
    let found = next.chars().next();
    let behind = at + found.map_or(0, char::len_utf8);
    match (&error.kind, found) {
        (ErrorKind::UnexpectedCharacter { .. }, Some(found)) if is_part_of_token(text, at) => {
            unrecognized_token(text, at, found)
        }
        (ErrorKind::UnexpectedCharacter { expected, .. }, Some(found)) => {
            (unexpected(found, in_its_words(expected)), behind)
        }
        (ErrorKind::UnexpectedEnd { expected: "true" | "false" | "null" }, _) => {
            unrecognized_token(text, at, '"')
        }
        (ErrorKind::UnexpectedEnd { .. }, _) => (end_of_input(text), text.len()),
        (ErrorKind::ControlCharacter, Some(found)) => {
            let code = u32::from(found);
            let what = format!(
                "Illegal unquoted character ((CTRL-CHAR, code {code})): has to be escaped using \
                 backslash to be included in string value"
            );
            (what, behind)
        }
        (ErrorKind::InvalidEscape, _) => {
            let escaped = next.chars().nth(1).unwrap_or('\\');
            let code = u32::from(escaped);
            let what = format!("Unrecognized character escape '{escaped}' (code {code})");
            (what, (behind + escaped.len_utf8()).min(text.len()))
        }
        (ErrorKind::InvalidNumber, _) => ("Invalid numeric value".to_owned(), behind),
        (_, _) => {
            let mut words = error.to_string();
            if let Some(place) = words.rfind(" (line ") {
                words.truncate(place);
            }
            (words, behind)
        }
    }
}

/// Our reader stops inside of a literal such as `nul`; Jackson looks at all of the token.
fn is_part_of_token(text: &str, at: usize) -> bool {
    let starts_here = text.get(at..).is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    let is_value = matches!(last_meaningful(text, at), None | Some('[' | ',' | ':'));
    let is_literal = text.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric));
    (starts_here && is_value && !is_name_expected(text, at)) || is_literal
}

fn last_meaningful(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.trim_end().chars().next_back()
}

fn is_name_expected(text: &str, at: usize) -> bool {
    last_meaningful(text, at) == Some(',')
        && innermost(text, at).is_some_and(|(open, _)| open == '{')
}

fn unrecognized_token(text: &str, at: usize, found: char) -> (String, usize) {
    let is_token = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let before = text.get(..at).unwrap_or_default();
    let start = before.trim_end_matches(is_token).len();
    let rest = text.get(start..).unwrap_or_default();
    let token = rest.split(|c| !is_token(c)).next().unwrap_or_default();
    if token.is_empty() {
        return (
            unexpected(found, &format!("expected a valid value {VALUES}")),
            at + found.len_utf8(),
        );
    }
    (format!("Unrecognized token '{token}': was expecting {VALUES}"), start + token.len())
}

fn unexpected(found: char, expected: &str) -> String {
    format!("Unexpected character ('{found}' (code {})): {expected}", u32::from(found))
}

fn in_its_words(expected: &str) -> &'static str {
    match expected {
        "a member's name in double quotes" => "was expecting double-quote to start field name",
        "`:`" => "was expecting a colon to separate field name and value",
        "`,` or `]`" => "was expecting comma to separate Array entries",
        "`,` or `}`" => "was expecting comma to separate Object entries",
        _ => {
            "expected a valid value \
             (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        }
    }
}

fn end_of_input(text: &str) -> String {
    match innermost(text, text.len()) {
        Some(('"', _)) => {
            "Unexpected end-of-input: was expecting closing quote for a string value".to_owned()
        }
        Some((open, at)) => {
            let kind = if open == '{' { "Object" } else { "Array" };
            let start = source(text, at);
            format!(
                "Unexpected end-of-input: expected close marker for {kind} (start marker at {start})"
            )
        }
        None => "Unexpected end-of-input".to_owned(),
    }
}

/// What is open at a place, the innermost first: a bracket or a quote, and where it stands.
fn innermost(text: &str, end: usize) -> Option<(char, usize)> {
    let mut open = Vec::new();
    let mut is_escaped = false;
    for (at, character) in text.get(..end)?.char_indices() {
        let in_string = matches!(open.last(), Some(('"', _)));
        match character {
            _ if std::mem::take(&mut is_escaped) => {}
            '\\' if in_string => is_escaped = true,
            '"' if in_string => open.truncate(open.len() - 1),
            _ if in_string => {}
            '"' | '{' | '[' => open.push((character, at)),
            '}' | ']' => open.truncate(open.len().saturating_sub(1)),
            _ => {}
        }
    }
    open.pop()
}

/// The byte at which our reader stopped.
fn offset(text: &str, error: &Error) -> usize {
    let line_start = match error.line {
        0 | 1 => 0,
        line => text.match_indices('\n').nth(line - 2).map_or(0, |(newline, _)| newline + 1),
    };
    let line = text.get(line_start..).unwrap_or_default();
    let column = line.char_indices().nth(error.column.saturating_sub(1));
    line_start + column.map_or(line.len(), |(at, _)| at)
}

/// How Jackson names a place: with the beginning of the text, which it measures in UTF-16.
fn source(text: &str, end: usize) -> String {
    let before = text.get(..end).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).map_or(0, |line| line.encode_utf16().count()) + 1;
    let units: Vec<u16> = text.encode_utf16().collect();
    let (shown, rest) = units.split_at(units.len().min(SHOWN_MAX));
    let shown = String::from_utf16_lossy(shown);
    let rest = match rest.len() {
        0 => String::new(),
        more => format!("[truncated {more} chars]"),
    };
    format!("[Source: (String)\"{shown}\"{rest}; line: {line}, column: {column}]")
}

#[cfg(test)]
mod tests;
