//! A case: a definition, what happens around it, and what is expected of it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use similar::{ChangeTag, TextDiff};
use stepwell_asl::{Definition, Diagnostic};
use stepwell_kernel::{Event, Limits, Outcome};
use stepwell_value::{Payload, Value};

use crate::document::{self, Fence, Section};
use crate::player::{Driver, play};
use crate::render::{self, HistoryColumns};
use crate::script::Script;

#[derive(Clone, Debug)]
pub struct Case {
    /// The file's name and the heading, in the form `file/heading`.
    pub name: String,
    file: String,
    definition: Block,
    input: Payload,
    script: Script,
    limits: Limits,
    expectations: Vec<Expectation>,
}

/// A block's text and where it begins.
#[derive(Clone, Debug)]
struct Block {
    pub line: usize,
    pub text: String,
}

/// A block that says what happens.
#[derive(Clone, Debug)]
struct Expectation {
    pub kind: ExpectationKind,
    pub block: Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ExpectationKind {
    History(HistoryColumns),
    Output,
    Failure,
    Diagnostics,
    /// Lines of the form `INPUT => OUTCOME`.
    Runs,
}

impl Case {
    /// The cases of a file, in order.
    pub fn read_file(path: &Path) -> Result<Vec<Self>> {
        let name = path.file_stem().and_then(|name| name.to_str()).context("a file has a name")?;
        let sections = document::sections(name, &fs::read_to_string(path)?)?;
        let is_case = |section: &&Section| {
            section.blocks.iter().any(|block| block.info.first().is_some_and(|kind| kind == "asl"))
        };
        let cases = sections.iter().filter(is_case);
        cases
            .map(|section| {
                Self::read(name, section).with_context(|| format!("{name}.md: {}", section.title))
            })
            .collect()
    }

    /// Rewrites the expectations of a file to what happens. An expectation that nothing can meet
    /// stays, and is told.
    pub fn update_file(path: &Path) -> Result<Vec<anyhow::Error>> {
        let mut replacements = Vec::new();
        let mut problems = Vec::new();
        for case in Self::read_file(path)? {
            for expectation in &case.expectations {
                match case.actual(expectation, Driver::Kernel) {
                    Ok(actual) if expectation.is_met_by(&actual) => {}
                    Ok(actual) => replacements.push((expectation.block.line, actual)),
                    Err(problem) => problems.push(problem.context(case.at(&expectation.block))),
                }
            }
        }
        if !replacements.is_empty() {
            let text = fs::read_to_string(path)?;
            fs::write(path, document::replace_blocks(&text, &replacements))?;
        }
        Ok(problems)
    }

    /// Plays the case and compares. The error shows the difference.
    pub fn check(&self, driver: Driver) -> Result<()> {
        for expectation in &self.expectations {
            let actual =
                self.actual(expectation, driver).with_context(|| self.at(&expectation.block))?;
            if !expectation.is_met_by(&actual) {
                let difference = difference(&expectation.block.text, &actual);
                bail!("{}\n{difference}", self.at(&expectation.block));
            }
        }
        Ok(())
    }

    /// The journals of the executions that the case brings forth, in the order of their birth. None
    /// for a case whose definition is refused.
    pub fn journals(&self, driver: Driver) -> Result<Option<Vec<Vec<Event>>>> {
        let Ok(definition) = Definition::parse(&self.definition.text) else { return Ok(None) };
        let played = play(&definition, &self.script, self.input.clone(), &self.limits, driver)
            .with_context(|| self.at(&self.definition))?;
        Ok(Some(played.journals))
    }

    fn read(file: &str, section: &Section) -> Result<Self> {
        let mut definition = None;
        let mut input = Payload::parse("{}")?;
        let mut script = Script::default();
        let mut limits = lasting();
        let mut expectations = Vec::new();
        for Fence { info, line, text } in &section.blocks {
            let block = Block { line: *line, text: text.clone() };
            let words: Vec<&str> = info.iter().map(String::as_str).collect();
            match words.as_slice() {
                ["asl"] => definition = Some(block),
                ["json", "input"] => input = Payload::parse(text.trim())?,
                ["tasks"] => script = Script::parse(text)?,
                ["limits"] => limits = parse_limits(text)?,
                ["text"] => {}
                words => expectations.push(Expectation { kind: expectation_kind(words)?, block }),
            }
        }
        ensure!(!expectations.is_empty(), "the case expects nothing");
        let name = format!("{file}/{}", slug(&section.title));
        let definition = definition.context("the case has no definition")?;
        Ok(Self { name, file: file.into(), definition, input, script, limits, expectations })
    }

    /// Checks that the definition, unless it is one that is refused, reads back from its print.
    pub fn check_print(&self) -> Result<()> {
        let Ok(definition) = Definition::parse(&self.definition.text) else { return Ok(()) };
        let printed = definition.to_string();
        let again = Definition::parse(&printed);
        let again = again.map_err(|found| anyhow!("{}in {printed}", render::diagnostics(&found)));
        let at = self.at(&self.definition);
        ensure!(again.context(at.clone())? == definition, "{at}: another definition is {printed}");
        Ok(())
    }

    /// What the block should say.
    fn actual(&self, expectation: &Expectation, driver: Driver) -> Result<String> {
        let definition = match (Definition::parse(&self.definition.text), expectation.kind) {
            (Err(found), ExpectationKind::Diagnostics) => return Ok(render::diagnostics(&found)),
            (Ok(_), ExpectationKind::Diagnostics) => return Ok("none\n".into()),
            (Ok(definition), _) => definition,
            (Err(found), _) => bail!("{}", self.refused(&found)),
        };
        let play = |input| play(&definition, &self.script, input, &self.limits, driver);
        Ok(match expectation.kind {
            ExpectationKind::History(columns) => {
                render::history(&play(self.input.clone())?, columns)
            }
            ExpectationKind::Output => match play(self.input.clone())?.outcome {
                Some(Outcome::Succeeded { output }) => render::outcome_json(&output),
                other => bail!("no output:\n{}", render::failure(other.as_ref())),
            },
            ExpectationKind::Failure => render::failure(play(self.input.clone())?.outcome.as_ref()),
            ExpectationKind::Runs => {
                let mut lines = String::new();
                for line in expectation.block.text.lines() {
                    let input = line.split_once(" =>").map_or(line, |(input, _)| input).trim_end();
                    let played =
                        play(Payload::parse(input.trim()).with_context(|| line.to_owned())?)?;
                    let outcome = render::outcome_line(played.outcome.as_ref());
                    lines.extend([input, " => ", &outcome, "\n"]);
                }
                lines
            }
            ExpectationKind::Diagnostics => unreachable!("answered above"),
        })
    }

    fn refused(&self, found: &[Diagnostic]) -> String {
        let at = self.at(&self.definition);
        format!("{at}: the definition is refused\n{}", render::diagnostics(found))
    }

    fn at(&self, block: &Block) -> String {
        format!("tests/suite/{}.md:{}", self.file, block.line)
    }
}

impl Expectation {
    /// Whether the block says the same. Its layout is free.
    fn is_met_by(&self, actual: &str) -> bool {
        let expected = &self.block.text;
        match self.kind {
            ExpectationKind::Output => {
                let json = |text: &str| Value::parse(text.trim()).map(|value| value.to_string());
                json(expected).is_ok_and(|expected| json(actual) == Ok(expected))
            }
            ExpectationKind::History(_) => {
                let words = |text: &str| -> Vec<Vec<String>> {
                    let lines = text.lines().map(str::split_whitespace);
                    lines.map(|words| words.map(str::to_owned).collect()).collect()
                };
                words(expected) == words(actual)
            }
            ExpectationKind::Failure | ExpectationKind::Diagnostics | ExpectationKind::Runs => {
                expected.trim_end() == actual.trim_end()
            }
        }
    }
}

fn expectation_kind(words: &[&str]) -> Result<ExpectationKind> {
    Ok(match words {
        ["history", options @ ..] => {
            let mut columns = HistoryColumns::default();
            for option in options {
                match *option {
                    "ids" => columns.ids = true,
                    "data" => columns.data = true,
                    "stale" => columns.stale = true,
                    other => bail!("a history has no option `{other}`"),
                }
            }
            ExpectationKind::History(columns)
        }
        ["output"] => ExpectationKind::Output,
        ["failure"] => ExpectationKind::Failure,
        ["diagnostics"] => ExpectationKind::Diagnostics,
        ["runs"] => ExpectationKind::Runs,
        other => bail!("the suite has no block `{}`", other.join(" ")),
    })
}

/// Limits of executions that may wait for ever: what does not come shows as an execution that runs.
pub(crate) fn lasting() -> Limits {
    Limits { execution_duration_max: Duration::MAX, ..Limits::default() }
}

pub(crate) fn parse_limits(text: &str) -> Result<Limits> {
    let mut limits = lasting();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (name, number) = line.split_once(':').context("a limit has a name and a number")?;
        set_limit(&mut limits, name.trim(), number.trim().parse()?)?;
    }
    Ok(limits)
}

fn set_limit(limits: &mut Limits, name: &str, number: u64) -> Result<()> {
    let size = usize::try_from(number)?;
    match name {
        "payload_bytes_max" => limits.payload_bytes_max = size,
        "assign_bytes_max" => limits.assign_bytes_max = size,
        "variables_bytes_max" => limits.variables_bytes_max = size,
        "history_events_max" => limits.history_events_max = number,
        "map_concurrency_max" => limits.map_concurrency_max = u32::try_from(number)?,
        "distributed_map_concurrency_max" => {
            limits.distributed_map_concurrency_max = u32::try_from(number)?;
        }
        "execution_seconds_max" => limits.execution_duration_max = Duration::from_secs(number),
        "wait_seconds_max" => limits.wait_max = Duration::from_secs(number),
        "jsonata_depth_max" => limits.jsonata.depth_max = size,
        "jsonata_steps_max" => limits.jsonata.steps_max = number,
        "jsonata_memory_bytes_max" => limits.jsonata.memory_bytes_max = size,
        "decisions_per_step" => limits.decisions_per_step = u32::try_from(number)?,
        other => bail!("there is no limit `{other}`"),
    }
    Ok(())
}

/// A heading as part of a test's name.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

fn difference(expected: &str, actual: &str) -> String {
    let diff = TextDiff::from_lines(expected, actual);
    let lines = diff.iter_all_changes().map(|change| {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        format!("{sign} {}", change.value())
    });
    lines.collect()
}
