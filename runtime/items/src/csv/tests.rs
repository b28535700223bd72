use stepwell_value::Str;

use crate::{CsvConfig, Delimiter, Format, Headers, Items, ReadFailure, ReaderConfig};

fn read(
    file: &[u8],
    headers: Option<&[&str]>,
    delimiter: Delimiter,
) -> Result<Vec<String>, ReadFailure> {
    let given =
        |names: &[&str]| Headers::Given(names.iter().map(|name| Str::from(*name)).collect());
    let headers = headers.map_or(Headers::FirstRow, given);
    let config = ReaderConfig::new(Format::Csv(CsvConfig { headers, delimiter }));
    Items::new(config, file).map(|item| item.map(|item| item.to_string())).collect()
}

#[test]
fn the_first_row_names_the_columns() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("a,b", &[]),
        ("a,b\n", &[]),
        ("\u{feff}a,b\n1,2\n3,4", &[r#"{"a":"1","b":"2"}"#, r#"{"a":"3","b":"4"}"#]),
        ("a,b\r\n1,2\r\n", &[r#"{"a":"1","b":"2"}"#]),
        // Too many fields, too few, blanks, empty lines.
        ("a,b\n1,2,3,,\n", &[r#"{"a":"1","b":"2"}"#]),
        ("a,b\n1\n", &[r#"{"a":"1","b":""}"#]),
        ("a,b\n   \n\n\r\n,\n", &[r#"{"a":"   ","b":""}"#, r#"{"a":"","b":""}"#]),
        ("\n\na\n1\n", &[r#"{"a":"1"}"#]),
        ("a\n\"\"\n", &[r#"{"a":""}"#]),
        // A header may be empty.
        ("a,\n1,2\n", &[r#"{"a":"1","":"2"}"#]),
        ("\"a,b\"\n1\n", &[r#"{"a,b":"1"}"#]),
        ("ü,日本\nß,\u{ff01}\n", &[r#"{"ü":"ß","日本":"！"}"#]),
        ("！\n1\n", &[r#"{"！":"1"}"#]),
    ];
    for (file, expected) in cases {
        let expected = expected.iter().map(ToString::to_string).collect();
        assert_eq!(read(file.as_bytes(), None, Delimiter::Comma), Ok(expected), "{file:?}");
    }
}

#[test]
fn quotes_and_backslashes_keep_what_would_divide() {
    let cases = [
        (r#""a,b""#, "a,b"),
        ("\"a\nb\r\nc\"", "a\\nb\\r\\nc"),
        (r#""a""b""#, r#"a\"b"#),
        (r#"a""b"#, r#"a\"b"#),
        (r#"{""MyKey"":""MyValue""}"#, r#"{\"MyKey\":\"MyValue\"}"#),
        (r#""a"b"#, "ab"),
        (r#"5" pipe"#, r#"5\" pipe"#),
        ("'a'", "'a'"),
        (r"a\,b", "a,b"),
        (r"a\\b", r"a\\b"),
        (r"C:\\Program Files\\MyApp.exe", r"C:\\Program Files\\MyApp.exe"),
        (r"a\xb", "axb"),
        (r"a\;b\|c", "a;b|c"),
        (r#""a\"b\\""#, r#"a\"b\\"#),
        (r#"\"a""#, r#"\"a\""#),
        ("a\rb", "a\\rb"),
        ("a\\", "a"),
    ];
    for (field, expected) in cases {
        let file = format!("{field},z\n");
        // A backslash at the end of a field escapes the delimiter behind it.
        let file = if field.ends_with('\\') { format!("{field}\n") } else { file };
        let items = read(file.as_bytes(), Some(&["a"]), Delimiter::Comma);
        assert_eq!(items, Ok(vec![format!("{{\"a\":\"{expected}\"}}")]), "{field}");
    }
}

#[test]
fn fields_are_divided_by_the_delimiter_alone() {
    for (name, delimiter) in
        [("COMMA", ','), ("PIPE", '|'), ("SEMICOLON", ';'), ("SPACE", ' '), ("TAB", '\t')]
    {
        let parsed = Delimiter::parse(name).expect("a delimiter");
        let file = format!("a{delimiter}b\n1\\{delimiter}{delimiter}\"{delimiter}\"\n");
        let tab = delimiter.to_string().replace('\t', "\\t");
        let expected = format!("{{\"a\":\"1{tab}\",\"b\":\"{tab}\"}}");
        assert_eq!(read(file.as_bytes(), None, parsed), Ok(vec![expected]));
        let others = ",|; \t".replace(delimiter, "");
        let item = read(others.as_bytes(), Some(&["a"]), parsed).expect("items");
        assert_eq!(item, [format!("{{\"a\":\"{}\"}}", others.replace('\t', "\\t"))]);
    }
    assert_eq!(Delimiter::parse("COLON"), None);
}

#[test]
fn columns_need_names_of_their_own() {
    let cause = "CSV headers cannot contain duplicates.";
    let failure = read(b"", Some(&["a", "b", "a"]), Delimiter::Comma).map_err(|f| f.to_string());
    assert_eq!(failure, Err(cause.to_owned()));
    let failure = read(b"a,b,a\n1,2,3\n", None, Delimiter::Comma).map_err(|f| f.to_string());
    assert_eq!(failure, Err(cause.to_owned()));
}

#[test]
fn headers_are_at_most_ten_kibibytes() {
    let (fits, beyond) = ("x".repeat(10 * 1024), "x".repeat(10 * 1024 + 1));
    assert_eq!(read(fits.as_bytes(), None, Delimiter::Comma), Ok(vec![]));
    assert_eq!(read(b"", Some(&[&fits]), Delimiter::Comma), Ok(vec![]));
    let failure = Err(ReadFailure::HeadersTooLong { max: 10 * 1024 });
    assert_eq!(read(beyond.as_bytes(), None, Delimiter::Comma), failure);
    assert_eq!(read(b"", Some(&[&beyond]), Delimiter::Comma), failure);
}

#[test]
fn what_is_not_delimited_text_is_a_failure() {
    let cases = [
        (
            &b"a\n\"b\nc"[..],
            "the file is not CSV: it ends inside double quotation marks (at byte 6)",
        ),
        (b"\xff\n1\n", "the file is not CSV: it is not UTF-8 (at byte 2)"),
        (b"a\n\xe9\n", "the file is not CSV: it is not UTF-8 (at byte 4)"),
    ];
    for (file, cause) in cases {
        let failure = read(file, None, Delimiter::Comma).map_err(|failure| failure.to_string());
        assert_eq!(failure, Err(cause.to_owned()));
    }
}
