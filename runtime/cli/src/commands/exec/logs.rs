//! `stepwell exec logs`: what one execution has logged, out of the file that the server logs to.
//!
//! The server is asked about executions that are followed alone, so the log of one that has run
//! long ago can be read without it.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::named;
use crate::arguments::Format;
use crate::client::{Client, arn, text};
use crate::complaint::Complaint;
use crate::config::{Config, keys};
use crate::printer::{self, Printer};
use crate::visible::Visible;
use crate::{Ended, Exit};

use lines::Lines;
use story::Story;

mod lines;
mod story;

/// A record is shown within this time.
const PAUSE: Duration = Duration::from_millis(200);

const REMEDY: &str = "--log-file, STEPWELL_LOG_FILE or `log.file` of the configuration names the \
                      file, here and for `stepwell serve`";
const LEVEL: &str =
    "a machine logs if its `loggingConfiguration` has the level ALL, ERROR or FATAL";

/// How long records are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    None,
    UntilTheEnd,
}

pub(super) fn logs(
    printer: Printer,
    config: &Config,
    called: &str,
    (patience, output): (Patience, Format),
) -> Ended {
    let path = log_file(config)?;
    let client = Client::new(config)?;
    let execution = match (client.site.execution(called), patience) {
        (arn::Called::Arn(arn), _) => Some(arn),
        (arn::Called::Name(_), Patience::UntilTheEnd) => Some(client.execution(called)?),
        (arn::Called::Name(name), Patience::None) => find(path, &name)?,
    };
    let mut story = Story::default();
    if let Some(execution) = &execution {
        let mut lines = open(path)?;
        tell(&mut lines, &mut story, execution, output)?;
        if patience == Patience::UntilTheEnd {
            while !story.is_over() && !has_ended(&client, execution)? {
                sleep(PAUSE);
                tell(&mut lines, &mut story, execution, output)?;
            }
            // What is logged at the end is written a moment after it.
            sleep(PAUSE);
            tell(&mut lines, &mut story, execution, output)?;
        }
    }
    if story.dropped() > 0 {
        printer.warning(format_args!("the log lacks {} records of executions", story.dropped()));
    }
    if story.is_empty() {
        printer.say(format_args!("{} has nothing of {}", path.display(), Visible(called)));
        printer.hint(LEVEL);
    }
    Ok(Exit::Success)
}

fn log_file(config: &Config) -> Result<&Path, Complaint> {
    let hint = format!("{REMEDY}; {LEVEL}");
    match config.text(&keys::LOG) {
        Some("-") => {
            let error = "the server logs to its standard output, which cannot be read again";
            Err(Complaint::new(error).hint(hint))
        }
        Some(file) => Ok(Path::new(file)),
        None => Err(Complaint::new("no log file is configured").hint(hint)),
    }
}

fn open(path: &Path) -> Result<Lines<'_>, Complaint> {
    Lines::open(path).map_err(|error| unreadable(path, &error).hint(REMEDY))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Complaint {
    Complaint::new(format_args!("cannot read the log {}: {error}", path.display()))
}

/// Shows what the log has more than before.
fn tell(
    lines: &mut Lines<'_>,
    story: &mut Story,
    execution: &str,
    output: Format,
) -> Result<(), Complaint> {
    while let Some(line) = lines.next().map_err(|error| unreadable(lines.path(), &error))? {
        let Some(row) = story.take(&line, execution) else { continue };
        match output {
            Format::Text => printer::data(row)?,
            Format::Json => printer::data(line)?,
        }
    }
    Ok(())
}

/// The one execution of that name that has logged.
fn find(path: &Path, name: &str) -> Result<Option<String>, Complaint> {
    let mut lines = open(path)?;
    let mut found: Vec<String> = Vec::new();
    while let Some(line) = lines.next().map_err(|error| unreadable(path, &error))? {
        let Some(arn) = story::execution_of(&line, name) else { continue };
        if !found.contains(&arn) {
            found.push(arn);
        }
    }
    if found.len() > 1 {
        let shown: Vec<&str> = found.iter().map(|arn| arn::short(arn)).collect();
        let error = format_args!("several executions `{}` have logged", Visible(name));
        return Err(Complaint::new(error).hint(format_args!("name one as {}", shown.join(" or "))));
    }
    Ok(found.pop())
}

/// The server tells nothing of an Express execution; the end of one is in the log alone.
fn has_ended(client: &Client, execution: &str) -> Result<bool, Complaint> {
    if execution.split(':').nth(5) == Some("express") {
        return Ok(false);
    }
    let described = client.call("DescribeExecution", named(execution))?;
    Ok(!matches!(text(&described, "status"), "RUNNING" | "PENDING_REDRIVE"))
}
