use super::*;

#[test]
fn clones_share_an_address_until_one_of_them_changes() {
    let original: Object = [("a", 1_i64)].into_iter().collect();
    let mut copy = original.clone();
    assert_eq!(copy.address(), original.address());
    copy.insert("a", 1_i64);
    assert_ne!(copy.address(), original.address());
    assert_eq!(copy, original);
}
