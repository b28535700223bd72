//! Executions recorded from the service, of which the readers play their part.
//!
//! `STEPWELL_CONFORMANCE` names the directory of the corpus; without it nothing is played. Every
//! child of these executions gives back its item, so the recorded outputs are the items.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test")]

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use stepwell_items::{
    CsvConfig, Delimiter, Entry, Format, Headers, Items, JsonConfig, Listed, MaxItems, Place,
    ReadFailure, ReaderConfig,
};
use stepwell_value::{Str, Value};

/// What the readers give, in the form of what was recorded.
type Outcome = Result<Vec<Value>, String>;

#[test]
fn recorded_data_sets_give_the_recorded_items() {
    let Some(directory) = corpus() else { return };
    let mut played = 0;
    for path in cases(&directory) {
        let case = Value::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        if let Some((outcome, expected)) = play(&case) {
            assert_eq!(outcome, expected, "{}", path.display());
            played += 1;
        }
    }
    assert!(played >= 14, "only {played} cases with an ItemReader were found");
    eprintln!("{played} recorded data sets were read");
}

#[test]
fn the_recorded_state_output_is_the_place_of_the_results() {
    let Some(directory) = corpus() else { return };
    let path = directory.join("cases/distributed_map/base_scenarios.map_state_result_writer.json");
    let case = Value::parse(&fs::read_to_string(path).unwrap()).unwrap();
    let expected = at(&case, &["expected", "output"]).unwrap();
    let writer = find(at(&case, &["definition"]).unwrap(), "ResultWriter").unwrap();
    let parameter = |name| Str::from(at(writer, &["Parameters", name]).unwrap().as_str().unwrap());
    let map_run_arn = Str::from(expected.get("MapRunArn").unwrap().as_str().unwrap());
    let place = Place { bucket: parameter("Bucket"), prefix: parameter("Prefix"), map_run_arn };
    assert_eq!(&place.state_output(), expected);
}

fn corpus() -> Option<PathBuf> {
    let directory = env::var_os("STEPWELL_CONFORMANCE").filter(|name| *name != OsString::new());
    if directory.is_none() {
        eprintln!("STEPWELL_CONFORMANCE is not set: no recorded execution is played");
    }
    directory.map(PathBuf::from)
}

fn cases(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory.join("cases/distributed_map")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// What is read and what was recorded, if the case reads something.
fn play(case: &Value) -> Option<(Outcome, Outcome)> {
    let reader = find(at(case, &["definition"])?, "ItemReader")?;
    let error = at(case, &["expected", "error"])?;
    let expected = match (at(case, &["expected", "output"])?, error.as_str()) {
        (Value::String(output), _) => Ok(Value::parse(output).unwrap().as_array()?.to_vec()),
        (_, Some(ReadFailure::ERROR)) => {
            Err(at(case, &["expected", "cause"])?.as_str()?.to_owned())
        }
        // The state failed before anything was read.
        _ => return None,
    };
    let objects = objects(case);
    let outcome = match at(reader, &["Resource"])?.as_str()?.rsplit(':').next()? {
        "listObjectsV2" => Ok(list(&objects)),
        "getObject" => {
            let key = at(case, &["input", "Key"])?.as_str()?;
            config(reader, at(case, &["input"])?)
                .and_then(|config| Items::new(config, objects[key].as_bytes()).collect())
                .map_err(|failure| failure.to_string())
        }
        other => panic!("an ItemReader reads from {other}"),
    };
    Some((outcome, expected))
}

fn config(reader: &Value, input: &Value) -> Result<ReaderConfig, ReadFailure> {
    let field = |name| at(reader, &["ReaderConfig", name]);
    let format = match field("InputType").and_then(Value::as_str) {
        Some("JSON") => Format::Json(JsonConfig::array()),
        Some("CSV") => {
            let name = |name: &Value| Str::from(name.as_str().unwrap());
            let given = field("CSVHeaders").and_then(Value::as_array);
            let headers = given.map_or(Headers::FirstRow, |names| {
                Headers::Given(names.iter().map(name).collect())
            });
            Format::Csv(CsvConfig { headers, delimiter: Delimiter::Comma })
        }
        other => panic!("an ItemReader reads {other:?}"),
    };
    let path = field("MaxItemsPath").and_then(Value::as_str);
    let max = match path.and_then(|path| path.strip_prefix("$.")) {
        Some(name) => input.get(name),
        None => field("MaxItems"),
    };
    let max_items = MaxItems::new(max.map_or(0, |max| max.as_int().unwrap()))?;
    Ok(ReaderConfig { max_items, ..ReaderConfig::new(format) })
}

/// The corpus has names in place of what depends on when and where it was recorded.
fn list(objects: &BTreeMap<String, String>) -> Vec<Value> {
    let entry = |(key, body): (&String, &String)| Entry {
        key: Str::from(key.as_str()),
        etag: Str::from(""),
        last_modified: 0,
        size: body.len() as u64,
        storage_class: Str::from("STANDARD"),
    };
    let listed = Listed::new(objects.iter().map(|object| Ok(entry(object))), MaxItems::ALL, 0);
    let with_names = |item: Value| {
        let mut item = item.as_object().unwrap().clone();
        let key = item.get("Key").unwrap().as_str().unwrap().to_owned();
        item.insert("Etag", format!("<Etag-{key}>"));
        item.insert("LastModified", "<date>");
        Value::from(item)
    };
    listed.map(|item| with_names(item.unwrap())).collect()
}

/// What the case puts into its bucket.
fn objects(case: &Value) -> BTreeMap<String, String> {
    let steps = at(case, &["setup"]).and_then(Value::as_array).unwrap_or_default();
    let puts = steps.iter().filter(|step| at(step, &["op"]) == Some(&Value::from("PutObject")));
    let object = |step: &Value| {
        let text = |name| at(step, &["params", name]).and_then(Value::as_str).unwrap().to_owned();
        (text("Key"), text("Body"))
    };
    puts.map(object).collect()
}

fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| value.get(name))
}

/// The member of that name, however deep.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(object) => {
            object.get(name).or_else(|| object.values().find_map(|value| find(value, name)))
        }
        Value::Array(items) => items.iter().find_map(|value| find(value, name)),
        _ => None,
    }
}
