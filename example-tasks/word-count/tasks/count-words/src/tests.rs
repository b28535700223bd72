use super::{Count, Text, count_words};

fn text(text: &str) -> Text {
    Text { title: "a".into(), text: text.into() }
}

#[test]
fn words_are_what_stands_between_blanks_and_signs() {
    let count = count_words(text("To be, or not - to be?")).expect("a count");
    assert_eq!(count, Count { title: "a".into(), words: 6, longest: "not".into() });
}

#[test]
fn a_text_without_words_fails_by_name() {
    let error = count_words(text(" ... ")).expect_err("no words");
    assert!(format!("{error:?}").contains("Text.Empty"), "{error:?}");
}
