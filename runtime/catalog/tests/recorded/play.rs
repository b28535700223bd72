//! Plays the steps of a case.

use std::collections::BTreeMap;

use stepwell_asl::Timestamp;
use stepwell_catalog::{Catalog, Change, Limits, Site};
use stepwell_journal::Document;
use stepwell_kernel::Entropy;
use stepwell_value::{Object, Str, Value};

use super::compare::Comparer;
use super::wire;

#[derive(Default)]
pub(crate) struct Score {
    pub compared: usize,
    pub equal: usize,
    /// Answers that differ and are known to.
    pub known: usize,
    pub passed_over: usize,
    pub differences: Vec<String>,
}

/// An answer, or the name and the text of an exception.
pub(crate) type Answer = Result<Value, (String, String)>;

/// What a catalog needs of the world.
pub(crate) struct World {
    documents: BTreeMap<Str, Str>,
    pub now: Timestamp,
    pub entropy: Steps,
}

pub(crate) struct Steps(u64);

impl Entropy for Steps {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        self.0
    }
}

impl World {
    pub(crate) fn open(&self) -> Catalog {
        let site = Site {
            partition: "aws".into(),
            region: "us-east-1".into(),
            account: "000000000000".into(),
        };
        let documents = self
            .documents
            .iter()
            .map(|(key, text)| Document { key: Str::clone(key), text: Some(Str::clone(text)) });
        Catalog::open(site, Limits::default(), documents).unwrap()
    }

    pub(crate) fn keep(&mut self, change: &Change) {
        for Document { key, text } in change.documents() {
            match text {
                Some(text) => self.documents.insert(key, text),
                None => self.documents.remove(&key),
            };
        }
    }
}

pub(crate) fn case(case: &Value, score: &mut Score) {
    let id = case.get("id").and_then(Value::as_str).unwrap();
    let mut comparer = Comparer::new(case);
    let mut world = World { documents: BTreeMap::new(), now: Timestamp::EPOCH, entropy: Steps(1) };
    let mut answers: BTreeMap<String, Value> = BTreeMap::new();
    for step in case.get("steps").and_then(Value::as_array).unwrap() {
        world.now = Timestamp::from_unix_millis(world.now.unix_millis() + 1000);
        let number = step.get("n").and_then(Value::as_int).unwrap();
        let expected = step.get("expect").and_then(Value::as_array).unwrap_or_default();
        let is_of_client = expected.iter().any(|expected| expected.get("client_side").is_some());
        let answer = if is_of_client { None } else { answer(step, &answers, &mut world) };
        let Some(answer) = answer else {
            score.passed_over += expected.len();
            continue;
        };
        for expected in expected {
            score.compared += 1;
            match differ(expected, &answer, &mut comparer) {
                None => score.equal += 1,
                Some(difference) => score.differences.push(format!("{id}: {number}: {difference}")),
            }
        }
        if let Ok(answer) = answer {
            answers.insert(number.to_string(), answer);
        }
    }
}

/// None for a call that is none of the catalog's, or builds on one.
fn answer(step: &Value, answers: &BTreeMap<String, Value>, world: &mut World) -> Option<Answer> {
    if let Some("logs") = step.get("service").and_then(Value::as_str) {
        return log_groups(step).map(Ok);
    }
    let params = substitute(step.get("params")?, answers)?;
    wire::call(step.get("op")?.as_str()?, &params, world)
}

/// A description of the log group that the next calls refer to.
fn log_groups(step: &Value) -> Option<Value> {
    let name = step.get("params")?.get("logGroupNamePrefix")?.as_str()?;
    let arn = format!("arn:aws:logs:us-east-1:000000000000:log-group:{name}:*");
    let group = Value::from(Object::from_iter([("arn", arn)]));
    Some(Value::from(Object::from_iter([("logGroups", vec![group])])))
}

/// The parameters with the answers to which they refer; none if there is no such answer.
fn substitute(params: &Value, answers: &BTreeMap<String, Value>) -> Option<Value> {
    match params {
        Value::Object(object) => match object.get("$json") {
            Some(json) => Some(substitute(json, answers)?.to_string().into()),
            None => {
                let members = object
                    .iter()
                    .map(|(name, value)| Some((Str::clone(name), substitute(value, answers)?)));
                Some(Value::from(
                    members.collect::<Option<Vec<_>>>()?.into_iter().collect::<Object>(),
                ))
            }
        },
        Value::Array(items) => {
            let items = items.iter().map(|item| substitute(item, answers));
            Some(Value::from(items.collect::<Option<Vec<_>>>()?))
        }
        Value::String(text) => match text.strip_prefix("{{").and_then(|t| t.strip_suffix("}}")) {
            Some(way) => {
                let (number, way) = way.split_once('.')?;
                way.split('.').try_fold(answers.get(number)?.clone(), |value, part| {
                    let nth = part.parse::<usize>().ok();
                    let item = nth.and_then(|nth| value.as_array()?.get(nth).cloned());
                    item.or_else(|| value.get(part).cloned())
                })
            }
            None => Some(params.clone()),
        },
        other => Some(other.clone()),
    }
}

fn differ(expected: &Value, answer: &Answer, comparer: &mut Comparer) -> Option<String> {
    match (expected.get("error"), answer) {
        (Some(error), Err((name, text))) => {
            let (recorded_name, recorded) = exception(error);
            let is_equal = recorded_name == *name && comparer.text(&recorded, text);
            (!is_equal)
                .then(|| format!("recorded {recorded_name}: {recorded}, answered {name}: {text}"))
        }
        (Some(error), Ok(answer)) => Some(format!("recorded {error}, answered {answer}")),
        (None, Err(error)) => Some(format!("answered {error:?}")),
        (None, Ok(answer)) => match (expected.get("response"), expected.get("response_part")) {
            (Some(recorded), _) => comparer.differ(recorded, answer, "$"),
            (None, Some(part)) => {
                let mut members = part.as_object().unwrap().iter();
                members.find_map(|(name, recorded)| match answer.get(name) {
                    Some(actual) => comparer.differ(recorded, actual, name),
                    None => Some(format!("`{name}` is missing")),
                })
            }
            (None, None) => None,
        },
    }
}

/// The name and the text of a recorded exception, which has one of three forms.
fn exception(error: &Value) -> (String, String) {
    if let Some(error) = error.get("Error") {
        let part = |name| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        return (part("Code"), part("Message"));
    }
    let whole = error.get("exception_value").unwrap_or(error).as_str().unwrap();
    let (front, text) = whole.split_once(" operation: ").unwrap();
    let name = front.split(['(', ')']).nth(1).unwrap();
    (name.to_owned(), text.to_owned())
}
