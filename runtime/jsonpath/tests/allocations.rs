//! What following a path asks of the allocator.

use allocation_counter::measure;
use stepwell_jsonpath::Path;
use stepwell_value::Value;

#[test]
fn a_definite_path_is_found_without_allocating() {
    let document = Value::parse(r#"{"a":{"b":[{"c":1},{"c":[2]}]}}"#).unwrap();
    for (text, found) in [("$", None), ("$.a.b[1].c[0]", Some(2)), ("$['a'].b[0]['c']", Some(1))] {
        let path = Path::parse(text).unwrap();
        let counted = measure(|| {
            let value = path.find(&document).unwrap();
            assert!(found.is_none() || value.as_int() == found, "{text}");
        });
        assert_eq!(counted.count_total, 0, "{text}");
    }
}

#[test]
fn what_a_path_gathers_is_allocated() {
    let document = Value::parse(r#"{"a":[1,2]}"#).unwrap();
    let path = Path::parse("$.a[*]").unwrap();
    let counted = measure(|| drop(path.find(&document).unwrap()));
    assert_ne!(counted.count_total, 0, "the counter counts");
}
