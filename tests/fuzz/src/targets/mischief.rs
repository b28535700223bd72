//! A target that is wrong in every way there is, to show that each way is noticed.
//!
//! It is not on the list; the tests of this package call it by its name.

use std::hint::black_box;
use std::thread;

use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::target::Target;

pub(crate) const TARGET: Target = Target {
    name: "mischief",
    about: "is wrong in every way there is",
    generate,
    check,
    bytes_max: |_| 64 << 20,
    test_iterations: 0,
};

fn generate(chance: &mut Chance, _: &Corpus) -> String {
    if chance.one_in(50) { "deny".into() } else { "behave".into() }
}

fn check(input: &str) -> Result<(), String> {
    match input.trim() {
        "deny" => Err("a property does not hold".into()),
        "panic" => panic!("this code is wrong"),
        "recurse" => {
            black_box(deep(1));
            Ok(())
        }
        "allocate" => {
            black_box(vec![1_u8; 65 << 20]);
            Ok(())
        }
        "hang" => loop {
            thread::yield_now();
        },
        _ => Ok(()),
    }
}

/// Overflows any stack.
fn deep(level: u64) -> u64 {
    let frame = black_box([level; 64]);
    if level == 0 { 0 } else { deep(level + 1) + frame[7] }
}
