//! From the file's text to its cases.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use stepwell_asl::{MachineType, Pattern, Timestamp};
use stepwell_kernel::Failure;
use stepwell_value::{Object, Payload, Str, Value};

use super::{Case, ConfigCase, Expectation, Line, Lines, Mock, Status, TestFile};
use crate::Answer;
use crate::document::{self, Fields, Place, Problem, Problems};

/// The first of January 2026, at midnight: when a case starts that does not say when.
const STARTS_AT_MILLIS: i64 = 1_767_225_600_000;

pub(super) fn document(text: &str) -> Result<TestFile, Vec<Problem>> {
    let mut problems = Problems::default();
    let read = document::parse(text, &mut problems).and_then(|value| file(&value, &mut problems));
    problems.give(read)
}

fn file(value: &Value, problems: &mut Problems) -> Option<TestFile> {
    let known = ["$schema", "comment", "workflow", "type", "buckets", "mocks", "cases"];
    let fields = Fields::read(value, &Place::default(), &known, problems)?;
    let shared = mocks(&fields, true, problems);
    let workflow = fields.text("workflow", problems);
    let machine_type = machine_type(&fields, problems);
    let buckets = fields.text("buckets", problems);
    let (cases, place) = fields.need("cases", problems)?;
    let cases = problems.array(&place, cases)?;
    if cases.is_empty() {
        problems.add(&place, "there is no case; add one");
    }
    let cases = cases.iter().enumerate();
    let cases = cases.filter_map(|(nth, value)| case(value, &place.item(nth), &shared, problems));
    let cases: Vec<Case> = cases.collect();
    check_names(&cases, problems);
    Some(TestFile { workflow, machine_type, buckets, cases })
}

fn machine_type(fields: &Fields<'_>, problems: &mut Problems) -> MachineType {
    match fields.text("type", problems).as_deref() {
        None | Some("STANDARD") => MachineType::Standard,
        Some("EXPRESS") => MachineType::Express,
        Some(other) => {
            let place = fields.place.member("type");
            let known = "a workflow is `STANDARD` or `EXPRESS`";
            problems.add(&place, format_args!("`{other}` is no type; {known}"));
            MachineType::Standard
        }
    }
}

fn check_names(cases: &[Case], problems: &mut Problems) {
    let mut names = BTreeSet::new();
    for case in cases.iter().filter(|case| !names.insert(&case.name)) {
        let message = format!("another case is called `{}` too; rename one", case.name);
        problems.add(&case.place.member("name"), message);
    }
}

fn case(
    value: &Value,
    place: &Place,
    shared: &BTreeMap<Str, Mock>,
    problems: &mut Problems,
) -> Option<Case> {
    let known = ["name", "comment", "input", "startsAt", "mocks", "mockConfig", "expect"];
    let fields = Fields::read(value, place, &known, problems)?;
    let input = fields.get("input").map_or_else(|| Value::from(Object::new()), |(v, _)| v.clone());
    let mut all = shared.clone();
    all.extend(mocks(&fields, false, problems));
    let config = fields.get("mockConfig").and_then(|(value, at)| config(value, &at, problems));
    let starts_at = starts_at(&fields, problems);
    let empty = Value::from(Object::new());
    let (expected, at) = fields.get("expect").unwrap_or_else(|| (&empty, place.member("expect")));
    let expect = expectation(expected, &at, problems);
    Some(Case {
        name: fields.need_text("name", problems)?,
        place: place.clone(),
        input: Payload::from(input),
        starts_at,
        mocks: all,
        config,
        expect: expect?,
    })
}

fn starts_at(fields: &Fields<'_>, problems: &mut Problems) -> Timestamp {
    let default = Timestamp::from_unix_millis(STARTS_AT_MILLIS);
    let Some(text) = fields.text("startsAt", problems) else { return default };
    Timestamp::parse(&text).unwrap_or_else(|| {
        let message = format!("`{text}` is no instant; write one as `2026-01-31T12:00:00Z`");
        problems.add(&fields.place.member("startsAt"), message);
        default
    })
}

fn config(value: &Value, place: &Place, problems: &mut Problems) -> Option<ConfigCase> {
    let fields = Fields::read(value, place, &["file", "machine", "case"], problems)?;
    let (file, case) = (fields.need_text("file", problems), fields.need_text("case", problems));
    let machine = fields.text("machine", problems);
    Some(ConfigCase { place: place.clone(), file: file?, machine, case: case? })
}

fn mocks(fields: &Fields<'_>, is_shared: bool, problems: &mut Problems) -> BTreeMap<Str, Mock> {
    let Some((value, place)) = fields.get("mocks") else { return BTreeMap::new() };
    let Some(object) = problems.object(&place, value) else { return BTreeMap::new() };
    let mocks = object.iter().filter_map(|(name, value)| {
        let place = place.member(name);
        let lines = lines(value, &place, problems)?;
        Some((Str::clone(name), Mock { place, is_shared, lines }))
    });
    mocks.collect()
}

fn lines(value: &Value, place: &Place, problems: &mut Problems) -> Option<Lines> {
    match value {
        Value::Array(values) => {
            let lines = values.iter().enumerate();
            let lines = lines.filter_map(|(nth, value)| line(value, &place.item(nth), problems));
            Some(Lines::InTurn(lines.collect()))
        }
        value if value.get("items").is_some() => {
            let fields = Fields::read(value, place, &["items"], problems)?;
            let (items, at) = fields.need("items", problems)?;
            problems.array(&at, items)?;
            Some(Lines::Items(Payload::from(items.clone())))
        }
        value => line(value, place, problems).map(Lines::Always),
    }
}

fn line(value: &Value, place: &Place, problems: &mut Problems) -> Option<Line> {
    let known = ["return", "throw", "never", "after", "inputMatches"];
    let fields = Fields::read(value, place, &known, problems)?;
    let after = seconds(&fields, "after", problems).unwrap_or_default();
    let input_matches = fields.get("inputMatches").map(|(value, _)| value.clone());
    let answer = match (fields.get("return"), fields.get("throw"), fields.get("never")) {
        (Some((output, _)), None, None) => Some(Answer::Return(Payload::from(output.clone()))),
        (None, Some((value, at)), None) => Some(Answer::Throw(failure(value, &at, problems)?)),
        (None, None, Some((Value::Bool(true), _))) => None,
        _ => {
            problems.add(
                place,
                "a mock has one of `return`, `throw`, `never`: true, and, for what a Map reads, \
                 `items`",
            );
            return None;
        }
    };
    Some(Line { place: place.clone(), input_matches, after, answer })
}

fn failure(value: &Value, place: &Place, problems: &mut Problems) -> Option<Failure> {
    let fields = Fields::read(value, place, &["error", "cause"], problems)?;
    let error = fields.need_text("error", problems);
    Some(Failure { error: Some(error?), cause: fields.text("cause", problems) })
}

fn seconds(fields: &Fields<'_>, name: &str, problems: &mut Problems) -> Option<Duration> {
    let (value, place) = fields.get(name)?;
    let duration = value.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    if duration.is_none() {
        problems.add(&place, "this has to be a number of seconds, 0 or more");
    }
    duration
}

fn expectation(value: &Value, place: &Place, problems: &mut Problems) -> Option<Expectation> {
    let known = [
        "status",
        "output",
        "outputMatches",
        "error",
        "cause",
        "causeMatches",
        "path",
        "pathIncludes",
        "took",
    ];
    let fields = Fields::read(value, place, &known, problems)?;
    let given = |name: &str| fields.get(name).map(|(value, _)| value.clone());
    let expectation = Expectation {
        place: place.clone(),
        status: status(&fields, problems),
        output: given("output"),
        output_matches: given("outputMatches"),
        error: fields.text("error", problems),
        cause: fields.text("cause", problems),
        cause_matches: fields.text("causeMatches", problems).map(|text| Pattern::parse(&text)),
        path: names(&fields, "path", problems),
        path_includes: names(&fields, "pathIncludes", problems),
        took: seconds(&fields, "took", problems),
    };
    let has_output = expectation.output.is_some() || expectation.output_matches.is_some();
    let succeeds = expectation.status == Some(Status::Succeeded);
    let fails = matches!(expectation.status, Some(Status::Failed | Status::TimedOut));
    if (has_output || succeeds) && (expectation.is_of_failure() || fails) {
        problems.add(place, "an execution has an output or an error, and not both; expect one");
    }
    Some(expectation)
}

fn status(fields: &Fields<'_>, problems: &mut Problems) -> Option<Status> {
    let text = fields.text("status", problems)?;
    let known = [Status::Succeeded, Status::Failed, Status::TimedOut];
    let found = known.into_iter().find(|status| status.as_str() == &*text);
    if found.is_none() {
        let known = document::list(&known.map(Status::as_str));
        let message = format!("`{text}` is no status that a case can end with; known are {known}");
        problems.add(&fields.place.member("status"), message);
    }
    found
}

fn names(fields: &Fields<'_>, name: &str, problems: &mut Problems) -> Option<Vec<Str>> {
    let (value, place) = fields.get(name)?;
    let values = problems.array(&place, value)?.iter().enumerate();
    Some(values.filter_map(|(nth, value)| problems.text(&place.item(nth), value)).collect())
}
