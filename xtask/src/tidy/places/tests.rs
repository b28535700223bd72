use super::check;
use crate::tidy::tests::{file, shown};

#[track_caller]
fn is_a_path(line: &str, expected: bool) {
    let finding = "a.md:1: a path of one machine; name it from the root of the repository";
    let expected: Vec<&str> = if expected { vec![finding] } else { Vec::new() };
    assert_eq!(shown(&check(&file("a.md", line))), expected, "{line}");
}

#[test]
fn folders_of_one_machine_are_found() {
    is_a_path(concat!("see /ho", "me/ann/project"), true);
    is_a_path(concat!("cd=/wo", "rk/main"), true);
    is_a_path(concat!("(\"/ro", "ot/.cargo\")"), true);
    is_a_path(concat!("/Us", "ers/ann"), true);
    is_a_path(concat!("C:\\", "Users\\ann"), true);
    is_a_path(concat!("GET example.com/ho", "me/ann"), false);
    is_a_path(concat!("target/wo", "rk/main"), false);
    is_a_path("/var/lib/stepwell", false);
}

#[test]
fn packages_come_from_the_public_registry() {
    let finding = "a.md:1: a private registry; lock the file against the public one";
    let private = [
        concat!("source = \"registry", "+https://crates.example.com/index\""),
        concat!("source = \"sparse", "+https://crates.example.com/index/\""),
        concat!("https://arti", "factory.example.com/npm"),
        concat!("https://example.JF", "rog.io/npm"),
    ];
    for line in private {
        assert_eq!(shown(&check(&file("a.md", line))), [finding], "{line}");
    }
    let public = [
        concat!("source = \"registry", "+https://github.com/rust-lang/crates.io-index\""),
        "registry+ and sparse+ are prefixes",
    ];
    for line in public {
        assert_eq!(shown(&check(&file("a.md", line))), Vec::<String>::new(), "{line}");
    }
}
