use super::{Visible, one_line};

#[test]
fn a_terminal_gets_no_control_character_of_a_guest() {
    let shown = Visible("a\u{1b}[2Jb\tc\rd\u{7f}e\u{202e}f ä 漢").to_string();
    assert_eq!(shown, "a\\u{1b}[2Jb\tc\\rd\\u{7f}e\\u{202e}f ä 漢");
}

#[test]
fn a_long_text_is_cut_and_says_so() {
    assert_eq!(one_line("short", 10), "short");
    assert_eq!(one_line("exactly te", 10), "exactly te");
    assert_eq!(one_line("more than ten", 10), "more th...");
    assert_eq!(one_line("first line\nsecond", 20), "first line...");
    assert_eq!(one_line("ending\n", 20), "ending");
    assert_eq!(one_line("ÄÖÜÄÖÜ", 5), "ÄÖ...");
    assert_eq!(one_line("", 5), "");
}
