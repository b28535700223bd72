use super::{Part, parts};

#[test]
fn a_template_is_texts_and_places() {
    use Part::{Place, Text};
    assert_eq!(parts(""), Ok(vec![]));
    assert_eq!(parts("{}"), Ok(vec![Place]));
    assert_eq!(parts("a{}{}b"), Ok(vec![Text("a"), Place, Place, Text("b")]));
    assert_eq!(parts(r"\{}{}"), Err(crate::Reason::LoneBrace { at: 3 }));
    assert_eq!(parts(r"\{\}é"), Ok(vec![Text("{"), Text("}"), Text("é")]));
}
