//! The layout: one row a state, branches and iterations indented below.

use stepwell::{Failure, Timestamp};

use super::story::{Ending, Line, Place, Status, Step, Story};
use super::{Extent, Look};
use crate::duration::Took;
use crate::printer::{Colour, Style};
use crate::visible::{Visible, one_line};

/// How many iterations of a Map are shown from its beginning, before the rest is folded.
const ITERATIONS_SHOWN: usize = 3;
/// How many states of one line are shown from its beginning, and from its end.
const STEPS_SHOWN: usize = 20;
/// Longer names push the columns out of line, for their row only.
const NAME_CHARS_MAX: usize = 48;
const CAUSE_CHARS_MAX: usize = 100;

struct Row {
    indent: usize,
    status: Option<Status>,
    name: String,
    kind: &'static str,
    took: String,
    note: String,
}

struct Drawing<'s> {
    story: &'s Story,
    look: Look,
    rows: Vec<Row>,
}

pub(super) fn draw(story: &Story, look: Look) -> String {
    let mut drawing = Drawing { story, look, rows: Vec::new() };
    if let Some(root) = story.lines.first() {
        drawing.steps(root, 0);
    }
    let widths = drawing.rows.iter().map(Row::name_width);
    let name_width = widths.filter(|width| *width <= NAME_CHARS_MAX).max().unwrap_or(0);
    let mut text = String::new();
    for row in &drawing.rows {
        text.push_str(&row.to_text(name_width, look.style));
        text.push('\n');
    }
    text.push_str(&last_line(story, look.style));
    text
}

impl Drawing<'_> {
    fn steps(&mut self, line: &Line, indent: usize) {
        let shown = |position: usize| {
            let is_near_an_end =
                position < STEPS_SHOWN || position + STEPS_SHOWN >= line.steps.len();
            is_near_an_end || self.story.steps[line.steps[position]].status == Status::Failed
        };
        for part in fold(line.steps.len(), self.look.extent, shown) {
            match part {
                Part::One(position) => self.step(&self.story.steps[line.steps[position]], indent),
                Part::Folded(count) => self.folded(count, indent),
            }
        }
    }

    fn step(&mut self, step: &Step, indent: usize) {
        let row = self.step_row(step, indent);
        self.rows.push(row);
        self.children(step, indent + 1);
    }

    fn children(&mut self, step: &Step, indent: usize) {
        let mut lines: Vec<&Line> =
            step.children.iter().map(|line| &self.story.lines[*line]).collect();
        lines.sort_by_key(|line| match line.place {
            Place::Root => 0,
            Place::Branch(index) => index,
            Place::Iteration(index) => index as usize,
        });
        let is_shown = |position: usize| {
            let is_branch = matches!(lines[position].place, Place::Branch(_));
            let is_first = is_branch || position < ITERATIONS_SHOWN;
            is_first || self.story.line_status(lines[position]) == Status::Failed
        };
        for part in fold(lines.len(), self.look.extent, is_shown) {
            match part {
                Part::One(position) => self.line(lines[position], indent),
                Part::Folded(count) => self.folded(count, indent),
            }
        }
    }

    fn line(&mut self, line: &Line, indent: usize) {
        let title = match line.place {
            Place::Root => String::new(),
            Place::Branch(index) => format!("branch {}", index + 1),
            Place::Iteration(index) => format!("item {index}"),
        };
        // A line of one state is shown as one row.
        if let [step] = line.steps.as_slice() {
            let step = &self.story.steps[*step];
            let mut row = self.step_row(step, indent);
            row.name = format!("{title}: {}", row.name);
            self.rows.push(row);
            return self.children(step, indent + 1);
        }
        let status = self.story.line_status(line);
        let took = took(line.began, self.story.line_ended(line));
        let (name, note) = (title, String::new());
        self.rows.push(Row { indent, status: Some(status), name, kind: "", took, note });
        self.steps(line, indent + 1);
    }

    fn folded(&mut self, count: usize, indent: usize) {
        let dots = self.look.style.sign("…", "...");
        let name = format!("{dots} {count} more");
        let (took, note) = (String::new(), String::new());
        self.rows.push(Row { indent, status: None, name, kind: "", took, note });
    }

    fn step_row(&self, step: &Step, indent: usize) -> Row {
        Row {
            indent,
            status: Some(step.status),
            name: Visible(&step.name).to_string(),
            kind: step.kind.as_str(),
            took: took(step.entered, self.story.step_ended(step)),
            note: self.note(step),
        }
    }

    fn note(&self, step: &Step) -> String {
        let mut parts = Vec::new();
        if let Some(length) = step.length {
            parts.push(format!("{length} item{}", if length == 1 { "" } else { "s" }));
        }
        if step.attempts > 1 {
            parts.push(format!("{} attempts", step.attempts));
        }
        let failure = step.failure.as_ref().map(|failure| self.failure(failure));
        match (step.status, failure) {
            (Status::Failed | Status::Caught, Some(failure)) => parts.push(failure),
            (_, Some(failure)) => parts.push(format!("after {failure}")),
            (_, None) => {}
        }
        parts.join(", ")
    }

    fn failure(&self, failure: &Failure) -> String {
        let chars_max = match self.look.extent {
            Extent::Folded => CAUSE_CHARS_MAX,
            Extent::Whole => usize::MAX,
        };
        let error = Visible(failure.error.as_deref().unwrap_or("no error name")).to_string();
        match failure.cause.as_deref().map(|cause| one_line(cause, chars_max)) {
            Some(cause) if !cause.is_empty() => format!("{error}: {cause}"),
            _ => error,
        }
    }
}

impl Row {
    fn name_width(&self) -> usize {
        self.indent * 2 + self.name.chars().count()
    }

    fn to_text(&self, name_width: usize, style: Style) -> String {
        let Self { indent, status, name, kind, took, note } = self;
        let mark = status.map_or(String::new(), |status| mark(status, style));
        let mark_width = style.sign(" ", "stopped").len();
        let padding = " ".repeat(
            mark_width
                .saturating_sub(status.map_or(0, |status| sign(status, style).chars().count())),
        );
        let name = format!("{:indent$}{name}", "", indent = indent * 2);
        let row = format!("  {mark}{padding}  {name:<name_width$}  {kind:<8}  {took:>11}  {note}");
        row.trim_end().to_owned()
    }
}

fn sign(status: Status, style: Style) -> &'static str {
    match status {
        Status::Running => style.sign("•", "running"),
        Status::Succeeded => style.sign("✓", "ok"),
        Status::Caught => style.sign("↷", "caught"),
        Status::Failed => style.sign("✗", "failed"),
        Status::Stopped => style.sign("■", "stopped"),
    }
}

fn mark(status: Status, style: Style) -> String {
    let colour = match status {
        Status::Running => Colour::Dim,
        Status::Succeeded => Colour::Green,
        Status::Caught | Status::Stopped => Colour::Yellow,
        Status::Failed => Colour::Red,
    };
    style.paint(colour, sign(status, style)).to_string()
}

fn took(from: Timestamp, to: Timestamp) -> String {
    Took(to.saturating_since(from)).to_string()
}

/// The outcome, with the whole cause: it may be a backtrace.
fn last_line(story: &Story, style: Style) -> String {
    let took = Took(story.ended.saturating_since(story.began));
    let (word, colour, failure) = match &story.ending {
        None => return format!("running for {took}\n"),
        Some(Ending::Succeeded) => ("succeeded in", Colour::Green, None),
        Some(Ending::Failed(failure)) => ("failed after", Colour::Red, Some(failure)),
        Some(Ending::TimedOut(failure)) => ("timed out after", Colour::Red, Some(failure)),
        Some(Ending::Aborted(failure)) => ("stopped after", Colour::Yellow, Some(failure)),
    };
    let mut text = format!("{} {took}", style.paint(colour, word));
    if let Some(Failure { error, cause }) = failure {
        let said = [error, cause].into_iter().flatten().filter(|part| !part.is_empty());
        for part in said {
            let lines: Vec<_> = part.trim_end().lines().map(|l| Visible(l).to_string()).collect();
            text.push_str(": ");
            text.push_str(&lines.join("\n  "));
        }
    }
    text.push('\n');
    text
}

/// A part of a list that may be long.
enum Part {
    One(usize),
    Folded(usize),
}

/// Folds what need not be shown. A single one is shown: its place is taken either way.
fn fold(length: usize, extent: Extent, is_shown: impl Fn(usize) -> bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut hidden = 0;
    for position in 0..length {
        if extent == Extent::Whole || is_shown(position) {
            end_fold(&mut parts, hidden, position);
            hidden = 0;
            parts.push(Part::One(position));
        } else {
            hidden += 1;
        }
    }
    end_fold(&mut parts, hidden, length);
    parts
}

fn end_fold(parts: &mut Vec<Part>, hidden: usize, end: usize) {
    match hidden {
        0 => {}
        1 => parts.push(Part::One(end - 1)),
        count => parts.push(Part::Folded(count)),
    }
}
