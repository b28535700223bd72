use stepwell_value::{Str, Value};

use super::{Entry, Listed};
use crate::{MaxItems, ReadFailure};

fn entry(key: &str) -> Entry {
    Entry {
        key: Str::from(key),
        etag: Str::from("05704fbdccb224cb01c59005bebbad28"),
        last_modified: 1_668_699_881,
        size: 12,
        storage_class: Str::from("STANDARD"),
    }
}

#[test]
fn an_entry_is_an_item_as_the_service_lists_it() {
    let expected = r#"{"Etag":"\"05704fbdccb224cb01c59005bebbad28\"","Key":"a/b.jpg",
        "LastModified":1668699881,"Size":12,"StorageClass":"STANDARD"}"#;
    assert_eq!(Ok(entry("a/b.jpg").to_item()), Value::parse(expected));
}

#[test]
fn a_listing_is_read_like_a_file() {
    for (max, skip, expected) in
        [(0, 0, "abc"), (2, 0, "ab"), (0, 1, "bc"), (2, 1, "b"), (2, 5, ""), (0, 9, "")]
    {
        let max = MaxItems::new(max).expect("a limit");
        let mut listed = Listed::new(["a", "b", "c"].map(|key| Ok(entry(key))), max, skip);
        let key = |item: Result<Value, ReadFailure>| {
            item.ok()?.get("Key").and_then(Value::as_str).map(str::to_owned)
        };
        assert_eq!(listed.by_ref().filter_map(key).collect::<String>(), expected);
        assert!(listed.next().is_none());
    }
}

#[test]
fn a_listing_that_breaks_off_ends_with_the_failure() {
    let broken = || ReadFailure::Unavailable { reason: "gone".into() };
    let entries = [Ok(entry("a")), Err(broken()), Ok(entry("b"))];
    let listed: Vec<_> = Listed::new(entries, MaxItems::ALL, 0).collect();
    assert_eq!(listed, [Ok(entry("a").to_item()), Err(broken())]);
}
