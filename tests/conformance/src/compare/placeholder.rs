//! What a recording says in place of what nobody could know in advance.

use std::collections::BTreeMap;

use regex::Regex;
use stepwell_value::{Object, Str, Value};

use super::era::Era;
use crate::case;

/// The placeholders of a case.
#[derive(Clone, Debug)]
pub(crate) struct Placeholders {
    /// Those whose text is known before the case is played; longest first.
    known: Vec<(Str, Str)>,
    /// Those that stand for anything, each time for something else.
    wild: Vec<String>,
    /// Texts of the definition that look like placeholders and are none.
    literal: Vec<String>,
    /// The recorder has also parsed arrays.
    pub is_deep: bool,
    pub(super) era: Era,
    pattern: Regex,
}

/// What placeholders have turned out to stand for.
pub(super) type Bound = BTreeMap<Str, String>;

/// A piece of a recorded text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'t> {
    Text(&'t str),
    /// Letters, digits and dashes, or the placeholder itself.
    Word(&'t str),
    Anything,
    /// The same text each time.
    Named(&'t str),
}

/// `<region>` and the like.
const PLACEHOLDER: &str = r"<[A-Za-z][A-Za-z0-9_.\- ]*(?::[0-9]+)?>";
/// Two that stand for whatever the actual side has.
const WORDS: [&str; 2] = ["<region>", "<partition>"];
/// A placeholder without brackets is looked for inside of texts only if it is unlikely to be a word.
const BARE_LENGTH_MIN: usize = 8;

impl Placeholders {
    /// Those of a recorded case.
    pub(crate) fn of(document: &Value) -> Self {
        Self { era: Era::of(document), ..Self::parse(document.get("placeholders")) }
    }

    pub(crate) fn parse(placeholders: Option<&Value>) -> Self {
        let part = |name| placeholders.and_then(|placeholders| placeholders.get(name));
        let texts = |name| {
            let texts = part(name).and_then(Value::as_array).unwrap_or_default().iter();
            let mut texts: Vec<String> =
                texts.filter_map(|text| text.as_str().map(str::to_owned)).collect();
            texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
            texts
        };
        let mut known: Vec<(Str, Str)> = case::texts(part("bind")).into_iter().collect();
        known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let wild = texts("wild");
        let is_inside = |text: &&String| text.len() >= BARE_LENGTH_MIN || text.contains(['_', '-']);
        let bare = wild.iter().filter(is_inside).map(|text| format!("|{}", regex::escape(text)));
        let pattern = format!("{PLACEHOLDER}{}", bare.collect::<String>());
        let pattern = Regex::new(&pattern).expect("placeholders are escaped");
        let is_deep = part("deep_json") == Some(&Value::Bool(true));
        let (literal, era) = (texts("literal"), Era::default());
        Self { known, wild, literal, is_deep, era, pattern }
    }

    /// A recorded value with the placeholders filled in that are known beforehand.
    pub(super) fn bind(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let known = self.known.iter();
                let filled = known
                    .fold(text.to_string(), |filled, (name, known)| filled.replace(&**name, known));
                Value::from(filled)
            }
            Value::Array(items) => {
                Value::from(items.iter().map(|item| self.bind(item)).collect::<Vec<_>>())
            }
            Value::Object(object) => {
                let members = object.iter().filter(|(name, _)| &***name != "ResponseMetadata");
                let members = members.map(|(name, member)| (Str::clone(name), self.bind(member)));
                Value::from(members.collect::<Object>())
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => value.clone(),
        }
    }

    /// Whether a whole text stands for anything.
    pub(super) fn is_wild(&self, text: &str) -> bool {
        self.wild.iter().any(|wild| wild == text)
    }

    /// Whether a whole text stands for some value, be it a text or not.
    pub(super) fn is_unknown(&self, text: &str) -> bool {
        let is_whole = self.pattern.find(text).is_some_and(|found| found.as_str() == text);
        is_whole && text.starts_with('<') && !self.is_literal(text) && !WORDS.contains(&text)
    }

    /// Whether a text fits what was recorded. What placeholders stand for is kept if it does.
    pub(super) fn fits(&self, recorded: &str, actual: &str, bound: &mut Bound) -> bool {
        let pieces = self.pieces(recorded, actual);
        if pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
            return false;
        }
        let mut found = bound.clone();
        if !fits(&pieces, actual, &mut found) {
            return false;
        }
        *bound = found;
        true
    }

    fn is_literal(&self, text: &str) -> bool {
        self.literal.iter().any(|literal| literal == text)
    }

    fn pieces<'t>(&self, recorded: &'t str, actual: &str) -> Vec<Piece<'t>> {
        let (mut pieces, mut plain) = (Vec::new(), 0);
        for found in self.pattern.find_iter(recorded) {
            let name = found.as_str();
            if self.is_literal(name) {
                continue;
            }
            pieces.extend(recorded.get(plain..found.start()).map(Piece::Text));
            plain = found.end();
            pieces.push(if WORDS.contains(&name) && actual.contains(name) {
                Piece::Text(name)
            } else if WORDS.contains(&name) {
                Piece::Word(name)
            } else if self.is_wild(name) || !name.starts_with('<') {
                Piece::Anything
            } else {
                Piece::Named(name)
            });
        }
        pieces.extend(recorded.get(plain..).map(Piece::Text));
        pieces.retain(|piece| *piece != Piece::Text(""));
        pieces
    }
}

/// Whether the pieces make up a text. The shortest texts are tried first for what is unknown.
fn fits(pieces: &[Piece<'_>], text: &str, bound: &mut Bound) -> bool {
    let Some((piece, rest)) = pieces.split_first() else { return text.is_empty() };
    match piece {
        Piece::Text(known) => text.strip_prefix(known).is_some_and(|text| fits(rest, text, bound)),
        Piece::Word(_) => {
            let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let len = text.find(|c| !is_inside(c)).unwrap_or(text.len());
            (1..=len).rev().any(|end| rest_fits(rest, text, end, bound))
        }
        Piece::Anything => ends(rest, text).any(|end| rest_fits(rest, text, end, bound)),
        Piece::Named(name) => {
            if let Some(known) = bound.get(*name).cloned() {
                let mut options = [known.as_str(), name].into_iter();
                return options.any(|option| {
                    text.strip_prefix(option).is_some_and(|text| fits(rest, text, bound))
                });
            }
            ends(rest, text).any(|end| {
                let value = text.get(..end).unwrap_or_default();
                bound.insert(Str::from(*name), value.to_owned());
                let is_good = rest_fits(rest, text, end, bound);
                if !is_good {
                    bound.remove(*name);
                }
                is_good
            })
        }
    }
}

fn rest_fits(rest: &[Piece<'_>], text: &str, end: usize, bound: &mut Bound) -> bool {
    text.get(end..).is_some_and(|text| fits(rest, text, bound))
}

/// Where something unknown may end: before what is known to follow it, or with the text.
fn ends<'t>(rest: &[Piece<'_>], text: &'t str) -> Box<dyn Iterator<Item = usize> + 't> {
    match rest.first() {
        None => Box::new(Some(text.len()).filter(|end| *end > 0).into_iter()),
        Some(Piece::Text(next)) => {
            let next = (*next).to_owned();
            let starts = text.char_indices().map(|(at, _)| at).skip(1);
            Box::new(
                starts
                    .filter(move |at| text.get(*at..).is_some_and(|text| text.starts_with(&next))),
            )
        }
        Some(_) => {
            let starts = text.char_indices().map(|(at, _)| at).skip(1);
            Box::new(starts.chain([text.len()]))
        }
    }
}

#[cfg(test)]
mod tests;
