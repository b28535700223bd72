use proptest::prelude::*;

use crate::{LENGTH_MAX, ParseError, Path, Problem, Root, STEPS_MAX};

#[test]
fn the_root_says_which_document_is_meant() {
    for (text, root) in [
        ("$", Root::Input),
        ("$.a", Root::Input),
        ("$$", Root::Context),
        ("$$.Map.Item", Root::Context),
        ("$$['Map']", Root::Context),
        ("$order", Root::Variable("order".into())),
        ("$order_2.items[0]", Root::Variable("order_2".into())),
        ("$größe[0]", Root::Variable("größe".into())),
    ] {
        assert_eq!(Path::parse(text).unwrap().root(), &root, "{text}");
    }
}

#[test]
fn prints_the_text_that_was_parsed() {
    for text in ["$", " $.a ", "$..['b'][?( @.x  == 1 )]", "$v[0:2]"] {
        let path = text.parse::<Path>().unwrap();
        assert_eq!(path.to_string(), text);
        assert_ne!(path, Path::parse("$.other").unwrap());
    }
}

#[test]
fn accepts_what_the_dialect_is_lenient_about() {
    for text in [
        "$.",
        "$.a.",
        "$.['a']",
        "$.[0]",
        "$...a",
        "$.a-b",
        "$.0",
        "$.ñ",
        "$[ 'a' , 'b' ]",
        "$[ 0 , 1 ]",
        "$[ -1 : ]",
        "$[1 : 2]",
        "$[0:9:3]",
        "$[(@.length - 1)]",
        "$[@.size()-1]",
        "$['']",
        "$['a]b']",
        "$['a\\']",
        "$[ ?( @.a ) ]",
        "$[?((@.a))]",
        "$.a()",
    ] {
        Path::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[track_caller]
fn refuse(text: &str, message: &str) {
    assert_eq!(Path::parse(text).unwrap_err().to_string(), message, "{text}");
}

#[test]
fn tells_what_was_expected_and_where() {
    let bracket = "expected `*`, `?`, `(@.length-n)`, an index or a name in single quotes";
    let operand = "expected a path that starts with `@` or `$`";
    let definite = "a path inside a filter has to name a single value";
    let blank = "a blank is not allowed here; write such a name as ['a b']";
    for (text, problem, offset) in [
        ("", "expected `$`", 0),
        ("a.b", "expected `$`", 0),
        ("$-a", "expected `.` or `[`", 1),
        ("$['a']b", "expected `.` or `[`", 6),
        (" $.a b", blank, 4),
        ("$.a. b", blank, 4),
        ("$..", "a path cannot end with `..`", 3),
        ("$.a..", "a path cannot end with `..`", 5),
        ("$....a", "expected a name or `[` after `..`", 4),
        ("$[", bracket, 2),
        ("$[]", bracket, 2),
        ("$[\"a\"]", bracket, 2),
        ("$[a]", bracket, 2),
        ("$[ * ]", bracket, 3),
        ("$['a", "expected the quote that ends the name", 4),
        ("$['a'", "expected `]`", 5),
        ("$['a' 'b']", "expected `]`", 6),
        ("$['a',]", "expected a name in single quotes", 6),
        ("$[1", "expected `]`", 3),
        ("$[1,]", "expected an index", 4),
        ("$[-]", "expected a digit", 3),
        ("$[:]", "expected the end of the slice", 3),
        ("$[::2]", "expected the end of the slice", 3),
        ("$[2147483648]", "this index does not fit into 32 bits", 2),
        ("$[99999999999999999999]", "this index does not fit into 32 bits", 2),
        ("$[(@.width-1)]", "expected `length` or `size()`", 5),
        ("$[(@.length+1)]", "expected `-` and a number", 11),
        ("$[?]", "expected `(`", 3),
        ("$[?(@.a)", "expected a `)]` that ends the filter", 3),
        ("$[?(@.a]", "expected a `)]` that ends the filter", 3),
        ("$[?(@.a)x]", "expected `)` before `]`", 3),
        ("$[?()]", operand, 4),
        ("$[?(@.a && )]", operand, 11),
        ("$[?(a)]", operand, 4),
        ("$[?(@.a in ['x'])]", blank, 7),
        ("$[?(@.a size 2)]", blank, 7),
        ("$[?(@.a ||| @.b)]", operand, 10),
        ("$[?(@.a == )]", "expected a path or a value", 10),
        ("$[?(@.a == 'x)]", "expected a `)]` that ends the filter", 3),
        ("$[?(@.a == !@.b)]", "expected a path without `!`: only existence can be negated", 11),
        ("$[?(@.a == /x/)]", "expected `=~` before a regular expression", 11),
        ("$[?(@.a =~ 'x')]", "expected a regular expression between slashes", 11),
        ("$[?(@.a[*] == 1)]", definite, 4),
        ("$[?(@..a == 1)]", definite, 4),
        ("$[?(1 == @[?(@.a)].b)]", definite, 9),
    ] {
        refuse(text, &format!("{problem} (at byte {offset})"));
    }
    assert!(matches!(
        Path::parse("$[?(@.a =~ /(/)]").unwrap_err().problem,
        Problem::Pattern(_) | Problem::Expected(_)
    ));
    assert!(matches!(
        Path::parse(r"$[?(@.a =~ /(?=x)y/)]").unwrap_err().problem,
        Problem::Pattern(_)
    ));
}

#[test]
fn length_and_steps_have_limits() {
    let long = |length: usize| format!("$.{}", "a".repeat(length - 2));
    Path::parse(&long(LENGTH_MAX)).unwrap();
    let too_long = ParseError { offset: LENGTH_MAX, problem: Problem::TooLong };
    assert_eq!(Path::parse(&long(LENGTH_MAX + 1)), Err(too_long));
    // The place is between two characters, whichever stands there.
    let wide = format!("$.{}", "é".repeat(LENGTH_MAX));
    assert_eq!(Path::parse(&wide).unwrap_err().offset, LENGTH_MAX);
    let shifted = format!("$.a{}", "é".repeat(LENGTH_MAX));
    assert_eq!(Path::parse(&shifted).unwrap_err().offset, LENGTH_MAX - 1);
    let many = |steps: usize| format!("${}", ".a".repeat(steps));
    Path::parse(&many(STEPS_MAX)).unwrap();
    let problem = Problem::TooManySteps;
    let too_many = ParseError { offset: 2 * STEPS_MAX + 1, problem };
    assert_eq!(Path::parse(&many(STEPS_MAX + 1)), Err(too_many));
    refuse(
        &format!("${}", "[?(@".repeat(2000)),
        "expected a `)]` that ends the filter (at byte 3)",
    );
    refuse(
        &format!("$[?({}@{})]", "@[?(".repeat(1000), ")]".repeat(1000)),
        "a path inside a filter has to name a single value (at byte 4)",
    );
    let pattern = |times: usize| Path::parse(&format!(r"$[?(@.a =~ /\w{{{times}}}/)]"));
    pattern(20).unwrap();
    assert!(matches!(pattern(200).unwrap_err().problem, Problem::Pattern(_)));
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused_in_place(text in r"\$?[ -~é😀\t]{0,40}") {
        if let Err(error) = Path::parse(&text) {
            prop_assert!(error.offset <= text.len());
            prop_assert!(text.is_char_boundary(error.offset));
        }
    }

    /// Pieces of the grammar in any order reach further than any text.
    #[test]
    fn any_row_of_pieces_is_parsed_or_refused(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "$", "@", ".", "..", "[", "]", "[?(", ")]", "'", "/", "(", ")", "a", "é", "0", "-1",
            ":", ",", "*", "==", "=~", "!", "<", "&&", "||", " ", "\\", "length", "/i",
        ]), 0..24),
    ) {
        let text = format!("$[?({}", pieces.concat());
        if let Err(error) = Path::parse(&text) {
            prop_assert!(text.is_char_boundary(error.offset), "{} {:?}", text, error);
        }
    }
}
