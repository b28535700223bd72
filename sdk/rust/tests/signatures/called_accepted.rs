//! Patterns, aliases and private types are all fine.
#![deny(warnings)]

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, task};

#[derive(Deserialize)]
struct Order {
    price: u32,
}

#[derive(Serialize)]
struct Bill {
    total: u32,
}

type Outcome = Result<Bill, TaskError>;

#[task]
fn bill(Order { price }: Order) -> Outcome {
    Ok(Bill { total: price + 1 })
}

fn main() {
    assert_eq!(bill(Order { price: 2 }).unwrap().total, 3);
    assert_eq!(stepwell_task::testing::call_json(r#"{"price": 4}"#, bill).unwrap(), r#"{"total":5}"#);
}
