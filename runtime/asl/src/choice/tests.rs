use super::Pattern;

#[track_caller]
fn check(pattern: &str, matching: &[&str], other: &[&str]) {
    let parsed = Pattern::parse(pattern);
    for text in matching {
        assert!(parsed.matches(text), "{pattern} matches {text}");
    }
    for text in other {
        assert!(!parsed.matches(text), "{pattern} does not match {text}");
    }
}

#[test]
fn a_star_stands_for_any_text() {
    check(
        "log-*.txt",
        &["log-.txt", "log-a.txt", "log-.txt.txt"],
        &["log.txt", "log-a.tx", "alog-.txt"],
    );
    check("*", &["", "anything"], &[]);
    check("a*b*c", &["abc", "a-b-b-c"], &["ab", "acb", "abcd"]);
    check("**x", &["x", "yx"], &["xy"]);
    check("plain", &["plain"], &["plai", "plain "]);
}

#[test]
fn the_ends_do_not_share_characters() {
    check("aba*aba", &["abaaba", "aba-aba"], &["aba", "ababa"]);
}

#[test]
fn a_backslash_takes_the_star_its_meaning() {
    check(r"a\*b", &["a*b"], &["axb"]);
    check(r"a\\*", &[r"a\", r"a\x"], &["ax"]);
}
