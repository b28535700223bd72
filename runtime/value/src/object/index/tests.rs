use super::*;
use crate::Object;

fn list(names: impl IntoIterator<Item = String>) -> Vec<(Str, Value)> {
    names.into_iter().map(|name| (name.into(), Value::Null)).collect()
}

/// Names whose hashes end in the same bits, so that a table puts them in the same place.
fn crowd(count: usize) -> Vec<String> {
    let names = (0_u64..).map(|nth| format!("name {nth}"));
    names.filter(|name| hash(name) & 0x7ff == 7).take(count).collect()
}

#[test]
fn ordinary_names_are_hashed() {
    let list = list((0..100_000).map(|nth| format!("order-{nth}")));
    let index = Index::of(&list);
    assert!(matches!(index, Index::Hashed(_)));
    assert_eq!(index.find(&list, "order-77777"), Some(77_777));
    assert_eq!(index.find(&list, "order-100000"), None);
}

#[test]
fn names_of_equal_hash_are_told_apart() {
    let mut seen = BTreeMap::new();
    let mut names = (0_u64..).map(|nth| format!("name {nth}"));
    let (one, other) = names
        .find_map(|name| Some((seen.insert(hash(&name), name.clone())?, name)))
        .expect("there are more names than hashes");
    let list = list([one.clone(), other.clone()]);
    let index = Index::of(&list);
    assert_eq!((index.find(&list, &one), index.find(&list, &other)), (Some(0), Some(1)));
}

#[test]
fn names_chosen_to_collide_are_sorted() {
    let crowd = list(crowd(PROBES_MAX + 1));
    let index = Index::of(&crowd);
    assert!(matches!(index, Index::Sorted(_)));
    for (at, (name, _)) in crowd.iter().enumerate() {
        assert_eq!(index.find(&crowd, name), Some(at));
    }
    assert_eq!(index.find(&crowd, "name"), None);
}

#[test]
fn a_table_that_becomes_crowded_is_sorted_with_all_it_had() {
    // Ordinary names come first, so that the table has room when its one place becomes crowded.
    let mut names: Vec<String> = (0..70).map(|nth| format!("order-{nth}")).collect();
    names.extend(crowd(PROBES_MAX + 20));
    let mut object = Object::new();
    for (value, name) in (0_i64..).zip(&names) {
        object.insert(&**name, value);
    }
    assert!(matches!(object.0.index.as_deref(), Some(Index::Sorted(_))));
    for (value, name) in (0_i64..).zip(&names) {
        assert_eq!(object.get(name), Some(&Value::Int(value)));
    }
    assert_eq!(object.remove(&names[3]), Some(Value::Int(3)));
    assert_eq!((object.get(&names[3]), object.get(&names[4])), (None, Some(&Value::Int(4))));
}
