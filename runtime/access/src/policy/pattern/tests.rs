use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::Pattern;

#[test]
fn wildcards_stand_for_any_text_and_for_one_character() {
    for (pattern, text, expected) in [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("*", "a:b/c", true),
        ("**", "a", true),
        ("?", "", false),
        ("?", "\u{e4}", true),
        ("?", "ab", false),
        ("a", "a", true),
        ("a", "ab", false),
        ("a", "A", false),
        ("a*", "a", true),
        ("a*", "ba", false),
        ("*a", "ba", true),
        ("*a", "ab", false),
        ("a*a", "a", false),
        ("a*a", "aa", true),
        ("ab*ba", "aba", false),
        ("a*b*c", "a-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("a*bc*c", "abcbc", true),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*?", "", false),
        ("*?", "a", true),
        ("?*?", "a", false),
        ("*a?c*", "aabcab", true),
        ("*a?c", "abcaxc", true),
        ("*a?c", "abcax", false),
        ("a.c", "abc", false),
        ("[a]", "a", false),
    ] {
        assert_eq!(Pattern::new(pattern).matches(text), expected, "{pattern} on {text}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test measures how long it takes")]
fn a_hostile_pattern_takes_no_longer_than_another() {
    let text = "a".repeat(20_000);
    let started = Instant::now();
    assert!(!Pattern::new(&format!("{}b", "a*".repeat(1000))).matches(&text));
    assert!(!Pattern::new(&format!("{}b*", "*a".repeat(1000))).matches(&text));
    assert!(!Pattern::new(&format!("*{}b?*", "?a".repeat(50))).matches(&text));
    assert!(Pattern::new(&"*a".repeat(10_000)).matches(&text));
    // Backtracking over a thousand stars would not end at all.
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

/// The definition, which takes exponential time.
fn naive(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], text) => text.is_empty(),
        (['*', pattern @ ..], text) => (0..=text.len()).any(|at| naive(pattern, &text[at..])),
        (['?', pattern @ ..], [_, text @ ..]) => naive(pattern, text),
        ([expected, pattern @ ..], [found, text @ ..]) => expected == found && naive(pattern, text),
        (_, []) => false,
    }
}

proptest! {
    #[test]
    fn a_pattern_matches_as_it_is_defined(
        pattern in "[ab*?\u{e4}]{0,8}",
        text in "[ab\u{e4}]{0,10}",
    ) {
        let expected = naive(
            &pattern.chars().collect::<Vec<_>>(),
            &text.chars().collect::<Vec<_>>(),
        );
        prop_assert_eq!(Pattern::new(&pattern).matches(&text), expected);
    }
}
