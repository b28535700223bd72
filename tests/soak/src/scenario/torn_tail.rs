//! The newest part of the log is torn off between two runs, as by a disk that said that it had
//! written what it had not.
//!
//! Only what has not been moved into the file is torn: before that, the log is synced twice.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rand::{Rng as _, RngCore as _};
use stepwell_journal::{Journal, Query, Subject};
use stepwell_journal_sqlite::{Options as StoreOptions, Sqlite};
use stepwell_kernel::Event;

use super::finish;
use crate::check::Excused;
use crate::director::Director;
use crate::options::Options;
use crate::report::Findings;

const LIFE_MILLIS: std::ops::Range<u64> = 100..500;

/// How much is torn off, at most.
const TEAR_MAX: u64 = 200_000;

/// What the log's header and the header of each of its pages take, and a page.
const HEADER: u64 = 32;
const FRAME: u64 = 24 + 8192;

/// Every execution of a store, by its ARN.
type Contents = BTreeMap<String, Vec<Event>>;

#[derive(Default)]
struct Torn {
    tears: u64,
    executions: usize,
    events: usize,
    forgotten: usize,
}

pub(super) fn play(options: &Options) -> Result<Findings> {
    let mut director = Director::new(options.seed)?;
    let mut findings = Findings { seed: options.seed, ..Findings::default() };
    let (mut excused, mut torn) = (Excused::default(), Torn::default());
    director.errands.is_forgetful = true;
    for _ in 0..(options.kills / 10).max(5) {
        let mut process = director.launch(true)?;
        let life = Duration::from_millis(director.chance.random_range(LIFE_MILLIS));
        director.play(&mut process, life)?;
        director.kill(process)?;
        let before = contents(&copy(&director)?)?;
        if tear(&mut director)? {
            torn.tears += 1;
            let after = contents(&director.store())?;
            compare(&before, &after, &mut director, &mut torn, &mut excused);
            director.errands.forget();
        }
    }
    findings.add("tears", torn.tears);
    findings.add("executions that lost events", torn.executions);
    findings.add("events lost", torn.events);
    findings.add("executions forgotten altogether", torn.forgotten);
    finish(&mut director, &excused, &mut findings)?;
    Ok(findings)
}

/// The store and its log in another folder, which lives as long as the director.
fn copy(director: &Director) -> Result<PathBuf> {
    let folder = director.folder.path().join("before");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    for ending in ["", "-wal", "-shm"] {
        let name = format!("store.db{ending}");
        fs::copy(director.folder.path().join(&name), folder.join(&name))?;
    }
    Ok(folder.join("store.db"))
}

fn contents(store: &Path) -> Result<Contents> {
    let store = Sqlite::open(store, &StoreOptions::default())?;
    let faults = store.verify()?;
    ensure!(faults.is_empty(), "the store is not whole: {faults:?}");
    let all = store.list(&Query::newest(Subject::All, usize::MAX))?;
    let events = |known: stepwell_journal::Summary| {
        Ok((known.opening.arn.to_string(), store.read(known.execution)?))
    };
    all.into_iter().map(events).collect()
}

/// Truncates, empties or garbles the last bytes of the log. False if there is nothing to tear.
fn tear(director: &mut Director) -> Result<bool> {
    let (begin, end) = newest(&director.folder.path().join("store.db-shm"))?;
    if begin >= end {
        return Ok(false);
    }
    let bytes = director.chance.random_range(1..=(end - begin).min(TEAR_MAX));
    let mut log = File::options().write(true).open(director.folder.path().join("store.db-wal"))?;
    match director.chance.random_range(0..3) {
        0 => log.set_len(end - bytes)?,
        kind => {
            let mut torn = vec![0; usize::try_from(bytes)?];
            if kind == 1 {
                director.chance.fill_bytes(&mut torn);
            }
            log.seek(SeekFrom::Start(end - bytes))?;
            log.write_all(&torn)?;
        }
    }
    // What the index knows of the log is made anew, as after the machine was switched off.
    fs::remove_file(director.folder.path().join("store.db-shm"))?;
    Ok(true)
}

/// Where the part of the log lies that is not in the file yet, by the index of the log.
fn newest(index: &Path) -> Result<(u64, u64)> {
    let index = fs::read(index)?;
    let number = |at: usize| {
        let bytes = index.get(at..at + 4).context("the log has an index")?;
        Ok::<_, anyhow::Error>(u64::from(u32::from_ne_bytes(bytes.try_into()?)))
    };
    let (last, moved) = (number(16)?, number(96)?);
    Ok((HEADER + moved * FRAME, HEADER + last * FRAME))
}

/// What is there after a tear was there before it, up to some event.
fn compare(
    before: &Contents,
    after: &Contents,
    director: &mut Director,
    torn: &mut Torn,
    excused: &mut Excused,
) {
    for (arn, events) in after {
        if !before.get(arn).is_some_and(|known| known.starts_with(events)) {
            director.wrong.push(format!("`{arn}` is not what it was before the tear"));
        }
    }
    for (arn, events) in before {
        let left = after.get(arn).map_or(0, Vec::len);
        if left < events.len() {
            torn.executions += 1;
            torn.events += events.len() - left;
            torn.forgotten += usize::from(left == 0);
            excused.forgetful.insert(arn.clone());
        }
    }
}
