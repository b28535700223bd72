//! How often evaluations ask for memory, counted in the allocator.
//!
//! It is a program of its own because counting takes time, which `stepwell-bench-expressions`
//! must not measure.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::hint::black_box;

use anyhow::Result;
use stepwell_jsonata::{Env, Expression, Limits};
use stepwell_jsonpath::Path;
use stepwell_value::{Object, Value, scan};

fn main() -> Result<()> {
    let text = r#"{"input":{"value":20,"lines":[{"sku":"a"},{"sku":"b"}]}}"#;
    let document = Value::parse(text)?;
    println!("Allocations\n\n| | |\n|---|---|");
    count(&format!("scan of {} bytes", text.len()), || drop(black_box(scan(text))));
    count("parse of the same", || drop(black_box(Value::parse(text))));
    for path in ["$.input.value", "$.input.lines[1].sku", "$.input.lines[*].sku"] {
        let parsed = Path::parse(path)?;
        count(&format!("`{path}`"), || drop(black_box(parsed.find(&document))));
    }
    for text in ["$states.input.value", "$states.input.value * 2 + 1", "$sum([1, 2, 3])"] {
        let expression = Expression::parse(text)?;
        let bindings: Object = [("states", document.clone())].into_iter().collect();
        count(&format!("`{text}`"), || {
            let mut entropy = || 0;
            let mut env = Env { now_millis: 0, entropy: &mut entropy, limits: Limits::default() };
            drop(black_box(expression.evaluate(None, &bindings, &mut env)));
        });
    }
    Ok(())
}

fn count(what: &str, once: impl Fn()) {
    // What is made once for the whole process is not counted.
    once();
    let found = allocation_counter::measure(once);
    println!("| {what} | {} |", found.count_total);
}
