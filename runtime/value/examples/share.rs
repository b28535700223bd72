//! Reads a document, looks into it, and makes another one that shares its parts.
//!
//!     cargo run -p stepwell-value --example share
#![expect(clippy::print_stdout, reason = "an example for people")]

use stepwell_value::{Object, Payload, Value};

fn main() -> Result<(), stepwell_value::Error> {
    let text = r#"{ "id": 9007199254740993, "lines": [{"sku": "tea"}, {"sku": "pot"}] }"#;

    // A payload is checked at once and parsed when somebody looks inside.
    let order = Payload::parse(text)?;
    assert!(!order.is_parsed());
    println!("as it came:   {}", order.text());
    println!("the id:       {}", order.value().get("id").unwrap_or(&Value::Null));

    // Cloning a value shares it, so the new document costs its outermost object alone.
    let lines = order.value().get("lines").cloned().unwrap_or_default();
    let parcel = Object::from_iter([("parcel", Value::Int(1)), ("lines", lines)]);
    println!("another one:  {}", Value::Object(parcel));

    // What is wrong with a text is told with its place.
    if let Err(error) = Value::parse("{\"a\": 01}") {
        println!("not JSON:     {error}");
    }
    Ok(())
}
