//! Task tokens: each says to which task of which execution of which store it belongs.

use std::fmt::Write as _;

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use stepwell_journal::{Document, ExecutionId, Journal, ReadError};
use stepwell_kernel::{Entropy, TaskId, Token};
use stepwell_value::Str;

use crate::scheduler::Chance;

/// What tells one store from another, drawn when its first engine starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoreId(u64);

/// Where a token belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub store: StoreId,
    pub execution: ExecutionId,
    pub task: TaskId,
}

const DOCUMENT: &str = "store";

/// Hexadecimal digits: of the store, the execution, the task, and 128 random bits.
const DIGITS: [usize; 4] = [16, 16, 8, 32];

impl StoreId {
    /// The store's own, or a new one with the document that keeps it.
    pub(crate) fn of(journal: &dyn Journal) -> Result<(Self, Option<Document>), ReadError> {
        let kept = journal.documents(DOCUMENT)?;
        let text = kept.iter().find(|document| &*document.key == DOCUMENT);
        let text = text.and_then(|document| document.text.as_deref());
        if let Some(id) = text.and_then(|text| u64::from_str_radix(text.trim(), 16).ok()) {
            return Ok((Self(id), None));
        }
        let id = StdRng::from_os_rng().next_u64();
        let text = Some(Str::from(format!("{id:016x}")));
        Ok((Self(id), Some(Document { key: DOCUMENT.into(), text })))
    }
}

impl Address {
    /// Reads a token; none if no engine can have made it.
    pub(crate) fn parse(token: &str) -> Option<Self> {
        if token.len() != DIGITS.iter().sum::<usize>() || !token.is_ascii() {
            return None;
        }
        let (store, rest) = token.split_at(DIGITS[0]);
        let (execution, rest) = rest.split_at(DIGITS[1]);
        let (task, secret) = rest.split_at(DIGITS[2]);
        let number = |digits| u64::from_str_radix(digits, 16).ok();
        u128::from_str_radix(secret, 16).ok()?;
        Some(Self {
            store: StoreId(number(store)?),
            execution: ExecutionId(number(execution)?),
            task: TaskId(u32::try_from(number(task)?).ok()?),
        })
    }
}

/// A cryptographic generator, seeded by the operating system.
pub(crate) struct Random {
    generator: StdRng,
    store: StoreId,
    execution: ExecutionId,
}

impl Random {
    pub(crate) fn new(store: StoreId) -> Self {
        Self { generator: StdRng::from_os_rng(), store, execution: ExecutionId(0) }
    }
}

impl Entropy for Random {
    fn next_u64(&mut self) -> u64 {
        self.generator.next_u64()
    }

    fn token(&mut self, task: TaskId) -> Token {
        let (StoreId(store), ExecutionId(execution), TaskId(task)) =
            (self.store, self.execution, task);
        let mut token = format!("{store:016x}{execution:016x}{task:08x}");
        for word in [self.generator.next_u64(), self.generator.next_u64()] {
            write!(token, "{word:016x}").expect("a text takes what is written to it");
        }
        token.into()
    }
}

impl Chance for Random {
    fn turn_to(&mut self, execution: ExecutionId) {
        self.execution = execution;
    }
}

#[cfg(test)]
mod tests;
