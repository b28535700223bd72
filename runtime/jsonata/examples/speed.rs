//! How long expressions take: `cargo run --release -p stepwell-jsonata --example speed`.
//!
//! Each line shows the best of several rounds, in microseconds: reading the expression, and
//! evaluating it on an input that is bound as `$states`, as a workflow does it.
#![expect(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "an example for people"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use stepwell_jsonata::{Env, Expression, Limits};
use stepwell_value::{Object, Value};

const SMALL: &str = "$states.input.value * 2 + 1";
const TOTAL: &str = "$sum($states.input.orders.lines.(price * quantity))";
const FILTER: &str = "$count($states.input.orders[total > 100 and status = 'open'])";
const RESHAPE: &str = "$states.input.orders.{
    'id': id, 'customer': $uppercase(customer.name), 'lines': $count(lines),
    'total': $sum(lines.(price * quantity)), 'first': lines[0].sku}";
const MAP: &str = "$map($states.input.orders, function($o) {
    $merge([$o, {'net': $round($o.total / 1.19, 2)}])})";
const GROUP: &str = "$states.input.orders{customer.city: $sum(total)}";
const SORT: &str = "$states.input.orders^(>total, id).id";

fn orders(count: i64) -> Value {
    let line = |nth: i64| {
        Object::from_iter([
            ("sku", Value::from(format!("SKU-{:05}", nth * 7919 % 100_000))),
            ("price", Value::Float(0.99 + (nth * 37 % 500) as f64)),
            ("quantity", Value::Int(1 + nth % 5)),
        ])
    };
    let order = |nth: i64| {
        let customer = Object::from_iter([
            ("name", Value::from(format!("Customer {}", nth % 97))),
            ("city", Value::from(format!("City {}", nth % 13))),
        ]);
        let lines: Vec<Value> = (0..3).map(|at| line(nth * 3 + at).into()).collect();
        Value::from(Object::from_iter([
            ("id", Value::from(format!("order-{nth}"))),
            ("status", Value::from(if nth % 3 == 0 { "open" } else { "done" })),
            ("total", Value::Float((nth * 61 % 400) as f64 + 0.5)),
            ("customer", customer.into()),
            ("lines", lines.into()),
        ]))
    };
    let orders: Vec<Value> = (0..count).map(order).collect();
    Object::from_iter([("orders", Value::from(orders)), ("value", Value::Int(20))]).into()
}

/// The best time for one call of many.
fn time(mut work: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..7 {
        let (start, mut count) = (Instant::now(), 0_u32);
        while start.elapsed() < Duration::from_millis(40) {
            work();
            count += 1;
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e6 / f64::from(count));
    }
    best
}

fn measure(name: &str, text: &str, input: &Value) {
    let parse = time(|| drop(black_box(Expression::parse(black_box(text)).unwrap())));
    let expression = Expression::parse(text).unwrap();
    let states: Value = Object::from_iter([("input", input.clone())]).into();
    let limits = Limits { memory_bytes_max: usize::MAX, ..Limits::default() };
    let evaluate = time(|| {
        let mut entropy = || 0;
        let mut env = Env { now_millis: 0, entropy: &mut entropy, limits };
        let bindings = [("states", states.clone())];
        black_box(expression.evaluate(None, &bindings, &mut env).unwrap());
    });
    println!("{name:16} parse {parse:8.2}   evaluate {evaluate:10.2}");
}

fn main() {
    let (medium, large) = (orders(20), orders(2000));
    println!("medium {} bytes, large {}", medium.to_string().len(), large.to_string().len());
    measure("small", SMALL, &medium);
    for (size, input) in [("medium", &medium), ("large", &large)] {
        let texts = [TOTAL, FILTER, RESHAPE, MAP, GROUP, SORT];
        for (name, text) in ["total", "filter", "reshape", "map", "group", "sort"].iter().zip(texts)
        {
            measure(&format!("{size} {name}"), text, input);
        }
    }
}
