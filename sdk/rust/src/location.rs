//! Where in a JSON text a position lies, as a path.
//!
//! The deserialiser knows the line and the column at which it stopped, not the path to it. Keeping
//! the path while reading would double the code of every input type; instead the text is walked
//! again when there is something to report. The text was read as JSON up to the position, so the
//! walk checks nothing.

use std::fmt::Write;

/// An object with the member being read, or an array with the index of the element being read.
enum Frame<'a> {
    Object(Option<&'a str>),
    Array(usize),
}

/// The path to the value that ends or fails at `line` and `column`, both counted from 1: such as
/// `$.items[2].price`. An object or array that ends there is the value meant.
pub(crate) fn path_at(text: &str, line: usize, column: usize) -> String {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let end = (before + column.saturating_sub(1)).min(text.len());
    let mut frames = frames_before(text, end);
    if matches!(text.as_bytes().get(end), Some(b'}' | b']')) {
        frames.pop();
    }
    print(&frames)
}

fn frames_before(text: &str, end: usize) -> Vec<Frame<'_>> {
    let bytes = text.as_bytes();
    let mut frames = Vec::new();
    let mut at = 0;
    while at < end {
        match bytes[at] {
            b'{' => frames.push(Frame::Object(None)),
            b'[' => frames.push(Frame::Array(0)),
            b'}' | b']' => drop(frames.pop()),
            b',' => match frames.last_mut() {
                Some(Frame::Object(member)) => *member = None,
                Some(Frame::Array(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let close = closing_quote(bytes, at + 1);
                // A name that ends at the position is what is wrong, so the object is meant.
                if let Some(Frame::Object(member @ None)) = frames.last_mut()
                    && close < end
                {
                    *member = text.get(at + 1..close);
                }
                at = close;
            }
            _ => {}
        }
        at += 1;
    }
    frames
}

fn closing_quote(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

fn print(frames: &[Frame<'_>]) -> String {
    let mut path = String::from("$");
    for frame in frames {
        let written = match frame {
            Frame::Object(None) => Ok(()),
            Frame::Object(Some(name)) if is_plain(name) => write!(path, ".{name}"),
            Frame::Object(Some(name)) => write!(path, "['{name}']"),
            Frame::Array(index) => write!(path, "[{index}]"),
        };
        written.expect("writing to a string does not fail");
    }
    path
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests;
