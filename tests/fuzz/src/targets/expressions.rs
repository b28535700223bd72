//! Random JSONata: soup of tokens, sentences of the grammar, bombs, and damaged expressions.

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::damage;

pub(super) use bombs::bomb;
use writer::Writer;

mod bombs;
mod functions;
mod writer;

/// What a sentence may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    /// The whole language, arguments of wrong types, numbers out of range.
    Hostile,
    /// What another implementation must agree on.
    Shared,
}

const TOKENS: &[&str] = &[
    "a",
    "b",
    "items",
    "price",
    "`x y`",
    "$",
    "$$",
    "$x",
    "$states",
    "$f",
    "%",
    "1",
    "0.5",
    "-1",
    "1e9",
    "9223372036854775807",
    "'t'",
    "\"é\"",
    "'\\u00e9'",
    "true",
    "false",
    "null",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    ".",
    "..",
    ":=",
    "?",
    "+",
    "-",
    "*",
    "**",
    "/",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&",
    " and ",
    " or ",
    " in ",
    "^(",
    "@$v",
    "#$i",
    "~>",
    "|",
    "/a+/",
    "/(a*)*b/i",
    "function($x){",
    "λ($y)<n:n>{",
    "function",
    "/*",
    "*/",
    "`",
    "'",
    "\"",
    "\\",
    "[]",
    "()",
    "(?)",
    "$map(",
    "$filter(",
    "$reduce(",
    "$sort(",
    "$string(",
    "$number(",
    "$sum(",
    "$append(",
    "$eval(",
    "$split(",
    "$replace(",
    "$match(",
    "$substring(",
    "$formatNumber(",
    "$fromMillis(",
    "$toMillis(",
    "$partition(",
    "$range(",
    "$hash(",
    "$parse(",
    "$zip(",
    "$distinct(",
    "$spread(",
    "$each(",
    "$sift(",
    "$single(",
    "$pad(",
    "$lookup(",
    "$merge(",
    "$exists(",
    "$type(",
    "$error(",
    "$assert(",
];

/// Expressions of our own that use every construct, to be damaged.
const SEEDS: &[&str] = &[
    "$sum(items.(price * quantity))",
    "items[price > 1].{'n': name, 'p': price}",
    "items^(>price, name).name",
    "items{name: $sum(price)}",
    "( $f := function($n) { $n < 2 ? 1 : $n * $f($n - 1) }; $f(7) )",
    "$map([1..5], function($v, $i, $a) { $v + $i + $count($a) })",
    "$reduce(items.price, function($s, $p) { $s + $p }, 0)",
    "items ~> $filter(function($v) { $v.price > 1 }) ~> $count()",
    "$ ~> | items | {'price': price * 2}, ['name'] |",
    "items@$i#$n.{'at': $n, 'of': $i.price}",
    "items.price.%.name",
    "**.price[0]",
    "$replace('abc', /b(c)?/, function($m) { $uppercase($m.match) & $m.groups[0] })",
    "$formatNumber(1234.5, '#,##0.00;(#)', {'decimal-separator': ','})",
    "$fromMillis(1510067557121, '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01]', '+0530')",
    "$toMillis('2018-02-03', '[Y0001]-[M01]-[D01]')",
    "$merge([a, b, {'c': [1..3][1]}])",
    "$states.input.a ? $states.input.a : 'none' & 'x'",
    "[a, [b], {'c': $}, 1..3, 'd' in ['d', 'e']]",
    "$sift(a, function($v, $k) { $k != 'b' }) ~> $each(function($v, $k) { $k & '=' & $v })",
    "($inc := $append(?, [1]); $inc([2]) ~> $sort(function($l, $r) { $l > $r }))",
    "$split('a, b;c', /[,;]\\s*/)[-1]",
    "items[0]['x y'][true][$exists(a)][]",
    "(λ($a, $b)<n-n?:n>{ $a ** $b }; /* a comment */ $distinct($zip([1,2], [3,4])))",
];

/// Tokens in any order.
pub(super) fn soup(chance: &mut Chance) -> String {
    let count = 1 + chance.few(60);
    (0..count).map(|_| chance.pick(TOKENS)).collect()
}

/// A damaged expression, of our own or of those that this machine has.
pub(super) fn mutant(chance: &mut Chance, corpus: &Corpus) -> String {
    let seed = seed(chance, corpus);
    damaged(&seed, chance, corpus)
}

pub(super) fn seed(chance: &mut Chance, corpus: &Corpus) -> String {
    let known = &corpus.expressions;
    if !known.is_empty() && chance.one_in(2) {
        return chance.item(known).clone();
    }
    chance.pick(SEEDS).to_owned()
}

pub(super) fn damaged(text: &str, chance: &mut Chance, corpus: &Corpus) -> String {
    let other = seed(chance, corpus);
    damage::damaged(text, TOKENS, &other, chance)
}

/// A sentence of the grammar.
pub(super) fn expression(chance: &mut Chance, flavour: Flavour) -> String {
    let size = 2 + chance.few(40);
    Writer::new(chance, flavour, size).whole()
}
