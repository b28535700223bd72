//! `stepwell doctor`: whether everything is in place, and what to do where it is not.

use std::path::Path;

use crate::arguments::Doctor;
use crate::complaint::Complaint;
use crate::config::Config;
use crate::printer::{self, Colour, Printer, Style};
use crate::visible::Visible;
use crate::{Ended, Exit};

mod files;
mod network;

/// What was found out about one thing.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    Good(String),
    /// It can be lived with.
    Odd(Complaint),
    Bad(Complaint),
}

type Check = (&'static str, Finding);

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Doctor) -> Ended {
    let config = match options.remote.config(file) {
        Ok(config) => config,
        Err(complaint) => {
            printer::data(line(Style::of_data(), &("configuration", Finding::Bad(complaint))))?;
            return Ok(Exit::BadInput);
        }
    };
    let mut is_good = true;
    // Each is told as soon as it is known: a server that does not answer takes its time.
    for check in [configuration, files::registry, files::cache, files::store, files::space] {
        is_good &= tell(printer, &check(&config))?;
    }
    for check in network::checks(&config) {
        is_good &= tell(printer, &check)?;
    }
    is_good &= tell(printer, &files::wasm_target())?;
    Ok(if is_good { Exit::Success } else { Exit::BadInput })
}

fn configuration(config: &Config) -> Check {
    let file = config.file.as_deref();
    let said = file.map_or_else(|| "no file".to_owned(), |file| file.display().to_string());
    ("configuration", Finding::Good(said))
}

fn tell(printer: Printer, check: &Check) -> Result<bool, Complaint> {
    let (_, finding) = check;
    let is_told =
        !matches!(finding, Finding::Good(_)) || printer.verbosity >= printer::Verbosity::Normal;
    if is_told {
        printer::data(line(Style::of_data(), check))?;
    }
    Ok(!matches!(finding, Finding::Bad(_)))
}

fn line(style: Style, (name, finding): &Check) -> String {
    let (colour, word, said) = match finding {
        Finding::Good(said) => (Colour::Green, style.sign("✓", "ok"), said.clone()),
        Finding::Odd(complaint) => {
            (Colour::Yellow, style.sign("!", "warning"), complaint.to_string())
        }
        Finding::Bad(complaint) => (Colour::Red, style.sign("✗", "error"), complaint.to_string()),
    };
    let width = style.sign(" ", "warning").len();
    let said: Vec<String> = said.lines().map(|line| Visible(line).to_string()).collect();
    let padding = " ".repeat(width.saturating_sub(word.chars().count()));
    let sign = style.paint(colour, word);
    let indent = format!("\n{:width$}  {:<13}  ", "", "");
    format!("{sign}{padding}  {name:<13}  {}", said.join(&indent))
}
