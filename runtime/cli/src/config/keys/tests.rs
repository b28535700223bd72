use std::collections::BTreeSet;

use super::KEYS;
use crate::config::value::Value;

const GUIDE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/configuration.md"));

#[test]
fn the_guide_has_a_row_for_every_key() {
    for key in KEYS {
        let row = GUIDE.lines().find(|line| line.starts_with(&format!("| `{}` |", key.path())));
        let row =
            row.unwrap_or_else(|| panic!("docs/guide/configuration.md lacks `{}`", key.path()));
        for word in key.flag.iter().chain(key.variables) {
            assert!(row.contains(&format!("`{word}`")), "{word} is not in {row}");
        }
        if let Some(default) = key.default.filter(|default| !default.is_empty()) {
            assert!(row.contains(&format!("`{default}`")), "{default} is not in {row}");
        }
    }
}

#[test]
fn the_guide_has_no_other_rows() {
    let paths: BTreeSet<String> = KEYS.iter().map(|key| key.path()).collect();
    let rows = GUIDE.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let keys = rows.filter(|row| row.contains('.') && !row.starts_with("access."));
    for key in keys {
        assert!(paths.contains(key), "{key}");
    }
}

#[test]
fn every_default_is_a_good_value() {
    for key in KEYS {
        if let Some(default) = key.default {
            assert!(Value::parse(key.kind, default).is_ok(), "{}", key.path());
        }
    }
}
