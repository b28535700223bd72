use crate::{Format, Items, ReaderConfig};

#[test]
fn every_line_that_is_not_blank_is_an_item() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("\n\n", &[]),
        ("1", &["1"]),
        ("1\n", &["1"]),
        ("\u{feff}{\"a\": 1}\r\n\r\n  \n [2 ,3]\t\n\"\\n\"\n", &["{\"a\":1}", "[2,3]", "\"\\n\""]),
    ];
    for (file, expected) in cases {
        let config = ReaderConfig::new(Format::JsonLines);
        let items = Items::new(config, file.as_bytes());
        let items = items.map(|item| item.expect("an item").to_string()).collect::<Vec<_>>();
        assert_eq!(&items, expected, "{file:?}");
        for skip in 0..=items.len() {
            let config = ReaderConfig { skip: skip as u64, ..ReaderConfig::new(Format::JsonLines) };
            let rest = Items::new(config, file.as_bytes());
            let rest = rest.map(|item| item.expect("an item").to_string()).collect::<Vec<_>>();
            assert_eq!(rest, expected[skip..], "{file:?} from {skip}");
        }
    }
}

#[test]
fn a_line_that_is_no_document_is_a_failure() {
    let cases = [
        (&b"1\n2 3\n4"[..], "in the line that ends here, found '3' after the end of the document"),
        (b"1\n{\n}\n", "in the line that ends here, the text ends where"),
        (b"1\n\"\xff\"\n", "it is not UTF-8"),
    ];
    for (file, cause) in cases {
        let mut items = Items::new(ReaderConfig::new(Format::JsonLines), file);
        assert!(items.next().is_some_and(|item| item.is_ok()));
        let failure = items.next().and_then(Result::err).expect("a failure").to_string();
        assert!(failure.starts_with("the file is not JSON Lines: "), "{failure}");
        assert!(failure.contains(cause), "{failure}");
    }
}
