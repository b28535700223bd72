//! Starts workers, and makes findings of how they end.
//!
//! A worker ends at its first finding, or dies of it. Another one goes on behind the input
//! concerned, so one defect does not hide the others.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::arguments::{Input, Length};
use crate::corpus;
use crate::target::Target;
use crate::worker::{self, Ending, Until};

/// Somebody has to read them.
const FINDINGS_MAX: usize = 10;

/// An input for which something does not hold.
#[derive(Debug)]
struct Finding {
    iteration: u64,
    input: String,
    message: String,
}

/// Adds up what the workers of a target did.
#[derive(Default)]
struct Total {
    executions: u64,
    time: Duration,
    peak_bytes: u64,
}

/// Where findings and the files of workers are put.
struct Places {
    folder: PathBuf,
    running: PathBuf,
}

impl Places {
    fn new(target: &Target) -> Result<Self> {
        let folder = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => {
                let tests = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
                let root = tests.and_then(Path::parent).context("the package has a workspace")?;
                root.join("target")
            }
        };
        let folder = folder.join("fuzz");
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        // Several may run at once.
        let running = folder.join(format!("running-{}-{}", target.name, std::process::id()));
        Ok(Self { folder, running })
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        // It is missing if no worker came so far as to make it.
        drop(fs::remove_file(&self.running));
    }
}

/// Runs the corpus of each target and then inputs from the seed. Gives the number of findings.
#[expect(clippy::print_stdout, reason = "tells people how it goes")]
pub(crate) fn fuzz(targets: &[&'static Target], seed: u64, length: Length) -> Result<usize> {
    let mut findings = 0;
    for target in targets {
        let until = match length {
            Length::Brief => Until::Iteration(target.test_iterations),
            Length::Until(until) => until,
        };
        let places = Places::new(target)?;
        let mut total = Total::default();
        let mut known = BTreeSet::new();
        for path in corpus::files(target)? {
            let path = path.to_str().context("a corpus file's name is text")?.to_owned();
            if let Some(found) = run(target, &places, &["--input", &path], &mut total)? {
                println!("{}: {path}\n{}\n", target.name, indented(&found.message));
                findings += 1;
            }
        }
        let start = Instant::now();
        let mut first = 0;
        while let Some(rest) = rest(until, start, first) {
            let [seed, first_text] = [seed, first].map(|number| number.to_string());
            let arguments = ["--seed", &seed, "--first", &first_text, rest.0, &rest.1];
            let Some(found) = run(target, &places, &arguments, &mut total)? else { break };
            first = found.iteration + 1;
            if known.insert(signature(&found.message)) {
                findings += 1;
                println!("{}", report(target, &places, &seed, &found)?);
            }
            if known.len() >= FINDINGS_MAX {
                println!("{}: {FINDINGS_MAX} different findings are enough", target.name);
                break;
            }
        }
        println!("{}", summary(target, &total, known.len()));
    }
    Ok(findings)
}

/// Runs one input. Gives the number of findings.
#[expect(clippy::print_stdout, reason = "tells people how it goes")]
pub(crate) fn replay(target: &'static Target, input: &Input) -> Result<usize> {
    let places = Places::new(target)?;
    let mut total = Total::default();
    let found = match input {
        Input::File(path) => {
            let path = path.to_str().context("the file's name is not text")?;
            run(target, &places, &["--input", path], &mut total)?
        }
        Input::Iteration { seed, iteration } => {
            let [seed, first, end] =
                [*seed, *iteration, iteration + 1].map(|number| number.to_string());
            let arguments = ["--seed", &seed, "--first", &first, "--iterations", &end];
            run(target, &places, &arguments, &mut total)?
        }
    };
    match &found {
        None => println!("{}", summary(target, &total, 0)),
        Some(found) => {
            println!("{}: this does not hold:\n{}\n", target.name, indented(&found.message));
            println!("the input:\n{}", indented(&found.input));
        }
    }
    Ok(usize::from(found.is_some()))
}

/// What is left to do, as an option of the worker.
fn rest(until: Until, start: Instant, first: u64) -> Option<(&'static str, String)> {
    match until {
        Until::Iteration(end) => (first < end).then(|| ("--iterations", end.to_string())),
        Until::Time(time) => {
            let left = time.saturating_sub(start.elapsed()).as_secs();
            (left > 0).then(|| ("--seconds", left.to_string()))
        }
    }
}

/// Runs a worker to its end.
fn run(
    target: &Target,
    places: &Places,
    arguments: &[&str],
    total: &mut Total,
) -> Result<Option<Finding>> {
    let start = Instant::now();
    let output = Command::new(std::env::current_exe()?)
        .args([target.name, "--running"])
        .arg(&places.running)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .context("cannot start a worker")?;
    total.add(&output, start.elapsed());
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let message = match output.status.code() {
        Some(code) if code == Ending::Fine as i32 => return Ok(None),
        Some(code) if code == Ending::Wrong as i32 || code == Ending::TooLong as i32 => said,
        // The worker says itself why it could not work.
        Some(1) => anyhow::bail!("{said}"),
        _ => format!("the process dies ({}): {said}", output.status),
    };
    let (iteration, input) = worker::last_input(&places.running)?;
    Ok(Some(Finding { iteration, input, message }))
}

impl Total {
    /// A worker that died has not told what it did.
    fn add(&mut self, output: &Output, time: Duration) {
        self.time += time;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut numbers = text.split_whitespace().map_while(|word| word.parse::<u64>().ok());
        self.executions += numbers.next().unwrap_or(0);
        self.peak_bytes = self.peak_bytes.max(numbers.nth(1).unwrap_or(0));
    }
}

/// By what findings are told apart: the first line, without its numbers and quotations.
fn signature(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let head = line.split(['`', '"']).next().unwrap_or(line);
    head.chars().filter(|c| !c.is_ascii_digit()).take(120).collect()
}

fn report(target: &Target, places: &Places, seed: &str, found: &Finding) -> Result<String> {
    let name = format!("{}-{seed}-{}.txt", target.name, found.iteration);
    let path = places.folder.join(name);
    fs::write(&path, &found.input).with_context(|| path.display().to_string())?;
    let mut text = String::new();
    writeln!(text, "{}: this does not hold:\n{}", target.name, indented(&found.message))?;
    writeln!(text, "the input is kept; to run it again:")?;
    writeln!(text, "    cargo xtask fuzz {} --input {}", target.name, path.display())?;
    writeln!(
        text,
        "    cargo xtask fuzz {} --seed {seed} --iteration {}",
        target.name, found.iteration
    )?;
    Ok(text)
}

fn summary(target: &Target, total: &Total, findings: usize) -> String {
    let seconds = total.time.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "it is shown to people")]
    let (rate, mebibytes) =
        (total.executions as f64 / seconds, total.peak_bytes as f64 / f64::from(1 << 20));
    format!(
        "{:16} {:>9} executions  {rate:>8.0} a second  {mebibytes:>6.1} MiB at most  {findings} \
         findings",
        target.name, total.executions
    )
}

fn indented(text: &str) -> String {
    const SHOWN_MAX: usize = 4000;
    let shown: String = text.chars().take(SHOWN_MAX).collect();
    let lines = shown.lines().map(|line| format!("    {line}\n"));
    lines.collect::<String>().trim_end_matches('\n').to_owned()
}
