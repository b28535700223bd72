use proptest::prelude::*;

use super::*;
use crate::testing::check;

#[test]
fn halves_round_to_the_even_neighbour() {
    for (number, places, wanted) in [
        (0.5, 0, 0.0),
        (1.5, 0, 2.0),
        (2.5, 0, 2.0),
        (-1.5, 0, -2.0),
        (-2.5, 0, -2.0),
        (1.005, 2, 1.0),
        (1.015, 2, 1.02),
        (0.285, 2, 0.28),
        (4.525, 2, 4.52),
        (123.456, 1, 123.5),
    ] {
        let found = round_half_even(number, places);
        assert!((found - wanted).abs() < 1e-12, "{number} to {places}: {found}");
    }
}

#[test]
fn numbers_are_read_from_texts() {
    check(&[
        ("$number('12')", "12"),
        ("$number('-1.5e2')", "-150"),
        ("$number('0x1F')", "31"),
        ("$number('0b101')", "5"),
        ("$number('0o17')", "15"),
        ("$number('9007199254740993')", "9007199254740993"),
        ("$number(true)", "1"),
        ("$number('1.')", "D3030: Unable to cast value to a number: \"1.\""),
        ("$number('+1')", "D3030: Unable to cast value to a number: \"+1\""),
        ("$number('0x-1')", "D3030: Unable to cast value to a number: \"0x-1\""),
        ("$number(' 1')", "D3030: Unable to cast value to a number: \" 1\""),
    ]);
}

#[test]
fn arithmetic_functions_keep_integers() {
    check(&[
        ("$sum([9007199254740993, 1])", "9007199254740994"),
        ("$sum([0.1, 0.2])", "0.30000000000000004"),
        ("$sum([])", "0"),
        ("$max([1, 2.5])", "2.5"),
        ("$min([])", "undefined"),
        ("$average([1, 2])", "1.5"),
        ("$round(1234.5678, -2)", "1200"),
        ("$round(2.5)", "2"),
        ("$floor(-1.5)", "-2"),
        ("$ceil(-1.5)", "-1"),
        ("$abs(-2)", "2"),
        ("$power(2, 10)", "1024"),
        ("$power(2, -1)", "0.5"),
        ("$sqrt(9)", "3"),
        ("$formatBase(255, 16)", "\"ff\""),
        ("$formatBase(-5, 2)", "\"-101\""),
    ]);
}

proptest! {
    #[test]
    #[expect(clippy::cast_precision_loss, reason = "whole numbers that are exact")]
    fn moving_the_point_is_reading_the_moved_digits(
        digits in -(1_i64 << 53)..=1 << 53, narrow in 0..50_u32, places in 1..=18_i32
    ) {
        let number = digits >> narrow;
        let read: f64 = format!("{number}e-{places}").parse().unwrap();
        prop_assert_eq!(Value::Float(shift(number as f64, -places)), Value::Float(read));
    }
}
