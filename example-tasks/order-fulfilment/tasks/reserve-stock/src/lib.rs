//! Puts the items of an order aside, all of them or none.
//!
//! The warehouse of this example is a table in the code, so each order finds the same shelves. The
//! order's id makes the reservation's, so reserving twice is reserving once.

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

#[derive(Deserialize)]
pub struct Order {
    order_id: String,
    items: Vec<Item>,
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Item {
    sku: String,
    quantity: u32,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Reservation {
    id: String,
    items: Vec<Item>,
    total_cents: u32,
    weight_grams: u32,
}

struct Shelf {
    sku: &'static str,
    on_hand: u32,
    cents: u32,
    grams: u32,
}

const SHELVES: [Shelf; 4] = [
    Shelf { sku: "rope-20m", on_hand: 40, cents: 3_450, grams: 1_300 },
    Shelf { sku: "lantern", on_hand: 12, cents: 2_990, grams: 640 },
    Shelf { sku: "bucket", on_hand: 200, cents: 890, grams: 450 },
    Shelf { sku: "hand-pump", on_hand: 2, cents: 18_900, grams: 9_800 },
];

#[task]
fn reserve_stock(order: Order) -> Result<Reservation, TaskError> {
    let (mut total_cents, mut weight_grams) = (0_u32, 0_u32);
    for item in &order.items {
        let shelf = shelf(item)?;
        total_cents = total_cents.saturating_add(shelf.cents.saturating_mul(item.quantity));
        weight_grams = weight_grams.saturating_add(shelf.grams.saturating_mul(item.quantity));
    }
    let id = format!("reservation-{}", order.order_id);
    log::info!("{id}: {} lines, {total_cents} cents", order.items.len());
    Ok(Reservation { id, items: order.items, total_cents, weight_grams })
}

/// The shelf that has what the line asks for.
fn shelf(item: &Item) -> Result<&'static Shelf, TaskError> {
    let Item { sku, quantity } = item;
    let shelf = SHELVES.iter().find(|shelf| shelf.sku == sku).ok_or_else(|| {
        TaskError::new("Stock.UnknownItem", format!("there is no item `{sku}` in the warehouse"))
    })?;
    if shelf.on_hand < *quantity {
        let on_hand = shelf.on_hand;
        return Err(TaskError::new(
            "Stock.Unavailable",
            format!("{quantity} of `{sku}` were ordered, {on_hand} are on hand"),
        ));
    }
    Ok(shelf)
}

#[cfg(test)]
mod tests;
