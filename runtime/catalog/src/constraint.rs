//! The bounds that the service's interface sets for single members of a request.

use std::fmt;
use std::ops::RangeInclusive;

use stepwell_value::Str;

use crate::refusal::{Invalid, Refusal};

/// A member that is out of its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// None for one that is not to be shown.
    pub value: Option<Str>,
    /// The way to it, such as `tags.1.member.key`.
    pub member: Str,
    pub rule: Rule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    LengthMin(usize),
    LengthMax(usize),
    ValueMin(i64),
    ValueMax(i64),
    Pattern(&'static str),
    /// The member is not there.
    NotNull,
    Enum(&'static [&'static str]),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Member must ")?;
        match self {
            Self::LengthMin(min) => write!(f, "have length greater than or equal to {min}"),
            Self::LengthMax(max) => write!(f, "have length less than or equal to {max}"),
            Self::ValueMin(min) => write!(f, "have value greater than or equal to {min}"),
            Self::ValueMax(max) => write!(f, "have value less than or equal to {max}"),
            Self::Pattern(pattern) => write!(f, "satisfy regular expression pattern: {pattern}"),
            Self::NotNull => f.write_str("not be null"),
            Self::Enum(values) => write!(f, "satisfy enum value set: [{}]", values.join(", ")),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.value, self.rule) {
            (_, Rule::NotNull) => f.write_str("Value null at ")?,
            (Some(value), _) => write!(f, "Value '{value}' at ")?,
            (None, _) => f.write_str("Value at ")?,
        }
        write!(f, "'{}' failed to satisfy constraint: {}", self.member, self.rule)
    }
}

/// Gathers what is out of its bounds, so that a request is answered once.
///
/// The service looks at every member before it answers, and names all violations in the order in
/// which it found them. Each method looks at one member and keeps what is wrong with it.
#[derive(Debug, Default)]
#[must_use = "a violation counts when `finish` is called"]
pub struct Constraints(Vec<Violation>);

impl Constraints {
    /// A text's length is counted as the service counts it, in units of UTF-16.
    pub fn length(&mut self, member: &str, text: &str, range: RangeInclusive<usize>) {
        if let Some(rule) = length_rule(text, &range) {
            self.violate(member, text, rule);
        }
    }

    /// The same for a member that the service does not repeat in its answer.
    pub fn hidden_length(&mut self, member: &str, text: &str, range: RangeInclusive<usize>) {
        if let Some(rule) = length_rule(text, &range) {
            self.0.push(Violation { value: None, member: member.into(), rule });
        }
    }

    /// A number that has to lie in a range.
    pub fn value(&mut self, member: &str, value: i64, range: RangeInclusive<i64>) {
        let rule = match value {
            value if value < *range.start() => Rule::ValueMin(*range.start()),
            value if value > *range.end() => Rule::ValueMax(*range.end()),
            _ => return,
        };
        self.violate(member, &value.to_string(), rule);
    }

    /// For a member that has to be there.
    pub fn required<T: ?Sized>(&mut self, member: &str, given: Option<&T>) {
        if given.is_none() {
            self.0.push(Violation { value: None, member: member.into(), rule: Rule::NotNull });
        }
    }

    /// For a member that is one of a few words.
    pub fn one_of(&mut self, member: &str, text: &str, values: &'static [&'static str]) {
        if !values.contains(&text) {
            self.violate(member, text, Rule::Enum(values));
        }
    }

    /// A rule that the caller has found broken.
    pub fn violate(&mut self, member: &str, value: &str, rule: Rule) {
        self.0.push(Violation { value: Some(value.into()), member: member.into(), rule });
    }

    /// Refuses the request if anything was found.
    pub fn finish(self) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Refusal::Validation(Invalid::Constraints(self.0)))
    }
}

fn length_rule(text: &str, range: &RangeInclusive<usize>) -> Option<Rule> {
    // No text has more units of UTF-16 than bytes.
    let length = if text.len() <= *range.end() && text.len() >= *range.start() && text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    };
    match length {
        length if length < *range.start() => Some(Rule::LengthMin(*range.start())),
        length if length > *range.end() => Some(Rule::LengthMax(*range.end())),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
