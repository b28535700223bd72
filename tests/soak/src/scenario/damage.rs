//! Bytes of the file change: first some that belong to one execution, then any.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rand::Rng as _;
use stepwell_journal::{ExecutionId, Journal, Query, ReadError, Subject};
use stepwell_journal_sqlite::{Fault, Options as StoreOptions, Sqlite};
use stepwell_kernel::Event;

use super::finish;
use crate::check::Excused;
use crate::director::Director;
use crate::errands::Errand;
use crate::names;
use crate::options::Options;
use crate::report::Findings;
use crate::workloads::{self, KEPT_WAITING};

const LIFE: Duration = Duration::from_secs(2);

/// How often any bytes are changed.
const COPIES: u32 = 60;

/// What must not become of a copy.
const OTHERWISE: &str = "of them READ OTHERWISE THAN WRITTEN";
const MISSING: &str = "of them with executions MISSING AND NOT TOLD";

type Contents = BTreeMap<ExecutionId, Vec<Event>>;

pub(super) fn play(options: &Options) -> Result<Findings> {
    let mut director = Director::new(options.seed)?;
    let mut findings = Findings { seed: options.seed, ..Findings::default() };
    director.keeps_tokens = true;
    let mut process = director.launch(true)?;
    director.play(&mut process, LIFE)?;
    director.close(process)?;
    damage_anything(&mut director, &mut findings)?;
    let (victim, arn) = damage_one(&mut director)?;
    let mut excused = Excused::default();
    excused.damaged.insert(victim);
    excused.forgetful.insert(arn);
    director.keeps_tokens = false;
    report_token(&mut director, victim);
    finish(&mut director, &excused, &mut findings)?;
    findings.add("executions refused", excused.damaged.len());
    let named = format!("execution {victim} is damaged");
    let complaints = director.troubles.remove("unreadable").unwrap_or_default();
    if !complaints.iter().any(|complaint| complaint.contains(&named)) {
        findings.wrong.push(format!("nobody complained that {named}, but: {complaints:?}"));
    }
    let others = complaints.iter().filter(|complaint| !complaint.contains(&named));
    findings.wrong.extend(others.map(|complaint| format!("a runtime complained: {complaint}")));
    Ok(findings)
}

/// Changes one byte of an execution that waits for its token, and gives it with its ARN.
fn damage_one(director: &mut Director) -> Result<(ExecutionId, String)> {
    let (execution, name) = {
        let store = Sqlite::open(director.store(), &StoreOptions::default())?;
        let machine = names::machine_arn(KEPT_WAITING).into();
        let waiting = store.list(&Query::newest(Subject::Machine(machine), usize::MAX))?;
        let victim = waiting.into_iter().find(|known| known.ending.is_none());
        let victim = victim.context("no execution waits for its token")?;
        (victim.execution, victim.opening.name)
    };
    let mut bytes = fs::read(director.store())?;
    let text = workloads::salt(&name);
    let found = bytes.windows(text.len()).enumerate();
    let found = found.filter(|(_, found)| *found == text.as_bytes()).map(|(at, _)| at);
    let found: Vec<usize> = found.collect();
    ensure!(!found.is_empty(), "the input of `{name}` is not in the file");
    // The text stays one: only a checksum can tell. Pages that were split have left copies behind
    // that nobody reads.
    for at in found {
        bytes[at] ^= 1;
    }
    fs::write(director.store(), bytes)?;
    let store = Sqlite::open(director.store(), &StoreOptions::default())?;
    let faults = store.verify()?;
    let is_named = |fault: &Fault| {
        matches!(fault, Fault::Journal(ReadError::Damaged { execution: found, .. })
            if *found == execution)
    };
    if faults.is_empty() || !faults.iter().all(is_named) {
        director.wrong.push(format!("execution {execution} is damaged, and not: {faults:?}"));
    }
    Ok((execution, names::execution_arn(&name)))
}

/// The token of an execution that cannot be read is reported, and not taken.
fn report_token(director: &mut Director, victim: ExecutionId) {
    let belongs = |token: &mut String| {
        token.get(16..32).is_some_and(|digits| u64::from_str_radix(digits, 16) == Ok(victim.0))
    };
    let tokens: Vec<_> = director.witness.seen().tokens.extract_if(.., belongs).collect();
    for token in tokens {
        director.errands.plan(Errand::TokenInVain(token), &mut director.chance);
    }
}

/// Changes a few bytes anywhere in copies of the file. Whatever is read of them is either refused or
/// what was written, or the check of the store tells of the damage.
fn damage_anything(director: &mut Director, findings: &mut Findings) -> Result<()> {
    // Closing the store moves what is in the log into the file.
    let expected = contents(&director.store())?.context("the store can be read")?;
    let whole = fs::read(director.store())?;
    let copy = director.folder.path().join("copy.db");
    let mut results = BTreeMap::new();
    for nth in 0..COPIES {
        let mut bytes = whole.clone();
        let at = director.chance.random_range(0..bytes.len() - 8);
        for byte in &mut bytes[at..at + 8] {
            *byte ^= director.chance.random_range(1..=255);
        }
        for ending in ["-wal", "-shm"] {
            let rest = director.folder.path().join(format!("copy.db{ending}"));
            if rest.exists() {
                fs::remove_file(rest)?;
            }
        }
        fs::write(&copy, bytes)?;
        let result = look(&copy, &expected);
        if [OTHERWISE, MISSING].contains(&result) {
            director.wrong.push(format!("copy {nth}, bytes {at} to {}: {result}", at + 8));
        }
        *results.entry(result).or_insert(0_u32) += 1;
    }
    findings.add("copies with any eight bytes changed", COPIES);
    for (result, count) in results {
        findings.add(result, count);
    }
    Ok(())
}

fn look(copy: &Path, expected: &Contents) -> &'static str {
    let Ok(store) = Sqlite::open(copy, &StoreOptions::default()) else {
        return "of them not opened";
    };
    let (mut is_missing, mut is_refused) = (false, false);
    for (execution, events) in expected {
        match store.read(*execution) {
            Ok(found) if found == *events => {}
            Ok(found) if found.is_empty() => is_missing = true,
            Ok(_) => return OTHERWISE,
            Err(_) => is_refused = true,
        }
    }
    let is_told = store.verify().is_ok_and(|faults| !faults.is_empty());
    match (is_missing, is_refused, is_told) {
        (true, _, false) => MISSING,
        (true, _, true) => "of them with executions missing, and told",
        (false, true, _) => "of them with executions refused",
        (false, false, true) => "of them with every execution whole, and told",
        (false, false, false) => "of them with nothing to notice",
    }
}

/// None if it cannot be opened.
fn contents(store: &Path) -> Result<Option<Contents>> {
    let Ok(store) = Sqlite::open(store, &StoreOptions::default()) else { return Ok(None) };
    let all = store.list(&Query::newest(Subject::All, usize::MAX))?;
    let read =
        |known: stepwell_journal::Summary| Ok((known.execution, store.read(known.execution)?));
    all.into_iter().map(read).collect::<Result<_>>().map(Some)
}
