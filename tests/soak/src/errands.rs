//! What the director does to executions from outside: it reports tokens late and twice, stops and
//! redrives, and asks again for names that are taken. An errand is done when it is answered; one that
//! a kill cut off is run again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rand::Rng as _;
use rand::rngs::StdRng;

use crate::names;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Errand {
    Token(String),
    /// A token that has been taken before.
    TokenTwice(String),
    /// The token of an execution that cannot be read.
    TokenInVain(String),
    Stop(String),
    Redrive(String),
    /// A name that is taken.
    Again(String),
}

#[derive(Debug, Default)]
pub(crate) struct Errands {
    waiting: Vec<(Instant, Errand)>,
    /// Those that the runtime was told of, by their numbers.
    told: BTreeMap<u64, Errand>,
    done: BTreeSet<Errand>,
    next: u64,
    known: BTreeSet<String>,
    /// How many were run to their end.
    pub counts: BTreeMap<&'static str, u64>,
    /// Whether the store may have forgotten what was done.
    pub is_forgetful: bool,
}

/// How long an errand is put off, at most.
const DELAY_MAX_MILLIS: u64 = 700;

/// How long until an errand is run again that came too early.
const AGAIN: Duration = Duration::from_millis(250);

impl Errand {
    fn line(&self) -> String {
        match self {
            Self::Token(token) | Self::TokenTwice(token) | Self::TokenInVain(token) => {
                format!("token {token}")
            }
            Self::Stop(name) => format!("stop {name}"),
            Self::Redrive(name) => format!("redrive {name}"),
            Self::Again(name) => format!("again {name}"),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Token(_) => "tokens",
            Self::TokenTwice(_) => "tokens again",
            Self::TokenInVain(_) => "tokens in vain",
            Self::Stop(_) => "stops",
            Self::Redrive(_) => "redrives",
            Self::Again(_) => "names again",
        }
    }
}

impl Errands {
    pub(crate) fn plan(&mut self, errand: Errand, chance: &mut StdRng) {
        let delay = Duration::from_millis(chance.random_range(0..DELAY_MAX_MILLIS));
        self.waiting.push((Instant::now() + delay, errand));
    }

    /// Plans what an execution needs that has been heard of.
    pub(crate) fn meet(&mut self, name: &str, chance: &mut StdRng) {
        let errand = match names::workload(name) {
            "stopped" => Errand::Stop(name.to_owned()),
            "redriven" => Errand::Redrive(name.to_owned()),
            _ => return,
        };
        if self.known.insert(name.to_owned()) {
            self.plan(errand, chance);
        }
    }

    /// What is due, with the numbers of the answers.
    pub(crate) fn due(&mut self) -> Vec<String> {
        let now = Instant::now();
        let due: Vec<_> = self.waiting.extract_if(.., |(due, _)| *due <= now).collect();
        let mut lines = Vec::new();
        for (_, errand) in due {
            self.next += 1;
            lines.push(format!("{} {}", self.next, errand.line()));
            self.told.insert(self.next, errand);
        }
        lines
    }

    /// Takes the answer to an errand, and gives what is wrong with it.
    pub(crate) fn answer(
        &mut self,
        number: u64,
        answer: &str,
        chance: &mut StdRng,
    ) -> Option<String> {
        let errand = self.told.remove(&number)?;
        match (&errand, answer.split(' ').next().unwrap_or_default()) {
            (Errand::Token(token), "done") => {
                let again = Errand::TokenTwice(token.clone());
                self.plan(again, chance);
                self.finish(errand);
            }
            (Errand::TokenTwice(_), "done") if !self.is_forgetful => {
                return Some(format!("{errand:?} was taken twice"));
            }
            (Errand::TokenInVain(_), "stopped") => self.finish(errand),
            (Errand::TokenInVain(_), _) => {
                return Some(format!("{errand:?} was answered with: {answer}"));
            }
            (_, "done" | "ended") => self.finish(errand),
            (_, "later" | "stopped") => self.waiting.push((Instant::now() + AGAIN, errand)),
            (_, "unknown") if self.is_forgetful => self.finish(errand),
            _ => return Some(format!("{errand:?} was answered with: {answer}")),
        }
        None
    }

    fn finish(&mut self, errand: Errand) {
        *self.counts.entry(errand.kind()).or_default() += 1;
        self.done.insert(errand);
    }

    /// The runtime was killed: nobody knows what became of what it was told.
    pub(crate) fn cut_off(&mut self) {
        let now = Instant::now();
        let told = std::mem::take(&mut self.told);
        self.waiting.extend(told.into_values().map(|errand| (now, errand)));
    }

    /// The store may have forgotten what was done, so it is done again.
    pub(crate) fn forget(&mut self) {
        let now = Instant::now();
        let done = std::mem::take(&mut self.done);
        self.waiting.extend(done.into_iter().map(|errand| (now, errand)));
    }

    /// Whether everything is done.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.told.is_empty()
    }

    pub(crate) fn describe(&self) -> String {
        let some = self.waiting.iter().map(|(_, errand)| errand).chain(self.told.values());
        let some: Vec<_> = some.take(5).collect();
        format!("{} errands are left, such as {some:?}", self.waiting.len() + self.told.len())
    }
}
