//! A document asked three questions: `cargo run -p stepwell-jsonata --example invoice`.
#![expect(clippy::print_stdout, reason = "an example for people")]

use std::error::Error;

use stepwell_jsonata::{Env, Expression, Limits};
use stepwell_value::Value;

const INVOICE: &str = r#"{
  "customer": "Ada",
  "lines": [
    {"article": "lamp",  "price": 40, "quantity": 1},
    {"article": "cable", "price": 5,  "quantity": 4},
    {"article": "bulb",  "price": 3,  "quantity": 2}
  ]
}"#;

const QUESTIONS: [&str; 4] = [
    "$sum($invoice.lines.(price * quantity))",
    "$invoice.lines[quantity > 1].article",
    "{'dear': $invoice.customer, 'articles': $invoice.lines^(>price).article ~> $join(', ')}",
    "$invoice.lines.price + 'tax'",
];

fn main() -> Result<(), Box<dyn Error>> {
    let invoice = Value::parse(INVOICE)?;
    for question in QUESTIONS {
        let expression = Expression::parse(question)?;
        let mut entropy = || 4;
        let mut env = Env { now_millis: 0, entropy: &mut entropy, limits: Limits::default() };
        let bindings = [("invoice", invoice.clone())];
        println!("{question}");
        match expression.evaluate(None, &bindings, &mut env) {
            Ok(Some(answer)) => println!("  {answer}"),
            Ok(None) => println!("  nothing"),
            Err(error) => println!("  failed{}", error.service_text()),
        }
    }
    Ok(())
}
