use super::{check, check_alias};
use crate::refusal::Refusal;

#[test]
fn names_are_made_of_letters_digits_and_a_few_signs() {
    for name in ["a", "brew.v2", "brew_2-x", "Gärung", "gist!", "(x)+@='", &"x".repeat(80)] {
        assert_eq!(check(name).as_deref(), Ok(name));
    }
    let forbidden =
        "<>{}[]?*\"#%\\^|~`$&,;:/ \t\n\u{0}\u{1f}\u{7f}\u{9f}\u{fffe}\u{ffff}\u{10ffff}";
    for character in forbidden.chars() {
        let name = format!("brew{character}");
        assert_eq!(check(&name), Err(Refusal::InvalidName(name.as_str().into())));
    }
    assert_eq!(check("a b").unwrap_err().to_string(), "Invalid Name: 'a b'");
}

#[test]
fn names_have_a_length() {
    let shown = check(&"x".repeat(81)).unwrap_err().to_string();
    assert!(shown.ends_with("' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80"), "{shown}");
    let shown = check("").unwrap_err().to_string();
    assert_eq!(
        shown,
        "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must \
         have length greater than or equal to 1"
    );
}

#[test]
fn an_alias_does_not_look_like_a_number() {
    for name in ["PROD", "v1", "1.0", "_", "-", &"x".repeat(80)] {
        assert_eq!(check_alias(name).as_deref(), Ok(name));
    }
    for name in ["12", "a b", "a!", "ä"] {
        let shown = check_alias(name).unwrap_err().to_string();
        let expected = format!(
            "1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: \
             ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$"
        );
        assert_eq!(shown, expected);
    }
    assert!(check_alias("").is_err());
    let shown = check_alias(&"9".repeat(81)).unwrap_err().to_string();
    assert!(shown.starts_with("2 validation errors detected: "), "{shown}");
}
