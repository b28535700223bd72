use std::io::{self, Cursor, Read};

use proptest::prelude::*;
use stepwell_value::{Object, Str, Value};

use super::Items;
use crate::{
    CsvConfig, Delimiter, Format, Headers, JsonConfig, MaxItems, ObjectItems, Pointer, ReadFailure,
    ReaderConfig,
};

/// Reads to the end: the items, and the failure if there was one.
fn read(config: ReaderConfig, file: &[u8]) -> (Vec<Value>, Option<ReadFailure>) {
    collect(&mut Items::new(config, file))
}

fn collect(
    items: &mut impl Iterator<Item = Result<Value, ReadFailure>>,
) -> (Vec<Value>, Option<ReadFailure>) {
    let mut read = Vec::new();
    for item in items {
        match item {
            Ok(item) => read.push(item),
            Err(failure) => return (read, Some(failure)),
        }
    }
    (read, None)
}

fn formats() -> Vec<Format> {
    let csv = |headers, delimiter| Format::Csv(CsvConfig { headers, delimiter });
    let pointer = Pointer::parse("/a/0").expect("a pointer");
    let given = Headers::Given(vec![Str::from("a"), Str::from("b")]);
    vec![
        Format::Json(JsonConfig::array()),
        Format::Json(JsonConfig { pointer, objects: ObjectItems::Members }),
        Format::JsonLines,
        csv(Headers::FirstRow, Delimiter::Comma),
        csv(given, Delimiter::Pipe),
    ]
}

/// A file of three items in every format, in the order of [`formats`].
fn files() -> [&'static str; 5] {
    ["[1,[2],3]", r#"{"b":[],"a":[{"x":1,"y":2,"z":3}]}"#, "1\n2\n3\n", "h\n1\n2\n3\n", "1\n2\n3"]
}

#[test]
fn a_limit_ends_reading_before_what_follows() {
    for (format, file) in formats().into_iter().zip(files()) {
        for (max, expected) in [(1, 1), (2, 2), (3, 3), (4, 3), (0, 3)] {
            let mut config = ReaderConfig::new(format.clone());
            config.max_items = MaxItems::new(max).expect("a limit");
            let (items, failure) = read(config, file.as_bytes());
            assert_eq!((items.len(), failure), (expected, None), "{max} of {format:?}");
        }
    }
    let mut config = ReaderConfig::new(Format::Json(JsonConfig::array()));
    config.max_items = MaxItems::new(1).expect("a limit");
    assert_eq!(read(config, b"[1, oh"), (vec![Value::Int(1)], None));
}

#[test]
fn limits_are_numbers_from_zero_on() {
    let cause = MaxItems::new(-1).map_err(|failure| failure.to_string());
    assert_eq!(cause, Err("field MaxItems must be positive".to_owned()));
    assert_eq!(MaxItems::new(0), Ok(MaxItems::ALL));
    let greatest = MaxItems::new(100_000_000).expect("a limit");
    assert!(greatest.reached_by(100_000_000) && !greatest.reached_by(99_999_999));
    assert_eq!(MaxItems::new(100_000_001), Ok(greatest));
}

#[test]
fn reading_goes_on_behind_the_items_that_were_read() {
    for (format, file) in formats().into_iter().zip(files()) {
        let all = read(ReaderConfig::new(format.clone()), file.as_bytes()).0;
        assert_eq!(all.len(), 3, "{format:?}");
        for skip in 0..=4 {
            let mut config = ReaderConfig::new(format.clone());
            config.skip = skip;
            let mut items = Items::new(config, file.as_bytes());
            let (rest, failure) = collect(&mut items);
            let from = all.len().min(usize::try_from(skip).expect("small"));
            assert_eq!((&rest[..], failure), (&all[from..], None), "{skip} of {format:?}");
            assert_eq!(items.read(), 3, "{skip} of {format:?}");
        }
    }
}

#[test]
fn skipped_items_count_towards_the_limit() {
    for (format, file) in formats().into_iter().zip(files()) {
        for (skip, max, expected) in [(1, 2, 1), (2, 2, 0), (3, 2, 0), (0, 2, 2)] {
            let mut config = ReaderConfig::new(format.clone());
            (config.skip, config.max_items) = (skip, MaxItems::new(max).expect("a limit"));
            let mut items = Items::new(config, file.as_bytes());
            let (rest, failure) = collect(&mut items);
            assert_eq!((rest.len(), failure), (expected, None), "{skip}, {max} of {format:?}");
            assert_eq!(items.read(), 2, "{skip}, {max} of {format:?}");
        }
    }
}

#[test]
fn several_files_are_one_data_set() {
    let files = ["h\n1\n2", "", "h\n", "g\n3\n"];
    let read = |skip| {
        let headers = Headers::FirstRow;
        let csv = CsvConfig { headers, delimiter: Delimiter::Comma };
        let config = ReaderConfig { skip, ..ReaderConfig::new(Format::Csv(csv)) };
        let mut items = Items::of_files(config, files.map(|file| Ok(file.as_bytes())));
        let mut read = Vec::new();
        while let Some(item) = items.next() {
            read.push((item.expect("an item").to_string(), items.file_index(), items.read()));
        }
        read
    };
    let all = [(r#"{"h":"1"}"#, 0, 1), (r#"{"h":"2"}"#, 0, 2), (r#"{"g":"3"}"#, 3, 3)];
    let all = all.map(|(item, file, read)| (item.to_owned(), file, read));
    assert_eq!(read(0), all);
    assert_eq!(read(2), all[2..]);
    assert_eq!(read(3), []);
}

#[test]
fn a_file_that_cannot_be_opened_ends_reading() {
    let gone = ReadFailure::Io { reason: "gone".to_owned() };
    let files = [Ok(&b"1"[..]), Err(gone.clone()), Ok(b"2")];
    let mut items = Items::of_files(ReaderConfig::new(Format::JsonLines), files);
    assert_eq!(collect(&mut items), (vec![Value::Int(1)], Some(gone)));
    assert_eq!(items.next(), None, "a failure is the last");
}

#[test]
fn an_item_may_be_as_long_as_the_caller_allows() {
    let at_limit =
        ["[1,\"abc\"]", "{\"a\":[[1,\"abc\"]]}", "1\n\"abc\"", "h\n1\nabcd\n", "1\nabcd\n"];
    let beyond =
        ["[1,\"abcd\"]", "{\"a\":[[1,\"abcd\"]]}", "1\n\"abcd\"", "h\n1\nabcde\n", "1\nabcde\n"];
    for (nth, format) in formats().into_iter().enumerate() {
        let mut config = ReaderConfig::new(format.clone());
        config.item_bytes_max = 5;
        let (items, failure) = read(config.clone(), at_limit[nth].as_bytes());
        assert_eq!((items.len(), failure), (2, None), "{format:?}");
        let (items, failure) = read(config.clone(), beyond[nth].as_bytes());
        let too_long = ReadFailure::ItemTooLong { index: 1, max: 5 };
        assert_eq!((items.len(), failure), (1, Some(too_long)), "{format:?}");
    }
}

/// Gives one byte at a time, interrupts itself in between, and breaks at the end.
struct Hesitant<'a> {
    bytes: &'a [u8],
    interrupted: bool,
    end: Option<io::ErrorKind>,
}

impl Read for Hesitant<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match (self.bytes.split_first(), self.end) {
            (None, Some(kind)) => Err(kind.into()),
            (None, None) => Ok(0),
            (Some((byte, rest)), _) => {
                buffer[0] = *byte;
                self.bytes = rest;
                Ok(1)
            }
        }
    }
}

#[test]
fn bytes_may_come_in_any_portions() {
    for (format, file) in formats().into_iter().zip(files()) {
        let marked = format!("\u{feff}{file}");
        for text in [file, &marked] {
            let config = ReaderConfig::new(format.clone());
            let slow = Hesitant { bytes: text.as_bytes(), interrupted: false, end: None };
            let (items, failure) = collect(&mut Items::new(config.clone(), slow));
            assert_eq!((&items, &failure), (&read(config, file.as_bytes()).0, &None), "{format:?}");
        }
    }
}

#[test]
fn a_source_that_breaks_is_a_failure() {
    let end = Some(io::ErrorKind::ConnectionReset);
    let broken = Hesitant { bytes: b"1\n2", interrupted: false, end };
    let items = &mut Items::new(ReaderConfig::new(Format::JsonLines), broken);
    let reason = "connection reset".to_owned();
    assert_eq!(collect(items), (vec![Value::Int(1)], Some(ReadFailure::Io { reason })));
}

/// More than the buffers hold, made as it is read.
#[test]
fn a_long_file_is_read_to_its_end() {
    let line = format!("{{\"text\":\"{}\"}}", "x".repeat(88));
    let items = Repeated::new(&line, b",", 20_000);
    let array = Cursor::new("[").chain(items).chain(Cursor::new("]"));
    let config = ReaderConfig::new(Format::Json(JsonConfig::array()));
    let mut items = Items::new(config, array);
    assert!(items.by_ref().all(|item| item.is_ok_and(|item| item.to_string() == line)));
    assert_eq!(items.read(), 20_000);
}

struct Repeated {
    line: Vec<u8>,
    at: usize,
    left: usize,
}

impl Repeated {
    fn new(line: &str, separator: &[u8], times: usize) -> Self {
        let line = [separator, line.as_bytes()].concat();
        Self { line, at: separator.len(), left: times }
    }
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let read = (&self.line[self.at..]).read(buffer)?;
        self.at += read;
        if self.at == self.line.len() {
            (self.at, self.left) = (0, self.left - 1);
        }
        Ok(read)
    }
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::float),
        "\\PC{0,8}|[\\x00-\\x7f]{0,8}".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 32, 6, |inner| {
        let members = prop::collection::vec(("\\PC{0,4}", inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::from),
            members.prop_map(|members| Value::from(members.into_iter().collect::<Object>())),
        ]
    })
}

/// Text that is nearly in one of the formats.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        "[", "]", "{", "}", ",", ":", "\"", "\\", "\n", "\r\n", "\r", "|", " ", "1", "-", "true",
        "null", "\"a\"", "\"a\":", "\"\"", "\u{feff}", "é", "0.5e3", "x",
    ]);
    let text = prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat().into_bytes());
    prop_oneof![text, prop::collection::vec(any::<u8>(), 0..60)]
}

proptest! {
    #[test]
    fn what_was_written_as_an_array_is_read_again(items in prop::collection::vec(value(), 0..8)) {
        let text = Value::from(items.clone());
        for text in [text.to_string(), format!("{text:#}")] {
            let config = ReaderConfig::new(Format::Json(JsonConfig::array()));
            prop_assert_eq!(read(config, text.as_bytes()), (items.clone(), None));
        }
    }

    #[test]
    fn what_was_written_as_lines_is_read_again(items in prop::collection::vec(value(), 0..8)) {
        let text = items.iter().map(|item| item.to_string() + "\n").collect::<Vec<_>>().concat();
        let config = ReaderConfig::new(Format::JsonLines);
        prop_assert_eq!(read(config, text.as_bytes()), (items, None));
    }

    #[test]
    fn what_was_quoted_is_read_again(
        rows in prop::collection::vec(("[^\0\u{feff}\u{fffe}\u{ffff}]{0,9}", "[ -~\r\n]{0,9}"), 0..8),
    ) {
        let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""));
        for delimiter in [Delimiter::Comma, Delimiter::Tab, Delimiter::Space] {
            let separator = char::from(delimiter.byte());
            let line = |(a, b): &(String, String)| format!("{}{separator}{}\r\n", quote(a), quote(b));
            let text: String = rows.iter().map(line).collect();
            let headers = Headers::Given(vec![Str::from("a"), Str::from("b")]);
            let config = ReaderConfig::new(Format::Csv(CsvConfig { headers, delimiter }));
            let item = |(a, b): &(String, String)| {
                Value::from([("a", a.as_str()), ("b", b.as_str())].into_iter().collect::<Object>())
            };
            let expected = rows.iter().map(item).collect::<Vec<_>>();
            prop_assert_eq!(read(config, text.as_bytes()), (expected, None));
        }
    }

    #[test]
    fn any_bytes_end_in_items_or_one_failure(bytes in nearly(), max in 0_usize..20, skip in 0_u64..3) {
        for format in formats() {
            let mut config = ReaderConfig::new(format);
            (config.item_bytes_max, config.skip) = (max, skip);
            let mut items = Items::new(config, &bytes[..]);
            let (read, failure) = collect(&mut items);
            prop_assert!(read.len() <= bytes.len());
            prop_assert!(failure.is_none_or(|failure| !failure.to_string().is_empty()));
            prop_assert_eq!(items.next(), None);
        }
    }

    /// The scanner and the parser of the runtime's own value agree on what JSON is.
    #[test]
    fn what_the_parser_refuses_is_a_failure(bytes in nearly()) {
        let text = String::from_utf8_lossy(&bytes).replace('\u{feff}', "");
        let config = ReaderConfig::new(Format::Json(JsonConfig::array()));
        let (items, failure) = read(config, text.as_bytes());
        match Value::parse(&text) {
            Ok(Value::Array(expected)) => prop_assert_eq!((items, failure), (expected.to_vec(), None)),
            Ok(_) => prop_assert_eq!(failure, Some(ReadFailure::NotIterable)),
            Err(_) => prop_assert!(failure.is_some()),
        }
    }
}
