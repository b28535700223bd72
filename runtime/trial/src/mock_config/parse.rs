//! From the file's text to its test cases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stepwell_kernel::Failure;
use stepwell_value::{Object, Payload, Str, Value};

use super::{Answer, MockConfig, Response, Span, TestCase, check_spans};
use crate::document::{self, Fields, Place, Problem, Problems, nearest};

type Responses = BTreeMap<Str, Arc<Response>>;

pub(super) fn document(text: &str) -> Result<MockConfig, Vec<Problem>> {
    let mut problems = Problems::default();
    let read = document::parse(text, &mut problems).and_then(|value| file(&value, &mut problems));
    problems.give(read)
}

fn file(value: &Value, problems: &mut Problems) -> Option<MockConfig> {
    let known = ["StateMachines", "MockedResponses"];
    let fields = Fields::read(value, &Place::default(), &known, problems)?;
    let responses = fields.need("MockedResponses", problems);
    let machines = fields.need("StateMachines", problems);
    let ((responses, at), (machines, machines_at)) = (responses?, machines?);
    let responses = named(responses, &at, problems, |name, value, at, problems| {
        Some(response(name, value, at, problems))
    })?;
    let machines = named(machines, &machines_at, problems, |_, value, at, problems| {
        machine(value, at, &responses, problems)
    })?;
    Some(MockConfig { machines })
}

/// The members of an object, whatever they are called. What is wrong is left out.
fn named<T>(
    value: &Value,
    place: &Place,
    problems: &mut Problems,
    mut read: impl FnMut(&Str, &Value, &Place, &mut Problems) -> Option<T>,
) -> Option<BTreeMap<Str, T>> {
    let object: &Object = problems.object(place, value)?;
    let members = object.iter().filter_map(|(name, value)| {
        let read = read(name, value, &place.member(name), problems)?;
        Some((Str::clone(name), read))
    });
    Some(members.collect())
}

fn machine(
    value: &Value,
    place: &Place,
    responses: &Responses,
    problems: &mut Problems,
) -> Option<BTreeMap<Str, Arc<TestCase>>> {
    let fields = Fields::read(value, place, &["TestCases"], problems)?;
    let (cases, at) = fields.need("TestCases", problems)?;
    named(cases, &at, problems, |_, value, at, problems| {
        let states = named(value, at, problems, |_, value, at, problems| {
            let name = problems.text(at, value)?;
            let found = responses.get(&name).map(Arc::clone);
            if found.is_none() {
                let known: Vec<&str> = responses.keys().map(|name| &**name).collect();
                let remedy = match nearest(&name, &known) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "add it to `MockedResponses`".to_owned(),
                };
                problems.add(at, format_args!("there is no mocked response `{name}`; {remedy}"));
            }
            found
        })?;
        Some(Arc::new(TestCase { states, place: at.to_string() }))
    })
}

fn response(name: &Str, value: &Value, place: &Place, problems: &mut Problems) -> Arc<Response> {
    let mut spans = BTreeSet::new();
    let answers = named(value, place, problems, |key, value, at, problems| {
        let Some(span) = Span::parse(key) else {
            let remedy = "an answer is called by its invocation, `\"0\"`, or by the first and the \
                          last one, `\"1-2\"`";
            problems.add(at, format_args!("`{key}` is no invocation; {remedy}"));
            return None;
        };
        spans.insert(span);
        Some((span.last, answer(value, at, problems)?))
    });
    if let Err(wrong) = check_spans(&spans) {
        problems.add(place, wrong);
    }
    // A response that is wrong stands in for itself, so that nobody complains that it is missing.
    let answers = answers.unwrap_or_default().into_values().collect();
    Arc::new(Response { name: Str::clone(name), answers })
}

fn answer(value: &Value, place: &Place, problems: &mut Problems) -> Option<Answer> {
    let fields = Fields::read(value, place, &["Return", "Throw"], problems)?;
    match (fields.get("Return"), fields.get("Throw")) {
        (Some((output, _)), None) => Some(Answer::Return(Payload::from(output.clone()))),
        (None, Some((value, at))) => {
            let fields = Fields::read(value, &at, &["Error", "Cause"], problems)?;
            let error = Some(fields.need_text("Error", problems)?);
            Some(Answer::Throw(Failure { error, cause: fields.text("Cause", problems) }))
        }
        (None, None) => {
            problems.add(place, "an answer has either `Return` or `Throw`; add one");
            None
        }
        (Some(_), Some(_)) => {
            problems.add(place, "an answer has either `Return` or `Throw`, and not both");
            None
        }
    }
}
