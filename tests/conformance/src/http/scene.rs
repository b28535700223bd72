//! One case under way: its server, and what was answered so far.
//!
//! A step is a call of the API, or of another service which is stood in for here as far as the
//! steps behind it need: buckets are folders, and of log groups there are names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use regex::{Captures, Regex};
use stepwell_value::{Object, Str, Value};

use super::client::{Client, Reply};
use super::server::Running;
use super::text::python_json;
use crate::{field, objects};

/// How long something is awaited.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often an execution is looked at.
const PAUSE: Duration = Duration::from_millis(30);

/// What the answer to a step is called by the parameters of others: `{{3.stateMachineArn}}`.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{\{(\d+)\.([^{}]+)\}\}").expect("the pattern is written down here")
});

pub(super) struct Scene<'s> {
    server: &'s Running,
    pub client: Client,
    answers: BTreeMap<i64, Value>,
    log_groups: BTreeSet<String>,
}

/// The first service or operation among the steps that nobody stands in for.
pub(super) fn missing_service(steps: &[Value]) -> Option<String> {
    let part = |step: &Value, name| field::optional_text(step, name).map(str::to_owned);
    steps.iter().find_map(|step| {
        let (service, operation) = (part(step, "service")?, part(step, "op")?);
        let is_there = match service.as_str() {
            "stepfunctions" => true,
            "logs" => {
                ["CreateLogGroup", "DeleteLogGroup", "DescribeLogGroups"].contains(&&*operation)
            }
            "s3" => ["CreateBucket", "GetObject", "PutObject"].contains(&&*operation),
            _ => false,
        };
        (!is_there).then(|| format!("{service}:{operation}"))
    })
}

impl<'s> Scene<'s> {
    pub(super) fn new(server: &'s Running) -> Self {
        let client = Client::new(server.address);
        Self { server, client, answers: BTreeMap::new(), log_groups: BTreeSet::new() }
    }

    /// Steps that have to succeed.
    pub(super) fn perform_all(&mut self, steps: &[Value]) -> Result<()> {
        for step in steps {
            let number = field::member(step, "n")?;
            let reply = self.perform(step).with_context(|| format!("in step {number}"))?;
            if let Some(Err(exception)) = reply.map(|reply| reply.answer) {
                let (name, message) = (exception.name, exception.message);
                bail!("step {number} is refused: {name}: {message}");
            }
        }
        Ok(())
    }

    /// The answer to a step, or nothing if it only waits.
    pub(super) fn perform(&mut self, step: &Value) -> Result<Option<Reply>> {
        if let Some(what) = field::optional_text(step, "await") {
            let asked = self.resolve(field::member(step, "args")?)?;
            self.wait(what, &asked)?;
            return Ok(None);
        }
        let parameters = self.resolve(field::member(step, "params")?)?;
        let operation = field::text(step, "op")?;
        let reply = match field::text(step, "service")? {
            "stepfunctions" => self.client.call(operation, &parameters)?,
            "logs" => Reply { status: 200, answer: Ok(self.log_groups(operation, &parameters)?) },
            "s3" => Reply { status: 200, answer: Ok(self.buckets(operation, &parameters)?) },
            other => bail!("there is no {other}"),
        };
        let number = field::member(step, "n")?.as_int().context("a step has no number")?;
        if let Ok(answer) = &reply.answer {
            self.remember(number, answer.clone());
        }
        Ok(Some(reply))
    }

    /// What the step of that number has come to.
    pub(super) fn remember(&mut self, number: i64, answer: Value) {
        self.answers.insert(number, answer);
    }

    /// What is changed is seen at once here; only executions take their time.
    fn wait(&mut self, what: &str, asked: &Value) -> Result<()> {
        let status = field::optional_text(asked, "status");
        let is_reached = |now: &str| match (what, status) {
            ("list_execution_status", Some(status)) => now == status,
            ("execution_started", _) => true,
            _ => now != "RUNNING",
        };
        match field::optional_text(asked, "execution_arn") {
            Some(arn) => self.await_status(arn, PATIENCE, is_reached).map(|_| ()),
            None => Ok(()),
        }
    }

    /// What `DescribeExecution` tells once the status is one of those.
    pub(super) fn await_status(
        &mut self,
        arn: &str,
        patience: Duration,
        is_reached: impl Fn(&str) -> bool,
    ) -> Result<Value> {
        let since = Instant::now();
        let parameters = Value::from(Object::from_iter([("executionArn", arn)]));
        loop {
            let described = self.client.done("DescribeExecution", &parameters)?;
            let status = field::text(&described, "status")?;
            if is_reached(status) {
                return Ok(described);
            }
            if since.elapsed() > patience {
                bail!("the execution is {status} after {} seconds", patience.as_secs());
            }
            sleep(PAUSE.max(since.elapsed() / 8).min(Duration::from_millis(500)));
        }
    }

    fn log_groups(&mut self, operation: &str, parameters: &Value) -> Result<Value> {
        match operation {
            "CreateLogGroup" => {
                self.log_groups.insert(field::text(parameters, "logGroupName")?.to_owned());
            }
            "DeleteLogGroup" => {
                self.log_groups.remove(field::text(parameters, "logGroupName")?);
            }
            _ => {
                let prefix = field::text(parameters, "logGroupNamePrefix")?;
                let groups = self.log_groups.iter().filter(|name| name.starts_with(prefix));
                let groups: Vec<Value> = groups.map(|name| log_group(name)).collect();
                return Ok(Value::from(Object::from_iter([("logGroups", groups)])));
            }
        }
        Ok(Value::from(Object::new()))
    }

    fn buckets(&self, operation: &str, parameters: &Value) -> Result<Value> {
        let bucket = self.server.bucket(field::text(parameters, "Bucket")?);
        let key = || field::text(parameters, "Key").map(|key| bucket.join(key));
        let mut answer = Object::new();
        match operation {
            "CreateBucket" => std::fs::create_dir(&bucket).context("cannot make a bucket")?,
            "PutObject" => {
                let file = key()?;
                let folder = file.parent().context("an object has no folder")?;
                std::fs::create_dir_all(folder).context("cannot make a folder")?;
                let body = objects::body(field::member(parameters, "Body")?);
                std::fs::write(file, body).context("cannot write an object")?;
            }
            _ => {
                let body = std::fs::read_to_string(key()?).context("cannot read an object")?;
                answer.insert("Body", body);
            }
        }
        Ok(Value::from(answer))
    }

    /// A value with the answers to which it refers, and documents as text.
    pub(super) fn resolve(&self, value: &Value) -> Result<Value> {
        Ok(match value {
            Value::Object(object) => match object.get("$json") {
                Some(document) if object.len() == 1 => {
                    Value::from(python_json(&self.resolve(document)?))
                }
                _ => {
                    let members = object
                        .iter()
                        .map(|(name, member)| Ok((Str::clone(name), self.resolve(member)?)));
                    Value::from(
                        members.collect::<Result<Vec<_>>>()?.into_iter().collect::<Object>(),
                    )
                }
            },
            Value::Array(items) => {
                let items = items.iter().map(|item| self.resolve(item));
                Value::from(items.collect::<Result<Vec<_>>>()?)
            }
            Value::String(text) => Value::from(self.resolve_text(text)),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => value.clone(),
        })
    }

    /// What refers to nothing stays as it is.
    fn resolve_text(&self, text: &str) -> String {
        let resolved = REFERENCE.replace_all(text, |found: &Captures<'_>| {
            let number = found[1].parse().ok();
            let answer = number.and_then(|number: i64| self.answers.get(&number));
            let referred = answer.and_then(|answer| lookup(answer, &found[2]));
            referred.unwrap_or_else(|| found[0].to_owned())
        });
        resolved.into_owned()
    }
}

/// The text at a way such as `stateMachines.0.name`.
fn lookup(answer: &Value, way: &str) -> Option<String> {
    let found = way.split('.').try_fold(answer.clone(), |value, part| match (&value, part) {
        (Value::String(text), "@json") => Value::parse(text).ok(),
        (Value::Array(items), _) => items.get(part.parse::<usize>().ok()?).cloned(),
        _ => value.get(part).cloned(),
    })?;
    Some(found.as_str().map_or_else(|| found.to_string(), str::to_owned))
}

fn log_group(name: &str) -> Value {
    let arn = format!("arn:aws:logs:us-east-1:000000000000:log-group:{name}:*");
    Value::from(Object::from_iter([("logGroupName", name), ("arn", &arn)]))
}
