//! What the warehouse has, and what it has not.

use super::*;

fn order(items: &[(&str, u32)]) -> Order {
    let items = items.iter().map(|&(sku, quantity)| Item { sku: sku.to_owned(), quantity });
    Order { order_id: "7".to_owned(), items: items.collect() }
}

#[test]
fn price_and_weight_are_those_of_all_lines() {
    let reservation = reserve_stock(order(&[("rope-20m", 2), ("bucket", 3)])).unwrap();
    assert_eq!(reservation.id, "reservation-7");
    assert_eq!(reservation.total_cents, 2 * 3_450 + 3 * 890);
    assert_eq!(reservation.weight_grams, 2 * 1_300 + 3 * 450);
}

#[test]
fn the_last_one_can_be_had_and_one_more_cannot() {
    assert!(reserve_stock(order(&[("hand-pump", 2)])).is_ok());
    assert_eq!(
        reserve_stock(order(&[("bucket", 1), ("hand-pump", 3)])),
        Err(TaskError::new("Stock.Unavailable", "3 of `hand-pump` were ordered, 2 are on hand"))
    );
}

#[test]
fn an_item_that_nobody_sells_is_another_error() {
    let failure = reserve_stock(order(&[("wishing-well", 1)])).unwrap_err();
    assert_eq!(failure.error(), "Stock.UnknownItem");
}
