use stepwell_asl::Timestamp;
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

/// The revision after it, and itself without its definition.
const NEXT: [(&str, &str); 3] = [
    (
        "machine/brew",
        r#"{"format": 1, "type": "STANDARD", "status": "ACTIVE", "tags": {}, "lastVersion": 0,
            "createdAt": "2026-02-03T04:05:06.007Z", "createdWithVersion": false,
            "revision": "5e"}"#,
    ),
    (
        "machine/brew/revision/5e",
        r#"{"format": 1, "createdAt": "2026-02-03T04:05:06.007Z", "roleArn": "r", "tracing": false,
            "previous": "INITIAL", "logging": {"level": "OFF", "includeExecutionData": false},
            "encryption": {}, "definition": "{}"}"#,
    ),
    (
        "machine/brew/superseded/INITIAL",
        r#"{"format": 1, "createdAt": "2026-02-03T04:05:06.006Z", "roleArn": "s", "tracing": false,
            "logging": {"level": "OFF", "includeExecutionData": false}, "encryption": {},
            "definitionSha256":
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}"#,
    ),
];

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

fn role_at_the_start(documents: &[(&str, &str)]) -> Option<String> {
    let start = Timestamp::parse("2026-02-03T04:05:06.006Z").unwrap();
    let machine_arn = "arn:aws:states:r:a:stateMachine:brew";
    let found = open(documents).unwrap().revision_at(machine_arn, None, start, None);
    found.map(|revision| revision.role_arn.to_string())
}

#[test]
fn a_superseded_revision_is_read_back() {
    assert_eq!(role_at_the_start(&NEXT).as_deref(), Some("s"));
    // As long as nobody noted what was before, nothing is told of it.
    assert_eq!(role_at_the_start(&NEXT[..2]), None);
    let [machine, (key, text), superseded] = NEXT;
    let unnoted = text.replace(r#""previous": "INITIAL","#, "");
    assert_eq!(role_at_the_start(&[machine, (key, &unnoted), superseded]), None);
    // Round in circles.
    let circle = text.replace("INITIAL", "5e");
    assert_eq!(role_at_the_start(&[machine, (key, &circle), superseded]), None);
    let cut = superseded.1.replace("44136f", "4413");
    let corrupt = open(&[machine, (key, text), (superseded.0, &cut)]).unwrap_err().to_string();
    assert!(corrupt.contains("`definitionSha256` is missing or not"), "{corrupt}");
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
