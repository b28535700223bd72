//! Random JSON documents, whose names and texts are few so that they meet again.

use stepwell_value::Value;

use crate::chance::Chance;

pub(crate) const NAMES: &[&str] =
    &["a", "b", "c", "d", "items", "price", "name", "x y", "é", "", "0", "a.b", "length"];

const TEXTS: &[&str] = &[
    "",
    "a",
    "b",
    "abc",
    "aaaa",
    "1",
    "-2.5",
    "true",
    " x ",
    "a,b,,c",
    "é😀",
    "2018-02-03T04:05:06Z",
    "{\"a\":1}",
    "JSON",
    "line\nline",
    "%20",
    "YQ==",
    "\u{1}",
    "null",
    "[",
];

const NUMBERS: &[f64] =
    &[0.5, -0.5, 1.5, 2.5, 1e21, 1e-7, 0.1, 100.0, 1e300, 5e-324, 2.718_281_7, -0.0];

const INTEGERS: &[i64] = &[
    0,
    1,
    2,
    3,
    -1,
    -2,
    7,
    10,
    42,
    100,
    1_000_000,
    1_517_630_706_789,
    9_007_199_254_740_993,
    i64::MAX,
    i64::MIN,
];

/// A document with about so many values, at most.
pub(crate) fn document(chance: &mut Chance, size: usize) -> Value {
    let mut left = size;
    value(chance, &mut left, 0)
}

fn value(chance: &mut Chance, left: &mut usize, depth: usize) -> Value {
    *left = left.saturating_sub(1);
    let container = *left > 0 && depth < 8 && (depth == 0 || !chance.one_in(3));
    match if container { chance.below(2) } else { 2 } {
        0 => {
            let count = chance.few(9);
            let items = (0..count).map(|_| value(chance, left, depth + 1));
            Value::from(items.collect::<Vec<_>>())
        }
        1 => {
            let count = chance.few(12);
            let members = (0..count).map(|_| (chance.pick(NAMES), value(chance, left, depth + 1)));
            Value::Object(members.collect())
        }
        _ => scalar(chance),
    }
}

pub(crate) fn scalar(chance: &mut Chance) -> Value {
    match chance.below(12) {
        0 => Value::Null,
        1 => Value::Bool(chance.one_in(2)),
        2..=5 => Value::Int(*chance.item(INTEGERS)),
        6 => Value::Float(*chance.item(NUMBERS)),
        7 => Value::float(f64::from_bits(chance.bits())),
        8 => Value::Int(i64::try_from(chance.below(20)).unwrap_or(0)),
        _ => Value::from(chance.pick(TEXTS)),
    }
}
