//! What the command line asks for.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::target::{self, TARGETS, Target};
use crate::worker::Until;

pub(crate) const USAGE: &str = "\
cargo xtask fuzz [TARGET…] [--seconds N | --minutes N | --iterations N | --brief] [--seed N]
cargo xtask fuzz TARGET --input FILE
cargo xtask fuzz TARGET --seed N --iteration K
cargo xtask fuzz TARGET --seed N --iteration K --show
cargo xtask fuzz --list

Without a target all of them run one after the other, for a minute each.
--brief runs as many inputs as the ordinary tests do, --show prints an input.
What does not hold is kept in target/fuzz, with the command that runs it again.";

#[derive(Debug)]
pub(crate) enum Request {
    Help,
    List,
    /// The corpus of each target, then inputs from a seed.
    Fuzz {
        targets: Vec<&'static Target>,
        seed: u64,
        until: Length,
    },
    /// One input.
    Replay {
        target: &'static Target,
        input: Input,
    },
    /// Prints an input.
    Show {
        target: &'static Target,
        seed: u64,
        iteration: u64,
    },
    /// The process that runs the inputs; only the program itself asks for it.
    Work {
        target: &'static Target,
        running: PathBuf,
        files: Vec<PathBuf>,
        from: Option<From>,
    },
}

/// How long a target is worked on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Length {
    /// As many inputs as the target has for the ordinary tests.
    Brief,
    Until(Until),
}

#[derive(Debug)]
pub(crate) enum Input {
    File(PathBuf),
    Iteration { seed: u64, iteration: u64 },
}

/// Where a worker begins and where it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct From {
    pub seed: u64,
    pub first: u64,
    pub until: Until,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Help,
    List,
    Show,
}

#[derive(Default)]
struct Options {
    targets: Vec<&'static Target>,
    /// The last option that asks for something else than a run.
    question: Option<Question>,
    is_brief: bool,
    until: Option<Until>,
    seed: Option<u64>,
    iteration: Option<u64>,
    first: Option<u64>,
    inputs: Vec<PathBuf>,
    running: Option<PathBuf>,
}

pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Request> {
    let options = read(arguments)?;
    let seed = options.seed.unwrap_or(1);
    match options.question {
        Some(Question::Help) => return Ok(Request::Help),
        Some(Question::List) => return Ok(Request::List),
        Some(Question::Show) | None => {}
    }
    if let Some(running) = options.running {
        let target = one(&options.targets)?;
        let first = options.first.unwrap_or(0);
        let from = options.until.map(|until| From { seed, first, until });
        return Ok(Request::Work { target, running, files: options.inputs, from });
    }
    if let Some(iteration) = options.iteration {
        let target = one(&options.targets)?;
        if options.question == Some(Question::Show) {
            return Ok(Request::Show { target, seed, iteration });
        }
        return Ok(Request::Replay { target, input: Input::Iteration { seed, iteration } });
    }
    if let Some(path) = options.inputs.into_iter().next() {
        return Ok(Request::Replay { target: one(&options.targets)?, input: Input::File(path) });
    }
    let targets =
        if options.targets.is_empty() { TARGETS.iter().collect() } else { options.targets };
    let until = match options.until {
        _ if options.is_brief => Length::Brief,
        until => Length::Until(until.unwrap_or(Until::Time(Duration::from_mins(1)))),
    };
    Ok(Request::Fuzz { targets, seed, until })
}

fn read(arguments: impl IntoIterator<Item = String>) -> Result<Options> {
    let mut options = Options::default();
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        let mut value =
            || rest.next().with_context(|| format!("`{argument}` needs a value\n\n{USAGE}"));
        match argument.as_str() {
            "--help" | "-h" => options.question = Some(Question::Help),
            "--list" => options.question = Some(Question::List),
            "--show" => options.question = Some(Question::Show),
            "--brief" => options.is_brief = true,
            "--seconds" => {
                options.until = Some(Until::Time(Duration::from_secs(number(&value()?)?)));
            }
            "--minutes" => {
                options.until = Some(Until::Time(Duration::from_mins(number(&value()?)?)));
            }
            "--iterations" => options.until = Some(Until::Iteration(number(&value()?)?)),
            "--seed" => options.seed = Some(number(&value()?)?),
            "--iteration" => options.iteration = Some(number(&value()?)?),
            "--first" => options.first = Some(number(&value()?)?),
            "--input" => options.inputs.push(value()?.into()),
            "--running" => options.running = Some(value()?.into()),
            option if option.starts_with('-') => bail!("there is no option `{option}`\n\n{USAGE}"),
            name => options.targets.push(target::find(name).with_context(|| {
                format!("there is no target `{name}`; `cargo xtask fuzz --list` lists them")
            })?),
        }
    }
    Ok(options)
}

fn number(text: &str) -> Result<u64> {
    text.parse().with_context(|| format!("`{text}` is not a number"))
}

fn one(targets: &[&'static Target]) -> Result<&'static Target> {
    ensure!(targets.len() == 1, "one target is needed here\n\n{USAGE}");
    Ok(targets[0])
}
