use stepwell_asl::{Definition, Timestamp};
use stepwell_value::Value;

use super::Case;
use crate::data::{Collection, Folder, json_files};

/// The input of a case that has these fields too.
fn input(fields: &str) -> String {
    let document = format!(
        r#"{{"id":"a","category":"b","type":"STANDARD","definition":{{}},{fields},
        "state_machine_name":"m","functions":{{}},"needs":["s3"],"expected":{{"status":null}}}}"#
    );
    let now = Timestamp::parse("2026-01-02T12:00:00Z").unwrap();
    let case = Case::parse(&Value::parse(&document).unwrap(), now).unwrap();
    assert_eq!((case.name().as_str(), case.needs.len()), ("b/a", 1));
    case.input.text().to_owned()
}

#[test]
fn the_input_is_what_the_execution_was_started_with() {
    assert_eq!(input(r#""input":[1,{"a":1.0}]"#), r#"[1,{"a":1.0}]"#);
    assert_eq!(input(r#""input":null,"input_omitted":true"#), "{}");
    assert_eq!(input(r#""input":null,"input_raw":"[ 1 ]""#), "[ 1 ]");
}

#[test]
fn a_moment_is_counted_from_now() {
    let expected = r#"{"at":"2026-02-01T12:00:00Z","or":"2026-01-02T12:00:00"}"#;
    assert_eq!(input(r#""input":{"at":"{{now+30d}}Z","or":"{{now+0d}}"}"#), expected);
}

#[test]
fn a_recorded_definition_reads_back_from_its_print() {
    let Folder::Found(folder) = Collection::Executions.find(None) else {
        println!("no recordings are here: name their folder in STEPWELL_CONFORMANCE");
        return;
    };
    let mut checked = 0;
    for file in json_files(&folder.join("cases")).unwrap() {
        let Some(case) = Case::read(&file, Timestamp::EPOCH).unwrap() else { continue };
        let Ok(definition) = Definition::parse(&case.definition) else { continue };
        let printed = definition.to_string();
        let again = Definition::parse(&printed);
        assert_eq!(again.as_ref(), Ok(&definition), "{}: {printed}", case.name());
        checked += 1;
    }
    println!("{checked} definitions read back");
    assert!(checked > 0, "no recorded definition is read");
}
