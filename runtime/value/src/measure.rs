//! How long a value's text is, without printing it.

use crate::{Value, print};

impl Value {
    /// Whether the compact text has at most so many bytes; it is gone through no further than that.
    ///
    /// A value whose parts are shared may be small while its text is endless.
    pub fn prints_within(&self, bytes: usize) -> bool {
        Room { bytes }.take_value(self).is_some()
    }

    /// How many bytes the compact text has. All of the text is counted, so the value should be one
    /// that was made from a text, or whose text is known to be bounded.
    pub fn text_bytes(&self) -> usize {
        let mut room = Room { bytes: usize::MAX };
        match room.take_value(self) {
            Some(()) => usize::MAX - room.bytes,
            None => usize::MAX,
        }
    }
}

/// What is left for the text.
struct Room {
    bytes: usize,
}

impl Room {
    fn take(&mut self, bytes: usize) -> Option<()> {
        self.bytes = self.bytes.checked_sub(bytes)?;
        Some(())
    }

    fn take_value(&mut self, value: &Value) -> Option<()> {
        match value {
            Value::String(text) => self.take_string(text),
            Value::Array(items) => {
                self.take_container(items.len())?;
                items.iter().try_for_each(|item| self.take_value(item))
            }
            Value::Object(object) => {
                self.take_container(object.len())?;
                object.iter().try_for_each(|(name, value)| {
                    self.take_string(name)?;
                    self.take(":".len())?;
                    self.take_value(value)
                })
            }
            scalar => self.take(print::compact(scalar).len()),
        }
    }

    /// The brackets, and the commas between the members.
    fn take_container(&mut self, members: usize) -> Option<()> {
        self.take("[]".len() + members.saturating_sub(1))
    }

    fn take_string(&mut self, text: &str) -> Option<()> {
        self.take(text.len() + "\"\"".len())?;
        let escapes = text.bytes().map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => "\\".len(),
            0..0x20 => "\\u000".len(),
            _ => 0,
        });
        self.take(escapes.sum())
    }
}

#[cfg(test)]
mod tests;
