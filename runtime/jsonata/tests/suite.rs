//! The official `JSONata` suite, the reference's messages and what was measured on the service.
//!
//! The data is not part of this repository. `STEPWELL_EXPRESSIONS` names the directory that holds
//! it; without it the tests say so and pass.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test, whose scores are shown")]
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use stepwell_jsonata::{Dialect, Env, Error, Expression, Limits};
use stepwell_value::{Object, Value};

/// 2018-09-10T11:11:11Z or so; the suite only asks that it is a moment.
const NOW_MILLIS: i64 = 1_536_577_871_000;

fn data() -> Option<PathBuf> {
    let directory = std::env::var("STEPWELL_EXPRESSIONS").ok();
    if directory.is_none() {
        println!("STEPWELL_EXPRESSIONS is not set: nothing was tested");
    }
    directory.map(PathBuf::from)
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Value::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Runs on a stack that a deep evaluation in a debug build fits into.
fn with_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(test);
    thread.unwrap().join().unwrap();
}

fn evaluate(
    text: &str,
    input: Option<&Value>,
    bindings: &Object,
    (dialect, limits): (Dialect, Limits),
) -> Result<Option<Value>, Error> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut entropy = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut env = Env { now_millis: NOW_MILLIS, entropy: &mut entropy, limits };
    Expression::parse_as(text, dialect)?.evaluate(input, bindings, &mut env)
}

/// Deep, numeric and ordered equality; `1` is `1.0`.
fn same(left: &Value, right: &Value, is_unordered: bool) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) if is_unordered => {
            left.len() == right.len()
                && left.iter().all(|l| right.iter().any(|r| same(l, r, false)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right.iter()).all(|(l, r)| same(l, r, is_unordered))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(k, l)| right.get(k).is_some_and(|r| same(l, r, is_unordered)))
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            left.as_f64() == right.as_f64()
        }
        _ => left == right,
    }
}

#[derive(Default)]
struct Score {
    passed: usize,
    failed: Vec<String>,
}

impl Score {
    fn note(&mut self, is_good: bool, failure: impl FnOnce() -> String) {
        if is_good {
            self.passed += 1;
        } else {
            self.failed.push(failure());
        }
    }

    fn total(&self) -> usize {
        self.passed + self.failed.len()
    }

    fn print(&self, name: &str) {
        println!("{name}: {} of {}", self.passed, self.total());
        for failure in &self.failed {
            println!("  {failure}");
        }
    }
}

fn run_case(case: &Value, datasets: &BTreeMap<String, Value>) -> Result<Option<Value>, Error> {
    let text = case.get("expr").and_then(Value::as_str).unwrap();
    let input = case.get("input").unwrap();
    let input = match input.get("kind").and_then(Value::as_str).unwrap() {
        "dataset" => datasets.get(input.get("name").and_then(Value::as_str).unwrap()),
        "inline" => input.get("data"),
        _ => None,
    };
    let bindings = case.get("bindings").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut limits = Limits::GENEROUS;
    if let Some(depth) = case.get("depth").and_then(Value::as_int) {
        limits.depth_max = usize::try_from(depth).unwrap();
        limits.steps_max = 20_000_000;
    }
    evaluate(text, input, &bindings, (Dialect::Jsonata, limits))
}

fn is_expected(case: &Value, result: &Result<Option<Value>, Error>) -> bool {
    let expect = case.get("expect").unwrap();
    let kind = expect.get("kind").and_then(Value::as_str).unwrap();
    let is_eval = case.get("group").and_then(Value::as_str) == Some("function-eval");
    match result {
        Err(error) if is_eval => error.code() == "T1006",
        Ok(_) if is_eval => false,
        Ok(Some(found)) => {
            let is_unordered = case.get("unordered").is_some();
            kind == "value" && same(found, expect.get("value").unwrap(), is_unordered)
        }
        Ok(None) => kind == "undefined",
        Err(error) => expect.get("code").and_then(Value::as_str) == Some(error.code()),
    }
}

fn shown(result: &Result<Option<Value>, Error>) -> String {
    match result {
        Ok(Some(value)) => value.to_string().chars().take(200).collect(),
        Ok(None) => "undefined".to_owned(),
        Err(error) => format!("{} {error} at {:?}", error.code(), error.position()),
    }
}

fn datasets(suite: &Path) -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(suite.join("datasets")).unwrap();
    files
        .map(|file| {
            let path = file.unwrap().path();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), read(&path))
        })
        .collect()
}

#[test]
fn the_official_suite_passes() {
    let Some(data) = data() else { return };
    with_stack(move || {
        let suite = data.join("jsonata-suite");
        let datasets = datasets(&suite);
        let cases = read(&suite.join("suite-2.0.6.json"));
        let messages = read(&suite.join("error-messages-2.0.6.json"));
        let mut kinds: BTreeMap<String, Score> = BTreeMap::new();
        let mut groups: BTreeMap<String, Score> = BTreeMap::new();
        let (mut texts, mut places) = (Score::default(), Score::default());
        for case in cases.as_array().unwrap() {
            let name = |field: &str| case.get(field).and_then(Value::as_str).unwrap();
            let id = name("id");
            let result = run_case(case, &datasets);
            let expect = case.get("expect").unwrap();
            let is_good = is_expected(case, &result);
            let describe = || {
                let expr: String = name("expr").chars().take(200).collect();
                let wanted: String = expect.to_string().chars().take(200).collect();
                format!("{id}: {expr}\n      wanted {wanted}\n      found  {}", shown(&result))
            };
            let kind = expect.get("kind").and_then(Value::as_str).unwrap();
            kinds.entry(kind.to_owned()).or_default().note(is_good, describe);
            groups.entry(name("group").to_owned()).or_default().note(is_good, String::new);
            if let (Some(message), Err(error)) = (messages.get(id), &result)
                && name("group") != "function-eval"
            {
                let wanted = message.get("message").and_then(Value::as_str).unwrap();
                texts.note(error.to_string() == wanted, || format!("{id}: {error} | {wanted}"));
                let position = error.position().and_then(|p| i64::try_from(p).ok());
                let (place, token) = (message.get("position"), message.get("token"));
                let is_there = place.and_then(Value::as_int) == position;
                let is_named = token.filter(|t| !t.is_null()).map(ToString::to_string)
                    == error.concerned().map(ToString::to_string);
                places.note(is_there && is_named, || {
                    format!("{id}: {position:?} {:?} | {place:?} {token:?}", error.concerned())
                });
            }
        }
        for (group, score) in &groups {
            if score.total() > score.passed {
                println!("{group}: {} of {}", score.passed, score.total());
            }
        }
        for (kind, score) in &kinds {
            score.print(kind);
        }
        texts.print("messages");
        places.print("positions and tokens");
        let passed: usize = kinds.values().map(|score| score.passed).sum();
        let total: usize = kinds.values().map(Score::total).sum();
        println!("suite: {passed} of {total}");
        assert!(passed >= total - 2, "{passed} of {total}");
        assert!(texts.passed * 100 >= texts.total() * 95, "{} messages", texts.passed);
    });
}

#[test]
fn later_corrections_that_the_service_has_pass() {
    let Some(data) = data() else { return };
    with_stack(move || {
        let suite = data.join("jsonata-suite");
        let datasets = datasets(&suite);
        let cases = read(&suite.join("suite-2.2.2-delta.json"));
        let mut score = Score::default();
        for case in cases.as_array().unwrap() {
            let group = case.get("group").and_then(Value::as_str).unwrap();
            // Operators that the documented version does not have.
            if matches!(group, "coalescing-operator" | "default-operator") {
                continue;
            }
            let result = run_case(case, &datasets);
            let id = case.get("id").and_then(Value::as_str).unwrap();
            let expr = case.get("expr").and_then(Value::as_str).unwrap();
            score.note(is_expected(case, &result), || {
                format!("{id}: {expr}: {} {}", shown(&result), case.get("expect").unwrap())
            });
        }
        score.print("later corrections");
        assert!(score.passed + 2 >= score.total());
    });
}

#[test]
fn what_was_measured_on_the_service_holds() {
    let Some(data) = data() else { return };
    with_stack(move || {
        let cases = read(&data.join("aws_jsonata_cases.json"));
        let mut score = Score::default();
        for case in cases.get("cases").and_then(Value::as_array).unwrap() {
            let text = case.get("expr").and_then(Value::as_str).unwrap();
            let expect = case.get("expect").unwrap();
            let profile = (Dialect::StepFunctions, Limits::STEP_FUNCTIONS);
            let result = evaluate(text, None, &Object::new(), profile);
            score.note(is_measured(expect, &result), || {
                let text: String = text.chars().take(100).collect();
                format!("{text}: {} | {expect}", shown(&result))
            });
        }
        score.print("service");
        assert!(score.failed.is_empty());
    });
}

fn is_measured(expect: &Value, result: &Result<Option<Value>, Error>) -> bool {
    match (expect.get("kind").and_then(Value::as_str).unwrap(), result) {
        ("value", Ok(Some(found))) => same(found, expect.get("value").unwrap(), false),
        ("undefined", Ok(None)) => true,
        ("error", Err(error)) => {
            let code = expect.get("code").and_then(Value::as_str);
            let is_code =
                if error.is_limit() { code.is_none() } else { code == Some(error.code()) };
            let message = expect.get("message").and_then(Value::as_str);
            is_code
                && match message {
                    None => true,
                    // Only described, or cut short, in the record.
                    Some(message) if message.starts_with('(') => true,
                    Some(message) if message.ends_with("...") => {
                        error.to_string().starts_with(message.trim_end_matches("..."))
                    }
                    Some(message) => error.to_string() == message,
                }
        }
        _ => false,
    }
}
