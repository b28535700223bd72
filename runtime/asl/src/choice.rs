//! The rules of a Choice state.

use std::fmt::{self, Write as _};

use stepwell_jsonpath::Path;
use stepwell_value::{Str, Value};

use crate::{Expression, StateIdx, Template, Timestamp};

#[derive(Debug, PartialEq)]
pub struct Choice {
    /// Tried in order; the first that holds decides.
    pub rules: Vec<Rule>,
    pub default: Option<StateIdx>,
}

#[derive(Debug, PartialEq)]
pub struct Rule {
    pub condition: Condition,
    /// `Output` of this rule, in JSONata; the state's own belongs to `Default`.
    pub output: Option<Template>,
    pub assign: Option<Template>,
    pub next: StateIdx,
}

#[derive(Debug, PartialEq)]
pub enum Condition {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Compare {
        variable: Path,
        comparison: Comparison,
    },
    /// `Condition` of a rule in JSONata.
    Jsonata(Expression),
    /// `Condition`, written down as it is.
    Literal(bool),
}

/// What is asked of a variable. A comparison with a value of another type does not hold.
#[derive(Debug, PartialEq)]
pub enum Comparison {
    String(Order, Operand<Str>),
    /// The literal is an integer or a float.
    Numeric(Order, Operand<Value>),
    Boolean(Operand<bool>),
    Timestamp(Order, Operand<Timestamp>),
    StringMatches(Pattern),
    /// `IsNull` and its kin, with the answer that is expected.
    Is(TypeTest, bool),
}

#[derive(Debug, PartialEq)]
pub enum Operand<T> {
    Literal(T),
    /// The `…Path` forms.
    Path(Path),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

impl Order {
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equals => ordering.is_eq(),
            Self::LessThan => ordering.is_lt(),
            Self::GreaterThan => ordering.is_gt(),
            Self::LessThanEquals => ordering.is_le(),
            Self::GreaterThanEquals => ordering.is_ge(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeTest {
    Null,
    /// Whether the path finds anything at all.
    Present,
    String,
    Numeric,
    Boolean,
    Timestamp,
}

/// `StringMatches`: `*` stands for any text, `\*` for a star, `\\` for a backslash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The texts between the stars; there is one more than there are stars.
    parts: Vec<String>,
}

impl Pattern {
    pub fn parse(text: &str) -> Self {
        let mut parts = vec![String::new()];
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            let part = parts.last_mut().expect("there is a part from the beginning");
            match character {
                '*' => parts.push(String::new()),
                '\\' => part.push(characters.next().unwrap_or('\\')),
                plain => part.push(plain),
            }
        }
        Self { parts }
    }

    /// Matches the whole text. Taking the first place where a middle part fits is enough: a later
    /// place would leave less text for the parts that follow.
    pub fn matches(&self, text: &str) -> bool {
        let [first, rest @ ..] = self.parts.as_slice() else { return false };
        let Some((last, middle)) = rest.split_last() else { return text == first };
        let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
        for part in middle {
            let Some((_, after)) = text.split_once(part.as_str()) else { return false };
            text = after;
        }
        text.ends_with(last.as_str())
    }
}

/// The text that reads as this pattern.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, part) in self.parts.iter().enumerate() {
            if nth > 0 {
                f.write_char('*')?;
            }
            for character in part.chars() {
                if matches!(character, '*' | '\\') {
                    f.write_char('\\')?;
                }
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
