//! Definitions: read or refused with a reason and a place that exists, soon and in little memory.

use stepwell_asl::{Definition, Diagnostic, StateIdx};
use stepwell_value::Value;

use super::machines::machine;
use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::damage;
use crate::documents::document;
use crate::target::Target;

pub(crate) const TARGET: Target = Target {
    name: "definition",
    about: "a definition is read or refused, with places that exist",
    generate,
    check,
    bytes_max: |input| (16 << 20) + 4000 * input,
    test_iterations: 120,
};

const PIECES: &[&str] = &[
    "\"Type\":\"Task\",",
    "\"Type\":\"Pass\",",
    "\"Type\":\"Choice\",",
    "\"Type\":\"Wait\",",
    "\"Type\":\"Map\",",
    "\"Type\":\"Parallel\",",
    "\"Type\":\"Fail\",",
    "\"Next\":\"S1\",",
    "\"End\":true,",
    "\"End\":false,",
    "\"Resource\":\"a\",",
    "\"InputPath\":\"$.a\",",
    "\"ResultPath\":null,",
    "\"OutputPath\":\"$..a\",",
    "\"Parameters\":{\"a.$\":\"$.a\"},",
    "\"ResultSelector\":{},",
    "\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"]}],",
    "\"Catch\":[{\"ErrorEquals\":[\"A\"],\"Next\":\"S1\"}],",
    "\"TimeoutSeconds\":1,",
    "\"QueryLanguage\":\"JSONata\",",
    "\"Output\":\"{% $states.input %}\",",
    "\"Assign\":{\"x\":\"{% 1 %}\"},",
    "\"Arguments\":{},",
    "\"Seconds\":1,",
    "\"Timestamp\":\"2026-01-01T00:00:00Z\",",
    "\"Variable\":\"$.a\",",
    "\"IsNull\":true,",
    "\"And\":[],",
    "\"Not\":{},",
    "\"Default\":\"S1\",",
    "\"Choices\":[],",
    "\"Branches\":[],",
    "\"ItemProcessor\":{},",
    "\"Iterator\":{},",
    "\"ItemsPath\":\"$\",",
    "\"States\":{},",
    "\"StartAt\":\"S0\",",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "{}",
    "[]",
    "\"S1\"",
    "\"$\"",
    "\"{% a %}\"",
    "\"States.Format('{}', $)\"",
    "\"$$.Task.Token\"",
    "1e9",
    "-1",
    "\"a/b[0]\":",
];

/// A machine with what the generator of whole machines does not write.
const RICH: &str = r#"{"Comment":"all kinds","StartAt":"Choose","TimeoutSeconds":300,"States":{
"Choose":{"Type":"Choice","InputPath":"$.in","Choices":[
 {"Or":[{"Variable":"$.n","NumericGreaterThan":5},{"Not":{"Variable":"$.s","StringMatches":"a*b"}}],"Next":"Wait"},
 {"Variable":"$.t","TimestampLessThanPath":"$.u","Next":"Each"}],"Default":"Stop"},
"Wait":{"Type":"Wait","TimestampPath":"$.until","Next":"Call"},
"Call":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f:1","Payload.$":"$"},
 "ResultSelector":{"r.$":"$.Payload"},"ResultPath":"$.out","HeartbeatSeconds":2,"TimeoutSecondsPath":"$.limit",
 "Retry":[{"ErrorEquals":["States.Timeout","Mine"],"IntervalSeconds":1,"MaxAttempts":0,"BackoffRate":2.5,"MaxDelaySeconds":60,"JitterStrategy":"FULL"}],
 "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"Stop"}],"Next":"Each"},
"Each":{"Type":"Map","ItemsPath":"$.list","MaxConcurrency":3,"ItemSelector":{"i.$":"$$.Map.Item.Index"},
 "ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"In","States":{"In":{"Type":"Pass","Result":[1,{"x":null}],"End":true}}},"Next":"Both"},
"Both":{"Type":"Parallel","Branches":[{"StartAt":"L","States":{"L":{"Type":"Succeed","OutputPath":"$.l"}}},
 {"StartAt":"R","States":{"R":{"Type":"Wait","Seconds":4,"End":true}}}],"ResultPath":"$.both","End":true},
"Stop":{"Type":"Fail","Error":"Stopped","CausePath":"$.why"}}}"#;

fn generate(chance: &mut Chance, corpus: &Corpus) -> String {
    let whole = match chance.below(4) {
        0 => RICH.to_owned(),
        1 => corpus.pick(chance).to_owned(),
        _ => machine(chance),
    };
    match chance.below(4) {
        0 => damage::damaged(&whole, PIECES, RICH, chance),
        1 => crowd(chance),
        _ => transplanted(&whole, chance),
    }
}

/// Puts values of one place into another: what is still JSON gets further than broken text.
fn transplanted(text: &str, chance: &mut Chance) -> String {
    let Ok(mut value) = Value::parse(text) else { return text.to_owned() };
    for _ in 0..=chance.few(4) {
        let donor = match chance.below(3) {
            0 => Value::parse(RICH).unwrap_or_default(),
            1 => document(chance, 20),
            _ => value.clone(),
        };
        let mut from = chance.below(size(&donor));
        let mut to = chance.below(size(&value));
        let part = nth(&donor, &mut from).cloned().unwrap_or_default();
        value = replaced(&value, &mut to, &part);
    }
    value.to_string()
}

/// Many of the same: what takes quadratic time shows.
fn crowd(chance: &mut Chance) -> String {
    let count = 1 << chance.below(11);
    let state = chance.pick(&[
        r#"{"Type":"Pass","Next":"SN"}"#,
        r#"{"Type":"Pass","Next":"Nowhere"}"#,
        r#"{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"SN"}],"Default":"S0"}"#,
        r#"{"Type":"Task","Resource":"a","Unknown":1,"Nxet":"SN"}"#,
        r#"{"Type":"Parallel","Branches":[{"StartAt":"BN","States":{"BN":{"Type":"Succeed"}}}],"Next":"SN"}"#,
        "{}",
    ]);
    let state = |nth: usize| format!("\"S{nth}\":{}", state.replace('N', &(nth + 1).to_string()));
    let states: Vec<String> = (0..count).map(state).collect();
    format!(
        r#"{{"StartAt":"S0","States":{{{},"S{count}":{{"Type":"Succeed"}}}}}}"#,
        states.join(",")
    )
}

/// How many values a document has, itself included.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => 1,
    }
}

/// The value of that number, counted as they are written.
fn nth<'v>(value: &'v Value, left: &mut usize) -> Option<&'v Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter().find_map(|item| nth(item, left)),
        Value::Object(members) => members.values().find_map(|member| nth(member, left)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => None,
    }
}

/// The document with the value of that number replaced.
fn replaced(value: &Value, left: &mut usize, part: &Value) -> Value {
    if *left == 0 {
        *left = usize::MAX;
        return part.clone();
    }
    *left -= 1;
    match value {
        Value::Array(items) => {
            items.iter().map(|item| replaced(item, left, part)).collect::<Vec<_>>().into()
        }
        Value::Object(members) => {
            let member =
                |(name, member)| (stepwell_value::Str::clone(name), replaced(member, left, part));
            Value::Object(members.iter().map(member).collect())
        }
        scalar => scalar.clone(),
    }
}

fn check(input: &str) -> Result<(), String> {
    match Definition::parse(input) {
        Ok(definition) => check_definition(&definition),
        Err(found) if found.is_empty() => Err("refused without a reason".into()),
        Err(found) => {
            let document = Value::parse(input).ok();
            found.iter().try_for_each(|found| check_diagnostic(found, document.as_ref()))
        }
    }
}

fn check_definition(definition: &Definition) -> Result<(), String> {
    let root = definition.machine(definition.root());
    let states: Vec<StateIdx> = definition.states().map(|(idx, _)| idx).collect();
    for idx in root.states.iter().chain([&root.start]) {
        if !states.contains(idx) {
            return Err(format!("{idx:?} is no state"));
        }
    }
    check_print(definition)
}

fn check_print(definition: &Definition) -> Result<(), String> {
    let printed = definition.to_string();
    match Definition::parse(&printed) {
        Ok(again) if again == *definition => Ok(()),
        Ok(_) => Err(format!("another definition is {printed}")),
        Err(found) => Err(format!("{found:?} in {printed}")),
    }
}

fn check_diagnostic(found: &Diagnostic, document: Option<&Value>) -> Result<(), String> {
    if found.message.is_empty() || found.to_string().contains('\n') && found.message.len() > 10_000
    {
        return Err(format!("a message of {} bytes: {found}", found.message.len()));
    }
    match document {
        Some(document) if !exists(document, &found.location) => {
            Err(format!("there is no such place: {found}"))
        }
        _ => Ok(()),
    }
}

/// Whether a location leads to a value of the document. Names may contain slashes and brackets, so
/// every way to read it is tried.
fn exists(value: &Value, location: &str) -> bool {
    if location.is_empty() || location == "/" {
        return true;
    }
    if let (Some(rest), Some(members)) = (location.strip_prefix('/'), value.as_object()) {
        return members.iter().any(|(name, member)| {
            rest.strip_prefix(&**name).is_some_and(|rest| exists(member, rest))
        });
    }
    let index = location.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match (index, value.as_array()) {
        (Some((index, rest)), Some(items)) => {
            let nth = index.parse::<usize>().ok();
            nth.and_then(|nth| items.get(nth)).is_some_and(|item| exists(item, rest))
        }
        _ => false,
    }
}
