use std::fs;
use std::io::{Read as _, Write as _};

use stepwell_buckets::{Location, Store as _, StoreFailure};

use super::Props;

fn at(key: &str) -> Location {
    Location { bucket: "b".into(), key: key.into() }
}

fn write(props: &Props, key: &str, body: &str) {
    let mut object = props.create(&at(key)).unwrap();
    object.write_all(body.as_bytes()).unwrap();
    object.complete().unwrap();
}

fn read(props: &Props, key: &str) -> Option<String> {
    let mut body = String::new();
    props.open(&at(key)).ok()?.read_to_string(&mut body).unwrap();
    Some(body)
}

fn listed(props: &Props, prefix: &str) -> Vec<String> {
    props.list("b", prefix).unwrap().map(|entry| entry.unwrap().key.to_string()).collect()
}

#[test]
fn what_is_written_hides_the_folder_and_does_not_touch_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    fs::write(folder.path().join("b/k2"), "old").unwrap();
    let props = Props::open(Some(folder.path())).unwrap();
    write(&props, "k2", "new");
    write(&props, "k1", "one");
    write(&props, "other", "two");
    assert_eq!(read(&props, "k2").as_deref(), Some("new"));
    assert_eq!(listed(&props, "k"), ["k1", "k2"]);
    assert_eq!(fs::read_to_string(folder.path().join("b/k2")).unwrap(), "old");
    let fresh = props.fresh();
    assert_eq!((read(&fresh, "k2").as_deref(), read(&fresh, "k1")), (Some("old"), None));
    assert_eq!(listed(&fresh, ""), ["k2"]);
}

#[test]
fn without_a_folder_there_are_no_buckets_but_what_is_written() {
    let props = Props::open(None).unwrap();
    let missing = StoreFailure::NoSuchBucket { bucket: "b".into() };
    assert_eq!(props.open(&at("k")).err(), Some(missing));
    write(&props, "k", "body");
    assert_eq!(read(&props, "k").as_deref(), Some("body"));
}
