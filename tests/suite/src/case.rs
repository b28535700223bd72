//! A Markdown file as cases: every heading with an `asl` block below it is one.

use std::collections::BTreeMap;

/// An example and what is expected of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub title: String,
    /// The line of the heading, from 1.
    pub line: usize,
    /// Fenced blocks by their language: `asl`, `input`, `tasks`, `history` and their kin.
    pub blocks: BTreeMap<String, String>,
}

impl Case {
    pub fn block(&self, name: &str) -> Option<&str> {
        self.blocks.get(name).map(String::as_str)
    }
}

/// The cases of a file, in order. A heading without a definition is prose.
pub fn read(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut current: Option<Case> = None;
    let mut lines = (1..).zip(text.lines());
    while let Some((line, content)) = lines.next() {
        if let Some(title) = content.strip_prefix("## ") {
            cases.extend(current.take());
            let title = title.trim().to_owned();
            current = Some(Case { title, line, blocks: BTreeMap::new() });
        } else if let Some(name) = content.strip_prefix("```").filter(|name| !name.is_empty()) {
            let block = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            let block: String = block.flat_map(|line| [line, "\n"]).collect();
            if let Some(case) = &mut current {
                case.blocks.insert(name.to_owned(), block);
            }
        }
    }
    cases.extend(current);
    cases.retain(|case| case.blocks.contains_key("asl"));
    cases
}

/// The file's text with a block of one of its cases written anew.
pub fn with_block(text: &str, case: &Case, name: &str, content: &str) -> String {
    let mut out = String::new();
    let mut lines = (1..).zip(text.lines());
    let mut is_here = false;
    while let Some((line, current)) = lines.next() {
        is_here = if current.starts_with("## ") { line == case.line } else { is_here };
        out.push_str(current);
        out.push('\n');
        if is_here && current.strip_prefix("```") == Some(name) {
            out.push_str(content);
            out.push_str("```\n");
            lines.by_ref().find(|(_, line)| *line == "```");
        }
    }
    out
}

#[cfg(test)]
mod tests;
