//! How much an evaluation may use, and which flavour of the language it speaks.

/// Which functions exist and which rules hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// `JSONata` 2.0.6 as its documentation has it, without `$eval`.
    Jsonata,
    /// The same with what AWS Step Functions adds: `$partition`, `$range`, `$hash`, `$uuid`,
    /// `$parse` and a seed for `$random`. Numbers without a JSON text become the texts `NaN`,
    /// `Infinity` and `-Infinity` in results.
    #[default]
    StepFunctions,
}

/// The bounds of one evaluation. Each ends it with an error for which
/// [`Error::is_limit`](crate::Error::is_limit) holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "each is the most of something")]
pub struct Limits {
    /// How many expressions may be in evaluation within each other, tail calls excepted.
    pub depth_max: usize,
    /// How many expressions may be evaluated, and members visited, in total: the fuel.
    pub steps_max: u64,
    /// What the values made and still held may take, by the service's reckoning of 24 bytes for a
    /// member of an array or object and two for a character.
    pub memory_bytes_max: usize,
}

impl Limits {
    /// What the service was measured to allow: 100 levels and 20 MiB. Its time limit is not
    /// known; the steps chosen here take a second or two.
    pub const STEP_FUNCTIONS: Self =
        Self { depth_max: 100, steps_max: 10_000_000, memory_bytes_max: 20 * 1024 * 1024 };

    /// Bounds that only stop what has run away. Evaluating to this depth takes up to 16 MiB of
    /// stack.
    pub const GENEROUS: Self =
        Self { depth_max: 1000, steps_max: 1_000_000_000, memory_bytes_max: 1 << 30 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::STEP_FUNCTIONS
    }
}
