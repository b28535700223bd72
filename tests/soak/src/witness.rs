//! The witness: what tasks did to the world. It lives as long as the director, so it remembers what
//! happened before a kill.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Result;

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// How often each idempotency key has come.
    pub keys: BTreeMap<String, u32>,
    /// Tokens that were handed out, and not yet asked about by the director.
    pub tokens: Vec<String>,
    /// Pieces of work that have been refused once, as they ask for.
    refused: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Witness {
    pub socket: PathBuf,
    // Shared by the thread that listens and the director.
    seen: Arc<Mutex<Seen>>,
}

/// What a task tells the witness.
#[derive(Debug)]
pub(crate) struct Effect<'a> {
    /// The task's idempotency key.
    pub key: &'a str,
    /// The piece of work, which is the same for every attempt.
    pub label: &'a str,
    /// The task's name.
    pub kind: &'a str,
    /// A token that the task hands out.
    pub token: Option<&'a str>,
}

impl Effect<'_> {
    /// Nothing in it has a tab or the end of a line.
    pub(crate) fn line(&self) -> String {
        let Self { key, label, kind, token } = self;
        format!("{key}\t{label}\t{kind}\t{}\n", token.unwrap_or_default())
    }
}

/// What the witness answers.
pub(crate) const NOTED: &str = "noted";
pub(crate) const REFUSED: &str = "refused";

impl Witness {
    /// Listens on a socket in that folder until the process ends.
    pub(crate) fn listen(folder: &Path) -> Result<Self> {
        let socket = folder.join("witness");
        let listener = UnixListener::bind(&socket)?;
        let witness = Self { socket, seen: Arc::default() };
        let listening = witness.clone();
        thread::Builder::new().name("witness".into()).spawn(move || {
            for stream in listener.incoming().flatten() {
                // A runtime that was killed in the middle of a line has told nothing.
                let _cut_off = listening.hear(&stream);
            }
        })?;
        Ok(witness)
    }

    fn hear(&self, mut stream: &UnixStream) -> std::io::Result<()> {
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        let Some(line) = line.strip_suffix('\n') else { return Ok(()) };
        let answer = self.note(line);
        stream.write_all(answer.as_bytes())?;
        stream.write_all(b"\n")
    }

    fn note(&self, line: &str) -> &'static str {
        let mut parts = line.split('\t');
        let mut part = || parts.next().unwrap_or_default();
        let (key, label, kind, token) = (part(), part(), part(), part());
        let mut seen = self.seen();
        *seen.keys.entry(key.to_owned()).or_default() += 1;
        if !token.is_empty() {
            seen.tokens.push(token.to_owned());
        }
        if kind == "stubborn" && seen.refused.insert(label.to_owned()) { REFUSED } else { NOTED }
    }

    /// A panic while the lock is held can only come from the allocator; what was seen is whole.
    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
