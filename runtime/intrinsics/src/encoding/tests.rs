use crate::testing::{answer, check};
use crate::{Reason, TEXT_CHARACTERS_MAX};

#[test]
fn base64_encodes_utf_8_in_one_line() {
    check(&[
        ("States.Base64Encode('')", "{}", r#""""#),
        ("States.Base64Encode('a')", "{}", r#""YQ==""#),
        ("States.Base64Encode('ab')", "{}", r#""YWI=""#),
        ("States.Base64Encode('abc')", "{}", r#""YWJj""#),
        ("States.Base64Encode('Data to encode')", "{}", r#""RGF0YSB0byBlbmNvZGU=""#),
        ("States.Base64Encode('ÿ>?é')", "{}", r#""w78+P8Op""#),
        ("States.Base64Encode(1)", "{}", "argument 1 has to be a string, not a number"),
        ("States.Base64Encode(null)", "{}", "argument 1 has to be a string, not null"),
    ]);
    let long = format!("\"{}\"", "x".repeat(90));
    assert_eq!(answer("States.Base64Encode($)", &long), format!("\"{}\"", "eHh4".repeat(30)));
}

/// The wanted texts were printed by Java 17.
#[test]
fn base64_decodes_as_mime_does() {
    let not = "argument 1 is not in Base64";
    check(&[
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", "{}", r#""Data to encode""#),
        ("States.Base64Decode('')", "{}", r#""""#),
        ("States.Base64Decode('w78+P8Op')", "{}", r#""ÿ>?é""#),
        ("States.Base64Decode('YQ')", "{}", r#""a""#),
        ("States.Base64Decode('YWI')", "{}", r#""ab""#),
        ("States.Base64Decode('YW Jj\r\nYQ==\n')", "{}", r#""abca""#),
        ("States.Base64Decode('Y-W_J*j')", "{}", r#""abc""#),
        ("States.Base64Decode('!')", "{}", r#""""#),
        ("States.Base64Decode('/w==')", "{}", "\"\u{fffd}\""),
        ("States.Base64Decode('A')", "{}", not),
        ("States.Base64Decode('YWJjA')", "{}", not),
        ("States.Base64Decode('YQ=')", "{}", not),
        ("States.Base64Decode('A=')", "{}", not),
        ("States.Base64Decode('=')", "{}", not),
        ("States.Base64Decode('YWJj=')", "{}", not),
        ("States.Base64Decode('YQ==YQ==')", "{}", not),
        ("States.Base64Decode('YW=I')", "{}", not),
        ("States.Base64Decode('YQ= =')", "{}", not),
        ("States.Base64Decode('YQ===')", "{}", r#""a""#),
        ("States.Base64Decode('YQ==!')", "{}", r#""a""#),
        ("States.Base64Decode('YWI=\n')", "{}", r#""ab""#),
        ("States.Base64Decode($)", "[]", "argument 1 has to be a string, not an array"),
    ]);
}

#[test]
fn digests_are_in_lower_case_hexadecimal() {
    check(&[
        ("States.Hash('input data', 'MD5')", "{}", r#""812f45842bc6d66ee14572ce20db8e86""#),
        (
            "States.Hash('input data', 'SHA-1')",
            "{}",
            r#""aaff4a450a104cd177d28d18d74485e8cae074b7""#,
        ),
        (
            "States.Hash('', 'SHA-256')",
            "{}",
            r#""e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#,
        ),
        (
            "States.Hash('é', 'sha-256')",
            "{}",
            r#"the algorithm has to be MD5, SHA-1, SHA-256, SHA-384 or SHA-512, not "sha-256""#,
        ),
        ("States.Hash(1, 'MD5')", "{}", "argument 1 has to be a string, not a number"),
        ("States.Hash('a', null)", "{}", "argument 2 has to be a string, not null"),
    ]);
    assert_eq!(answer("States.Hash('a', 'SHA-384')", "{}").len(), 96 + 2);
    assert_eq!(answer("States.Hash('a', 'SHA-512')", "{}").len(), 128 + 2);
}

#[test]
fn texts_may_have_ten_thousand_characters_as_java_counts_them() {
    let calls = ["States.Base64Encode($)", "States.Base64Decode($)", "States.Hash($, 'MD5')"];
    let too_long = Reason::TextTooLong { nth: 1 }.to_string();
    for call in calls {
        let quoted = |text: &str, times| format!("\"{}\"", text.repeat(times));
        assert_ne!(answer(call, &quoted("x", TEXT_CHARACTERS_MAX)), too_long, "{call}");
        assert_eq!(answer(call, &quoted("x", TEXT_CHARACTERS_MAX + 1)), too_long, "{call}");
        assert_ne!(answer(call, &quoted("é", TEXT_CHARACTERS_MAX)), too_long, "{call}");
        assert_eq!(answer(call, &quoted("😀", TEXT_CHARACTERS_MAX / 2 + 1)), too_long, "{call}");
    }
}
