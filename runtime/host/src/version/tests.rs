//! Reading and ordering versions.

use super::*;

fn version(text: &str) -> Version {
    Version::parse(text).unwrap_or_else(|| panic!("`{text}` should be a version"))
}

#[test]
fn missing_numbers_are_zeros() {
    assert_eq!(version("1"), version("1.0.0"));
    assert_eq!(version("1.2"), version("1.2.0"));
    assert_eq!(version("1.2").to_string(), "1.2");
}

#[test]
fn versions_order_by_number_and_a_prerelease_comes_before_its_release() {
    assert!(version("1.10.0") > version("1.9.9"));
    assert!(version("2") > version("1.99"));
    assert!(version("2.0.0-rc.1") < version("2"));
    assert!(version("2-rc.1").is_prerelease());
}

#[test]
fn other_texts_are_no_versions() {
    for text in ["", "prod", "v1", "1.2.3.4", "1..2", "01", "1.2.", "-1", "$LATEST"] {
        assert!(Version::parse(text).is_none(), "`{text}`");
    }
}
