//! Recorded calls, one after the other, each with what was answered.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use stepwell_value::{Object, Value};

use super::client::Reply;
use super::scene::{Scene, missing_service};
use super::server::{Running, Site};
use super::{Options, crowd};
use crate::answer::{Exception, shown};
use crate::compare::{Conversation, Placeholders};
use crate::tasks::Behaviour;
use crate::{Failure, Report, Score, data, field};

/// A case: calls and what they have to come to.
struct Case {
    category: String,
    id: String,
    document: Value,
    placeholders: Placeholders,
}

enum Played {
    Compared {
        differences: Vec<String>,
        of_form: Vec<String>,
    },
    /// With the reason.
    Not(String),
}

pub(super) fn play(folder: &Path, site: &Site, options: &Options) -> Result<Report> {
    let cases = read(folder, options)?;
    let played = crowd::at_once(options.at_once, &cases, |case| play_one(site, case))?;
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut not_played: BTreeMap<String, usize> = BTreeMap::new();
    for (case, played) in cases.iter().zip(played) {
        let name = format!("calls of {}", case.category);
        let score = scores.entry(&case.category).or_insert_with(|| Score::new(name));
        let failure = |differences| Failure { case: case.name(), differences };
        match played {
            Ok(Played::Not(reason)) => *not_played.entry(reason).or_default() += 1,
            Ok(Played::Compared { differences, of_form }) => {
                if options.is_thorough && !of_form.is_empty() {
                    score.of_form.push(failure(of_form));
                }
                score.note((!differences.is_empty()).then(|| failure(differences)));
            }
            Err(error) => score.failed.push(failure(vec![format!("{error:#}")])),
        }
    }
    let notes = not_played.iter().map(|(reason, count)| format!("{count} not played: {reason}"));
    Ok(Report { notes: notes.collect(), scores: scores.into_values().collect() })
}

fn read(folder: &Path, options: &Options) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for file in data::json_files(&folder.join("cases"))? {
        let document = data::read(&file)?;
        if field::text(&document, "kind")? != "api" {
            continue;
        }
        let case = Case {
            category: field::text(&document, "category")?.to_owned(),
            id: field::text(&document, "id")?.to_owned(),
            placeholders: Placeholders::of(&document),
            document,
        };
        if options.only.takes(&case.name()) {
            cases.push(case);
        }
    }
    Ok(cases)
}

fn play_one(site: &Site, case: &Case) -> Result<Played> {
    let steps = field::list(&case.document, "steps")?;
    if let Some(missing) = missing_service(steps) {
        return Ok(Played::Not(format!("need {missing}")));
    }
    let functions = field::members(&case.document, "functions");
    let functions =
        functions.map(|(name, function)| Ok((name.to_string(), Behaviour::parse(function)?)));
    let server = Running::start(site, functions.collect::<Result<_>>()?)?;
    let played = case.play(&mut Scene::new(&server), steps);
    server.stop(site)?;
    played
}

impl Case {
    fn name(&self) -> String {
        format!("{}/{}", self.category, self.id)
    }

    fn play(&self, scene: &mut Scene<'_>, steps: &[Value]) -> Result<Played> {
        let mut conversation = Conversation::new(&self.placeholders);
        let (mut differences, mut of_form) = (Vec::new(), Vec::new());
        for step in steps {
            let number = field::member(step, "n")?;
            let name = field::optional_text(step, "op").unwrap_or("await");
            let expected = step.get("expect").and_then(Value::as_array).unwrap_or_default();
            // The caller's SDK does not even send it.
            if expected.iter().any(|expected| expected.get("client_side").is_some()) {
                continue;
            }
            let reply = scene.perform(step).with_context(|| format!("in step {number}, {name}"))?;
            let Some(reply) = reply else { continue };
            if expected.is_empty()
                && let Err(_) = &reply.answer
            {
                differences.push(format!("step {number}, {name}: {}", shown(&reply.answer)));
            }
            for expected in expected {
                let part = compare(expected, &reply, &mut conversation)?;
                let named = |line| format!("step {number}, {name}: {line}");
                differences.extend(part.0.into_iter().map(named));
                of_form.extend(part.1.into_iter().map(named));
            }
        }
        Ok(Played::Compared { differences, of_form })
    }
}

/// What differs, and what differs in form.
fn compare(
    expected: &Value,
    reply: &Reply,
    conversation: &mut Conversation<'_>,
) -> Result<(Vec<String>, Vec<String>)> {
    let comparison = match (expected.get("error"), &reply.answer) {
        (Some(recorded), Err(actual)) => {
            let mut found =
                conversation.compare_exceptions(&Exception::recorded(recorded)?, actual);
            let status = expected.get("http_status").and_then(Value::as_int);
            if let Some(status) = status.filter(|status| *status != i64::from(reply.status)) {
                let difference = format!("status: expected {status}, got {}", reply.status);
                found.differences.push(difference);
            }
            found
        }
        (None, Ok(actual)) => match (expected.get("response"), expected.get("response_part")) {
            (Some(recorded), _) => conversation.compare_response(recorded, actual),
            (None, Some(recorded)) => {
                let names = recorded.as_object().into_iter().flat_map(Object::keys);
                let part = names.filter_map(|name| Some((&**name, actual.get(name)?.clone())));
                let part = Value::from(part.collect::<Object>());
                conversation.compare_response(recorded, &part)
            }
            // What the recorder has computed from an answer.
            (None, None) => return Ok((Vec::new(), Vec::new())),
        },
        (recorded, actual) => {
            let recorded = recorded.map_or_else(|| "a response".to_owned(), ToString::to_string);
            return Ok((vec![format!("expected {recorded}, got {}", shown(actual))], Vec::new()));
        }
    };
    Ok((comparison.differences, comparison.of_form))
}
