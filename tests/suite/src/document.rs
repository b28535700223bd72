//! A Markdown file as sections with fenced blocks; everything else is prose and not looked at.

use anyhow::{Context, Result, bail};

/// What stands under a second-level heading.
#[derive(Debug)]
pub(crate) struct Section {
    pub title: String,
    pub blocks: Vec<Fence>,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub(crate) struct Fence {
    /// What stands behind the opening fence, word by word.
    pub info: Vec<String>,
    /// The number of the first line inside, from 1.
    pub line: usize,
    pub text: String,
}

/// The sections of a file; the name is for messages.
pub(crate) fn sections(name: &str, text: &str) -> Result<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push(Section { title: title.trim().into(), blocks: Vec::new() });
        } else if let Some(info) = line.strip_prefix("```") {
            let section = sections
                .last_mut()
                .with_context(|| format!("{name}.md:{number}: a block before any heading"))?;
            let info = info.split_whitespace().map(str::to_owned).collect();
            section.blocks.push(fence(name, number, info, &mut lines)?);
        }
    }
    Ok(sections)
}

fn fence<'a>(
    name: &str,
    opened_at: usize,
    info: Vec<String>,
    lines: &mut impl Iterator<Item = (usize, &'a str)>,
) -> Result<Fence> {
    let mut text = String::new();
    for (_, line) in lines {
        if line.trim_end() == "```" {
            return Ok(Fence { info, line: opened_at + 1, text });
        }
        text.push_str(line);
        text.push('\n');
    }
    bail!("{name}.md:{opened_at}: the block is not closed")
}

/// The file's text with other contents in some of its blocks, each found by its first line.
pub(crate) fn replace_blocks(text: &str, replacements: &[(usize, String)]) -> String {
    let mut out = String::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let replacement = replacements.iter().find(|(first, _)| *first == number);
        let Some((_, replacement)) = replacement else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        out.push_str(replacement);
        let mut line = Some(line);
        while line.is_some_and(|line| line.trim_end() != "```") {
            line = lines.next().map(|(_, line)| line);
        }
        out.push_str("```\n");
    }
    out
}
