use serde_json::json;

use super::{check, is_allowed};
use crate::tidy::graph::Graph;
use crate::tidy::tests::shown;

#[test]
fn an_expression_is_allowed_if_one_of_its_choices_is() {
    let table = [
        ("MIT", Some(true)),
        ("GPL-3.0-only", Some(false)),
        ("MIT OR GPL-3.0-only", Some(true)),
        ("GPL-3.0-only OR MIT", Some(true)),
        ("MIT AND GPL-3.0-only", Some(false)),
        ("(MIT OR GPL-3.0-only) AND Unicode-3.0", Some(true)),
        ("MIT OR GPL-3.0-only AND AGPL-3.0-only", Some(true)),
        ("(MIT OR GPL-3.0-only) AND AGPL-3.0-only", Some(false)),
        ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", Some(true)),
        ("Apache-2.0 WITH LLVM-exception", Some(true)),
        ("MIT WITH LLVM-exception", Some(false)),
        ("Apache-2.0/MIT", Some(true)),
        ("MIT/GPL-3.0", Some(true)),
        ("", None),
        ("MIT OR", None),
        ("OR MIT", None),
        ("(MIT", None),
        ("MIT)", None),
        ("MIT Apache-2.0", None),
    ];
    for (expression, expected) in table {
        assert_eq!(is_allowed(expression), expected, "{expression}");
    }
}

#[test]
fn what_may_not_be_passed_on_is_a_finding() {
    let package = |name: &str, licence: Option<&str>| json!({ "id": name, "name": name, "version": "1.2.0", "license": licence });
    let packages = [
        package("fine", Some("MIT")),
        package("greedy", Some("AGPL-3.0-only")),
        package("odd", Some("see the file")),
        package("silent", None),
    ];
    let metadata =
        json!({ "packages": packages, "workspace_members": [], "resolve": { "nodes": [] } });
    assert_eq!(
        shown(&check(&Graph::from_metadata(&metadata).unwrap())),
        [
            "greedy 1.2.0: its licence `AGPL-3.0-only` is not on the list; use another crate",
            "odd 1.2.0: its licence `see the file` is not an SPDX expression; look at it, and use \
             another crate if it is not on the list",
            "silent 1.2.0: it states no licence; add one to a member, or use another crate",
        ]
    );
}
