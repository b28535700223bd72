//! Counts the words of a text and finds the longest.

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, task};

#[derive(Deserialize)]
pub struct Text {
    title: String,
    text: String,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Count {
    title: String,
    words: usize,
    longest: String,
}

#[task]
fn count_words(text: Text) -> Result<Count, TaskError> {
    let words: Vec<&str> = text.text.split(|c: char| !c.is_alphanumeric()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    // Of several words of that length the first.
    let longest = words.iter().rev().max_by_key(|word| word.chars().count());
    let Some(longest) = longest else {
        return Err(TaskError::new("Text.Empty", format!("`{}` has no words", text.title)));
    };
    let longest = (*longest).to_owned();
    Ok(Count { title: text.title, words: words.len(), longest })
}

#[cfg(test)]
mod tests;
