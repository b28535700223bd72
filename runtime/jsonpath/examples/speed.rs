//! Measures what following a definite path costs.
//!
//! `cargo run --release -p stepwell-jsonpath --example speed`
#![expect(clippy::print_stdout, reason = "an example shows what it measures")]

use std::hint::black_box;
use std::time::Instant;

use stepwell_jsonpath::{Path, ReferencePath};
use stepwell_value::Value;

const ROUNDS: u32 = 5_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let document = Value::parse(r#"{"x":1,"a":{"y":2,"b":[{"z":3}]},"n":[1,2,3,4,5,6,7,8]}"#)?;
    let path = Path::parse("$.a.b[0]")?;
    measure("find $.a.b[0]", || black_box(&path).find(black_box(&document)).is_ok());
    let all = Path::parse("$.n[*]")?;
    measure("read $.n[*] of 8", || black_box(&all).read(black_box(&document)).is_ok());
    measure("parse $.a.b[0]", || Path::parse(black_box("$.a.b[0]")).is_ok());
    let place = ReferencePath::parse("$.a.b[0]")?;
    measure("write $.a.b[0]", || place.write(black_box(&document), Value::Null).is_ok());
    Ok(())
}

fn measure(what: &str, mut once: impl FnMut() -> bool) {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        assert!(once(), "{what} succeeds");
    }
    println!("{what}: {:.1} ns", start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS));
}
