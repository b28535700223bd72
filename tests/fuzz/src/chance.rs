//! Chance that is the same in every run: a seed and an iteration give an input, for ever.

use std::ops::RangeInclusive;

/// A stream of random bits (`SplitMix64`).
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64, iteration: u64) -> Self {
        let mut mixed = Self(seed);
        let start = mixed.bits() ^ iteration.wrapping_mul(0xd134_2543_de82_ef95);
        Self(start)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the given one, which is not 0.
    #[expect(clippy::cast_possible_truncation, reason = "the result is below a usize")]
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    pub(crate) fn between(&mut self, range: RangeInclusive<usize>) -> usize {
        range.start() + self.below(range.end() - range.start() + 1)
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'t, T: ?Sized>(&mut self, options: &[&'t T]) -> &'t T {
        options[self.below(options.len())]
    }

    pub(crate) fn item<'t, T>(&mut self, options: &'t [T]) -> &'t T {
        &options[self.below(options.len())]
    }

    /// Small numbers mostly, great ones seldom: 0, 1 or 2 half of the time, never above `max`.
    pub(crate) fn few(&mut self, max: usize) -> usize {
        let mut count = self.below(3);
        while count < max && self.one_in(2) {
            count = count * 2 + 1;
        }
        count.min(max)
    }
}
