use stepwell_value::{Object, Value};

use super::{buckets, merged, spread_hash};

#[track_caller]
fn check(first: &[&str], second: &[&str], wanted: &[&str]) {
    let object = |names: &[&str]| names.iter().map(|name| (*name, Value::Null)).collect::<Object>();
    let merged = merged(&object(first), &object(second));
    assert_eq!(merged.keys().map(|name| &**name).collect::<Vec<_>>(), wanted);
}

/// The wanted orders were printed by Java 17.
#[test]
fn members_come_in_the_order_of_their_buckets() {
    check(&["a", "b", "d"], &["a", "c", "d"], &["a", "b", "c", "d"]);
    check(&["z", "y"], &["b"], &["y", "z", "b"]);
    let recorded = ["constant_input_field", "constant_in_literal"];
    check(&["constant_in_literal"], &["constant_input_field"], &recorded);
    // Both hash to 2112.
    check(&["BB"], &["Aa"], &["BB", "Aa"]);
    check(&["Aa"], &["BB"], &["Aa", "BB"]);
    check(&[], &["name", "id", "price", "tags"], &["name", "id", "price", "tags"]);
    check(
        &["name", "id", "price"],
        &[
            "customer",
            "orderId",
            "total",
            "currency",
            "items",
            "status",
            "createdAt",
            "updatedAt",
            "shipping",
            "été",
            "😀",
        ],
        &[
            "orderId",
            "createdAt",
            "total",
            "shipping",
            "price",
            "name",
            "😀",
            "currency",
            "id",
            "items",
            "été",
            "customer",
            "status",
            "updatedAt",
        ],
    );
}

#[test]
fn a_table_has_room_for_a_third_more_than_it_holds() {
    for (copied, total, wanted) in
        [(1, 1, 2), (1, 2, 4), (2, 3, 4), (3, 3, 8), (3, 6, 8), (3, 7, 16), (12, 13, 32)]
    {
        assert_eq!(buckets(copied, total), wanted, "{copied} and then {total}");
    }
}

#[test]
fn names_hash_as_java_strings() {
    assert_eq!(spread_hash(""), 0);
    assert_eq!(spread_hash("a"), 97);
    assert_eq!(spread_hash("hello"), 0x05e9_18d2 ^ 0x05e9);
    // A character outside of the first plane counts as two.
    assert_eq!(spread_hash("😀"), 0x001b_0d63 ^ 0x001b);
}
