//! All that was reserved goes back.

use super::*;

#[test]
fn every_piece_is_counted() {
    let item = |sku: &str, quantity| Item { sku: sku.to_owned(), quantity };
    let reservation = Reservation {
        id: "reservation-7".to_owned(),
        items: vec![item("bucket", 3), item("lantern", 1)],
    };
    assert_eq!(
        release_stock(reservation),
        Ok(Released { reservation: "reservation-7".to_owned(), pieces: 4 })
    );
}
