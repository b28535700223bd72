//! How long something took, for people.

use std::fmt;
use std::time::Duration;

/// `0 ms` to `999 ms`, `1.00 s` to `59.99 s`, `1 min 00 s`, `1 h 00 min`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took(pub Duration);

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        let seconds = self.0.as_secs();
        let text = match seconds {
            0 => format!("{millis} ms"),
            1..60 => format!("{seconds}.{:02} s", millis % 1000 / 10),
            60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
            3600.. => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
        };
        // So that padding counts.
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests;
