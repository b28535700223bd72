//! The numbers of `java.util.Random`, a linear congruential generator of 48 bits.

const MULTIPLIER: u64 = 0x5_deec_e66d;
const INCREMENT: u64 = 0xb;
const MASK: u64 = (1 << 48) - 1;

pub(crate) struct JavaRandom(u64);

impl JavaRandom {
    pub(crate) fn new(seed: i64) -> Self {
        Self((seed.cast_unsigned() ^ MULTIPLIER) & MASK)
    }

    /// The next `bits` bits, 32 at most.
    fn next(&mut self, bits: u32) -> u32 {
        self.0 = self.0.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT) & MASK;
        u32::try_from(self.0 >> (48 - bits)).expect("32 bits at most were asked for")
    }

    /// A number from `start` up to `end`, which is greater and not included:
    /// `start + nextInt(end - start)`.
    pub(crate) fn between(&mut self, start: i32, end: i32) -> i32 {
        match end.checked_sub(start) {
            Some(bound) => start + self.below(bound),
            // More numbers than an `int` counts: Java tries until one fits.
            None => loop {
                let number = self.next(32).cast_signed();
                if (start..end).contains(&number) {
                    return number;
                }
            },
        }
    }

    /// `nextInt(bound)`: the high bits for a power of two, else a remainder, drawn again where the
    /// remainders would not be equally likely.
    fn below(&mut self, bound: i32) -> i32 {
        if bound.cast_unsigned().is_power_of_two() {
            let product = i64::from(bound) * i64::from(self.next(31));
            return i32::try_from(product >> 31).expect("it is less than the bound");
        }
        loop {
            let bits = self.next(31).cast_signed();
            let number = bits % bound;
            if bits.wrapping_sub(number).wrapping_add(bound - 1) >= 0 {
                return number;
            }
        }
    }
}
