use std::collections::BTreeMap;
use std::io::{self, Write};

use proptest::prelude::*;
use stepwell_value::{Str, Value};

use super::{Export, Place, Target, WriterConfig};
use crate::results::tests::{child, ended, succeeded};
use crate::results::{ChildResult, Ending, OutputType, Transformation};
use crate::{Format, Items, JsonConfig, ReaderConfig};

/// Files in memory; the ones that were closed, and how many bytes may still be written.
#[derive(Debug)]
struct Memory {
    closed: BTreeMap<String, String>,
    bytes_left: usize,
}

#[derive(Debug)]
struct File {
    bytes: Vec<u8>,
    bytes_max: usize,
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.bytes_max {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Target for Memory {
    type File = File;

    fn open(&mut self, _key: &str) -> io::Result<File> {
        Ok(File { bytes: Vec::new(), bytes_max: self.bytes_left })
    }

    fn close(&mut self, key: &str, file: File) -> io::Result<()> {
        let left = self.bytes_left.checked_sub(file.bytes.len());
        self.bytes_left = left.ok_or(io::ErrorKind::StorageFull)?;
        self.closed.insert(key.to_owned(), String::from_utf8(file.bytes).expect("UTF-8"));
        Ok(())
    }
}

fn place(prefix: &str) -> Place {
    Place {
        bucket: Str::from("results"),
        prefix: Str::from(prefix),
        map_run_arn: Str::from("arn:aws:states:eu-west-1:111:mapRun:m/L:ad9b5f27"),
    }
}

fn export(config: WriterConfig, results: &[ChildResult], target: Memory) -> io::Result<Memory> {
    let mut export = Export::new(place("jobs"), config, target);
    for result in results {
        export.write(result)?;
    }
    export.finish()
}

fn files(config: WriterConfig, results: &[ChildResult]) -> BTreeMap<String, String> {
    let target = Memory { closed: BTreeMap::new(), bytes_left: usize::MAX };
    export(config, results, target).expect("files").closed
}

fn results() -> Vec<ChildResult> {
    let (error, cause) = (Some(Str::from("E")), None);
    vec![
        succeeded("a", "[1,2]"),
        ended(Ending::Failed { child: child("b"), error, cause }),
        succeeded("c", "\"x\""),
        ended(Ending::Pending),
        succeeded("d", "[]"),
    ]
}

#[test]
fn results_are_gathered_by_status_and_named_in_the_manifest() {
    let compact =
        WriterConfig { transformation: Transformation::Compact, ..WriterConfig::default() };
    let files = files(compact, &results());
    let names = files.keys().map(String::as_str).collect::<Vec<_>>();
    let expected = ["FAILED_0.json", "PENDING_0.json", "SUCCEEDED_0.json", "manifest.json"];
    assert_eq!(names, expected.map(|name| format!("jobs/ad9b5f27/{name}")));
    assert_eq!(files["jobs/ad9b5f27/SUCCEEDED_0.json"], r#"[[1,2],"x",[]]"#);
    let [failed, pending] =
        ["FAILED_0", "PENDING_0"].map(|name| &files[&format!("jobs/ad9b5f27/{name}.json")]);
    assert!(
        failed.starts_with(r#"[{"Error":"E","ExecutionArn""#) && failed.ends_with("}]"),
        "{failed}"
    );
    assert_eq!(
        pending,
        r#"[{"Input":"\"in\"","InputDetails":{"Included":true},"Status":"PENDING"}]"#
    );
    let manifest = format!(
        concat!(
            r#"{{"DestinationBucket":"results","MapRunArn":"arn:aws:states:eu-west-1:111:mapRun:m/L:ad9b5f27","#,
            r#""ResultFiles":{{"FAILED":[{{"Key":"jobs/ad9b5f27/FAILED_0.json","Size":{}}}],"#,
            r#""PENDING":[{{"Key":"jobs/ad9b5f27/PENDING_0.json","Size":{}}}],"#,
            r#""SUCCEEDED":[{{"Key":"jobs/ad9b5f27/SUCCEEDED_0.json","Size":14}}]}}}}"#,
        ),
        failed.len(),
        pending.len(),
    );
    assert_eq!(files["jobs/ad9b5f27/manifest.json"], manifest);
}

#[test]
fn a_map_run_without_results_has_a_manifest() {
    let files = files(WriterConfig::default(), &[]);
    let manifest = Value::parse(&files["jobs/ad9b5f27/manifest.json"]).expect("JSON");
    let expected = Value::parse(r#"{"FAILED": [], "PENDING": [], "SUCCEEDED": []}"#).expect("JSON");
    assert_eq!((files.len(), manifest.get("ResultFiles")), (1, Some(&expected)));
}

#[test]
fn a_record_is_an_element_or_a_line() {
    let written = |transformation, output_type| {
        let config = WriterConfig { transformation, output_type, ..WriterConfig::default() };
        files(config, &results()).remove("jobs/ad9b5f27/SUCCEEDED_0.json").expect("a file")
    };
    assert_eq!(written(Transformation::Flatten, OutputType::Json), r#"[1,2,"x"]"#);
    assert_eq!(written(Transformation::Flatten, OutputType::JsonLines), "1\n2\n\"x\"\n");
    assert_eq!(written(Transformation::Compact, OutputType::JsonLines), "[1,2]\n\"x\"\n[]\n");
    let whole = written(Transformation::None, OutputType::JsonLines);
    assert_eq!(whole.lines().filter(|line| Value::parse(line).is_ok()).count(), 3);
}

#[test]
fn a_file_ends_before_it_is_too_long() {
    let results = ["11", "22", "3", "4444444", "5"].map(|output| succeeded("a", output));
    let split = |output_type, file_bytes_max| {
        let transformation = Transformation::Compact;
        let mut files =
            files(WriterConfig { transformation, output_type, file_bytes_max }, &results);
        files.remove("jobs/ad9b5f27/manifest.json");
        let nth = |nth: usize| files.get(&format!("jobs/ad9b5f27/SUCCEEDED_{nth}.json"));
        (0..files.len()).map(|at| nth(at).expect("a file in row").clone()).collect::<Vec<_>>()
    };
    assert_eq!(split(OutputType::Json, 7), ["[11,22]", "[3]", "[4444444]", "[5]"]);
    assert_eq!(split(OutputType::Json, 6), ["[11]", "[22,3]", "[4444444]", "[5]"]);
    assert_eq!(split(OutputType::JsonLines, 6), ["11\n22\n", "3\n", "4444444\n", "5\n"]);
    assert_eq!(split(OutputType::JsonLines, 0).len(), 5);
}

#[test]
fn keys_are_made_of_prefix_and_map_run() {
    let cases = [("", "ad9b5f27/x"), ("a", "a/ad9b5f27/x"), ("a/b/", "a/b/ad9b5f27/x")];
    for (prefix, expected) in cases {
        assert_eq!(place(prefix).key("x"), expected);
    }
    let output = concat!(
        r#"{"MapRunArn":"arn:aws:states:eu-west-1:111:mapRun:m/L:ad9b5f27","#,
        r#""ResultWriterDetails":{"Bucket":"results","Key":"jobs/ad9b5f27/manifest.json"}}"#,
    );
    assert_eq!(place("jobs").state_output().to_string(), output);
}

#[test]
fn an_interrupted_export_is_written_again_over_what_is_there() {
    let config = WriterConfig { file_bytes_max: 1000, ..WriterConfig::default() };
    let whole = files(config, &results());
    let bytes = whole.values().map(String::len).sum::<usize>();
    for bytes_left in 0..bytes {
        let target = Memory { closed: BTreeMap::new(), bytes_left };
        let broken = export(config, &results(), target);
        assert_eq!(broken.map_err(|error| error.kind()).err(), Some(io::ErrorKind::StorageFull));
    }
    let stale = BTreeMap::from([("jobs/ad9b5f27/SUCCEEDED_0.json".to_owned(), "[{".to_owned())]);
    let target = Memory { closed: stale, bytes_left: bytes };
    assert_eq!(export(config, &results(), target).expect("files").closed, whole);
}

proptest! {
    #[test]
    fn what_was_written_is_read_again(
        outputs in prop::collection::vec("[a-z\\n\"]{0,20}", 0..20),
        file_bytes_max in 0_u64..100,
        is_json in any::<bool>(),
    ) {
        let outputs = outputs.into_iter().map(Value::from).collect::<Vec<_>>();
        let results = outputs.iter().map(|output| succeeded("a", &output.to_string()));
        let (format, output_type) = if is_json {
            (Format::Json(JsonConfig::array()), OutputType::Json)
        } else {
            (Format::JsonLines, OutputType::JsonLines)
        };
        let config = WriterConfig { transformation: Transformation::Compact, output_type, file_bytes_max };
        let files = files(config, &results.collect::<Vec<_>>());
        let manifest = Value::parse(&files["jobs/ad9b5f27/manifest.json"]).expect("JSON");
        let listed = manifest.get("ResultFiles").and_then(|files| files.get("SUCCEEDED"));
        let listed = listed.and_then(Value::as_array).expect("files");
        let mut texts = Vec::new();
        for entry in listed {
            let file = &files[entry.get("Key").and_then(Value::as_str).expect("a key")];
            prop_assert_eq!(entry.get("Size").and_then(Value::as_int), i64::try_from(file.len()).ok());
            texts.push(Ok(file.as_bytes()));
        }
        let items = Items::of_files(ReaderConfig::new(format), texts);
        prop_assert_eq!(items.collect::<Result<Vec<_>, _>>(), Ok(outputs));
    }
}
