//! Packs what is paid for and hands it to the carrier.

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

const PARCEL_GRAMS_MAX: u32 = 10_000;

#[derive(Deserialize)]
pub struct Order {
    order_id: String,
    address: String,
    weight_grams: u32,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Shipment {
    address: String,
    parcels: Vec<Parcel>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Parcel {
    tracking: String,
    grams: u32,
}

#[task]
fn ship_order(order: Order) -> Result<Shipment, TaskError> {
    let Order { order_id, address, weight_grams } = order;
    if address.trim().is_empty() {
        return Err(TaskError::new("Shipping.NoAddress", "the order has no address"));
    }
    let parcels: Vec<Parcel> = (1..)
        .zip(weights(weight_grams))
        .map(|(number, grams)| Parcel { tracking: format!("{order_id}-{number}"), grams })
        .collect();
    log::info!("{} parcels to {address}", parcels.len());
    Ok(Shipment { address, parcels })
}

/// Equal parcels, as few as the carrier's limit allows; the first ones take the odd grams.
fn weights(total_grams: u32) -> impl Iterator<Item = u32> {
    let parcels = total_grams.div_ceil(PARCEL_GRAMS_MAX).max(1);
    let (each, odd) = (total_grams / parcels, total_grams % parcels);
    (0..parcels).map(move |index| each + u32::from(index < odd))
}

#[cfg(test)]
mod tests;
