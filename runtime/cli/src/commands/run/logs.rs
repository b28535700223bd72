//! What tasks write, on standard error: each line with the state that wrote it.

use std::fmt::{self, Display};

use stepwell::host::{CallContext, LogLevel, LogLine, LogSink, LogSource, StateContext};

use crate::printer::{Colour, Printer, Style};
use crate::visible::Visible;

#[derive(Debug)]
pub(crate) struct Stderr(pub Printer);

impl LogSink for Stderr {
    fn line(&self, context: &CallContext, line: LogLine<'_>) {
        for text in line.text.lines() {
            let shown = Shown { state: &context.state, source: line.source, text };
            self.0.say(shown.in_style(self.0.style));
        }
    }
}

struct Shown<'a> {
    state: &'a StateContext,
    source: LogSource,
    text: &'a str,
}

impl Shown<'_> {
    fn in_style(&self, style: Style) -> String {
        let prefix = style.paint(Colour::Dim, self.prefix());
        let level = match self.source {
            LogSource::Stdout | LogSource::Stderr | LogSource::Log(LogLevel::Info) => "",
            LogSource::Log(LogLevel::Trace) => "trace: ",
            LogSource::Log(LogLevel::Debug) => "debug: ",
            LogSource::Log(LogLevel::Warn) => "warning: ",
            LogSource::Log(LogLevel::Error) => "error: ",
        };
        let colour = match self.source {
            LogSource::Log(LogLevel::Error) => Some(Colour::Red),
            LogSource::Log(LogLevel::Warn) => Some(Colour::Yellow),
            _ => None,
        };
        let level = colour.map_or_else(|| level.to_owned(), |c| style.paint(c, level).to_string());
        format!("{prefix} {level}{}", Visible(self.text))
    }

    /// `[State]`, and from the second attempt on `[State, attempt 2]`.
    fn prefix(&self) -> Prefix<'_> {
        Prefix { name: &self.state.name, attempt: self.state.attempt }
    }
}

struct Prefix<'a> {
    name: &'a str,
    attempt: u32,
}

impl Display for Prefix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", Visible(self.name))?;
        match self.attempt {
            0 => f.write_str("]"),
            attempt => write!(f, ", attempt {}]", attempt + 1),
        }
    }
}

#[cfg(test)]
mod tests;
