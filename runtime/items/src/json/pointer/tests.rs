use super::{POINTER_CHARS_MAX, Pointer, index};

#[test]
fn pointers_are_read_and_printed() {
    for text in ["", "/", "/a", "/a/0/b", "/a~1b/~0", "//", "/ü", "/~01"] {
        let pointer = Pointer::parse(text).map(|pointer| pointer.to_string());
        assert_eq!(pointer, Ok(text.to_owned()));
    }
    let pointer = Pointer::parse("/~01/~1/").expect("a pointer");
    assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["~1", "/", ""]);
}

#[test]
fn what_is_no_pointer_is_refused() {
    for text in ["a", "a/b", "$.a", "/~", "/~2", "/a~/b"] {
        let cause = Pointer::parse(text).map_err(|failure| failure.to_string());
        assert_eq!(cause, Err(format!("the ItemsPointer is not a JSON pointer: {text}")));
    }
    let longest = "/".repeat(POINTER_CHARS_MAX - 1);
    assert!(Pointer::parse(&longest).is_ok());
    assert!(Pointer::parse(&format!("{longest}/")).is_err());
}

#[test]
fn an_index_is_written_in_one_way() {
    let cases = [("0", Some(0)), ("10", Some(10)), ("00", None), ("01", None), ("+1", None)];
    for (token, expected) in cases.into_iter().chain([("-", None), ("", None), ("1x", None)]) {
        assert_eq!(index(token), expected, "{token}");
    }
}
