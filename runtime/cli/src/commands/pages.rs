//! `stepwell completions` and `stepwell man`: made of the same list of flags as `--help`.

use std::fs;

use clap::CommandFactory as _;
use clap_mangen::Man as Page;

use crate::arguments::{Arguments, Completions, Man};
use crate::complaint::Complaint;
use crate::printer::{self, Printer};
use crate::{Ended, Exit};

pub(crate) fn completions(options: &Completions) -> Ended {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "stepwell", &mut script);
    printer::data(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Exit::Success)
}

pub(crate) fn man(printer: Printer, options: &Man) -> Ended {
    let Some(dir) = &options.dir else {
        let mut page = Vec::new();
        let rendered = Page::new(Arguments::command()).render(&mut page);
        rendered.map_err(|error| Complaint::of(&error))?;
        printer::data(String::from_utf8_lossy(&page).trim_end())?;
        return Ok(Exit::Success);
    };
    let written =
        fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(Arguments::command(), dir));
    written.map_err(|error| {
        Complaint::new(format_args!("cannot write pages into {}: {error}", dir.display()))
    })?;
    printer.say(format_args!("the pages are in {}", dir.display()));
    Ok(Exit::Success)
}
