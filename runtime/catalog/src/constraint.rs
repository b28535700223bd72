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
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "Value '{value}' at ")?,
            None => f.write_str("Value at ")?,
        }
        write!(f, "'{}' failed to satisfy constraint: {}", self.member, self.rule)
    }
}

/// Gathers what is out of its bounds, so that a request is answered once.
#[derive(Debug, Default)]
pub(crate) struct Constraints(Vec<Violation>);

impl Constraints {
    /// A text's length is counted as the service counts it, in units of UTF-16.
    pub(crate) fn length(&mut self, member: &str, text: &str, range: RangeInclusive<usize>) {
        if let Some(rule) = length_rule(text, &range) {
            self.violate(member, text, rule);
        }
    }

    /// The same for a member that the service does not repeat in its answer.
    pub(crate) fn hidden_length(&mut self, member: &str, text: &str, range: RangeInclusive<usize>) {
        if let Some(rule) = length_rule(text, &range) {
            self.0.push(Violation { value: None, member: member.into(), rule });
        }
    }

    pub(crate) fn value(&mut self, member: &str, value: i64, range: RangeInclusive<i64>) {
        let rule = match value {
            value if value < *range.start() => Rule::ValueMin(*range.start()),
            value if value > *range.end() => Rule::ValueMax(*range.end()),
            _ => return,
        };
        self.violate(member, &value.to_string(), rule);
    }

    pub(crate) fn violate(&mut self, member: &str, value: &str, rule: Rule) {
        self.0.push(Violation { value: Some(value.into()), member: member.into(), rule });
    }

    pub(crate) fn finish(self) -> Result<(), Refusal> {
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
