//! Reads a document by a few paths, then writes into it.
//!
//! `cargo run -p stepwell-jsonpath --example look_up`
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use stepwell_jsonpath::{Path, ReferencePath};
use stepwell_value::Value;

const ORDER: &str = r#"{"customer":{"name":"Ada"},"items":[
    {"sku":"tea","price":4},{"sku":"pot","price":30},{"sku":"cup","price":6}]}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let order = Value::parse(ORDER)?;
    for text in [
        "$.customer.name",
        "$.items[(@.length-1)].sku",
        "$.items[*].price",
        "$.items[?(@.price < 10 && @.sku != 'cup')].sku",
        "$..sku",
        "$.customer.address",
        "$.items[9]",
    ] {
        match Path::parse(text)?.read(&order) {
            Ok(value) => println!("{text} is {value}"),
            Err(error) => println!("{text} has no value: {error}"),
        }
    }
    let place = ReferencePath::parse("$.payment.receipt")?;
    println!("{:#}", place.write(&order, Value::from("R-17"))?);
    Ok(())
}
