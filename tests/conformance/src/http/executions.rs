//! Executions, started and looked at as a client does.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use stepwell_asl::Timestamp;
use stepwell_value::{Object, Str, Value};

use super::scene::{Scene, missing_service};
use super::server::{Running, Site};
use super::text::python_json;
use super::{Options, Tasks, components, crowd};
use crate::case::Case;
use crate::compare::{self, Comparison};
use crate::{Failure, Report, Score, data, field, play as kernel};

/// How long an execution may take if it is not known to take longer.
const PATIENCE: Duration = Duration::from_secs(90);
/// An execution that takes as long is slow.
const SLOW: Duration = Duration::from_mins(1);

const ROLE: &str = "arn:aws:iam::000000000000:role/sfn-role";

/// A case with its document, of which this player needs more than the kernel's.
struct Recorded {
    case: Case,
    document: Value,
}

enum Played {
    Compared(Comparison),
    /// With the reason.
    Not(String),
}

pub(super) fn play(folder: &Path, site: &Site, options: &Options) -> Result<Report> {
    let cases = read(folder, options)?;
    let played =
        crowd::at_once(options.at_once, &cases, |recorded| play_one(site, recorded, options))?;
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut not_played: BTreeMap<String, usize> = BTreeMap::new();
    for (Recorded { case, .. }, played) in cases.iter().zip(played) {
        let score = scores.entry(&case.category).or_insert_with(|| Score::new(&case.category));
        let failure = |differences| Failure { case: case.name(), differences };
        match played {
            Ok(Played::Not(reason)) => *not_played.entry(reason).or_default() += 1,
            Ok(Played::Compared(Comparison { differences, of_form, .. })) => {
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

fn read(folder: &Path, options: &Options) -> Result<Vec<Recorded>> {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let now = Timestamp::EPOCH.saturating_add(since_epoch);
    let mut cases = Vec::new();
    for file in data::json_files(&folder.join("cases"))? {
        if let Some(case) = Case::read(&file, now)?
            && options.only.takes(&case.name())
        {
            cases.push(Recorded { case, document: data::read(&file)? });
        }
    }
    Ok(cases)
}

fn play_one(site: &Site, recorded: &Recorded, options: &Options) -> Result<Played> {
    if let Some(reason) = recorded.unplayable() {
        return Ok(Played::Not(reason));
    }
    let Recorded { case, document } = recorded;
    if options.tasks == Tasks::Components
        && let Some(reason) = components::unplayable(case, document)
    {
        return Ok(Played::Not(reason));
    }
    let patience = match recorded.takes() {
        Some(takes) if takes >= SLOW && !options.is_patient => {
            return Ok(Played::Not("takes a minute or more; --slow plays it".to_owned()));
        }
        takes => PATIENCE + takes.unwrap_or_default(),
    };
    let server = Running::start(site, case.functions.clone())?;
    let comparison = recorded.play(&mut Scene::new(&server), patience);
    server.stop(site)?;
    comparison.map(Played::Compared)
}

impl Recorded {
    fn steps(&self, name: &str) -> &[Value] {
        self.document.get(name).and_then(Value::as_array).unwrap_or_default()
    }

    /// Why the case cannot be played here.
    fn unplayable(&self) -> Option<String> {
        const STOOD_IN: [&str; 4] = ["activity", "logs", "s3", "states"];
        let lacking = self.case.needs.iter().map(String::as_str);
        let lacking: Vec<&str> = lacking.filter(|need| !STOOD_IN.contains(need)).collect();
        if !lacking.is_empty() {
            return Some(format!("need {}", lacking.join(", ")));
        }
        if self.case.definition.contains(":states:::aws-sdk:s3:") {
            return Some("call the interface of buckets".to_owned());
        }
        let steps = ["setup", "during"].map(|name| missing_service(self.steps(name)));
        steps.into_iter().flatten().next().map(|missing| format!("need {missing}"))
    }

    /// How long the execution takes, if the kernel can tell without the rest of the world.
    fn takes(&self) -> Option<Duration> {
        if !self.case.is_playable() {
            return None;
        }
        let history = kernel::play(&self.case).ok()?;
        let last = history.last()?.at;
        Some(last.saturating_since(Timestamp::from_unix_millis(kernel::START)))
    }

    fn play(&self, scene: &mut Scene<'_>, patience: Duration) -> Result<Comparison> {
        let machine_arn = self.set_up(scene)?;
        let start = self.start_request(scene, &machine_arn)?;
        if self.case.is_express {
            let ended = scene.client.done("StartSyncExecution", &start)?;
            return Ok(self.compare(None, &ended));
        }
        let started = scene.client.done("StartExecution", &start)?;
        let arn = field::text(&started, "executionArn")?.to_owned();
        if let Some(number) = self.document.get("start_step").and_then(Value::as_int) {
            scene.remember(number, started);
        }
        scene.perform_all(self.steps("during"))?;
        if self.case.expected.status.is_null() {
            std::thread::sleep(kernel::RECORDED_AFTER);
        }
        let is_recorded_running = self.case.expected.status.is_null();
        let described = scene
            .await_status(&arn, patience, |status| is_recorded_running || status != "RUNNING")?;
        let history = history(scene, &arn)?;
        Ok(self.compare(Some(&history), &described))
    }

    /// The ARN of the machine, once everything is there. Its own step is not among those of the
    /// setup, some of which may come behind it and change it.
    fn set_up(&self, scene: &mut Scene<'_>) -> Result<String> {
        let steps = self.steps("setup");
        let number = |step: &Value| step.get("n").and_then(Value::as_int);
        let numbered = steps.iter().zip(0..);
        let before = numbered.take_while(|(step, nth)| number(step) == Some(*nth)).count();
        let (before, behind) = steps.split_at(before);
        scene.perform_all(before)?;
        let arn = self.create(scene)?;
        let created = Object::from_iter([("stateMachineArn", &*arn)]);
        scene.remember(i64::try_from(before.len())?, Value::from(created));
        scene.perform_all(behind)?;
        Ok(arn)
    }

    /// The ARN of the machine, once it is there.
    fn create(&self, scene: &mut Scene<'_>) -> Result<String> {
        let definition = scene.resolve(field::member(&self.document, "definition")?)?;
        let definition =
            definition.as_str().map_or_else(|| python_json(&definition), str::to_owned);
        let kind = if self.case.is_express { "EXPRESS" } else { "STANDARD" };
        let mut request = Object::from_iter([
            ("name", &*self.case.machine_name),
            ("definition", &definition),
            ("roleArn", ROLE),
            ("type", kind),
        ]);
        for (name, member) in field::members(&self.document, "create_params") {
            request.insert(Str::clone(name), scene.resolve(member)?);
        }
        let created = scene.client.done("CreateStateMachine", &Value::from(request))?;
        Ok(field::text(&created, "stateMachineArn")?.to_owned())
    }

    fn start_request(&self, scene: &Scene<'_>, machine_arn: &str) -> Result<Value> {
        let mut request = Object::from_iter([("stateMachineArn", machine_arn)]);
        if self.document.get("input_omitted").is_none() {
            let input = scene.resolve(self.case.input.value())?;
            request.insert("input", python_json(&input));
        }
        if let Some(name) = field::optional_text(&self.document, "execution_name") {
            request.insert("name", name);
        }
        Ok(Value::from(request))
    }

    /// Compares the history, if there is one, and how the execution is described.
    fn compare(&self, history: Option<&Value>, described: &Value) -> Comparison {
        let Case { expected, placeholders, .. } = &self.case;
        let mut whole = compare::compare_outcome(expected, placeholders, described);
        if expected.status.is_null() {
            whole.differences.clear();
        }
        let mut add = |name: &str, part: Comparison| {
            let named = |line: String| format!("{name}{line}");
            whole.differences.extend(part.differences.into_iter().map(named));
            whole.of_form.extend(part.of_form.into_iter().map(named));
        };
        if let (Some(history), Some(_)) = (history, &expected.events) {
            add("", compare::compare(expected, placeholders, history));
        }
        for name in ["describe_execution", "start_sync_response"] {
            let recorded = self.document.get("expected").and_then(|expected| expected.get(name));
            if let Some(recorded) = recorded.filter(|recorded| !recorded.is_null()) {
                let part = compare::compare_response(recorded, placeholders, described);
                add(&format!("{name}: "), part);
            }
        }
        whole
    }
}

/// All pages of a history, as one response.
fn history(scene: &mut Scene<'_>, arn: &str) -> Result<Value> {
    let mut events = Vec::new();
    let mut request = Object::from_iter([("executionArn", arn)]);
    loop {
        let page = scene.client.done("GetExecutionHistory", &Value::from(request.clone()))?;
        events.extend(field::list(&page, "events").context("in a page of history")?.to_vec());
        let Some(token) = field::optional_text(&page, "nextToken") else { break };
        request.insert("nextToken", token);
    }
    Ok(Value::from(Object::from_iter([("events", Value::from(events))])))
}
