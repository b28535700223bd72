//! Times of things that are to be compared.

use std::time::{Duration, Instant};

/// What came of some rounds.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    pub(crate) fn fastest(&self) -> Duration {
        self.0[0]
    }
}

/// Measures several things in turn, round by round, so that all of them meet the same machine.
pub(crate) fn alternate<const N: usize>(
    rounds: usize,
    things: [&mut dyn FnMut(); N],
) -> [Times; N] {
    let mut times = things.map(|thing| (thing, Vec::with_capacity(rounds)));
    for _ in 0..rounds {
        for (thing, times) in &mut times {
            let start = Instant::now();
            thing();
            times.push(start.elapsed());
        }
    }
    times.map(|(_, mut times)| {
        times.sort_unstable();
        Times(times)
    })
}

pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
