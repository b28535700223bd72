//! Bytes of the file change: first some that belong to one execution, then any.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use rand::Rng as _;
use stepwell_journal::{ExecutionId, Journal, Query, ReadError, Subject};
use stepwell_journal_sqlite::{Fault, Options as StoreOptions, Sqlite};
use stepwell_kernel::Event;

use super::finish;
use crate::check::Excused;
use crate::director::Director;
use crate::names;
use crate::options::Options;
use crate::report::Findings;
use crate::workloads::{self, KEPT_WAITING};

const LIFE: Duration = Duration::from_secs(2);

/// How often any bytes are changed.
const COPIES: u32 = 60;

type Contents = BTreeMap<ExecutionId, Vec<Event>>;

pub(super) fn play(options: &Options) -> Result<Findings> {
    let mut director = Director::new(options.seed)?;
    let mut findings = Findings { seed: options.seed, ..Findings::default() };
    director.keeps_tokens = true;
    let mut process = director.launch(true)?;
    director.play(&mut process, LIFE)?;
    director.close(process)?;
    damage_anything(&mut director, &mut findings)?;
    let victim = damage_one(&mut director)?;
    let mut excused = Excused::default();
    excused.damaged.insert(victim);
    director.keeps_tokens = false;
    forget_token(&director, victim);
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

/// Changes one byte of an execution that waits for its token.
fn damage_one(director: &mut Director) -> Result<ExecutionId> {
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
    let at = bytes.windows(text.len()).position(|found| found == text.as_bytes());
    bytes[at.context("the execution's input is in the file")?] ^= 0x20;
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
    Ok(execution)
}

/// Nobody can report the token of an execution that cannot be read.
fn forget_token(director: &Director, victim: ExecutionId) {
    let belongs = |token: &str| {
        token.get(16..32).is_some_and(|digits| u64::from_str_radix(digits, 16) == Ok(victim.0))
    };
    director.witness.seen().tokens.retain(|token| !belongs(token));
}

/// Changes a few bytes anywhere in copies of the file. Whatever is read of them is either refused or
/// what was written, or the check of the store tells of the damage.
fn damage_anything(director: &mut Director, findings: &mut Findings) -> Result<()> {
    let whole = fs::read(director.store())?;
    let expected = contents(&director.store())?.context("the store can be read")?;
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
        if result == "differs and is not noticed" {
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
    let (mut is_same, mut is_refused) = (true, false);
    for (execution, events) in expected {
        match store.read(*execution) {
            Ok(found) => is_same &= found == *events,
            Err(_) => is_refused = true,
        }
    }
    let is_noticed = store.verify().is_ok_and(|faults| !faults.is_empty());
    match (is_same, is_refused, is_noticed) {
        (true, false, false) => "of them with no execution changed",
        (true, true, _) => "of them with executions refused",
        (_, _, true) => "of them told by the check of the store",
        (false, _, false) => "differs and is not noticed",
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
