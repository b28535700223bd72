use std::fs;
use std::path::Path;

use super::{Installed, install};
use crate::commands::build::compile::Component;
use crate::commands::build::crates::TaskCrate;

fn component(root: &Path, version: &str, bytes: &str, manifest: &str) -> Component {
    let folder = root.join("crate");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("task.toml"), manifest).unwrap();
    let file = root.join("built.wasm");
    fs::write(&file, bytes).unwrap();
    let (id, name) = ("greet 0.1.0".to_owned(), "greet".to_owned());
    Component { task: TaskCrate { folder, id, name, version: version.to_owned() }, file }
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let read = |entry: fs::DirEntry| {
        let text = fs::read_to_string(entry.path()).unwrap();
        (entry.file_name().into_string().unwrap(), text)
    };
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap())).collect();
    files.sort();
    files
}

#[test]
fn versions_lie_side_by_side_with_one_manifest() {
    let root = tempfile::tempdir().unwrap();
    let registry = root.path().join("registry");
    let mut installed = Vec::new();
    for (version, bytes, manifest) in
        [("0.1.0", "one", "a = 1"), ("0.1.0", "one", "a = 1"), ("0.2.0", "three", "a = 2")]
    {
        let component = component(root.path(), version, bytes, manifest);
        installed.push(install(&component, &registry).unwrap());
    }
    let found = |bytes, is_unchanged| Installed { bytes, is_unchanged };
    assert_eq!(installed, [found(3, false), found(3, true), found(5, false)]);
    let expected = [("0.1.0.wasm", "one"), ("0.2.0.wasm", "three"), ("task.toml", "a = 2")];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(files(&registry.join("greet")), expected);
}
