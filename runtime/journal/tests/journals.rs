//! Journals of real executions: those of the suite go through the codec, and those that were kept
//! long ago are still read.
//!
//! `ADD_JOURNALS=1 cargo test -p stepwell-journal --test journals` keeps the journals of the cases
//! in `tests/journals/README.md` that have none yet. A file that is there is never written again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use stepwell_journal::codec;
use stepwell_kernel::{Event, Execution, Outcome};
use stepwell_suite::{Case, Driver};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(name)
}

/// Every case of the suite and the journals of its executions.
fn suite_journals() -> Result<Vec<(String, Vec<Vec<Event>>)>> {
    let mut all = Vec::new();
    for entry in folder("suite").read_dir()? {
        let path = entry?.path();
        let is_case = path.extension().is_some_and(|ending| ending == "md")
            && path.file_stem().is_some_and(|name| name != "README");
        for case in if is_case { Case::read_file(&path)? } else { Vec::new() } {
            if let Some(journals) = case.journals(Driver::Kernel)? {
                all.push((case.name, journals));
            }
        }
    }
    ensure!(all.len() > 100, "only {} cases were found", all.len());
    Ok(all)
}

/// The golden journals: the file's name and what became of the execution, as the index has it.
fn golden() -> Result<Vec<(String, String)>> {
    let readme = fs::read_to_string(folder("journals/README.md"))?;
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (name, rest) = row.split_once("` | ").context("a row has a name")?;
        let ending = rest.strip_suffix(" |").context("a row has an ending")?;
        Ok((name.to_owned(), ending.replace("\\|", "|")))
    })
    .collect()
}

/// What became of the execution of a journal.
fn ending(journal: &[Event]) -> Result<String> {
    let execution = Execution::replay(journal)?;
    let (word, failure) = match execution.outcome() {
        None => return Ok(format!("{} events, runs", journal.len())),
        Some(Outcome::Succeeded { output }) => {
            return Ok(format!("{} events, succeeded with `{output}`", journal.len()));
        }
        Some(Outcome::Failed { failure }) => ("failed", failure),
        Some(Outcome::TimedOut { failure }) => ("timed out", failure),
        Some(Outcome::Aborted { failure }) => ("aborted", failure),
    };
    let error = failure.error.as_deref().unwrap_or("no name");
    Ok(format!("{} events, {word} with `{error}`", journal.len()))
}

fn file(name: &str) -> PathBuf {
    folder("journals").join(format!("{}.journal", name.replace('/', "--")))
}

/// Splits a golden journal's name into the case's and the execution's number.
fn parts(name: &str) -> Result<(&str, usize)> {
    let (case, nth) = name.split_once('#').context("a name has the execution's number")?;
    Ok((case, nth.parse()?))
}

#[test]
fn journals_of_the_suite_are_read_back_whole_and_in_parts() {
    let mut kinds = BTreeSet::new();
    for (name, journals) in suite_journals().unwrap() {
        for journal in &journals {
            let encoded = codec::encode(journal);
            assert_eq!(&codec::decode(&encoded.bytes).unwrap(), journal, "{name}");
            kinds.extend(encoded.entries.iter().map(|entry| entry.kind));
            for record in journal.chunks(3) {
                let decoded = codec::decode(&codec::encode(record).bytes).unwrap();
                assert_eq!(decoded, record, "{name}");
            }
        }
    }
    let missing: Vec<String> =
        codec::kinds().filter(|(kind, _)| !kinds.contains(kind)).map(|(_, name)| name).collect();
    // Nothing in the suite changes a map run's bounds.
    assert_eq!(missing, ["MapRun.Updated"]);
}

#[test]
fn golden_journals_are_read_and_replayed_for_ever() {
    if std::env::var_os("ADD_JOURNALS").is_some() {
        add_missing().unwrap();
    }
    let golden = golden().unwrap();
    assert!(!golden.is_empty());
    for (name, expected) in &golden {
        let record = fs::read(file(name)).unwrap();
        let journal = codec::decode(&record).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(ending(&journal).unwrap(), *expected, "{name}");
    }
    let files = folder("journals").read_dir().unwrap();
    let names = files.map(|file| file.unwrap().path());
    let kept = names.filter(|name| name.extension().is_some_and(|ending| ending == "journal"));
    assert_eq!(kept.count(), golden.len(), "every file has a row in tests/journals/README.md");
}

fn add_missing() -> Result<()> {
    let suite = suite_journals()?;
    for (name, _) in golden()?.iter().filter(|(name, _)| !file(name).exists()) {
        let (case, nth) = parts(name)?;
        let journals = suite.iter().find(|(name, _)| name == case);
        let (_, journals) = journals.with_context(|| format!("no case is called {case}"))?;
        let journal =
            journals.get(nth).with_context(|| format!("{case} has no execution {nth}"))?;
        fs::write(file(name), codec::encode(journal).bytes)?;
    }
    Ok(())
}
