//! Distributed Maps driven by an engine, with real files.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use stepwell_buckets::{Buckets, Directory};
use stepwell_engine::{Engine, Program, Start, TaskRequest, Tasks};
use stepwell_kernel::{Failure, Identity, Outcome};
use stepwell_value::{Payload, Value};
use tempfile::TempDir;

/// Gives back what it is given; fails when that is `"bad"`.
struct Echo;

impl Tasks for Echo {
    fn run(
        &self,
        request: TaskRequest,
    ) -> Pin<Box<dyn Future<Output = Result<Payload, Failure>> + Send>> {
        let input = request.call.call.input.clone();
        let is_bad = input.value().as_str() == Some("bad");
        let outcome = if is_bad { Err(Failure::new("Bad", "as asked")) } else { Ok(input) };
        Box::pin(std::future::ready(outcome))
    }
}

/// A bucket `b` with files.
fn bucket(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    for (key, text) in files {
        let path = folder.path().join("b").join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Runs a Map state with these fields; each item is echoed.
async fn map(buckets: &Path, fields: &str) -> Outcome {
    let text = format!(
        r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","End":true,{fields},"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},"StartAt":"Echo",
            "States":{{"Echo":{{"Type":"Task","Resource":"echo","End":true}}}}}}}}}}}}"#
    );
    let program = Program::parse(text).unwrap();
    let store = Arc::new(Directory::open(buckets).unwrap());
    let items = Arc::new(Buckets::new(store));
    let engine = Engine::builder(Arc::new(Echo)).shards(1).items(items).start().unwrap();
    let identity = Identity {
        execution_arn: "arn:aws:states:us-east-1:000000000000:execution:m:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:aws:states:us-east-1:000000000000:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:r".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    };
    let input = Payload::parse(r#"["x",[1,2],"bad"]"#).unwrap();
    engine.start(Start { program, identity, input }).unwrap().outcome().await.unwrap()
}

/// An `ItemReader` of one object.
fn reader(key: &str, config: &str) -> String {
    format!(
        r#""ItemReader":{{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{{{config}}},
        "Parameters":{{"Bucket":"b","Key":"{key}"}}}}"#
    )
}

#[track_caller]
fn output(outcome: Outcome) -> Value {
    match outcome {
        Outcome::Succeeded { output } => output.value().clone(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check_failure(outcome: &Outcome, error: &str, cause: &str) {
    assert_eq!(outcome, &Outcome::Failed { failure: Failure::new(error, cause) });
}

fn json(text: &str) -> Value {
    Value::parse(text).unwrap()
}

#[tokio::test]
async fn items_come_from_files_of_every_form() {
    let folder = bucket(&[
        ("a.json", r#"{"deep":{"items":[1,2,3]}}"#),
        ("a.jsonl", "{\"n\":1}\n\"two\"\n"),
        ("sub/a.csv", "id|name\n1|x\n2|y\n"),
        ("athena-manifest.csv", "s3://b/part-0\ns3://b/part-1\n"),
        ("part-0", "1,2\n"),
        ("part-1", "3,4\n"),
        (
            "inventory/manifest.json",
            r#"{"fileFormat":"CSV","fileSchema":"Bucket, Key","destinationBucket":"arn:aws:s3:::b",
                "files":[{"key":"part-1"}]}"#,
        ),
    ]);
    let pointer = r#""InputType":"JSON","ItemsPointer":"/deep/items""#;
    let csv = r#""InputType":"CSV","CSVDelimiter":"PIPE","CSVHeaderLocation":"FIRST_ROW""#;
    let athena = r#""InputType":"CSV","ManifestType":"ATHENA_DATA",
        "CSVHeaderLocation":"GIVEN","CSVHeaders":["p","q"]"#;
    for (key, config, expected) in [
        ("a.json", pointer, "[1,2,3]"),
        ("a.json", r#""InputType":"JSON","ItemsPointer":"/deep/items","MaxItems":2"#, "[1,2]"),
        ("a.jsonl", r#""InputType":"JSONL""#, r#"[{"n":1},"two"]"#),
        ("sub/a.csv", csv, r#"[{"id":"1","name":"x"},{"id":"2","name":"y"}]"#),
        ("athena-manifest.csv", athena, r#"[{"p":"1","q":"2"},{"p":"3","q":"4"}]"#),
        ("inventory/manifest.json", r#""InputType":"MANIFEST""#, r#"[{"Bucket":"3","Key":"4"}]"#),
    ] {
        let outcome = map(folder.path(), &reader(key, config)).await;
        assert_eq!(output(outcome), json(expected), "{key}");
    }
}

#[tokio::test]
async fn a_listing_is_in_the_order_of_the_keys() {
    let folder = bucket(&[("in/a/z", "zz"), ("in/a-b", "-"), ("in/a0", ""), ("other", "")]);
    fs::write(folder.path().join("b/in/a/.half.part"), "not complete").unwrap();
    let fields = r#""ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2",
        "Parameters":{"Bucket":"b","Prefix":"in/a"}}"#;
    let listed = output(map(folder.path(), fields).await);
    let part = |name| -> Vec<Value> {
        listed.as_array().unwrap().iter().map(|item| item.get(name).unwrap().clone()).collect()
    };
    assert_eq!(Value::from(part("Key")), json(r#"["in/a-b","in/a/z","in/a0"]"#));
    assert_eq!(Value::from(part("Size")), json("[1,2,0]"));
    assert_eq!(part("StorageClass")[0], json(r#""STANDARD""#));
    assert!(part("LastModified")[0].as_int().unwrap() > 1_600_000_000);
}

#[tokio::test]
async fn listed_objects_can_be_read_as_one_data_set() {
    let folder = bucket(&[("in/2.jsonl", "3\n"), ("in/1.jsonl", "1\n2\n"), ("out.jsonl", "9\n")]);
    let fields = r#""ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2",
        "ReaderConfig":{"InputType":"JSONL","Transformation":"LOAD_AND_FLATTEN"},
        "Parameters":{"Bucket":"b","Prefix":"in/"}}"#;
    assert_eq!(output(map(folder.path(), fields).await), json("[1,2,3]"));
}

#[tokio::test]
async fn what_cannot_be_read_fails_the_state_with_a_cause() {
    let folder = bucket(&[("a.json", "[]"), ("folder/inner.json", "[]")]);
    let missing = "The specified key does not exist. (Bucket: b, Key: KEY)";
    let invalid = "\"KEY\" is no key here: it is no path inside of the bucket b";
    let parquet =
        "InputType PARQUET cannot be read here: convert the file to CSV or JSON Lines first";
    for (key, config, cause) in [
        ("none.json", "", missing),
        ("a.json/deeper", "", missing),
        ("folder", "", missing),
        ("../b/a.json", "", invalid),
        ("/etc/passwd", "", invalid),
        ("folder/../a.json", "", invalid),
        ("folder//inner.json", "", invalid),
        ("a.json", r#""InputType":"PARQUET""#, parquet),
    ] {
        let outcome = map(folder.path(), &reader(key, config)).await;
        check_failure(&outcome, "States.ItemReaderFailed", &cause.replace("KEY", key));
    }
    for bucket in ["c", "..", ".", "b/folder", "/"] {
        let fields = reader("a.json", "").replace(r#""b""#, &format!("{bucket:?}"));
        let cause = format!("The specified bucket does not exist (Bucket: {bucket})");
        check_failure(&map(folder.path(), &fields).await, "States.ItemReaderFailed", &cause);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_leads_out_of_a_bucket() {
    use std::os::unix::fs::symlink;

    let folder = bucket(&[("inside/a.json", "[1]")]);
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.json"), "[7]").unwrap();
    let b = folder.path().join("b");
    symlink(outside.path().join("secret.json"), b.join("file.json")).unwrap();
    symlink(outside.path(), b.join("out")).unwrap();
    symlink(outside.path(), folder.path().join("linked")).unwrap();
    symlink("inside/a.json", b.join("near.json")).unwrap();
    symlink("..", b.join("inside/up")).unwrap();

    for key in ["file.json", "out/secret.json"] {
        let Outcome::Failed { failure } = map(folder.path(), &reader(key, "")).await else {
            panic!("{key} was read")
        };
        assert_eq!(failure.error.as_deref(), Some("States.ItemReaderFailed"));
    }
    let linked = reader("secret.json", "").replace(r#""b""#, r#""linked""#);
    assert!(matches!(map(folder.path(), &linked).await, Outcome::Failed { .. }));
    assert_eq!(output(map(folder.path(), &reader("near.json", "")).await), json("[1]"));

    let listing = r#""ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2",
        "Parameters":{"Bucket":"b"}},"ItemSelector":{"k.$":"$$.Map.Item.Value.Key"}"#;
    let keys = json(r#"[{"k":"inside/a.json"},{"k":"near.json"}]"#);
    assert_eq!(output(map(folder.path(), listing).await), keys);

    let writer = r#""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject",
        "Parameters":{"Bucket":"b","Prefix":"out"}},"ToleratedFailureCount":1"#;
    let Outcome::Failed { failure } = map(folder.path(), writer).await else {
        panic!("it was written outside")
    };
    assert_eq!(failure.error.as_deref(), Some("States.ResultWriterFailed"));
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn results_are_written_as_files_with_a_manifest() {
    let folder = bucket(&[]);
    let writer = r#""ToleratedFailureCount":1,"ResultWriter":{
        "Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"to/here"},
        "WriterConfig":{"Transformation":"FLATTEN","OutputType":"JSONL"}}"#;
    let given = output(map(folder.path(), writer).await);
    let details = given.get("ResultWriterDetails").unwrap();
    assert_eq!(details.get("Bucket"), Some(&json(r#""b""#)));
    let key = details.get("Key").unwrap().as_str().unwrap();
    let run = given.get("MapRunArn").unwrap().as_str().unwrap().rsplit(':').next().unwrap();
    assert_eq!(key, format!("to/here/{run}/manifest.json"));

    let read = |key: &str| fs::read_to_string(folder.path().join("b").join(key)).unwrap();
    let manifest = json(&read(key));
    let file = |status: &str| {
        let files = manifest.get("ResultFiles").unwrap().get(status).unwrap();
        files.as_array().unwrap()[0].get("Key").unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!(read(&file("SUCCEEDED")), "\"x\"\n1\n2\n");
    let failed = json(&read(&file("FAILED")));
    assert_eq!(failed.get("Error"), Some(&json(r#""Bad""#)));
    assert!(failed.get("StopDate").unwrap().as_str().unwrap().ends_with('Z'));
    let names = fs::read_dir(folder.path().join("b/to/here").join(run)).unwrap();
    assert_eq!(names.count(), 3, "nothing unfinished is left");
}

#[tokio::test]
async fn results_need_their_bucket() {
    let folder = bucket(&[]);
    let writer = r#""ToleratedFailureCount":1,"ResultWriter":{
        "Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"nowhere"}}"#;
    let cause = "The specified bucket does not exist (Bucket: nowhere)";
    check_failure(&map(folder.path(), writer).await, "States.ResultWriterFailed", cause);
}

#[tokio::test]
async fn items_beyond_one_piece_are_all_read_once() {
    let lines: Vec<_> = (0..2500).map(|n: i64| n.to_string()).collect();
    let folder = bucket(&[("n.jsonl", &lines.join("\n"))]);
    let batches = r#","ItemBatcher":{"MaxItemsPerBatch":300}"#;
    let fields = reader("n.jsonl", r#""InputType":"JSONL""#);
    let given = output(map(folder.path(), &fields).await);
    assert_eq!(given, Value::from((0..2500_i64).map(Value::from).collect::<Vec<_>>()));
    let given = output(map(folder.path(), &(fields + batches)).await);
    let sizes = given.as_array().unwrap().iter();
    let sizes: Vec<_> =
        sizes.map(|batch| batch.get("Items").unwrap().as_array().unwrap().len()).collect();
    assert_eq!(sizes, [300, 300, 300, 300, 300, 300, 300, 300, 100], "no batch is cut short");
}
