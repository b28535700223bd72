use std::fs;
use std::path::{Path, PathBuf};

use super::task_folders;

fn touch(root: &Path, file: &str) {
    let path = root.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "").unwrap();
}

#[test]
fn a_task_crate_is_a_cargo_toml_with_a_task_toml_beside_it() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    for folder in ["b", "a/deep/er", "a", "registry/x", "target/x", ".git/x", "c/node_modules/x"] {
        touch(&root, &format!("{folder}/Cargo.toml"));
        touch(&root, &format!("{folder}/task.toml"));
    }
    touch(&root, "only-cargo/Cargo.toml");
    touch(&root, "only-task/task.toml");
    let found = task_folders(&[root.clone(), root.join("a")], &root.join("registry")).unwrap();
    let expected: Vec<PathBuf> = ["a", "a/deep/er", "b"].map(|folder| root.join(folder)).into();
    assert_eq!(found, expected);
}

#[test]
fn finding_nothing_is_worth_a_complaint() {
    let root = tempfile::tempdir().unwrap();
    let nothing = task_folders(&[root.path().to_path_buf()], Path::new("registry"));
    assert!(format!("{nothing:?}").contains("there is no task crate in"), "{nothing:?}");
    let nowhere = task_folders(&[root.path().join("nowhere")], Path::new("registry"));
    assert!(format!("{nowhere:?}").contains("cannot look for tasks in"), "{nowhere:?}");
}
