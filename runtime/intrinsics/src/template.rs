//! The template of `States.Format`: text with places for values.
//!
//! A literal and a template out of a document obey the same rules: `{}` is a place, `\{`, `\}`, `\'`
//! and `\\` mean the character behind the backslash, and neither braces nor backslashes stand alone.

use crate::failure::Reason;

#[derive(Debug, PartialEq)]
pub(crate) enum Part<'t> {
    Text(&'t str),
    Place,
}

/// The parts in order. Two texts may follow each other.
pub(crate) fn parts(template: &str) -> Result<Vec<Part<'_>>, Reason> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some(found) = rest.find(['{', '}', '\\']) {
        let (text, special) = rest.split_at(found);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        let at = || 1 + template.chars().count() - special.chars().count();
        let (part, length) = match special.as_bytes() {
            [b'{', b'}', ..] => (Part::Place, 2),
            [b'\\', b'{' | b'}' | b'\'' | b'\\', ..] => {
                (Part::Text(special.get(1..2).expect("two ASCII characters")), 2)
            }
            [b'\\', ..] => return Err(Reason::OpenBackslash { at: at() }),
            _ => return Err(Reason::LoneBrace { at: at() }),
        };
        parts.push(part);
        rest = special.get(length..).expect("two ASCII characters");
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests;
