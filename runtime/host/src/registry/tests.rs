//! Registries as they lie on disk.

use std::fs;
use std::os::unix::fs::symlink;

use super::*;

/// A registry with these files; a file's content is its own path.
fn registry(files: &[&str]) -> (tempfile::TempDir, Registry) {
    let directory = tempfile::tempdir().unwrap();
    for file in files {
        let path = directory.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let content = if path.ends_with(MANIFEST_FILE) { "" } else { file };
        fs::write(path, content).unwrap();
    }
    let registry = Registry::open(directory.path()).unwrap();
    (directory, registry)
}

#[track_caller]
fn check(files: &[&str], manifest: Option<&str>, task: &str, expected: &str) {
    let (directory, registry) = registry(files);
    if let Some(manifest) = manifest {
        fs::write(directory.path().join("charge/task.toml"), manifest).unwrap();
    }
    let found = registry.find(&TaskRef::parse(task).unwrap());
    let shown = match found {
        Ok(found) => {
            let content = registry.read_component(&found.path).unwrap();
            assert_eq!(content, found.path.as_bytes());
            found.path
        }
        Err(error) => crate::outcome::chain(&error),
    };
    let path = directory.path().display().to_string();
    assert_eq!(shown.replace(&path, "REGISTRY"), expected, "for `{task}`");
}

const ALIASES: Option<&str> = Some("[aliases]\nprod = \"1.2.0\"\nlost = \"9\"");

#[test]
fn a_single_file_is_a_task() {
    check(&["charge.wasm"], None, "charge", "charge.wasm");
    check(&["charge.wasm", "charge/task.toml"], None, "charge", "charge.wasm");
    check(&["charge.wasm"], None, "charge@1", "task `charge` has no version `1`; it has none");
}

#[test]
fn the_highest_release_is_the_latest() {
    let versions = ["charge/1.9.0.wasm", "charge/1.10.0.wasm", "charge/2.0.0-rc.1.wasm"];
    check(&versions, None, "charge", "charge/1.10.0.wasm");
    check(&versions, None, "charge:$LATEST", "charge/1.10.0.wasm");
    check(&versions, None, "charge@2.0.0-rc.1", "charge/2.0.0-rc.1.wasm");
    check(&versions[2..], None, "charge", "charge/2.0.0-rc.1.wasm");
}

#[test]
fn a_qualifier_is_an_alias_or_a_version() {
    let versions = ["charge/1.2.0.wasm", "charge/3.wasm"];
    check(&versions, ALIASES, "charge:prod", "charge/1.2.0.wasm");
    check(&versions, ALIASES, "charge:3", "charge/3.wasm");
    check(&versions, ALIASES, "charge@1.2", "charge/1.2.0.wasm");
    check(&versions, ALIASES, "charge:3.0.0", "charge/3.wasm");
    let known = "it has `lost`, `prod`, `1.2.0`, `3`";
    check(
        &versions,
        ALIASES,
        "charge:test",
        &format!("task `charge` has no alias or version `test`; {known}"),
    );
    check(
        &versions,
        ALIASES,
        "charge:lost",
        "task `charge` has no version `9`; it has `1.2.0`, `3`",
    );
}

#[test]
fn what_is_missing_is_named_with_what_was_meant() {
    check(
        &["charge.wasm"],
        None,
        "chrage",
        "there is no task `chrage` in the registry REGISTRY; is `charge` meant?",
    );
    check(&["charge.wasm"], None, "ship", "there is no task `ship` in the registry REGISTRY");
    check(
        &["charge/task.toml"],
        None,
        "charge",
        "task `charge` has a directory without a component; put VERSION.wasm into charge/",
    );
}

#[test]
fn two_meanings_of_a_name_are_refused() {
    check(
        &["charge.wasm", "charge/1.wasm"],
        None,
        "charge",
        "task `charge` has both charge.wasm and versions in charge/; remove one of them",
    );
}

#[test]
fn a_bad_manifest_is_named_with_its_fault() {
    check(
        &["charge/1.wasm"],
        Some("limit = 1"),
        "charge",
        "the manifest charge/task.toml is not valid: unknown key `limit`; is `limits` meant?",
    );
}

#[test]
fn no_link_leads_out_of_the_registry() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("1.wasm"), "secret").unwrap();
    let (directory, registry) = registry(&["inside.wasm"]);
    symlink(outside.path().join("1.wasm"), directory.path().join("file.wasm")).unwrap();
    symlink(outside.path(), directory.path().join("directory")).unwrap();
    symlink("inside.wasm", directory.path().join("link.wasm")).unwrap();
    for name in ["file", "directory"] {
        let found = registry.digest(&TaskRef::parse(name).unwrap());
        let error = crate::outcome::chain(&found.expect_err(name));
        assert!(error.contains("led outside"), "{name}: {error}");
    }
    let inside = registry.digest(&TaskRef::parse("link").unwrap()).unwrap();
    assert_eq!(inside, Digest::of(b"inside.wasm"), "a link inside the registry is followed");
}

#[test]
fn only_regular_files_of_a_bearable_size_are_read() {
    let (directory, registry) = registry(&[]);
    fs::create_dir(directory.path().join("directory.wasm")).unwrap();
    let large = fs::File::create(directory.path().join("large.wasm")).unwrap();
    large.set_len(COMPONENT_BYTES_MAX as u64 + 1).unwrap();
    let error =
        |name: &str| registry.digest(&TaskRef::parse(name).unwrap()).expect_err(name).to_string();
    assert_eq!(error("directory"), "directory.wasm is not a regular file");
    assert_eq!(error("large"), "large.wasm has 33554433 bytes; at most 33554432 are accepted");
}

#[test]
fn the_list_shows_every_task_and_what_is_wrong_with_it() {
    let (directory, registry) = registry(&[
        "hello.wasm",
        "README.md",
        ".hidden.wasm",
        "docs/page.md",
        "not a name.wasm",
        "charge/1.0.0.wasm",
        "charge/1.wasm",
        "charge/next.wasm",
        "charge/task.toml",
        "broken/1.wasm",
        "broken/task.toml",
        "empty/task.toml",
    ]);
    fs::write(directory.path().join("charge/task.toml"), "[aliases]\nprod = \"2\"").unwrap();
    fs::write(directory.path().join("broken/task.toml"), "x").unwrap();
    let shown: Vec<String> = registry
        .list()
        .unwrap()
        .iter()
        .map(|entry| {
            let versions: Vec<&str> = entry.versions.iter().map(Version::as_str).collect();
            format!("{} {versions:?} {} problems", entry.name, entry.problems.len())
        })
        .collect();
    assert_eq!(
        shown,
        [
            "broken [\"1\"] 1 problems",
            "charge [\"1\"] 3 problems",
            "empty [] 1 problems",
            "hello [] 0 problems",
            "not a name [] 1 problems",
        ]
    );
}

#[test]
fn a_stamp_is_current_until_something_changes() {
    let (directory, registry) = registry(&["charge/1.wasm", "charge/task.toml", "other.wasm"]);
    let task = TaskRef::parse("charge").unwrap();
    let change = |what: &str, expected: bool, change: &dyn Fn(&Path)| {
        let stamp = registry.find(&task).unwrap().stamp;
        assert!(stamp.is_current(&registry));
        change(directory.path());
        assert_eq!(stamp.is_current(&registry), expected, "{what}");
    };
    change("another task", true, &|root| fs::write(root.join("other.wasm"), "longer").unwrap());
    change("the component", false, &|root| fs::write(root.join("charge/1.wasm"), "x").unwrap());
    change("the manifest", false, &|root| {
        fs::write(root.join("charge/task.toml"), "idempotent = true").unwrap();
    });
    change("a version more", false, &|root| fs::write(root.join("charge/2.wasm"), "").unwrap());
}
