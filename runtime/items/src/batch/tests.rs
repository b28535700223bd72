use std::convert::Infallible;
use std::num::NonZeroU64;

use proptest::prelude::*;
use stepwell_value::Value;

use super::{Batch, BatchFailure, Batcher, PAYLOAD_BYTES_MAX};

fn batches(batcher: Batcher, items: &[Value]) -> Vec<Result<Batch, BatchFailure<Infallible>>> {
    batcher.batches(items.iter().cloned().map(Ok)).collect()
}

fn inputs(batcher: Batcher, items: &[Value]) -> Vec<String> {
    let input = |batch: Result<Batch, _>| batch.expect("a batch").input.to_string();
    batches(batcher, items).into_iter().map(input).collect()
}

fn numbers(count: i64) -> Vec<Value> {
    (1..=count).map(Value::from).collect()
}

#[test]
fn a_batch_is_full_when_it_has_enough_items() {
    let batcher = Batcher { items_max: NonZeroU64::new(2), ..Batcher::default() };
    assert_eq!(inputs(batcher.clone(), &numbers(0)), [""; 0]);
    assert_eq!(inputs(batcher.clone(), &numbers(2)), [r#"{"Items":[1,2]}"#]);
    assert_eq!(inputs(batcher, &numbers(3)), [r#"{"Items":[1,2]}"#, r#"{"Items":[3]}"#]);
}

#[test]
fn a_batch_is_full_when_no_further_item_fits() {
    let batcher =
        |bytes_max| Batcher { bytes_max: NonZeroU64::new(bytes_max), ..Batcher::default() };
    let two = r#"{"Items":[1,2]}"#;
    assert_eq!(inputs(batcher(two.len() as u64), &numbers(3)), [two, r#"{"Items":[3]}"#]);
    let one = inputs(batcher(two.len() as u64 - 1), &numbers(2));
    assert_eq!(one, [r#"{"Items":[1]}"#, r#"{"Items":[2]}"#]);
    let both = Batcher { items_max: NonZeroU64::new(2), ..batcher(1000) };
    assert_eq!(inputs(both, &numbers(3)), [two, r#"{"Items":[3]}"#]);
}

#[test]
fn every_batch_has_the_batch_input_and_pays_for_it() {
    let batch_input = Value::parse(r#"{"a":"b"}"#).ok();
    let full = r#"{"BatchInput":{"a":"b"},"Items":[1,2]}"#;
    let bytes_max = NonZeroU64::new(full.len() as u64);
    let batcher = Batcher { bytes_max, batch_input, ..Batcher::default() };
    assert_eq!(inputs(batcher, &numbers(3)), [full, r#"{"BatchInput":{"a":"b"},"Items":[3]}"#]);
}

#[test]
fn no_batch_is_longer_than_an_input_may_be() {
    let items = vec![Value::from("x".repeat(100_000)); 5];
    for bytes_max in [None, NonZeroU64::new(1 << 40)] {
        let batcher = Batcher { bytes_max, ..Batcher::default() };
        let items = batches(batcher, &items).into_iter().map(|batch| batch.expect("a batch").items);
        assert_eq!(items.collect::<Vec<_>>(), [2, 2, 1]);
    }
}

#[test]
fn an_item_that_fits_into_no_batch_is_a_failure() {
    let longest = 256 * 1024 - r#"{"Items":[""]}"#.len();
    let items =
        [Value::Null, Value::from("x".repeat(longest)), Value::from("x".repeat(longest + 1))];
    let batches = batches(Batcher::default(), &[items[0].clone(), items[1].clone()]);
    assert_eq!(batches.len(), 2);
    let mut batches = Batcher::default().batches(items.into_iter().map(Ok::<_, Infallible>));
    assert!(batches.by_ref().take(2).all(|batch| batch.is_ok()));
    let (bytes, max) = (PAYLOAD_BYTES_MAX + 1, PAYLOAD_BYTES_MAX);
    let failure = BatchFailure::ItemTooLong { index: 2, bytes, max };
    assert_eq!(batches.next(), Some(Err(failure)));
    assert_eq!(batches.next(), None);
}

#[test]
fn a_failure_of_the_items_is_handed_on() {
    let items = [Ok(Value::Null), Err("broken"), Ok(Value::Null)];
    let batcher = Batcher { items_max: NonZeroU64::new(1), ..Batcher::default() };
    let mut batches = batcher.batches(items);
    assert!(batches.next().is_some_and(|batch| batch.is_ok()));
    assert_eq!(batches.next(), Some(Err(BatchFailure::Items("broken"))));
    assert_eq!(batches.next(), None);
}

proptest! {
    #[test]
    fn batches_are_the_items_in_order(
        lengths in prop::collection::vec(0_usize..30, 0..40),
        items_max in 1_u64..6,
        bytes_max in 50_u64..200,
    ) {
        let items: Vec<_> = lengths.iter().map(|length| Value::from("x".repeat(*length))).collect();
        let (items_max, bytes_max) = (NonZeroU64::new(items_max), NonZeroU64::new(bytes_max));
        let batcher = Batcher { items_max, bytes_max, batch_input: None };
        let mut found = Vec::new();
        for batch in batches(batcher.clone(), &items) {
            let batch = batch.expect("a batch");
            let members = batch.input.get("Items").and_then(Value::as_array).expect("items");
            prop_assert_eq!(members.len() as u64, batch.items);
            prop_assert!(Some(batch.items) <= items_max.map(NonZeroU64::get));
            prop_assert!(batch.input.to_string().len() as u64 <= bytes_max.map_or(0, NonZeroU64::get));
            found.extend_from_slice(members);
        }
        prop_assert_eq!(&found, &items);
        // Read again from behind any batch, the rest is put together in the same way.
        let all = batches(batcher.clone(), &items);
        if let Some(Ok(first)) = all.first() {
            let behind = usize::try_from(first.items).expect("small");
            prop_assert_eq!(&batches(batcher, &items[behind..])[..], &all[1..]);
        }
    }
}
