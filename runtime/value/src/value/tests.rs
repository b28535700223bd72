use super::*;

#[test]
fn a_value_takes_three_words_and_so_does_none() {
    assert_eq!(size_of::<Value>(), 3 * size_of::<u64>());
    assert_eq!(size_of::<Option<Value>>(), size_of::<Value>());
}
