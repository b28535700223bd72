//! JSONPath text: read or refused, with a place in the text.

use stepwell_jsonpath::{LENGTH_MAX, ParseError, Path, ReferencePath};

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::damage::damaged;
use crate::target::Target;

pub(crate) const TARGET: Target = Target {
    name: "jsonpath-parse",
    about: "a path is read or refused, and a reference path is a path",
    generate,
    check,
    // Compiling one regular expression may take a few megabytes.
    bytes_max: |input| (16 << 20) + 1000 * input,
    test_iterations: 6_000,
};

const PIECES: &[&str] = &[
    "$",
    "$$",
    "$x",
    ".",
    "..",
    ".a",
    ".b c",
    "['a']",
    "[\"a\"]",
    "['a','b']",
    "['a",
    "[0]",
    "[-1]",
    "[0,1]",
    "[1:3]",
    "[:2]",
    "[-1:]",
    "[*]",
    ".*",
    "..*",
    "..a",
    "[(@.length-1)]",
    "[?(@.a)]",
    "[?(@.a == 'x')]",
    "[?(@.a > 1 && !(@.b < 2))]",
    "[?(@.a =~ /x+/i)]",
    "[?(",
    "@",
    "@.a",
    "&&",
    "||",
    "!",
    "==",
    "!=",
    "<",
    "<=",
    "=~",
    "/(a+)+$/",
    "'",
    "\"",
    "\\",
    "(",
    ")",
    "]",
    ",",
    ":",
    "?",
    "length()",
    "99999999999",
    "true",
    "null",
    " ",
];

pub(super) const SEEDS: &[&str] = &[
    "$",
    "$.a.b",
    "$$.Execution.Id",
    "$x.items[0]",
    "$.items[*].price",
    "$..price",
    "$.items[1:3]",
    "$.items[-2:]",
    "$.items[0,2]",
    "$['a','b']",
    "$['x y'].c",
    "$.items[?(@.price > 1)].name",
    "$.items[?(@.a == 'a' && @.b != null)]",
    "$.items[?(@.name =~ /a.*b/i)]",
    "$.items[(@.length-1)]",
    "$.*",
    "$..*",
    "$.a[?(@.b)]['c']",
    "$.a[?(!(@.b) || @.c <= 1.5)][0]",
    "$.items[:2]..a",
];

fn generate(chance: &mut Chance, corpus: &Corpus) -> String {
    path(chance, corpus)
}

/// A path, or what is left of one.
pub(super) fn path(chance: &mut Chance, corpus: &Corpus) -> String {
    match chance.below(4) {
        0 => {
            let count = chance.few(20);
            "$".chars().chain((0..count).flat_map(|_| chance.pick(PIECES).chars())).collect()
        }
        1 => damaged(corpus.pick(chance), PIECES, chance_seed(chance), chance),
        _ => damaged(chance_seed(chance), PIECES, chance_seed(chance), chance),
    }
}

fn chance_seed(chance: &mut Chance) -> &'static str {
    SEEDS[chance.below(SEEDS.len())]
}

fn check(input: &str) -> Result<(), String> {
    let path = Path::parse(input);
    match &path {
        Ok(path) => {
            if path.to_string() != input || input.len() > LENGTH_MAX {
                return Err(format!("prints as {path}"));
            }
        }
        Err(error) => in_text(input, error)?,
    }
    match (ReferencePath::parse(input), path) {
        (Ok(reference), Ok(path)) if path.is_definite() && path.root() == reference.root() => {
            Ok(())
        }
        (Err(error), _) => in_text(input, &error),
        (Ok(reference), path) => Err(format!("{reference:?} is a reference, but also {path:?}")),
    }
}

fn in_text(input: &str, error: &ParseError) -> Result<(), String> {
    if input.is_char_boundary(error.offset) && !error.to_string().is_empty() {
        return Ok(());
    }
    Err(format!("`{error}` names no place in a text of {} bytes", input.len()))
}
