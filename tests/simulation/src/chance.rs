//! Chance that a seed repeats.

use std::fmt::Write as _;

use stepwell_engine::Chance;
use stepwell_journal::ExecutionId;
use stepwell_kernel::{Entropy, TaskId, Token};

/// `SplitMix64`: small, and good enough to spread faults.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below that one; 0 below nothing.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound.max(1)
    }

    /// A position among so many.
    pub(crate) fn position(&mut self, count: usize) -> usize {
        usize::try_from(self.below(count as u64)).unwrap_or(0)
    }

    pub(crate) fn is_one_in(&mut self, count: u64) -> bool {
        count > 0 && self.below(count) == 0
    }
}

/// The randomness of one loop. Its tokens say where they belong, as the engine's do.
#[derive(Debug)]
pub(crate) struct Tokens {
    dice: Dice,
    execution: ExecutionId,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), execution: ExecutionId(0) }
    }
}

impl Entropy for Tokens {
    fn next_u64(&mut self) -> u64 {
        self.dice.draw()
    }

    fn token(&mut self, task: TaskId) -> Token {
        let mut token = format!("{:016x}{:08x}", self.execution.0, task.0);
        write!(token, "{:016x}", self.dice.draw()).expect("a text takes what is written to it");
        token.into()
    }
}

impl Chance for Tokens {
    fn turn_to(&mut self, execution: ExecutionId) {
        self.execution = execution;
    }
}

/// Where a token belongs.
pub(crate) fn address(token: &str) -> Option<(ExecutionId, TaskId)> {
    let execution = u64::from_str_radix(token.get(..16)?, 16).ok()?;
    let task = u32::from_str_radix(token.get(16..24)?, 16).ok()?;
    Some((ExecutionId(execution), TaskId(task)))
}
