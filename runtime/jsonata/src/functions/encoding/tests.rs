use crate::testing::check;

#[test]
fn base64_takes_low_bytes_and_fills_up() {
    check(&[
        ("$base64encode('a')", "\"YQ==\""),
        ("$base64encode('ab')", "\"YWI=\""),
        ("$base64encode('abc')", "\"YWJj\""),
        ("$base64decode('YWI=')", "\"ab\""),
        ("$base64decode('YWI')", "\"ab\""),
        ("$base64encode('é')", "\"6Q==\""),
        ("$base64decode('!')", "D3137: The argument of $base64decode() is not Base64"),
    ]);
}

#[test]
fn urls_are_escaped_and_unescaped() {
    check(&[
        ("$encodeUrlComponent('a/b é?')", "\"a%2Fb%20%C3%A9%3F\""),
        ("$encodeUrl('a/b é?')", "\"a/b%20%C3%A9?\""),
        ("$decodeUrlComponent('a%2Fb%20%C3%A9')", "\"a/b é\""),
        ("$decodeUrl('a%2Fb%20')", "\"a%2Fb \""),
        ("$decodeUrl('%C3')", "D3140: Malformed URL passed to $decodeUrl(): \"%C3\""),
        ("$decodeUrl('%é')", "D3140: Malformed URL passed to $decodeUrl(): \"%é\""),
        ("$decodeUrl('%+1')", "D3140: Malformed URL passed to $decodeUrl(): \"%+1\""),
    ]);
}
