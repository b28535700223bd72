use std::collections::BTreeSet;

use super::between;
use crate::java_random::JavaRandom;
use crate::testing::check;

#[test]
fn numbers_are_rounded_before_they_are_added() {
    check(&[
        ("States.MathAdd(111, -1)", "{}", "110"),
        ("States.MathAdd(0.5, 0)", "{}", "1"),
        ("States.MathAdd(2.5, 0)", "{}", "3"),
        ("States.MathAdd(-0.5, 0)", "{}", "0"),
        ("States.MathAdd(-1.5, 0)", "{}", "-1"),
        ("States.MathAdd(-1.51, 0)", "{}", "-2"),
        ("States.MathAdd(1.49, 1.50)", "{}", "3"),
        // Adding a half to this one rounds to 1.
        ("States.MathAdd(0.49999999999999994, 0)", "{}", "0"),
        ("States.MathAdd(1e3, 0)", "{}", "1000"),
        ("States.MathAdd(2147483647, 0)", "{}", "2147483647"),
        ("States.MathAdd(2147483647, 1)", "{}", "the sum is not from -2147483648 to 2147483647"),
        ("States.MathAdd(-2147483648, -1)", "{}", "the sum is not from -2147483648 to 2147483647"),
        (
            "States.MathAdd(2147483648, -1)",
            "{}",
            "argument 1 has to be from -2147483648 to 2147483647",
        ),
        ("States.MathAdd(0, 1e300)", "{}", "argument 2 has to be from -2147483648 to 2147483647"),
        ("States.MathAdd('1', 1)", "{}", "argument 1 has to be a number, not a string"),
        ("States.MathAdd(1, null)", "{}", "argument 2 has to be a number, not null"),
    ]);
}

#[test]
fn a_random_number_comes_from_the_bits_that_are_given() {
    for (start, end, bits, wanted) in [
        (0, 10, 0, 0),
        (0, 10, u64::MAX, 9),
        (0, 10, u64::MAX / 2, 4),
        (-5, 5, u64::MAX, 4),
        (i32::MIN, i32::MAX, 0, i64::from(i32::MIN)),
        (i32::MIN, i32::MAX, u64::MAX, i64::from(i32::MAX) - 1),
    ] {
        assert_eq!(between(start, end, bits), wanted, "{start}..{end} of {bits:x}");
    }
    check(&[
        ("States.MathRandom(3, 4)", "{}", "3"),
        ("States.MathRandom(2.5, 4.49)", "{}", "3"),
        ("States.MathRandom(4, 4)", "{}", "the end 4 is not greater than the start 4"),
        ("States.MathRandom(5, 4)", "{}", "the end 4 is not greater than the start 5"),
        (
            "States.MathRandom(0, 2147483648)",
            "{}",
            "argument 2 has to be from -2147483648 to 2147483647",
        ),
        ("States.MathRandom(0, 9, 'x')", "{}", "argument 3 has to be a number, not a string"),
        ("States.MathRandom(0, 9, null)", "{}", "argument 3 has to be a number, not null"),
    ]);
}

/// The wanted numbers were printed by Java 17.
#[test]
fn a_seed_gives_the_number_of_java() {
    check(&[
        ("States.MathRandom(0, 10, 42)", "{}", "0"),
        ("States.MathRandom(10, 20, 42)", "{}", "10"),
        ("States.MathRandom(0, 999, 3)", "{}", "239"),
        ("States.MathRandom(0, 999, 2.5)", "{}", "239"),
        ("States.MathRandom(0, 999, -5)", "{}", "309"),
        // A power of two takes the high bits.
        ("States.MathRandom(0, 8, 7)", "{}", "5"),
        // The first bits drawn are beyond the last whole multiple, and drawn again.
        ("States.MathRandom(-1, 1073741824, 0)", "{}", "516548028"),
        ("States.MathRandom(0, 1073741825, 7)", "{}", "20678044"),
        // More numbers than an `int` counts.
        ("States.MathRandom(-2147483648, 2147483647, 0)", "{}", "-1155484576"),
    ]);
    let mut random = JavaRandom::new(42);
    let numbers = [(); 5].map(|()| random.between(0, 100));
    assert_eq!(numbers, [30, 63, 48, 84, 70]);
}

#[test]
fn seeded_numbers_stay_in_range_and_reach_both_ends() {
    for (start, end) in [(0, 1), (-3, 5), (0, 8), (7, 12)] {
        let drawn: BTreeSet<_> = (0..500)
            .map(|seed| {
                let mut random = JavaRandom::new(seed);
                (0..8).map(|_| random.between(start, end)).last()
            })
            .collect();
        assert_eq!(drawn, (start..end).map(Some).collect(), "{start}..{end}");
    }
}
