//! Compares a recorded answer with one that came out.
//!
//! The recorder put placeholders where it could not know a text again: `<name:1>`, each always for
//! the same text, and in some cases bare words, which stand for anything.

use std::collections::BTreeMap;

use stepwell_value::{Object, Value};

pub(crate) struct Comparer {
    /// Bare words that stand for anything.
    wild: Vec<String>,
    bound: BTreeMap<String, String>,
}

/// A piece of a recorded text.
#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Named(String),
    Anything,
}

impl Comparer {
    pub(crate) fn new(case: &Value) -> Self {
        let wild = case.get("placeholders").and_then(|placeholders| placeholders.get("wild"));
        let words = wild.and_then(Value::as_array).unwrap_or_default().iter();
        let mut wild: Vec<String> = words.filter_map(Value::as_str).map(str::to_owned).collect();
        // A longer word may begin like a shorter one.
        wild.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self { wild, bound: BTreeMap::new() }
    }

    /// What differs, if anything.
    pub(crate) fn differ(&mut self, recorded: &Value, actual: &Value, way: &str) -> Option<String> {
        match (recorded, actual) {
            (Value::String(word), _) if self.wild.iter().any(|wild| **wild == **word) => None,
            (Value::Object(recorded), Value::String(text)) => match Value::parse(text) {
                Ok(parsed) => self.differ(&Value::Object(recorded.clone()), &parsed, way),
                Err(error) => Some(format!("at {way}: {error}")),
            },
            (Value::Object(recorded), Value::Object(actual)) => self.objects(recorded, actual, way),
            (Value::Array(recorded), Value::Array(actual)) if recorded.len() == actual.len() => {
                let mut pairs = (0..).zip(recorded.iter().zip(actual.iter()));
                pairs.find_map(|(nth, (recorded, actual))| {
                    self.differ(recorded, actual, &format!("{way}[{nth}]"))
                })
            }
            (Value::String(recorded), Value::String(actual)) if self.text(recorded, actual) => None,
            (recorded, actual) if recorded == actual => None,
            _ => Some(format!("at {way}: recorded {recorded}, answered {actual}")),
        }
    }

    fn objects(&mut self, recorded: &Object, actual: &Object, way: &str) -> Option<String> {
        // The service did not yet tell of encryption when the older recordings were made.
        let is_later = |name: &str| name == "encryptionConfiguration";
        let surplus = actual.keys().find(|name| !recorded.contains_key(name) && !is_later(name));
        if let Some(name) = surplus {
            return Some(format!("at {way}: `{name}` was not recorded"));
        }
        recorded.iter().find_map(|(name, recorded)| match actual.get(name) {
            Some(actual) => self.differ(recorded, actual, &format!("{way}.{name}")),
            None => Some(format!("at {way}: `{name}` is missing")),
        })
    }

    /// Whether a text is the recorded one.
    pub(crate) fn text(&mut self, recorded: &str, actual: &str) -> bool {
        let pieces = self.pieces(&recorded.replace("arn:<partition>:", "arn:aws:"));
        let actual =
            actual.replace("000000000000", "111111111111").replace("us-east-1", "<region>");
        let mut bound = self.bound.clone();
        let is_equal = fits(&pieces, &actual, &mut bound);
        if is_equal {
            self.bound = bound;
        }
        is_equal
    }

    fn pieces(&self, recorded: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = recorded;
        while let Some(character) = rest.chars().next() {
            let wild = self.wild.iter().find(|wild| rest.starts_with(wild.as_str()));
            let (piece, length) = match (named(rest), wild) {
                (Some(name), _) => (Piece::Named(name.to_owned()), name.len()),
                (None, Some(word)) => (Piece::Anything, word.len()),
                (None, None) => {
                    literal.push(character);
                    rest = rest.split_at(character.len_utf8()).1;
                    continue;
                }
            };
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            pieces.push(piece);
            rest = rest.split_at(length).1;
        }
        pieces.push(Piece::Literal(literal));
        pieces
    }
}

/// The placeholder with which a text begins.
fn named(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('<')?.split_once('>')?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte));
    let whole = text.split_at(name.len() + 2).0;
    (is_name && name != "region").then_some(whole)
}

fn fits(pieces: &[Piece], text: &str, bound: &mut BTreeMap<String, String>) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let name = match first {
        Piece::Literal(literal) => {
            return text.strip_prefix(literal.as_str()).is_some_and(|text| fits(rest, text, bound));
        }
        Piece::Named(name) => Some(name),
        Piece::Anything => None,
    };
    if let Some(known) = name.and_then(|name| bound.get(name)).cloned() {
        return text.strip_prefix(known.as_str()).is_some_and(|text| fits(rest, text, bound));
    }
    let ends = text.char_indices().map(|(at, character)| at + character.len_utf8());
    ends.into_iter().any(|end| {
        let (taken, left) = text.split_at(end);
        let mut tried = bound.clone();
        tried.extend(name.map(|name| (name.clone(), taken.to_owned())));
        let is_fit = fits(rest, left, &mut tried);
        if is_fit {
            *bound = tried;
        }
        is_fit
    })
}

#[test]
fn placeholders_stand_for_one_text_each() {
    let case = Value::parse(r#"{"placeholders": {"wild": ["word"]}}"#).unwrap();
    let mut comparer = Comparer::new(&case);
    assert!(comparer.text("a <x:1> of word", "a cup of tea"));
    assert!(comparer.text("<x:1>", "cup"));
    assert!(!comparer.text("<x:1>", "mug"));
    assert!(!comparer.text("tea", "teas"));
    let texts = [r#"{"a": [1, "word"]}"#, r#"{"a": [1, 2]}"#, r#"{"a": [2, 2]}"#, r#"{"b": 1}"#];
    let [recorded, same, other, lacking] = texts.map(|text| Value::parse(text).unwrap());
    assert_eq!(comparer.differ(&recorded, &same, "$"), None);
    assert!(comparer.differ(&recorded, &other, "$").is_some());
    assert!(comparer.differ(&recorded, &lacking, "$").is_some());
}
