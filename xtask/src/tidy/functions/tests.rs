use super::check;
use crate::tidy::tests::{file, shown};

/// A function of that many lines of code, and blank lines and comments that do not count.
fn function(head: &str, lines: usize) -> String {
    format!("{head} {{\n{}\n    // A comment.\n\n}}\n", "    work();\n".repeat(lines))
}

fn found(text: &str) -> Vec<String> {
    shown(&check(&file("a.rs", text)))
}

fn too_long(line: usize, name: &str, count: usize) -> String {
    format!(
        "a.rs:{line}: `{name}` has {count} lines, and 70 are the most; give its parts names of \
         their own"
    )
}

#[test]
fn a_function_has_70_lines_of_code_at_most() {
    assert_eq!(found(&function("fn a()", 70)), Vec::<String>::new());
    assert_eq!(found(&function("fn a()", 71)), [too_long(1, "a", 71)]);
}

#[test]
fn methods_nested_functions_and_tests_count_too() {
    let method = format!("impl A {{\n{}}}\n", function("fn method()", 71));
    assert_eq!(found(&method), [too_long(2, "method", 71)]);
    let default = format!("trait A {{\nfn none();\n{}}}\n", function("fn default()", 71));
    assert_eq!(found(&default), [too_long(3, "default", 71)]);
    let test = function("#[test]\nfn test()", 71);
    assert_eq!(found(&test), [too_long(2, "test", 71)]);
    let nested = format!("fn outer() {{\n{}}}\n", function("fn inner()", 71));
    assert_eq!(found(&nested), [too_long(1, "outer", 73), too_long(2, "inner", 71)]);
}

#[test]
fn an_expectation_with_a_reason_is_an_exception() {
    let expect = "#[expect(clippy::too_many_lines, reason = \"a table\")]";
    assert_eq!(found(&function(&format!("{expect}\nfn a()"), 99)), Vec::<String>::new());
    let whole = format!("#![expect(clippy::too_many_lines)]\n{}", function("fn a()", 99));
    assert_eq!(found(&whole), Vec::<String>::new());
    let other = function("#[expect(clippy::unwrap_used)]\nfn a()", 71);
    assert_eq!(found(&other), [too_long(2, "a", 71)]);
}

#[test]
fn what_is_not_rust_is_a_finding() {
    assert_eq!(
        found("fn a( {"),
        ["a.rs: this is not Rust: cannot parse string into token stream; \
                                   make it compile"]
    );
    assert_eq!(shown(&check(&file("a.md", "fn a( {"))), Vec::<String>::new());
}
