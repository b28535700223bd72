use super::*;

fn find(pattern: &str, text: &str) -> Option<String> {
    let source = RegexSource { pattern: pattern.into(), ignore_case: false, multi_line: false };
    let found = Regex::new(&source).unwrap().find_from(text, 0).unwrap()?;
    text.get(found.start..found.end).map(str::to_owned)
}

#[test]
fn the_notation_means_what_it_means_in_ecmascript() {
    for (pattern, text, wanted) in [
        ("a.c", "a\nc abc", Some("abc")),
        ("a.c", "a\rc", None),
        (r"\d+", "٣ 42", Some("42")),
        (r"\w+", "é_a1", Some("_a1")),
        (r"\s", "a\u{a0}b", Some("\u{a0}")),
        (r"[^\d]", "1a", Some("a")),
        (r"[\d-x]+", "a1-x", Some("1-x")),
        (r"\bb\b", "ab b", Some("b")),
        (r"a{2}", "aaa", Some("aa")),
        (r"a{", "a{", Some("a{")),
        (r"x{1,2}y", "xxy", Some("xxy")),
        (r"[[&~]+", "a[&&~", Some("[&&~")),
        (r"[^]", "\n", Some("\n")),
        (r"\/", "a/b", Some("/")),
        (r"a b#c", "a b#c", Some("a b#c")),
        (r"\u00e9", "é", Some("é")),
        (r"\x41", "A", Some("A")),
        (r"(?=b)b", "ab", Some("b")),
        (r"(?<!a)b", "abb", Some("b")),
        (r"(a)\1", "aba aa", Some("aa")),
        (r"(?<n>a)", "a", Some("a")),
        (r"a$", "a\n", None),
    ] {
        assert_eq!(find(pattern, text).as_deref(), wanted, "{pattern}");
    }
}
