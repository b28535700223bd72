use super::Record;
use crate::source::Source;

#[test]
fn only_the_fields_that_are_asked_for_are_kept() {
    for (fields_max, expected) in [(0, ""), (1, "ab"), (2, "ab|"), (3, "ab||cd"), (9, "ab||cd|e")] {
        let mut source = Source::open(&b"ab,,cd,\"e\"\nnext"[..]).expect("a source");
        let mut record = Record::new(b',');
        assert_eq!(record.read(&mut source, fields_max, 100), Ok(true));
        let fields = record.fields().collect::<Vec<_>>();
        assert_eq!(fields.join(&b'|'), expected.as_bytes(), "{fields_max}");
        assert_eq!(fields.len(), fields_max.min(4));
        assert_eq!(record.text.len(), expected.replace('|', "").len(), "{fields_max}");
        assert_eq!(source.offset(), 11, "{fields_max}");
    }
}
