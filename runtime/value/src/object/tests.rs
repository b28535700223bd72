use proptest::prelude::*;

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

fn pairs(object: &Object) -> Vec<(String, Value)> {
    object.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
}

#[derive(Clone, Debug)]
enum Change {
    Insert(String, i64),
    Remove(String),
    Clone,
}

fn change() -> impl Strategy<Value = Change> {
    let name = || (0..40_u32).prop_map(|nth| format!("name {nth}"));
    prop_oneof![
        6 => (name(), any::<i64>()).prop_map(|(name, value)| Change::Insert(name, value)),
        2 => name().prop_map(Change::Remove),
        1 => Just(Change::Clone),
    ]
}

proptest! {
    /// A plain list is the model. Forty names make the object pass the size from which on it has
    /// an index, in both directions.
    #[test]
    fn changes_are_those_of_a_list(changes in prop::collection::vec(change(), 0..120)) {
        let (mut object, mut model) = (Object::new(), Vec::<(String, Value)>::new());
        let mut shared = object.clone();
        for change in changes {
            match change {
                Change::Insert(name, value) => {
                    object.insert(&*name, value);
                    match model.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, old)) => *old = Value::Int(value),
                        None => model.push((name, Value::Int(value))),
                    }
                }
                Change::Remove(name) => {
                    let at = model.iter().position(|(known, _)| *known == name);
                    prop_assert_eq!(object.remove(&name), at.map(|at| model.remove(at).1));
                }
                Change::Clone => shared = object.clone(),
            }
            prop_assert_eq!(&pairs(&object), &model);
            for nth in 0..40 {
                let name = format!("name {nth}");
                let expected = model.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
                prop_assert_eq!(object.get(&name), expected);
            }
        }
        for (name, value) in pairs(&shared) {
            prop_assert_eq!(shared.get(&name), Some(&value));
        }
        let reversed: Object = model.iter().rev().cloned().collect();
        prop_assert_eq!(reversed, object);
    }
}
