//! How an order is divided into parcels.

use super::*;

fn packed(total_grams: u32) -> Vec<u32> {
    weights(total_grams).collect()
}

#[test]
fn a_parcel_takes_up_to_the_carriers_limit() {
    assert_eq!(packed(0), [0]);
    assert_eq!(packed(10_000), [10_000]);
    assert_eq!(packed(10_001), [5_001, 5_000]);
    assert_eq!(packed(29_999), [10_000, 10_000, 9_999]);
}

#[test]
fn each_parcel_has_a_number_of_its_own() {
    let order = Order {
        order_id: "7".to_owned(),
        address: "12 Well Lane".to_owned(),
        weight_grams: 19_600,
    };
    let shipment = ship_order(order).unwrap();
    let tracking: Vec<&str> =
        shipment.parcels.iter().map(|parcel| parcel.tracking.as_str()).collect();
    assert_eq!(tracking, ["7-1", "7-2"]);
}

#[test]
fn nothing_is_sent_without_an_address() {
    let order = Order { order_id: "7".to_owned(), address: "  ".to_owned(), weight_grams: 1 };
    assert_eq!(ship_order(order).unwrap_err().error(), "Shipping.NoAddress");
}
