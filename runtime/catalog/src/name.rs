//! What machines, activities and aliases may be called.

use stepwell_value::Str;

use crate::constraint::{Constraints, Rule};
use crate::refusal::Refusal;

const NAME_LENGTH_MAX: usize = 80;
const ALIAS_PATTERN: &str = r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$";

/// The name of a machine or an activity.
pub(crate) fn check(name: &str) -> Result<Str, Refusal> {
    let mut constraints = Constraints::default();
    constraints.length("name", name, 1..=NAME_LENGTH_MAX);
    constraints.finish()?;
    if name.chars().any(is_forbidden) {
        return Err(Refusal::InvalidName(name.into()));
    }
    Ok(name.into())
}

/// The name of an alias, which must not look like the number of a version.
pub(crate) fn check_alias(name: &str) -> Result<Str, Refusal> {
    let is_sign = |byte: u8| matches!(byte, b'_' | b'-' | b'.');
    let is_pattern = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_sign(byte))
        && name.bytes().any(|byte| byte.is_ascii_alphabetic() || is_sign(byte));
    let mut constraints = Constraints::default();
    constraints.length("name", name, 1..=NAME_LENGTH_MAX);
    if !is_pattern && !name.is_empty() {
        constraints.violate("name", name, Rule::Pattern(ALIAS_PATTERN));
    }
    constraints.finish()?;
    Ok(name.into())
}

fn is_forbidden(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{fffe}' | '\u{ffff}' | '\u{10ffff}')
        || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(character)
}

#[cfg(test)]
mod tests;
