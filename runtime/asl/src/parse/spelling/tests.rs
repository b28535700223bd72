use super::{mistakes, nearest};

#[test]
fn a_mistake_is_one_letter_or_two_that_were_swapped() {
    let table = [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("next", "next", 0),
        ("net", "next", 1),
        ("nexxt", "next", 1),
        ("nezt", "next", 1),
        ("nxet", "next", 1),
        ("xnet", "next", 2),
        ("kitten", "sitting", 3),
    ];
    for (from, to, expected) in table {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(mistakes(&letters(from), &letters(to)), expected, "{from} and {to}");
    }
}

#[test]
fn the_nearest_name_is_suggested_if_it_is_near() {
    let fields = ["End", "Next", "TimeoutSeconds", "HeartbeatSeconds"];
    let table = [
        ("Edn", Some("End")),
        ("next", Some("Next")),
        ("Nexxt", Some("Next")),
        ("TimoutSecond", Some("TimeoutSeconds")),
        ("Timeout", None),
        ("Net", Some("Next")),
        ("Xd", None),
        ("", None),
        ("Comment", None),
    ];
    for (name, expected) in table {
        assert_eq!(nearest(name, fields), expected, "{name}");
    }
    assert_eq!(nearest("abcx", ["abcd", "abcx"]), Some("abcx"));
}

#[test]
fn names_beyond_any_length_are_not_compared() {
    let (long, longer) = ("x".repeat(80), "x".repeat(81));
    assert_eq!(nearest(&longer, [long.as_str()]), None);
    assert_eq!(nearest(&long, [longer.as_str()]), None);
    assert_eq!(nearest(&long, [long.as_str()]), Some(long.as_str()));
}
