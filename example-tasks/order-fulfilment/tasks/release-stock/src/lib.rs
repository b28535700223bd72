//! Puts reserved items back on the shelf: what undoes `reserve-stock` when an order ends badly.
//!
//! Releasing what is released already changes nothing, so the workflow may repeat it.

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

#[derive(Deserialize)]
pub struct Reservation {
    id: String,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    sku: String,
    quantity: u32,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Released {
    reservation: String,
    pieces: u32,
}

#[task]
fn release_stock(reservation: Reservation) -> Result<Released, TaskError> {
    let mut pieces = 0_u32;
    for Item { sku, quantity } in &reservation.items {
        log::info!("{quantity} of `{sku}` are back on the shelf");
        pieces = pieces.saturating_add(*quantity);
    }
    Ok(Released { reservation: reservation.id, pieces })
}

#[cfg(test)]
mod tests;
