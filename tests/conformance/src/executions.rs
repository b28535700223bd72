//! Executions, each with the history that has to come out.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use stepwell_asl::Timestamp;
use stepwell_value::{Object, Value};
use stepwell_wire::Data;

use crate::case::Case;
use crate::play::{START, play as play_case};
use crate::{Failure, Only, Report, Score, compare, data};

const REGION: &str = "us-east-1";

/// Which executions are played, and what is done with what comes out.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub only: Only,
    pub source: Source,
    /// Whether differences of form are told too.
    pub is_thorough: bool,
}

/// Where the histories come from that are compared. A folder holds each as a response of the API,
/// in a file of the case's name.
#[derive(Clone, Debug, Default)]
pub enum Source {
    /// The cases are played.
    #[default]
    Kernel,
    /// The cases are played, and their histories written into this folder.
    KernelInto(PathBuf),
    /// The histories of this folder. Cases without one are passed over.
    Histories(PathBuf),
}

/// Plays the executions of a folder.
pub fn play(folder: &Path, options: &Options) -> Result<Report> {
    if let Source::KernelInto(folder) = &options.source {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut unplayable: BTreeMap<String, usize> = BTreeMap::new();
    for file in data::json_files(&folder.join("cases"))? {
        let Some(case) = Case::read(&file, Timestamp::from_unix_millis(START))? else { continue };
        if !options.only.takes(&case.name()) {
            continue;
        }
        let is_played = !matches!(options.source, Source::Histories(_));
        if is_played && !case.is_playable() {
            *unplayable.entry(case.needs.join(", ")).or_default() += 1;
            continue;
        }
        let score = scores.entry(case.category.clone());
        let score = score.or_insert_with(|| Score::new(&case.category));
        play_into(score, &case, options)?;
    }
    let notes = unplayable.iter().map(|(needs, count)| format!("{count} not played: need {needs}"));
    Ok(Report { notes: notes.collect(), scores: scores.into_values().collect() })
}

fn play_into(score: &mut Score, case: &Case, options: &Options) -> Result<()> {
    let failure = |differences| Failure { case: case.name(), differences };
    let file = |folder: &Path| folder.join(format!("{}.json", case.id));
    let history = match &options.source {
        Source::Kernel | Source::KernelInto(_) => play_calmly(case),
        Source::Histories(folder) if file(folder).is_file() => data::read(&file(folder)),
        Source::Histories(_) => return Ok(()),
    };
    let history = match history {
        Ok(history) => history,
        Err(error) => {
            score.failed.push(failure(vec![format!("{error:#}")]));
            return Ok(());
        }
    };
    if let Source::KernelInto(folder) = &options.source {
        std::fs::write(file(folder), history.to_string())
            .with_context(|| format!("cannot write {}", file(folder).display()))?;
    }
    let comparison = compare::compare(&case.expected, &case.placeholders, &history);
    if options.is_thorough && !comparison.of_form.is_empty() {
        score.of_form.push(failure(comparison.of_form));
    }
    let is_good = comparison.differences.is_empty();
    score.note((!is_good).then(|| failure(comparison.differences)));
    Ok(())
}

/// Plays a case whose panic is its own: the others go on.
fn play_calmly(case: &Case) -> Result<Value> {
    let history = catch_unwind(AssertUnwindSafe(|| play_case(case)));
    let history = history.map_err(|_panic| anyhow::anyhow!("playing it panics"))??;
    let print = |event| Value::from(stepwell_wire::event(event, Data::Whole, REGION));
    let events: Vec<Value> = history.iter().map(print).collect();
    Ok(Value::from(Object::from_iter([("events", events)])))
}
