use super::*;

/// The tokens as the parser would ask for them: operands and operators in turn.
fn tokens(text: &str) -> Vec<(TokenKind, usize)> {
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    loop {
        let is_operand = matches!(found.last(), None | Some((TokenKind::Operator(_), _)));
        let token = if is_operand { lexer.operand() } else { lexer.operator() }.unwrap();
        if token.kind == TokenKind::End {
            return found;
        }
        found.push((token.kind, token.position));
    }
}

#[test]
fn positions_count_utf16_units_to_the_end_of_a_token() {
    let found = tokens("`😀` + 'é' /* ü */ & $x");
    let positions: Vec<usize> = found.iter().map(|(_, position)| *position).collect();
    assert_eq!(positions, [4, 6, 10, 20, 23]);
}

#[test]
fn a_slash_divides_behind_an_operand_and_quotes_before_one() {
    let found = tokens("a / b = /c[/]d/im");
    assert_eq!(found[1].0, TokenKind::Operator("/"));
    let regex = RegexSource { pattern: "c[/]d".into(), ignore_case: true, multi_line: true };
    assert_eq!(found[4].0, TokenKind::Regex(regex));
}

#[test]
fn words_end_at_symbols_and_blanks() {
    let names: Vec<TokenKind> = tokens("$a.b\tin c-d").into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        names,
        [
            TokenKind::Variable("a".into()),
            TokenKind::Operator("."),
            TokenKind::Name("b".into()),
            TokenKind::Operator("in"),
            TokenKind::Name("c".into()),
            TokenKind::Operator("-"),
            TokenKind::Name("d".into()),
        ]
    );
}

#[test]
fn numbers_are_exact_integers_where_they_fit() {
    for (text, value) in [
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("9223372036854775808", Value::Float(9_223_372_036_854_775_808.0)),
        ("1e2", Value::Int(100)),
        ("1.50", Value::Float(1.5)),
        ("2.5E-1", Value::Float(0.25)),
    ] {
        assert_eq!(tokens(text)[0].0, TokenKind::Number(value), "{text}");
    }
}

#[test]
fn a_leading_zero_and_a_trailing_point_are_not_part_of_a_number() {
    assert_eq!(number_prefix("01"), "0");
    assert_eq!(number_prefix("1."), "1");
    assert_eq!(number_prefix("1..5"), "1");
    assert_eq!(number_prefix("1e+"), "1");
}

#[test]
fn escapes_name_characters() {
    let text = |source: &str| tokens(source)[0].0.clone();
    assert_eq!(text(r#""\u00e9\n\/\"""#), TokenKind::Text("é\n/\"".into()));
    assert_eq!(text(r"'\ud83d\ude00'"), TokenKind::Text("😀".into()));
    assert_eq!(text(r"'\ud83d!'"), TokenKind::Text("\u{fffd}!".into()));
    assert_eq!(text(r"'\ud83d\u0041'"), TokenKind::Text("\u{fffd}A".into()));
}

#[test]
fn what_is_not_closed_is_refused() {
    for (text, code) in [
        ("'a", "S0101"),
        ("'a\\", "S0101"),
        ("`a", "S0105"),
        ("/* a", "S0106"),
        ("/a", "S0302"),
        ("//", "S0301"),
        (r"'\q'", "S0103"),
        (r"'\u12g4'", "S0104"),
        (r"'\u1é'", "S0104"),
        ("1e999", "S0102"),
    ] {
        assert_eq!(Lexer::new(text).operand().unwrap_err().code(), code, "{text}");
    }
}
