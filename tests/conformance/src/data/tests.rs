use std::path::Path;

use super::{Collection, Folder, json_files, read};

#[test]
fn a_folder_that_is_named_is_the_one_that_is_looked_for() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let there = Collection::Expressions.find(Some(package));
    assert_eq!(there, Folder::Found(package.into()));
    let nowhere = package.join("nowhere");
    assert_eq!(Collection::Executions.find(Some(&nowhere)), Folder::Missing(nowhere.clone()));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["nothing.json", "Cargo.toml"] {
        let error = read(&package.join(name)).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn only_files_of_json_are_cases() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    assert_eq!(json_files(&source).unwrap(), Vec::<std::path::PathBuf>::new());
}
