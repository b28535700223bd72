use std::fs;
use std::path::Path;

use super::{Snapshot, is_definition, is_source};

fn names(dir: &Path, is_meant: fn(&Path) -> bool) -> Vec<String> {
    let snapshot = Snapshot::of(dir, &dir.join("registry"), is_meant);
    let names = snapshot.0.keys().map(|path| path.strip_prefix(dir).unwrap().display().to_string());
    names.collect()
}

#[test]
fn what_is_made_is_not_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    for file in [
        "order.asl.json",
        "input.json",
        "stepwell.toml",
        "charge/Cargo.toml",
        "charge/Cargo.lock",
        "charge/src/lib.rs",
        "charge/more.asl.json",
        "charge/target/x.rs",
        ".git/x.rs",
        "registry/charge/task.toml",
        "registry/x.asl.json",
    ] {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    assert_eq!(names(dir.path(), is_definition), ["charge/more.asl.json", "order.asl.json"]);
    assert_eq!(names(dir.path(), is_source), ["charge/Cargo.toml", "charge/src/lib.rs"]);
}

#[test]
fn a_file_that_has_become_longer_is_another_one() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("order.asl.json");
    let snapshot = || Snapshot::of(dir.path(), Path::new("nowhere"), is_definition);
    fs::write(&file, "x").unwrap();
    let before = snapshot();
    assert_eq!(snapshot(), before);
    fs::write(&file, "xy").unwrap();
    assert_ne!(snapshot(), before);
}
