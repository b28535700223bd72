use stepwell_journal::{ExecutionId, Memory};
use stepwell_kernel::{Entropy as _, TaskId};

use super::{Address, Chance as _, Random, StoreId};

#[test]
fn a_token_says_where_it_belongs_and_is_never_the_same() {
    let store = StoreId(7);
    let mut random = Random::new(store);
    random.turn_to(ExecutionId(u64::MAX));
    let (one, other) = (random.token(TaskId(3)), random.token(TaskId(3)));
    assert_ne!(one, other);
    let address = Address { store, execution: ExecutionId(u64::MAX), task: TaskId(3) };
    assert_eq!((Address::parse(&one), Address::parse(&other)), (Some(address), Some(address)));
}

#[test]
fn what_is_no_token_is_seen() {
    let token = Random::new(StoreId(7)).token(TaskId(3));
    let spoiled = token.replacen(|c: char| c.is_ascii_digit(), "x", 1);
    for text in
        ["", "token", token.get(1..).unwrap(), &format!("{token}0"), &spoiled, &"é".repeat(36)]
    {
        assert_eq!(Address::parse(text), None, "{text}");
    }
}

#[test]
fn a_store_without_a_number_is_given_one() {
    let (one, document) = StoreId::of(&Memory::new()).unwrap();
    assert_eq!(document.unwrap().text.unwrap().len(), 16);
    assert_ne!(StoreId::of(&Memory::new()).unwrap().0, one);
}
