//! Text from tasks and definitions, made safe to show.
//!
//! A terminal obeys control characters, so none of a guest's reaches it.

use std::fmt::{self, Display, Write as _};

/// Shows control characters as escapes. Tabs stay.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visible<'a>(pub &'a str);

impl Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_control() && c != '\t' || is_direction(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Characters that turn the direction of the text around them, and so what it seems to say.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The first line, shortened to so many characters.
pub(crate) fn one_line(text: &str, chars_max: usize) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let is_whole = line.len() == text.trim().len();
    if is_whole && line.chars().count() <= chars_max {
        return Visible(line).to_string();
    }
    let kept: String = line.chars().take(chars_max.saturating_sub(3)).collect();
    format!("{}...", Visible(kept.trim_end()))
}

#[cfg(test)]
mod tests;
