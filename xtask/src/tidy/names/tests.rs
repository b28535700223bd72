use super::check;
use crate::tidy::Finding;
use crate::tidy::tests::{file, shown};

/// The findings of a file that stands beside no other.
fn alone(file: &crate::repository::TrackedFile) -> Vec<Finding> {
    check(file, &[])
}

#[test]
fn a_rust_file_says_what_it_is() {
    let finding = "src/a.rs: the file has no header; say in its first lines, after //!, what it \
                   is, what it refuses to do and what it keeps true";
    assert_eq!(shown(&alone(&file("src/a.rs", "// A comment.\n"))), [finding]);
    assert_eq!(shown(&alone(&file("src/a.rs", ""))), [finding]);
    assert_eq!(shown(&alone(&file("src/a.rs", "//! A thing.\n"))), Vec::<String>::new());
    assert_eq!(shown(&alone(&file("src/a/tests.rs", "use super::a;\n"))), Vec::<String>::new());
    assert_eq!(shown(&alone(&file("src/a.md", "text"))), Vec::<String>::new());
    assert_eq!(alone(&file("build.rs", "fn main() {}\n")).len(), 1);
}

#[test]
fn a_module_is_called_by_its_concept() {
    let table = [
        ("src/utils.rs", Some("utils")),
        ("src/helpers/read.rs", Some("helpers")),
        ("tests/common/mod.rs", Some("common")),
        ("src/types.rs", Some("types")),
        ("src/type_name.rs", None),
        ("src/uncommon.rs", None),
        ("wit/types.wit", None),
    ];
    for (path, banned) in table {
        let expected: Vec<_> = banned
            .map(|name| format!("{path}: `{name}` names nothing; call the module by its concept"))
            .into_iter()
            .collect();
        assert_eq!(shown(&alone(&file(path, "//! A thing.\n"))), expected);
    }
}

#[test]
fn a_program_that_is_to_be_refused_needs_no_header() {
    let program = file("tests/refused.rs", "fn main() {}\n");
    assert_eq!(check(&program, &[file("tests/other.stderr", "")]).len(), 1);
    assert_eq!(check(&program, &[file("tests/refused.stderr", "")]), []);
}
