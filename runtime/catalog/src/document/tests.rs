use stepwell_journal::Document;

use super::Corrupt;
use crate::arn::Site;
use crate::catalog::Catalog;
use crate::limits::Limits;

const MACHINE: (&str, &str) = (
    "machine/brew",
    r#"{"format": 1, "type": "STANDARD", "status": "ACTIVE", "tags": {"a": "b"}, "lastVersion": 2,
        "createdAt": "2026-02-03T04:05:06.007Z", "createdWithVersion": false,
        "revision": "INITIAL"}"#,
);
const REVISION: (&str, &str) = (
    "machine/brew/revision/INITIAL",
    r#"{"format": 1, "createdAt": "2026-02-03T04:05:06.007Z", "roleArn": "r", "tracing": false,
        "logging": {"level": "OFF", "includeExecutionData": false}, "encryption": {},
        "definition": "{}"}"#,
);
const VERSION: (&str, &str) = (
    "machine/brew/version/2",
    r#"{"format": 1, "revision": "INITIAL", "createdAt": "2026-02-03T04:05:06.007Z"}"#,
);
const ALIAS: (&str, &str) = (
    "machine/brew/alias/prod",
    r#"{"format": 1, "routes": [{"version": 2, "weight": 100}],
        "createdAt": "2026-02-03T04:05:06.007Z", "updatedAt": "2026-02-03T04:05:06.007Z"}"#,
);

fn open(documents: &[(&str, &str)]) -> Result<Catalog, Corrupt> {
    let site = Site { partition: "aws".into(), region: "r".into(), account: "a".into() };
    let document =
        |(key, text): &(&str, &str)| Document { key: (*key).into(), text: Some((*text).into()) };
    Catalog::open(site, Limits::default(), documents.iter().map(document))
}

#[test]
fn documents_come_in_any_order() {
    let catalog = open(&[ALIAS, VERSION, REVISION, MACHINE]).unwrap();
    let alias = catalog.describe_alias("arn:aws:states:r:a:stateMachine:brew:prod").unwrap();
    assert_eq!(alias.created_at.to_string(), "2026-02-03T04:05:06.007Z");
    assert_eq!(&*alias.routes[0].version_arn, "arn:aws:states:r:a:stateMachine:brew:2");
}

#[test]
fn documents_that_make_no_catalog_are_named() {
    let (key, text) = MACHINE;
    let without = |part: &str| (key, text.replace(part, ""));
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("kettle/brew", "{}")], "format"),
        (&[("kettle/brew", r#"{"format": 1}"#)], "document `kettle/brew` has a key that no"),
        (&[("machine/brew/version/two", VERSION.1)], "has a key that no record has"),
        (&[(key, "brew")], "document `machine/brew` is not a JSON object"),
        (&[(key, "[]")], "it is a"),
        (&[(key, r#"{"format": 2}"#)], "document `machine/brew` has format Some(2), and only"),
        (&[(key, &without(r#""status": "ACTIVE","#).1), REVISION], "`status` is missing or not"),
        (&[(key, &text.replace("ACTIVE", "GONE")), REVISION], "`status` is missing or not"),
        (&[(key, &text.replace("2026", "x")), REVISION], "`createdAt` is missing or not"),
        (&[(key, &text.replace("2,", "1,")), REVISION, VERSION], "`lastVersion` is missing or"),
        (&[MACHINE], "document `machine/brew` refers to `machine/brew/revision/INITIAL`"),
        (&[REVISION], "`machine/brew/revision/INITIAL` refers to `machine/brew`, which is not"),
        (&[MACHINE, REVISION, ALIAS], "alias/prod` refers to `machine/brew/version/2`"),
        (
            &[MACHINE, REVISION, VERSION, (ALIAS.0, &ALIAS.1.replace("100", "99"))],
            "document `machine/brew/alias/prod`: `routes` is missing or not",
        ),
    ];
    for (documents, expected) in table {
        let shown = open(documents).unwrap_err().to_string();
        assert!(shown.contains(expected), "expected {expected}, found {shown}");
    }
}
