//! Text in the making that may not grow beyond a limit.

use std::fmt::{self, Write};

/// Refuses the text that would make it longer than so many bytes.
pub(crate) struct Bounded {
    text: String,
    bytes_max: usize,
}

impl Bounded {
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { text: String::new(), bytes_max }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl Write for Bounded {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        if more.len() > self.bytes_max - self.text.len() {
            return Err(fmt::Error);
        }
        self.text.push_str(more);
        Ok(())
    }
}

/// The text of something, if it is not longer than so many bytes.
pub(crate) fn within(bytes_max: usize, printed: &dyn fmt::Display) -> Option<String> {
    let mut out = Bounded::new(bytes_max);
    write!(out, "{printed}").ok()?;
    Some(out.into_text())
}
