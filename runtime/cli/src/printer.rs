//! Where words go: data to standard output, talk to standard error, colour only to a terminal.

use std::fmt::{self, Display};
use std::io::{self, IsTerminal, Write};

use crate::complaint::Complaint;

/// How much is said, and how it looks. Decided once, from the flags and from where the talk goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    pub verbosity: Verbosity,
    pub style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// What went wrong, and nothing else.
    Quiet,
    Normal,
    Verbose,
}

/// How talk may look. It makes sense without colour, and in ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// For files, pipes and tests: our own words are ASCII.
    Plain,
    /// A terminal whose user wants no colour.
    Signs,
    /// A terminal.
    Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    Red,
    Green,
    Yellow,
    Dim,
}

impl Printer {
    pub(crate) fn new(verbosity: Verbosity) -> Self {
        Self { verbosity, style: Style::of(&io::stderr()) }
    }

    /// Tells how things go.
    pub(crate) fn say(self, text: impl Display) {
        if self.verbosity >= Verbosity::Normal {
            talk(text);
        }
    }

    /// Tells what only somebody who looks closely wants to know.
    pub(crate) fn detail(self, text: impl Display) {
        if self.verbosity >= Verbosity::Verbose {
            talk(self.style.paint(Colour::Dim, text));
        }
    }

    pub(crate) fn error(self, text: impl Display) {
        talk(format_args!("{} {text}", self.style.paint(Colour::Red, "error:")));
    }

    pub(crate) fn warning(self, text: impl Display) {
        self.say(format_args!("{} {text}", self.style.paint(Colour::Yellow, "warning:")));
    }

    pub(crate) fn hint(self, text: impl Display) {
        talk(format_args!("  {} {text}", self.style.paint(Colour::Yellow, "hint:")));
    }
}

/// Prints data and a line break. A reader that has gone away has read enough; a disk that is full
/// has not.
pub(crate) fn data(text: impl Display) -> Result<(), Complaint> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Complaint::new(format_args!("cannot write to standard output: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Asks, and leaves the line open for the answer.
pub(crate) fn ask(text: impl Display) {
    let mut stderr = io::stderr().lock();
    let _closed = write!(stderr, "{text}").and_then(|()| stderr.flush());
}

/// One write, so that the lines of tasks that run side by side stay whole.
fn talk(text: impl Display) {
    // There is nobody left to tell that standard error is closed.
    let _closed = io::stderr().write_all(format!("{text}\n").as_bytes());
}

impl Style {
    /// What data may look like, where it is made for people.
    pub(crate) fn of_data() -> Self {
        Self::of(&io::stdout())
    }

    fn of(stream: &impl IsTerminal) -> Self {
        let wants_none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match (stream.is_terminal(), wants_none) {
            (false, _) => Self::Plain,
            (true, true) => Self::Signs,
            (true, false) => Self::Colour,
        }
    }

    pub(crate) fn paint<T: Display>(self, colour: Colour, text: T) -> Painted<T> {
        Painted { style: self, colour, text }
    }

    /// The sign where it can be shown, or else the word for it.
    pub(crate) fn sign(self, sign: &'static str, word: &'static str) -> &'static str {
        match self {
            Self::Plain => word,
            Self::Signs | Self::Colour => sign,
        }
    }
}

/// A text that is coloured where that is wanted. Padding counts the text alone.
#[derive(Debug)]
pub(crate) struct Painted<T> {
    style: Style,
    colour: Colour,
    text: T,
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.style != Style::Colour {
            return self.text.fmt(f);
        }
        let code = match self.colour {
            Colour::Red => 31,
            Colour::Green => 32,
            Colour::Yellow => 33,
            Colour::Dim => 2,
        };
        write!(f, "\u{1b}[{code}m")?;
        self.text.fmt(f)?;
        f.write_str("\u{1b}[0m")
    }
}
